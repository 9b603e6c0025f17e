"""The differences between two schemas and all that lies inside of them."""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from port_fake.contracts.drift.alternatives import paired
from port_fake.contracts.drift.classes import Aspect, Change, Finding, Side
from port_fake.contracts.drift.equality import Classes
from port_fake.contracts.drift.facing import Facing
from port_fake.contracts.drift.joining import Shape
from port_fake.contracts.drift.normal import ANYTHING, Schemas
from port_fake.contracts.drift.pairs import Pair

HARD_LIMIT: Final = 5_000
"""Differences of one body; beyond that the reader is served by a number."""


class ShapeComparison:
    """Compares schemas of the fake's document with those of the published one."""

    def __init__(self, fake: Schemas, published: Schemas, classes: Classes) -> None:
        self._fake = fake
        self._published = published
        self._classes = classes

    def findings(self, fake: Any, published: Any, *, side: Side, place: str) -> list[Finding]:
        """Return what differs between two schemas, each pair of schemas inside only once."""
        first = Pair(self._fake.shape(fake), self._published.shape(published), place)
        waiting, seen, found = deque([first]), set(), []
        while waiting:
            pair = waiting.popleft()
            key = (id(pair.fake), id(pair.published))
            if key in seen or self._same(pair.fake, pair.published):
                continue
            seen.add(key)
            one = Facing(self, pair, side)
            found += one.compare()
            waiting.extend(one.inner)
            if len(found) > HARD_LIMIT:
                note = f"more than {HARD_LIMIT} differences; the rest is not told"
                found.append(
                    Finding(aspect=Aspect.DOCUMENT, change=Change.UNREAD, place=place, note=note)
                )
                break
        return found

    def _same(self, one: Shape, other: Shape) -> bool:
        return self._classes.same(one, other)

    def inside(self, fake: Any, published: Any) -> tuple[Shape, Shape]:
        """Return the shapes of two schemas as they are written; None is none at all."""
        left = ANYTHING if fake is None else self._fake.shape(fake)
        right = ANYTHING if published is None else self._published.shape(published)
        return left, right

    def same(self, fake: Any, published: Any) -> bool:
        """Say whether two schemas as they are written mean the same."""
        return self._same(*self.inside(fake, published))

    def alternatives(
        self, fake: list[Shape], published: list[Shape]
    ) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
        """Return which alternatives of two unions belong together, and which are alone."""
        resolve = (self._fake.shape, self._published.shape)
        return paired(fake, published, same=self._same, resolve=resolve)
