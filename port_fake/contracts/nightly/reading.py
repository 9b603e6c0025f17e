"""Reads what the commands of a night left behind: an exit code and a JSON report for each part.

A part leaves ``PART.code`` and ``PART.json`` in one folder, and, if it was not done, the reason in
``PART.why``. Nothing is taken for checked unless exit code and report say so, and both say the
same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from port_fake.contracts.nightly.parts import Ending, Night, Part, Standing
from port_fake.contracts.nightly.reports import READERS, Reading, StrangeReportError

AGREED: Final = 0
DIFFERED: Final = 1
MISUSED: Final = 2
NOTHING_DONE: Final = 3
TIMED_OUT: Final = frozenset({124, 137, 143, -9, -15})

CODES: Final = {
    MISUSED: "it was called wrongly or interrupted (exit code 2)",
    **dict.fromkeys(sorted(TIMED_OUT), "it took too long and was ended"),
}
LONG: Final = 300


def read_night(folder: Path, *, link: str = "") -> Night:
    """Return how every part ended, by the files in *folder*; one that left nothing is broken."""
    return Night({part: _ending(part, folder) for part in Part}, link)


class _BrokenError(Exception):
    """A part that did not come to an end that says something."""


def _ending(part: Part, folder: Path) -> Ending:
    file = folder / f"{part}.code"
    why = _why(file.with_suffix(".why"))
    try:
        code = _code(file, why)
        if code == NOTHING_DONE and not file.with_suffix(".json").is_file():
            return Ending(Standing.UNCHECKED, why or "it gives no reason")
        return _JUDGES[code](_reading(part, file.with_suffix(".json"), code), why)
    except _BrokenError as error:
        return Ending(Standing.BROKEN, str(error))


def _code(file: Path, why: str) -> int:
    try:
        code = int(file.read_text("utf-8"))
    except FileNotFoundError:
        raise _BrokenError("it did not end: there is no exit code") from None
    except (OSError, ValueError):
        raise _BrokenError("it did not end: its exit code is no number") from None
    if code not in _JUDGES:
        said = CODES.get(code, f"it crashed (exit code {code})")
        raise _BrokenError(f"{said}: {why}" if why else said)
    return code


def _reading(part: Part, file: Path, code: int) -> Reading:
    try:
        reading = READERS[part](_loaded(file))
    except StrangeReportError as error:
        raise _BrokenError(f"its report cannot be relied on: {error}") from None
    if reading.code is not None and reading.code != code:
        raise _BrokenError(f"its exit code is {code}, and that of its report {reading.code}")
    return reading


def _agreed(reading: Reading, why: str) -> Ending:
    del why
    if reading.findings or reading.faults:
        return _ended(Standing.BROKEN, "its exit code is 0, but not its report", reading)
    if reading.lacking:
        return _ended(Standing.UNCHECKED, reading.lacking, reading)
    return _ended(Standing.AGREES, "", reading)


def _differed(reading: Reading, why: str) -> Ending:
    del why
    if reading.findings:
        return _ended(Standing.CHANGED, reading.lacking, reading)
    said = "" if reading.faults else "its exit code is 1, but its report names nothing"
    return _ended(Standing.BROKEN, said, reading)


def _nothing_done(reading: Reading, why: str) -> Ending:
    if reading.findings or reading.faults:
        return _ended(Standing.BROKEN, "nothing could be compared", reading)
    return _ended(Standing.UNCHECKED, why or reading.lacking, reading)


_JUDGES: Final = {AGREED: _agreed, DIFFERED: _differed, NOTHING_DONE: _nothing_done}


def _ended(standing: Standing, said: str, reading: Reading) -> Ending:
    findings: Sequence[Any] = reading.findings
    faults = reading.faults
    if standing is not Standing.CHANGED:
        findings, faults = (), (*reading.findings, *reading.faults)
    summary = "; ".join(filter(None, (said, reading.summary)))
    return Ending(standing, summary, findings=findings, faults=faults)


def _why(file: Path) -> str:
    try:
        lines = file.read_text("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:LONG] for line in lines if line.strip()), "")


def _loaded(file: Path) -> dict[str, Any]:
    try:
        report = json.loads(file.read_text("utf-8"))
    except OSError:
        raise StrangeReportError("there is none") from None
    except (ValueError, RecursionError):
        raise StrangeReportError("it is no JSON, or not all of it") from None
    if not isinstance(report, dict):
        raise StrangeReportError("it is no JSON object")
    return report
