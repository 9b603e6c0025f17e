"""The command line of ``port-fake contracts``; what a command needs is imported when it runs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from port_fake.contracts.exchanges.command import add_replay

THRESHOLDS: Final = ("breaking", "additive", "cosmetic")

DRIFT: Final = """\
Compare Port's published OpenAPI document with the fake's own.

breaking  what works against the fake may fail against Port
additive  Port takes or promises more than the fake
cosmetic  the same requests and answers in other words
unclear   not understood, not readable, or a known difference that is gone: always counts

Exit code: 0 no difference that counts, 1 there are some, 2 wrong use, 3 nothing was compared."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the commands of the group to *commands*."""
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
