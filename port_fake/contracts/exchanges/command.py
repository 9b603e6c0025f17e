"""The commands ``record`` and ``contracts replay``; what they need is imported when they run."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from port_fake.contracts.exchanges.lines import Recorded
    from port_fake.contracts.exchanges.recording import Recording
    from port_fake.contracts.exchanges.replaying import Outcome

OUT: Final = Path("exchanges.jsonl")
LEVELS: Final = ("info", "warning", "error")
WRONG_USE: Final = 2

RECORD: Final = """\
Stand between a client and a server, and write down every exchange as a line of JSON.

Point the client at the address that is printed. Tokens, credentials and whatever looks like a
secret are covered before anything is written; ids and times become placeholders, so that the same
exchanges give the same file. Emails of people are replaced."""

REPLAY: Final = """\
Ask what was recorded again, and report every difference.

error    a status, a type or a value is another one
warning  something is missing
info     something was added, or a refusal is worded otherwise

Without --target a fake is started, and furnished with what the files show of what was there
before. With it, another fake is asked in new organisations, and any other server is only read
from, with the credentials in PORT_CLIENT_ID and PORT_CLIENT_SECRET.

Exit code: 0 no difference that counts, 1 there are some, 2 wrong use, 3 nothing was compared."""


def add_record(commands: argparse._SubParsersAction[Any]) -> None:
    """Add ``record`` to *commands*."""
    record = commands.add_parser(
        "record",
        help="write down what a client and a server say to each other, without secrets",
        description=RECORD,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    record.add_argument("--target", required=True, metavar="URL", help="the server to ask")
    record.add_argument(
        "--out", type=Path, default=OUT, metavar="FILE", help=f"where to write (default: {OUT})"
    )
    record.add_argument("--force", action="store_true", help="overwrite a file that is there")
    record.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    record.add_argument(
        "--port", type=int, default=0, help="the port to listen on (default: a free one)"
    )
    record.add_argument(
        "--keep-emails",
        action="store_true",
        help="keep the emails and names of people and of the organisation as they are",
    )
    record.set_defaults(run=_record)


def add_replay(commands: argparse._SubParsersAction[Any]) -> None:
    """Add ``replay`` to *commands*."""
    replay = commands.add_parser(
        "replay",
        help="ask recorded exchanges again, and report every difference",
        description=REPLAY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    replay.add_argument("files", nargs="+", type=Path, metavar="FILE", help="recorded exchanges")
    replay.add_argument(
        "--target",
        metavar="URL",
        help="ask this server: another fake, or one that is only read from",
    )
    replay.add_argument(
        "--i-own-this-organisation",
        action="store_true",
        help="the organisation of a server that is no fake may be read from",
    )
    replay.add_argument(
        "--shape", action="store_true", help="compare statuses, keys and types, but no values"
    )
    replay.add_argument(
        "--level",
        choices=LEVELS,
        default=LEVELS[-1],
        help="the lightest difference that counts for the exit code (default: error)",
    )
    replay.add_argument(
        "--format", choices=("text", "json"), default="text", help="what to print (default: text)"
    )
    replay.add_argument("--json", type=Path, metavar="FILE", help="write the JSON report there too")
    replay.set_defaults(run=_replay)


def _record(options: argparse.Namespace) -> int:
    from importlib.metadata import version

    from yarl import URL

    from port_fake.contracts.exchanges.lines import Header
    from port_fake.contracts.exchanges.recording import Recording
    from port_fake.contracts.proxy import checked
    from port_fake.errors import MisuseError

    try:
        target = checked(options.target)
    except MisuseError as error:
        return _complain(f"--target: {error}")
    try:
        out = options.out.open("w" if options.force else "x", encoding="utf-8", newline="\n")
    except FileExistsError:
        return _complain(f"{options.out} is there already: --force overwrites it")
    except OSError as error:
        return _complain(f"cannot write {options.out}: {error.strerror}")
    with out:
        header = Header(target=URL(target).host or "", version=version("port-fake"))
        recording = Recording(
            out, header, keep_people=options.keep_emails, environment=dict(os.environ)
        )
        return _recorded(options, target, recording, out)


def _recorded(options: argparse.Namespace, target: str, recording: Recording, out: TextIO) -> int:
    from port_fake.contracts.proxy import Proxy

    told: set[signal.Signals] = {signal.SIGINT, signal.SIGTERM}
    # Blocked before there are threads, so that none of them is interrupted in the middle.
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    try:
        with Proxy(target, between=recording, host=options.host, port=options.port) as proxy:
            print(f"port-fake recording on {proxy.base_url}")
            print(f"asks:    {target}\nwrites:  {out.name}\n\nCtrl-C ends it.", flush=True)
            signal.sigwait(told)
    except (OSError, OverflowError, UnicodeError) as error:
        out.close()
        Path(out.name).unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        return _complain(f"cannot listen on {options.host} port {options.port}: {reason}")
    print(_summary(recording, out.name), flush=True)
    return 0


def _summary(recording: Recording, name: str) -> str:
    counts = recording.counts
    total = sum(counts.values())
    exchanges = f"{total} exchange" if total == 1 else f"{total} exchanges"
    shown = ", ".join(f"{count} {one or 'unknown'}" for one, count in counts.most_common())
    lost = f"; {recording.lost} could not be written" if recording.lost else ""
    return f"recorded {exchanges} in {name}{f': {shown}' if shown else ''}{lost}"


def _replay(options: argparse.Namespace) -> int:
    import shutil

    from port_fake.contracts.exchanges.comparing import Mode, Tier
    from port_fake.contracts.exchanges.lines import read
    from port_fake.contracts.exchanges.report import as_json, as_text, code
    from port_fake.errors import MisuseError

    level = Tier[options.level.upper()]
    mode = Mode.SHAPE if options.shape else Mode.STRICT
    try:
        files = [read(file) for file in options.files]
    except OSError as error:
        return _complain(f"cannot read {error.filename}: {error.strerror}")
    try:
        outcomes = _outcomes(files, options, mode)
    except MisuseError as error:
        return _complain(str(error))
    report = json.dumps(as_json(outcomes, level=level), indent=2)
    if options.json is not None:
        try:
            options.json.write_text(f"{report}\n", encoding="utf-8")
        except OSError as error:
            return _complain(f"cannot write {options.json}: {error.strerror}")
    width = shutil.get_terminal_size((100, 24)).columns
    text = report if options.format == "json" else as_text(outcomes, width=width, level=level)
    return _tell(text, int(code(outcomes, level=level)))


def _outcomes(files: Sequence[Recorded], options: argparse.Namespace, mode: Any) -> list[Outcome]:
    from port_fake.contracts.exchanges.replaying import replay_at, replay_on_fake

    if options.target is None:
        with _quiet():
            return [replay_on_fake(one, mode=mode) for one in files]
    from port_fake.contracts.sites import Wanted, open_site
    from port_fake.contracts.veil import Veil

    wanted = Wanted(target=options.target, owned=options.i_own_this_organisation)
    site = open_site(wanted, veil=Veil())
    outcomes: list[Outcome] = []
    try:
        for one in files:
            with site.organisation() as port:
                outcomes.append(replay_at(one, port, mode=mode))
    finally:
        site.close()
    return outcomes


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the fake from telling what the report tells already."""
    log = logging.getLogger("port_fake")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _tell(text: str, code: int) -> int:
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        # Who reads has seen enough, as `head` does. Python would trip over it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _complain(message: str) -> int:
    print(f"port-fake: {' '.join(message.split())}", file=sys.stderr)
    return WRONG_USE
