"""Findings for a terminal, once all questions are asked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.reports.colours import BOLD, CODES, DIM, painted
from port_fake.contracts.reports.words import (
    BAD,
    MEANINGS,
    NO_REASON,
    again,
    by_area,
    by_reason,
    counted,
    facts,
    of,
    verdict_sentence,
    visible,
)

NARROWEST: Final = 60
WIDEST: Final = 160
"""Prose that is wider than this is not read."""

NOTED: Final = 50
"""Differences that a terminal gets; the page and the JSON have them all."""

USUAL: Final = 80
ROOMY: Final = 9
TIGHT: Final = 8
AREA: Final = 24
"""Columns of a terminal as it mostly is, of a cell of the table in it and else, and of an area."""

LABEL: Final = 8


def as_text(findings: Findings, *, width: int, colour: bool) -> str:
    """Return the findings for a terminal *width* columns wide, which are 60 at least.

    Only commands, which somebody copies, and the last line may be wider than that.
    """
    page = _Page(findings, max(NARROWEST, min(width, WIDEST)), colour=colour)
    parts = [page.head(), page.areas()]
    parts += [page.section(verdict) for verdict in BAD]
    parts += [page.differences(), page.skipped(), page.verdict()]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


class _Page:
    """The parts of the text, each as lines."""

    def __init__(self, findings: Findings, width: int, *, colour: bool) -> None:
        self._findings = findings
        self._width = width
        self._colour = colour
        self._cell = ROOMY if self._width >= USUAL else TIGHT
        self._area = min(AREA, self._width - self._cell * (len(Verdict) + 1))

    def head(self) -> Iterator[str]:
        """Say what was asked, and how."""
        known = {visible(name): visible(text) for name, text in facts(self._findings).items()}
        column = min(max(map(len, known)), AREA) + 2
        for name, text in known.items():
            yield from self._labelled(name, text, indent=0, column=column)

    def areas(self) -> Iterator[str]:
        """Count what came of the questions of each area."""
        areas = by_area(self._findings.outcomes)
        if not areas:
            return
        column = min(max(len("area"), *(len(visible(name)) for name in areas)), self._area)
        heads = "".join(f"{verdict:>{self._cell}}" for verdict in Verdict)
        yield self._paint(f"{'area':<{column}}{heads}{'all':>{self._cell}}", BOLD)
        for name, outcomes in areas.items():
            yield self._counts(visible(name), counted(outcomes), column)
        if len(areas) > 1:
            yield self._counts("all", self._findings.counts, column)

    def _counts(self, name: str, counts: Mapping[Verdict, int], column: int) -> str:
        cells = [
            self._paint(f"{count or '-':>{self._cell}}", CODES[verdict] if count else DIM)
            for verdict, count in counts.items()
        ]
        label = name if len(name) <= column else f"{name[: column - 3]}..."
        return f"{label:<{column}}{''.join(cells)}{sum(counts.values()):>{self._cell}}"

    def section(self, verdict: Verdict) -> Iterator[str]:
        """Tell all that is known of each question of a verdict."""
        outcomes = of(verdict, self._findings.outcomes)
        if not outcomes:
            return
        yield from self._heading(verdict, len(outcomes))
        for one in outcomes:
            yield ""
            yield from self._question(one)

    def _question(self, outcome: Outcome) -> Iterator[str]:
        question = outcome.question
        yield "  " + self._paint(visible(question.name), BOLD)
        if question.text:
            yield from self._wrapped(question.text, indent=4)
        yield from self._labelled("reason", outcome.reason or NO_REASON)
        yield from self._labelled("level", question.level)
        yield from self._labelled("source", question.source or "none given")
        if outcome.evidence:
            yield from self._labelled("last", _brief(outcome.evidence[-1]))
        yield f"    {'again':<{LABEL}}{again(self._findings, outcome)}"

    def differences(self) -> Iterator[str]:
        """Note what is otherwise than the fake, and may be."""
        outcomes = of(Verdict.DIFFERS, self._findings.outcomes)
        if not outcomes:
            return
        yield from self._heading(Verdict.DIFFERS, len(outcomes))
        for one in outcomes[:NOTED]:
            level = self._paint(f"({one.question.level})", DIM)
            yield f"  {visible(one.question.name)} {level}"
            yield from self._wrapped(one.reason or NO_REASON, indent=6)
        if len(outcomes) > NOTED:
            yield f"  ... and {len(outcomes) - NOTED} more"

    def skipped(self) -> Iterator[str]:
        """Group what was not asked by what was missing."""
        reasons = by_reason(self._findings.outcomes)
        if not reasons:
            return
        yield from self._heading(Verdict.SKIPPED, sum(map(len, reasons.values())))
        for reason, outcomes in reasons.items():
            yield from self._wrapped(f"{len(outcomes)}: {reason}", indent=2)
            yield from self._wrapped(_named(outcomes), indent=6)

    def verdict(self) -> Iterator[str]:
        """Say plainly how it went: one line, whatever its length, for who reads only the last."""
        counts = self._findings.counts
        bad = next((verdict for verdict in BAD if counts[verdict]), None)
        unsure = not self._findings.was_asked or self._findings.ended
        code = CODES[bad or (Verdict.DIFFERS if unsure else Verdict.HELD)]
        yield self._paint(visible(verdict_sentence(self._findings)), code)

    def _heading(self, verdict: Verdict, count: int) -> Iterator[str]:
        lines = self._wrapped(f"{verdict.upper()} ({count}): {MEANINGS[verdict]}", indent=0)
        yield from (self._paint(line, CODES[verdict]) for line in lines)

    def _labelled(
        self, label: str, text: str, *, indent: int = 4, column: int = LABEL
    ) -> Iterator[str]:
        room = self._width - indent - column
        first, *rest = textwrap.wrap(visible(text), room, break_on_hyphens=False) or [""]
        yield " " * indent + self._paint(f"{label:<{column}}", DIM) + first
        yield from (" " * (indent + column) + line for line in rest)

    def _wrapped(self, text: str, *, indent: int) -> list[str]:
        space = " " * indent
        return textwrap.wrap(
            visible(text),
            self._width,
            initial_indent=space,
            subsequent_indent=space,
            break_on_hyphens=False,
        )

    def _paint(self, text: str, code: str) -> str:
        return painted(text, code, colour=self._colour)


def _brief(exchange: Exchange) -> str:
    status = "no answer" if exchange.status is None else exchange.status
    return f"{exchange.method} {exchange.path} -> {status}"


def _named(outcomes: Sequence[Outcome], few: int = 4) -> str:
    names = [one.question.name for one in outcomes]
    rest = len(names) - few
    if rest <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:few])} and {rest} more"
