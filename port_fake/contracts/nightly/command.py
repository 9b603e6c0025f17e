"""The rows of the command line for a night; what they need is imported when they run."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any, Final

VERDICT: Final = """\
Say what a night's comparison with Port amounts to.

Reads from a folder, for each of run, replay and drift: PART.code (its exit code), PART.json (its
report), and PART.why (why it was not done). A part that left nothing is broken.

Exit code: 0 agrees, 1 changed or broken, 2 wrong use, 3 not everything was checked."""

TELL: Final = """\
Open, update or close the one issue about differences, with the program gh.

Exit code: 0 done, 1 gh could not do it, 2 wrong use."""

LABEL: Final = "port-drift"
LINK: Final = re.compile(r"https?://[\w.:/?=&%+~-]+", re.ASCII)
CODES: Final = {
    "agrees": 0,
    "changed": 1,
    "broken": 1,
    "nothing-checked": 3,
    "partly-checked": 3,
}


def add_nightly(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the commands of a night to *commands*."""
    verdict = commands.add_parser(
        "verdict",
        help="say what a night's reports amount to",
        description=VERDICT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verdict.add_argument(
        "--reports", type=Path, required=True, metavar="DIR", help="where the parts left them"
    )
    verdict.add_argument(
        "--link", type=_link, default="", metavar="URL", help="where people find the reports"
    )
    verdict.add_argument("--json", type=Path, metavar="FILE", help="write it for `tell`")
    verdict.add_argument("--out", type=Path, metavar="FILE", help="write it as Markdown")
    verdict.set_defaults(run=_verdict)
    tell = commands.add_parser(
        "tell",
        help="open, update or close the issue about differences",
        description=TELL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    tell.add_argument(
        "--verdict", type=Path, required=True, metavar="FILE", help="what `verdict --json` wrote"
    )
    tell.add_argument(
        "--label",
        type=_label,
        default=LABEL,
        metavar="NAME",
        help=f"of the issue (default: {LABEL})",
    )
    tell.set_defaults(run=_tell)


def _link(text: str) -> str:
    if text and not LINK.fullmatch(text):
        raise argparse.ArgumentTypeError("not an address that can be linked to")
    return text


def _label(text: str) -> str:
    if not re.fullmatch(r"\w[\w .-]{0,49}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a label")
    return text


def _verdict(options: argparse.Namespace) -> int:
    from port_fake.contracts.nightly.markdown import as_markdown
    from port_fake.contracts.nightly.reading import read_night
    from port_fake.contracts.nightly.record import as_json

    if not options.reports.is_dir():
        return _complain(f"{options.reports} is no folder")
    night = read_night(options.reports, link=options.link)
    written = {
        options.json: f"{json.dumps(as_json(night), indent=2)}\n",
        options.out: as_markdown(night),
    }
    for file, text in written.items():
        if file is not None:
            try:
                file.write_text(text, encoding="utf-8", errors="replace")
            except OSError as error:
                return _complain(f"cannot write {file}: {error.strerror}")
    # Nothing that a report says is printed: the log of a job takes some lines as orders.
    print(f"verdict: {night.word}")
    for part, ending in night.endings.items():
        print(f"{part}: {ending.standing}, {len(ending.findings)} findings")
    return CODES[night.word]


def _tell(options: argparse.Namespace) -> int:
    from port_fake.contracts.nightly.hub import Hub, HubError
    from port_fake.contracts.nightly.issue import steps
    from port_fake.contracts.nightly.record import UnknownRecordError, from_json

    try:
        told = from_json(json.loads(options.verdict.read_text("utf-8")))
    except OSError as error:
        return _complain(f"cannot read {options.verdict}: {error.strerror}")
    except UnknownRecordError as error:
        return _complain(f"cannot read {options.verdict}: {error}")
    except (ValueError, RecursionError):
        return _complain(f"cannot read {options.verdict}: it is no JSON")
    hub = Hub()
    try:
        wanted = steps(told, hub.open_issues(options.label), label=options.label)
        for step in wanted:
            hub.do(step)
            print(f"done: {step.does}")
    except HubError as error:
        print(f"port-fake: {error}", file=sys.stderr)
        return 1
    if not wanted:
        print(f"verdict {told.word}: no issue had to be changed")
    return 0


def _complain(message: str) -> int:
    print(f"port-fake: {message}", file=sys.stderr)
    return 2
