"""Two schemas that stand for each other, and what their comparison needs to know of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from port_fake.contracts.drift.joining import Shape


@dataclass(frozen=True, slots=True)
class Pair:
    """A schema of the fake's, the published one in its place, and where that is."""

    fake: Shape
    published: Shape
    place: str


class Whole(Protocol):
    """The comparison that one pair is a part of."""

    def inside(self, fake: Any, published: Any) -> tuple[Shape, Shape]:
        """Return the shapes of two schemas as they are written; None is none at all."""

    def same(self, fake: Any, published: Any) -> bool:
        """Say whether two schemas as they are written mean the same."""

    def alternatives(
        self, fake: list[Shape], published: list[Shape]
    ) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
        """Return which alternatives of two unions belong together, and which are alone."""
