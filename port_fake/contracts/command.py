"""The command line of ``port-fake contracts``; what a command needs is imported when it runs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from port_fake.contracts.exchanges.command import add_replay
from port_fake.contracts.nightly.command import add_nightly

THRESHOLDS: Final = ("breaking", "additive", "cosmetic")

DRIFT: Final = """\
Compare Port's published OpenAPI document with the fake's own.

breaking  what works against the fake may fail against Port
additive  Port takes or promises more than the fake
cosmetic  the same requests and answers in other words
unclear   not understood, not readable, or a known difference that is gone: always counts

Exit code: 0 no difference that counts, 1 there are some, 2 wrong use, 3 nothing was compared."""


RUN: Final = """\
Ask the questions of the contract suites, of a fake that is started for it or of any other server.

A server that is no fake is only read from, with the credentials in PORT_CLIENT_ID and
PORT_CLIENT_SECRET, and only with --i-own-this-organisation. --write makes runs of one action, and
ends every run it made; --throwaway makes anything.

Exit code: 0 all held, 1 some failed, 2 wrong use or interrupted, 3 nothing was asked."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the commands of the group to *commands*."""
    _add_run(commands)
    _add_drift(commands)
    add_nightly(commands)


def _add_run(commands: argparse._SubParsersAction[Any]) -> None:
    run = commands.add_parser(
        "run",
        help="ask the questions of the contract suites",
        description=RUN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument("--target", metavar="URL", help="the server, without /v1 (default: a fake)")
    run.add_argument(
        "--profile", choices=("ci", "nightly"), default="ci", help="how thoroughly (default: ci)"
    )
    run.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="NAME",
        help="only questions of that name, or below it; * stands for anything; may be repeated",
    )
    run.add_argument(
        "--seed", type=int, metavar="N", help="the same asks the same (default: 1, nightly: drawn)"
    )
    run.add_argument(
        "--max-time", type=float, metavar="SECONDS", help="skip what is left after that time"
    )
    run.add_argument("--list", action="store_true", help="show the questions and ask none")
    run.add_argument("--fail-fast", action="store_true", help="end with the first failure")
    run.add_argument(
        "--i-own-this-organisation",
        action="store_true",
        help="the organisation of a server that is no fake may be asked",
    )
    run.add_argument(
        "--write", metavar="ACTION", help="make runs of that action there, and of no other"
    )
    run.add_argument("--properties", metavar="JSON", help="the inputs of these runs (default: {})")
    run.add_argument(
        "--throwaway",
        action="store_true",
        help="the organisation there is for nothing else: make anything in it",
    )
    run.add_argument("--html", type=Path, metavar="FILE", help="write a page for people")
    run.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    run.add_argument("--json", type=Path, metavar="FILE", help="write JSON")
    run.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    try:
        from port_fake.contracts.running import run_suites
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in {"pytest", "hypothesis", "schemathesis"}:
            raise
        print(
            f"port-fake: the suites need {missing}: pip install 'port-fake[contracts]'",
            file=sys.stderr,
        )
        return 2
    return run_suites(options)


def _add_drift(commands: argparse._SubParsersAction[Any]) -> None:
    drift = commands.add_parser(
        "drift",
        help="compare Port's published OpenAPI document with the fake's",
        description=DRIFT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    drift.add_argument(
        "--spec",
        required=True,
        metavar="FILE_OR_URL",
        help="the published document: YAML or JSON, OpenAPI 3.0 or 3.1",
    )
    drift.add_argument(
        "--fail-on",
        choices=THRESHOLDS,
        default=THRESHOLDS[0],
        help="the lightest class that counts for the exit code (default: breaking)",
    )
    drift.add_argument(
        "--format", choices=("text", "json"), default="text", help="what to print (default: text)"
    )
    drift.add_argument("--json", type=Path, metavar="FILE", help="write the JSON report there too")
    drift.add_argument(
        "--partial",
        action="store_true",
        help="the document is an excerpt: what it leaves out does not count",
    )
    drift.set_defaults(run=_drift)
    add_replay(commands)


def _drift(options: argparse.Namespace) -> int:
    import shutil

    from port_fake.contracts.drift.classes import Severity
    from port_fake.contracts.drift.outcome import drift
    from port_fake.contracts.drift.report import as_json, as_text
    from port_fake.dialects.port.dialect import PORT
    from port_fake.surface.document import document

    threshold = Severity(options.fail_on)
    outcome = drift(options.spec, fake=document(PORT), partial=options.partial)
    report = json.dumps(as_json(outcome, threshold=threshold), indent=2)
    if options.json is not None:
        try:
            options.json.write_text(f"{report}\n", encoding="utf-8")
        except OSError as error:
            print(f"port-fake: cannot write {options.json}: {error.strerror}", file=sys.stderr)
            return 2
    width = shutil.get_terminal_size((100, 24)).columns
    text = as_text(outcome, width=width, threshold=threshold)
    code = int(outcome.code(threshold))
    return _tell(report if options.format == "json" else text, code)


def _tell(text: str, code: int) -> int:
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        # Who reads has seen enough, as `head` does. Python would trip over it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
