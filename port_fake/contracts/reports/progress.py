"""What is told while questions are asked. Nothing here looks at a clock or starts a thread."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, TextIO

from port_fake.contracts.outcomes import Outcome
from port_fake.contracts.questions import Question
from port_fake.contracts.reports.colours import CODES, painted
from port_fake.contracts.reports.words import BAD, NO_REASON, duration, visible

EVERY: Final = 20
"""Questions between two lines where nothing can be drawn over."""

FEWEST: Final = 5
"""Questions between two lines where the area changes sooner."""

CLEAR: Final = "\r\x1b[K"


class Progress:
    """Tells of questions as they are asked: one live line on a terminal, else a line now and then.

    Bad outcomes are told at once, each on a line of its own. As a context manager it ends itself,
    so that nothing is left of the live line. *clock* answers in seconds, from any start; *live* is
    whether the stream is a terminal that can draw over a line, and is asked of the stream if not
    given.
    """

    def __init__(
        self,
        total: int,
        stream: TextIO,
        *,
        clock: Callable[[], float],
        width: int = 80,
        live: bool | None = None,
        colour: bool = False,
    ) -> None:
        self._total = total
        self._stream = stream
        self._clock = clock
        self._width = width
        self._live = stream.isatty() if live is None else live
        self._colour = colour
        self._began = clock()
        self._drawn = False
        self._done = self._bad = self._told = 0
        self._areas: dict[str, None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end()

    def asking(self, question: Question) -> None:
        """Show the question that is asked now; only a live line does."""
        if self._live:
            self._draw(question)

    def found(self, outcome: Outcome) -> None:
        """Count an outcome, and tell it at once if it is bad."""
        area = visible(outcome.question.area)
        since = self._done - self._told
        if area not in self._areas and since >= FEWEST:
            self._tell()
        self._areas[area] = None
        self._done += 1
        if outcome.verdict in BAD:
            self._bad += 1
            self._alarm(outcome)
        if self._done - self._told >= EVERY:
            self._tell()

    def end(self) -> None:
        """Take the live line away, or tell what has not been told; a second time does nothing."""
        self._erase()
        if self._done > self._told:
            self._tell()
        self._stream.flush()

    def _alarm(self, outcome: Outcome) -> None:
        self._erase()
        name = visible(outcome.question.name)
        reason = visible(outcome.reason or NO_REASON)
        word = painted(f"{outcome.verdict.upper():<6}", CODES[outcome.verdict], colour=self._colour)
        self._stream.write(f"{word}  {name}: {reason}\n")
        self._stream.flush()

    def _tell(self) -> None:
        """Say how far it is, where no line can be drawn over."""
        areas, self._areas, self._told = ", ".join(self._areas), {}, self._done
        if not self._live:
            self._stream.write(f"{self._state()}  {areas}\n")
            self._stream.flush()

    def _draw(self, question: Question) -> None:
        self._drawn = True
        line = f"{self._state()}  {visible(question.name)}"
        room = max(self._width - 1, 0)  # in its last column a terminal may begin a new line
        text = line if len(line) <= room else f"{line[: room - 3]}..."[:room]
        self._stream.write(CLEAR + text)
        self._stream.flush()

    def _erase(self) -> None:
        if self._drawn:
            self._drawn = False
            self._stream.write(CLEAR)

    def _state(self) -> str:
        digits = len(str(self._total))
        took = duration(self._clock() - self._began)
        return f"{self._done:>{digits}}/{self._total}  {self._bad} failed  {took:>7}"
