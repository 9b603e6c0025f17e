"""Reads what the commands of a night left behind: an exit code and a JSON report for each part.

A part leaves ``PART.code`` and ``PART.json`` in one folder, and, if it was not done, the reason in
``PART.why``. If it is done in pieces these are called ``PART.1.code`` and so on. Nothing is taken
for checked unless exit code and report say so, and both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from port_fake.contracts.nightly.parts import Ending, Night, Part, Standing, joined
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


def _ending(part: Part, folder: Path) -> Ending:
    files = sorted({*folder.glob(f"{part}.code"), *folder.glob(f"{part}.*.code")})
    if not files:
        return Ending(Standing.BROKEN, "it did not end: there is no exit code")
    return joined([_piece(part, file) for file in files])


def _piece(part: Part, file: Path) -> Ending:
    try:
        code = int(file.read_text("utf-8"))
    except (OSError, ValueError):
        return Ending(Standing.BROKEN, "it did not end: its exit code is no number")
    why = _why(file.with_suffix(".why"))
    if code not in {AGREED, DIFFERED, NOTHING_DONE}:
        said = CODES.get(code, f"it crashed (exit code {code})")
        return Ending(Standing.BROKEN, f"{said}: {why}" if why else said)
    report = file.with_suffix(".json")
    if code == NOTHING_DONE and not report.is_file():
        return Ending(Standing.UNCHECKED, why or "it gives no reason")
    try:
        reading = READERS[part](_loaded(report))
    except StrangeReportError as error:
        return Ending(Standing.BROKEN, f"its report cannot be relied on: {error}")
    if reading.code is not None and reading.code != code:
        text = f"its exit code is {code}, and that of its report {reading.code}"
        return Ending(Standing.BROKEN, text)
    return _JUDGES[code](reading, why)


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
