"""Parts of a regular expression that know how long their texts may be, and make one to length.

Lengths are worked out once, from the inside out, so that a text is made without trying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Lengths: TypeAlias = int
"""A set of lengths: bit *n* is set if a text of *n* characters is possible."""


class Pick:
    """Draws on behalf of an expression."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def one(self, choices: Sequence[Any]) -> Any:
        """Return one of some choices."""
        return choices[0] if len(choices) == 1 else self._draw(_sampled(tuple(choices)))

    def text(self, among: str, length: int) -> str:
        """Return a text of some characters, in one draw."""
        return self._draw(_text(among, length))


@lru_cache(1024)
def _sampled(choices: tuple[Any, ...]) -> SearchStrategy[Any]:
    return st.sampled_from(choices)


@lru_cache(1024)
def _text(among: str, length: int) -> SearchStrategy[str]:
    return st.text(among, min_size=length, max_size=length)


@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """A part of an expression. *cap* is the greatest length of interest."""

    cap: int

    @cached_property
    def lengths(self) -> Lengths:
        """How long its texts may be."""
        raise NotImplementedError

    def text(self, length: int, pick: Pick) -> str:
        """Return a text of that length, which must be possible."""
        raise NotImplementedError

    def joined(self, one: Lengths, other: Lengths) -> Lengths:
        """Return the lengths of two texts in a row."""
        total = 0
        for length in members(one):
            total |= other << length
        return total & ((1 << self.cap + 1) - 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Character(Node):
    """One of some characters."""

    among: str

    @cached_property
    def lengths(self) -> Lengths:
        """One, if there is any."""
        return 0b10 if self.among and self.cap else 0

    def text(self, length: int, pick: Pick) -> str:  # noqa: ARG002 - it is always one
        """Return one of them."""
        return str(pick.one(self.among))


@dataclass(frozen=True, eq=False, kw_only=True)
class Row(Node):
    """Parts in a row; none of them is the empty text."""

    parts: tuple[Node, ...]

    @cached_property
    def _rests(self) -> list[Lengths]:
        """The lengths of what follows each place, the last place first."""
        rests = [1]
        for part in reversed(self.parts):
            rests.append(self.joined(part.lengths, rests[-1]))
        return rests

    @cached_property
    def lengths(self) -> Lengths:
        """The sums."""
        return self._rests[-1]

    def text(self, length: int, pick: Pick) -> str:
        """Return one text after the other."""
        made = []
        for part, rest in zip(self.parts, self._rests[-2::-1], strict=True):
            own = pick.one(
                [n for n in members(part.lengths) if n <= length and rest >> length - n & 1]
            )
            made.append(part.text(own, pick))
            length -= own
        return "".join(made)


@dataclass(frozen=True, eq=False, kw_only=True)
class Either(Node):
    """One of several parts."""

    parts: tuple[Node, ...]

    @cached_property
    def lengths(self) -> Lengths:
        """Those of all."""
        total = 0
        for part in self.parts:
            total |= part.lengths
        return total

    def text(self, length: int, pick: Pick) -> str:
        """Return a text of one that can."""
        part = pick.one([part for part in self.parts if part.lengths >> length & 1])
        return str(part.text(length, pick))


@dataclass(frozen=True, eq=False, kw_only=True)
class Again(Node):
    """A part, *low* to *high* times."""

    part: Node
    low: int
    high: int

    @cached_property
    def _times(self) -> list[Lengths]:
        """The lengths after none, one, two..."""
        times = [1]
        for _ in range(min(self.high, max(self.low, self.cap))):
            times.append(self.joined(self.part.lengths, times[-1]))
        return times

    @cached_property
    def lengths(self) -> Lengths:
        """The sums."""
        total = 0
        for lengths in self._times[self.low :]:
            total |= lengths
        return total

    def text(self, length: int, pick: Pick) -> str:
        """Return texts of the part, in a row."""
        if isinstance(self.part, Character):
            return pick.text(self.part.among, length) if length else ""
        counts = [n for n, one in enumerate(self._times) if n >= self.low and one >> length & 1]
        row = Row(cap=self.cap, parts=(self.part,) * pick.one(counts))
        return row.text(length, pick)


def members(lengths: Lengths) -> list[int]:
    """Return the lengths one by one, the shortest first."""
    return [length for length in range(lengths.bit_length()) if lengths >> length & 1]
