"""What the reports of the commands say, as far as a night needs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from port_fake.contracts.drift.classes import ORDER, Severity, counts
from port_fake.contracts.nightly.parts import Noted, Part

Choice = TypeVar("Choice", bound=StrEnum)


class StrangeReportError(ValueError):
    """A report that is not of the form that is known."""


class Verdict(StrEnum):
    """The verdicts on questions; written anew here, for those of the suites need pytest."""

    FAILED = "failed"
    BROKEN = "broken"
    DIFFERS = "differs"
    SKIPPED = "skipped"
    HELD = "held"


class Tier(StrEnum):
    """The tiers of differences between exchanges, the lightest first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


TIERS: Final = tuple(Tier)
FAKE: Final = "fake"
"""The mode of a run that says nothing of Port."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a report says.

    *code* is the exit code that it claims, None if it claims none; *lacking* says what was not
    done of what was to be done.
    """

    summary: str
    findings: Sequence[Noted] = ()
    faults: Sequence[Noted] = ()
    lacking: str = ""
    code: int | None = None


def read_run(report: Mapping[str, Any]) -> Reading:
    """Read the report of ``contracts run``."""
    _of_format(report, 1)
    questions = _objects(report, "questions")
    verdicts = [_choice(one, "verdict", Verdict) for one in questions]
    tally = {word: verdicts.count(word) for word in Verdict}
    asked = len(verdicts) - tally[Verdict.SKIPPED]
    ended = report.get("ended")
    lacking = ""
    if not asked:
        lacking = "nothing was asked"
    elif report.get("mode") == FAKE:
        lacking = "a fake was asked, not Port"
    elif ended:
        lacking = f"not all was asked: {_text(ended)}"
    said = ", ".join(f"{count} {word}" for word, count in tally.items() if count)
    summary = f"{_text(report.get('target'))}, {_text(report.get('mode'))}: {said or 'nothing'}"
    pairs = list(zip(questions, verdicts, strict=True))
    return Reading(
        summary,
        findings=[_question(one, word) for one, word in pairs if word is Verdict.FAILED],
        faults=[_question(one, word) for one, word in pairs if word is Verdict.BROKEN],
        lacking=lacking,
    )


def _question(question: Mapping[str, Any], verdict: Verdict) -> Noted:
    # Reasons hold ids and times of that night; the name alone tells whether it is the same thing.
    name = _text(question.get("name"))
    kind = "failed" if verdict is Verdict.FAILED else "the question itself is broken"
    return Noted(kind, name, _text(question.get("reason")), key=f"{verdict} {name}")


def read_drift(report: Mapping[str, Any]) -> Reading:
    """Read the report of ``contracts drift``."""
    threshold = _choice(report, "fail_on", Severity)
    compared = _list(_object(report, "operations"), "compared")
    entries = [(one, _choice(one, "class", Severity)) for one in _objects(report, "findings")]
    found = [_difference(one, kind) for one, kind in entries if counts(kind, threshold)]
    words = [kind for _, kind in entries]
    parts = [f"{words.count(kind)} {kind}" for kind in ORDER if kind in words]
    published = _text(_object(report, "operations").get("published"))
    about = f"{_text(report.get('title')) or 'the document'} ({_text(report.get('spec'))})"
    told = f"{about}: {len(compared)} of {published} operations compared"
    return Reading(
        "; ".join([told, ", ".join(parts)]) if parts else told,
        findings=found,
        lacking="" if compared else "no operation was compared",
        code=_number(report, "exit_code"),
    )


def _difference(entry: Mapping[str, Any], kind: Severity) -> Noted:
    place = " ".join(_text(entry[key]) for key in ("operation", "place") if entry.get(key))
    if entry.get("line"):
        place = f"{place} line {_text(entry['line'])}".strip()
    parts = ("aspect", "change", "side", "operation", "place", "label", "fake", "published")
    # Not the line: it moves with every line above it.
    key = json.dumps([kind, *(entry.get(name) for name in parts), entry.get("message")])
    return Noted(str(kind), place, _text(entry.get("message")), key=key)


def read_replay(report: Mapping[str, Any]) -> Reading:
    """Read the report of ``contracts replay``."""
    level = TIERS.index(_choice(report, "level", Tier))
    files = _objects(report, "files")
    counted = [
        _unlike(file, difference)
        for file in files
        for difference in _objects(file, "differences")
        if TIERS.index(_choice(difference, "tier", Tier)) >= level
    ]
    broken = [_torn(file, line) for file in files for line in _objects(file, "broken")]
    unread = [_text(file.get("file")) for file in files if not _number(file, "compared")]
    compared = sum(_number(file, "compared") for file in files)
    asked = sum(_number(file, "exchanges") for file in files)
    names = ", ".join(_text(file.get("file")) for file in files)
    return Reading(
        f"{names}: {compared} of {asked} exchanges compared",
        findings=counted,
        faults=broken,
        lacking=f"nothing could be compared of {', '.join(unread) or 'it'}"
        if unread or not files
        else "",
        code=_number(report, "exit_code"),
    )


def _unlike(file: Mapping[str, Any], difference: Mapping[str, Any]) -> Noted:
    number, place = _text(difference.get("n")), _text(difference.get("path"))
    where = f"{_text(file.get('file'))} {number}: {_text(difference.get('request'))} {place}"
    # The text holds ids and times of that night.
    key = json.dumps([_text(file.get("file")), number, place, difference.get("tier")])
    return Noted(_text(difference.get("tier")), where, _text(difference.get("text")), key=key)


def _torn(file: Mapping[str, Any], line: Mapping[str, Any]) -> Noted:
    where = f"{_text(file.get('file'))} line {_text(line.get('line'))}"
    return Noted("a broken line", where, _text(line.get("reason")), key=where)


READERS: Final[Mapping[Part, Callable[[Mapping[str, Any]], Reading]]] = {
    Part.RUN: read_run,
    Part.REPLAY: read_replay,
    Part.DRIFT: read_drift,
}


def _of_format(report: Mapping[str, Any], known: int) -> None:
    if report.get("format") != known:
        raise StrangeReportError(f"its format is {_text(report.get('format'))}, not {known}")


def _choice(report: Mapping[str, Any], key: str, words: type[Choice]) -> Choice:
    try:
        return words(_text(report.get(key)))
    except ValueError:
        raise StrangeReportError(f"{key} is {_text(report.get(key))!r}") from None


def _object(report: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = report.get(key)
    if not isinstance(value, dict):
        raise StrangeReportError(f"{key} is no object")
    return value


def _list(report: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = report.get(key)
    if not isinstance(value, list):
        raise StrangeReportError(f"{key} is no list")
    return value


def _objects(report: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    things = _list(report, key)
    if not all(isinstance(one, dict) for one in things):
        raise StrangeReportError(f"{key} holds something that is no object")
    return things


def _number(report: Mapping[str, Any], key: str) -> int:
    value = report.get(key)
    if not isinstance(value, int):
        raise StrangeReportError(f"{key} is no number")
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)
