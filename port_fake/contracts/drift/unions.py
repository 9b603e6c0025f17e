"""What differs between the alternatives of two schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from port_fake.contracts.drift import keywords
from port_fake.contracts.drift.classes import Aspect, Change, Finding, Side
from port_fake.contracts.drift.joining import Shape
from port_fake.contracts.drift.pairs import Pair, Whole
from port_fake.contracts.drift.wording import brief

ASIDE: Final = keywords.ANNOTATIONS | {"anyOf", "exclusive", "default"}


def union_findings(pair: Pair, side: Side, whole: Whole) -> tuple[list[Finding], list[Pair], bool]:
    """Return the differences, the pairs of alternatives, and whether that says it all.

    A schema that stands alone is compared with the alternatives of a union as if it were one.
    """
    fake, published = pair.fake, pair.published
    found: list[Finding] = []
    inner: list[Pair] = []
    for word in keywords.GROUPS:
        sides = fake.get(word), published.get(word)
        if sides[0] is None and sides[1] is None:
            continue
        lonely = word == "anyOf" and _is_lonely(fake, published)
        if lonely or (sides[0] is not None and sides[1] is not None):
            pairs, gone, new = whole.alternatives(sides[0] or [fake], sides[1] or [published])
            inner += [Pair(*one, f"{pair.place}<{brief(one[0])}>") for one in pairs]
            found += _left(gone, "fake", word, pair.place, side)
            found += _left(new, "published", word, pair.place, side)
        else:
            change = Change.NARROWER if sides[0] is None else Change.WIDER
            said = brief(fake), brief(published)
            found.append(_alternative(change, word, pair.place, side, said=said))
        if lonely:
            return found, inner, True
    found += _spelling(pair, side)
    return found, inner, False


def _is_lonely(fake: Shape, published: Shape) -> bool:
    """Say whether one side is nothing but a union and the other none."""
    union, alone = (fake, published) if "anyOf" in fake else (published, fake)
    return "anyOf" not in alone and union.keys() <= ASIDE


def _left(
    shapes: Iterable[Shape], name: str, word: str, place: str, side: Side
) -> Iterator[Finding]:
    widens = (name == "published") == (word == "anyOf")
    for shape in shapes:
        for reason in shape.get("?", ()):
            yield Finding(
                aspect=Aspect.KEYWORD, change=Change.UNREAD, side=side, place=place, note=reason
            )
        if "?" not in shape:
            said = (brief(shape), None) if name == "fake" else (None, brief(shape))
            change = Change.WIDER if widens else Change.NARROWER
            yield _alternative(change, word, place, side, said=said)


def _spelling(pair: Pair, side: Side) -> Iterator[Finding]:
    if "anyOf" in pair.fake and "anyOf" in pair.published:
        words = ["oneOf" if "exclusive" in one else "anyOf" for one in (pair.fake, pair.published)]
        if words[0] != words[1]:
            said = words[0], words[1]
            yield _alternative(Change.SPELLING, "union", pair.place, side, said=said)


def _alternative(
    change: Change, label: str, place: str, side: Side, *, said: tuple[object, object]
) -> Finding:
    return Finding(
        aspect=Aspect.ALTERNATIVE,
        change=change,
        side=side,
        place=place,
        label=label,
        fake=said[0],
        published=said[1],
    )
