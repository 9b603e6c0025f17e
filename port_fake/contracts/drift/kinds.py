"""What it means that a schema names other types."""

from __future__ import annotations

from typing import Final

from port_fake.contracts.drift import keywords
from port_fake.contracts.drift.classes import Change
from port_fake.contracts.drift.joining import Shape

ALL: Final = frozenset((*keywords.TYPES, "integer"))


def type_change(fake: Shape, published: Shape) -> Change | None:
    """Return how the types of one schema relate to those of the other.

    None means that the allowed values tell all there is to tell.
    """
    if _implied(fake, published) or _implied(published, fake):
        return Change.SPELLING
    mine, theirs = kinds_of(fake), kinds_of(published)
    if ("enum" in fake and mine <= theirs) or ("enum" in published and theirs <= mine):
        return None
    if mine < theirs:
        return Change.WIDER
    return Change.NARROWER if theirs < mine else Change.CHANGED


def shown(names: tuple[str, ...] | None) -> str | None:
    """Return types as a reader expects them."""
    return " or ".join(names) if names else None


def kinds_of(shape: Shape) -> frozenset[str]:
    """Return the types that fit; any does where none is named."""
    names = frozenset(shape.get("type", ALL))
    if shape.get("enum"):
        names = frozenset(keywords.type_of(value) for value in shape["enum"])
    return names | {"integer"} if "number" in names else names


def _implied(silent: Shape, speaking: Shape) -> bool:
    """Say whether *silent* only leaves out the one type that its other keywords imply."""
    names = speaking.get("type", ())
    if "type" in silent or "enum" in silent or len(names) != 1:
        return False
    words = silent.keys() & keywords.SPECIFIC_WORDS
    return bool(words) and words <= keywords.SPECIFIC[names[0]]
