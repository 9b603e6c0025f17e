"""A night as Markdown, for an issue and for the summary of a job.

Whatever comes from reports was written by others: Port, or whoever can write in its organisation.
It is shown as it is, and does nothing: no markup, no link, no mention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from port_fake.contracts.nightly.parts import Ending, Night, Noted, Part, Standing, Word

LIMIT_ROWS: Final = 40
"""Of findings and of faults, for each part; the reports have them all."""

LIMIT_PLACES: Final = 3
LONG: Final = 240
LIMIT_CHARACTERS: Final = 60_000
"""GitHub takes 65,536, and the mark has to go in front."""

ACTIVE: Final = frozenset("&<>\"'`*_~[]|\\!#@:$^{}")
"""What means something in Markdown, HTML, a table, or to GitHub. Numbered references mean nothing
but themselves, wherever they stand."""

TITLES: Final[Mapping[Part, str]] = {
    Part.RUN: "Questions asked by reading only",
    Part.REPLAY: "Recorded exchanges",
    Part.DRIFT: "Published OpenAPI document",
}
OPENINGS: Final[Mapping[Word, str]] = {
    Word.CHANGED: "**CHANGED**: Port and the fake no longer agree.",
    Word.BROKEN: "**BROKEN**: not everything could be compared; that says nothing of Port.",
    Word.NOTHING_CHECKED: "**NOT CHECKED**: nothing was compared, so nothing is known.",
    Word.PARTLY_CHECKED: "What was checked agrees, but **not everything was checked**.",
    Word.AGREES: "Port and the fake agree in all that was compared.",
}
STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.CHANGED: "**changed**",
    Standing.BROKEN: "**broken**",
    Standing.UNCHECKED: "**not checked**",
    Standing.AGREES: "agrees",
}


def as_markdown(night: Night) -> str:
    """Return the night as Markdown that GitHub takes for the body of an issue."""
    lines = [OPENINGS[night.word], ""]
    if night.link:
        lines += [f"[The run with its reports]({night.link})", ""]
    lines += ["| part | | |", "| --- | --- | --- |"]
    for part, ending in night.endings.items():
        lines.append(f"| {TITLES[part]} | {STANDINGS[ending.standing]} | {shown(ending.summary)} |")
    for part, ending in night.endings.items():
        lines += _section(part, ending)
    return _cut("\n".join(lines) + "\n")


def shown(text: str, *, limit: int = LONG) -> str:
    """Return *text* as one line of Markdown that shows it and does nothing else."""
    line = " ".join(text.split())
    if len(line) > limit:
        line = f"{line[: limit - 3]}..."
    return f"<code>{''.join(map(_shown, line))}</code>" if line else ""


def _shown(character: str) -> str:
    if character in ACTIVE:
        return f"&#{ord(character)};"
    if character.isprintable():
        return character
    # Reversed writing and the like would show another text than is there.
    return f"&#92;u{ord(character):04x}"


def _section(part: Part, ending: Ending) -> Iterator[str]:
    if ending.findings:
        yield from ("", f"### {TITLES[part]}: what differs ({len(ending.findings)})", "")
        yield from _table(ending.findings)
    if ending.faults:
        yield from ("", f"### {TITLES[part]}: what went wrong ({len(ending.faults)})", "")
        yield from _table(ending.faults)


def _table(things: Sequence[Noted]) -> Iterator[str]:
    """Yield one row for all that say the same, each with the places of which they say it."""
    rows: dict[tuple[str, str], list[str]] = {}
    for one in things:
        rows.setdefault((one.kind, one.text), []).append(one.place)
    yield from ("| | where | what |", "| --- | --- | --- |")
    for (kind, text), places in [*rows.items()][:LIMIT_ROWS]:
        yield f"| {shown(kind)} | {_places(places)} | {shown(text)} |"
    if len(rows) > LIMIT_ROWS:
        yield ""
        yield f"... and {len(rows) - LIMIT_ROWS} more rows: the reports have them all."


def _places(places: Sequence[str]) -> str:
    different = [*dict.fromkeys(filter(None, places))]
    text = "<br>".join(shown(one) for one in different[:LIMIT_PLACES])
    left = len(different) - LIMIT_PLACES
    return f"{text}<br>and {left} more" if left > 0 else text


def _cut(text: str) -> str:
    """Leave out whole lines at the end, so that no row is torn."""
    if len(text) <= LIMIT_CHARACTERS:
        return text
    head = text[:LIMIT_CHARACTERS].rpartition("\n")[0]
    return f"{head}\n\n... and more: the reports have it all.\n"
