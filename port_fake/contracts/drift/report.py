"""An outcome for people, as text of the terminal's width, and for programs, as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from port_fake.contracts.drift.classes import ORDER, Aspect, Change, Finding, Severity
from port_fake.contracts.drift.outcome import Outcome
from port_fake.contracts.drift.sentences import printable, sentence

HEADINGS: Final = {
    Severity.UNCLEAR: "what this comparison cannot vouch for",
    Severity.BREAKING: "works against the fake, may fail against Port",
    Severity.ADDITIVE: "Port takes or promises more than the fake",
    Severity.COSMETIC: "the same in other words",
}
ROWS: Final = {
    Severity.UNCLEAR: 100,
    Severity.BREAKING: 200,
    Severity.ADDITIVE: 60,
    Severity.COSMETIC: 20,
}
"""Lines of a class that a terminal gets; JSON has them all."""

NAMED: Final = 3
PLACE_WIDTH: Final = (18, 44)
ROOM: Final = 20


def as_text(outcome: Outcome, *, width: int, threshold: Severity) -> str:
    """Return the outcome for a terminal *width* columns wide."""
    lines = [*_wrapped(_summary(outcome), width)]
    for severity in ORDER:
        found = [one for one in outcome.findings if one.severity is severity and not _whole(one)]
        if found:
            lines += [
                "",
                *_wrapped(f"{severity.upper()} ({len(found)}): {HEADINGS[severity]}", width),
            ]
            lines += _rows(found, ROWS[severity], width)
    lines += _unsupported(outcome, width)
    lines += _absent(outcome, width)
    lines += _known(outcome, width)
    lines += ["", *_wrapped(_verdict(outcome, threshold), width)]
    return "\n".join(map(printable, lines))


def as_json(outcome: Outcome, *, threshold: Severity) -> dict[str, Any]:
    """Return the outcome as a JSON value, complete."""
    comparison = outcome.comparison
    return {
        "spec": outcome.source,
        "title": comparison.title,
        "exit_code": int(outcome.code(threshold)),
        "fail_on": str(threshold),
        "operations": {
            "published": comparison.published,
            "compared": sorted(comparison.compared),
            "unsupported": {tag: [*names] for tag, names in comparison.unsupported.items()},
            "absent": outcome.absent,
        },
        "counts": {str(severity): count for severity, count in outcome.counted.items()},
        "findings": [_entry(one) for one in outcome.findings],
        "known": [{**_entry(one), "reason": reason} for one, reason in outcome.known],
    }


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "class": str(finding.severity),
        "aspect": str(finding.aspect),
        "change": str(finding.change),
        "side": str(finding.side),
        "operation": finding.operation or None,
        "place": finding.place or None,
        "label": finding.label or None,
        "fake": finding.fake,
        "published": finding.published,
        "line": finding.line,
        "message": sentence(finding),
    }


def _whole(finding: Finding) -> bool:
    """Say whether the finding is told apart: an operation that the fake does not have."""
    return finding.aspect is Aspect.OPERATION and finding.change is Change.NEW


def _summary(outcome: Outcome) -> str:
    comparison = outcome.comparison
    title = comparison.title or "the document"
    if not comparison.published:
        return f"{title} ({outcome.source}) could not be compared"
    return (
        f"{title} ({outcome.source}): {_count(comparison.published, 'operation')}, "
        f"{len(comparison.compared)} of them compared with the fake's"
    )


def _rows(findings: list[Finding], limit: int, width: int) -> Iterator[str]:
    """Yield one row for all findings that say the same of the same place, most local first."""
    rows: dict[tuple[str, str], list[str]] = {}
    for one in findings:
        place = f"line {one.line}" if one.line else one.place
        rows.setdefault((place, sentence(one)), []).append(one.operation)
    sections: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for row, operations in rows.items():
        sections.setdefault(tuple(dict.fromkeys(operations)), []).append(row)
    told, column = 0, _column([place for place, _ in rows], width)
    for names, section in sorted(sections.items(), key=lambda pair: len(pair[0])):
        shown = section[: limit - told]
        if not shown:
            break
        told += len(shown)
        yield from _named(names)
        for place, text in shown:
            yield from _row(place, text, column, width)
    if told < len(rows):
        yield f"    ... and {_count(len(rows) - told, 'more line')}: --format json lists all"


def _named(operations: tuple[str, ...]) -> Iterator[str]:
    """Yield the operations that a section is about, each on a line of its own."""
    if len(operations) == 1:
        yield f"  {operations[0] or 'the document'}"
        return
    yield f"  {len(operations)} operations"
    yield from _some(operations)


def _some(names: Sequence[str]) -> Iterator[str]:
    few = names if len(names) <= NAMED + 1 else names[:NAMED]
    yield from (f"  | {name}" for name in few)
    if len(few) < len(names):
        yield f"  | and {len(names) - len(few)} more"


def _column(places: list[str], width: int) -> int:
    least, most = PLACE_WIDTH
    return max(least, min(max(map(len, places), default=0), most, width // 2 - 6))


def _row(place: str, text: str, column: int, width: int) -> Iterator[str]:
    if not place:
        yield from _wrapped(text, width, indent=4)
        return
    room = width - column - 6
    if len(place) > column or room < ROOM:
        yield f"    {place}"
        yield from _wrapped(text, width, indent=6)
        return
    first, *rest = textwrap.wrap(text, room) or [""]
    yield f"    {place:<{column}}  {first}"
    yield from (f"{'':<{column + 6}}{line}" for line in rest)


def _unsupported(outcome: Outcome, width: int) -> Iterator[str]:
    tags = outcome.comparison.unsupported
    if tags:
        total = sum(map(len, tags.values()))
        yield ""
        yield from _wrapped(
            f"ADDITIVE ({total}): {_count(total, 'operation')} that the fake does not have, by tag",
            width,
        )
        for tag, names in sorted(tags.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            yield f"  {tag} ({len(names)})"
            yield from _some(names)


def _absent(outcome: Outcome, width: int) -> Iterator[str]:
    if outcome.absent:
        text = f"not counted: {_count(len(outcome.absent), 'operation')} of the fake's that this "
        yield ""
        yield from _wrapped(text + "partial document does not speak of", width)


def _known(outcome: Outcome, width: int) -> Iterator[str]:
    if not outcome.known:
        return
    yield ""
    yield from _wrapped(f"KNOWN ({len(outcome.known)}): different on purpose, not counted", width)
    for reason, count in Counter(reason for _, reason in outcome.known).most_common():
        yield from _wrapped(f"{reason} ({count})", width, indent=2)
        found = [one for one, why in outcome.known if why == reason]
        places = dict.fromkeys(one.place for one in found if one.place)
        operations = dict.fromkeys(one.operation for one in found)
        yield from _some([*(places or operations)])


def _verdict(outcome: Outcome, threshold: Severity) -> str:
    code = outcome.code(threshold)
    if not outcome.comparison.compared:
        return f"Nothing was compared (exit {code})."
    parts = [f"{count} {severity}" for severity, count in outcome.counted.items() if count]
    found = f"{', '.join(parts)}; " if parts else ""
    word = "no difference that counts" if code == 0 else "there are differences that count"
    return f"{found}{word} from {threshold} up (exit {code})."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _wrapped(text: str, width: int, *, indent: int = 0, hang: int = 2) -> Iterable[str]:
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_on_hyphens=False,
    ) or [""]
