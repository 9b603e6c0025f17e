"""Two schemas face to face: what differs between them themselves, keyword by keyword."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from port_fake.contracts.drift import keywords
from port_fake.contracts.drift.classes import Aspect, Change, Finding, Side
from port_fake.contracts.drift.kinds import kinds_of, shown, type_change
from port_fake.contracts.drift.normal import NOTHING
from port_fake.contracts.drift.pairs import Pair, Whole
from port_fake.contracts.drift.unions import union_findings
from port_fake.contracts.drift.wording import brief, plain

ASPECTS: Final = {
    "pattern": Aspect.PATTERN,
    "format": Aspect.FORMAT,
    "multipleOf": Aspect.BOUND,
    "uniqueItems": Aspect.BOUND,
    "dependentRequired": Aspect.CONDITION,
    **dict.fromkeys(keywords.MINIMA | keywords.MAXIMA, Aspect.BOUND),
    **dict.fromkeys(keywords.ANNOTATIONS, Aspect.ANNOTATION),
}


SEPARATE: Final = frozenset(("anyOf", "allOf", "exclusive", "unknown"))
STRUCTURAL: Final = keywords.SUBSCHEMAS | keywords.SUBSCHEMA_MAPS | {"prefixItems"}
SILENT: Final = keywords.ANNOTATIONS | {"default"}
PART_PLACES: Final = {"items": "[]", "propertyNames": ".(names)"}


class Facing:
    """The comparison of one pair; what lies inside waits in *inner*."""

    def __init__(self, whole: Whole, pair: Pair, side: Side) -> None:
        self._whole = whole
        self._fake, self._published, self._place = pair.fake, pair.published, pair.place
        self._pair = pair
        self._side = side
        self.inner: list[Pair] = []
        self._comparers: dict[str, Callable[[str], Iterator[Finding]]] = {
            "type": self._type,
            "enum": self._enum,
            "required": self._required,
            "properties": self._properties,
            "patternProperties": self._patterns,
            "dependentSchemas": self._patterns,
            "additionalProperties": self._additional,
            "items": self._part,
            "propertyNames": self._part,
            "prefixItems": self._positions,
            "default": self._default,
            **dict.fromkeys(keywords.CONDITIONS, self._condition),
        }

    def compare(self) -> list[Finding]:
        """Return what differs here; what lies inside is put into *inner*."""
        fake, published = self._fake, self._published
        if "?" in fake or "?" in published:
            reasons = sorted({*fake.get("?", ()), *published.get("?", ())})
            return [self._finding(Aspect.KEYWORD, Change.UNREAD, note=one) for one in reasons]
        if self._one_is_silent():
            narrower = bool(published) and fake != NOTHING
            change = Change.NARROWER if narrower else Change.WIDER
            return [
                self._finding(
                    Aspect.TYPE, change, label="type", fake=brief(fake), published=brief(published)
                )
            ]
        if not kinds_of(fake) & kinds_of(published):
            return [*self._type("type")]
        found, inner, settled = union_findings(self._pair, self._side, self._whole)
        self.inner += inner
        words = set() if settled else (fake.keys() | published.keys()) - SEPARATE
        for word in sorted(words):
            if fake.get(word) != published.get(word) or word in STRUCTURAL:
                found += self._comparers.get(word, self._scalar)(word)
        return found

    def _one_is_silent(self) -> bool:
        """Say whether one side allows anything or nothing, and the other is a long story."""
        if (self._fake == NOTHING) != (self._published == NOTHING):
            return True
        rules = [shape.keys() - SILENT for shape in (self._fake, self._published)]
        return not all(rules) and max(map(len, rules)) > 1

    def _finding(self, aspect: Aspect, change: Change, **more: Any) -> Finding:
        place = more.pop("place", self._place)
        return Finding(aspect=aspect, change=change, side=self._side, place=place, **more)

    def _values(self, word: str) -> tuple[Any, Any]:
        return self._fake.get(word), self._published.get(word)

    def _scalar(self, word: str) -> Iterator[Finding]:
        mine, theirs = self._values(word)
        aspect = ASPECTS.get(word, Aspect.KEYWORD)
        if aspect is Aspect.ANNOTATION:
            change = Change.SPELLING
        elif aspect is Aspect.KEYWORD:
            change = Change.UNREAD
        else:
            change = _direction(word, mine, theirs)
        note = f"the keyword {word!r} is not understood" if change is Change.UNREAD else ""
        yield self._finding(aspect, change, label=word, fake=mine, published=theirs, note=note)

    def _type(self, word: str) -> Iterator[Finding]:
        mine, theirs = self._values(word)
        if (change := type_change(self._fake, self._published)) is None:
            return
        yield self._finding(
            Aspect.TYPE, change, label=word, fake=shown(mine), published=shown(theirs)
        )

    def _enum(self, word: str) -> Iterator[Finding]:
        mine, theirs = self._values(word)
        if mine is None or theirs is None:
            change = Change.NARROWER if mine is None else Change.WIDER
            yield self._finding(
                Aspect.ENUM, change, label=word, fake=plain(mine), published=plain(theirs)
            )
            return
        for values, change, name in (
            (set(mine) - set(theirs), Change.NARROWER, "fake"),
            (set(theirs) - set(mine), Change.WIDER, "published"),
        ):
            if values:
                yield self._finding(Aspect.ENUM, change, label=word, **{name: plain(values)})

    def _required(self, word: str) -> Iterator[Finding]:
        mine, theirs = (set(value or ()) for value in self._values(word))
        for name in sorted(mine ^ theirs):
            change = Change.WIDER if name in mine else Change.NARROWER
            yield self._finding(
                Aspect.REQUIRED,
                change,
                label=name,
                place=f"{self._place}.{name}",
                fake=name in mine,
                published=name in theirs,
            )

    def _properties(self, word: str) -> Iterator[Finding]:
        mine, theirs = (value or {} for value in self._values(word))
        for name in sorted(mine.keys() | theirs.keys()):
            place = f"{self._place}.{name}"
            if name in mine and name in theirs:
                self._wait(mine[name], theirs[name], place)
                continue
            change = Change.GONE if name in mine else Change.NEW
            yield self._finding(Aspect.PROPERTY, change, label=name, place=place)

    def _patterns(self, word: str) -> Iterator[Finding]:
        mine, theirs = (value or {} for value in self._values(word))
        for name in sorted(mine.keys() | theirs.keys()):
            if name in mine and name in theirs:
                self._wait(mine[name], theirs[name], f"{self._place}./{name}/")
                continue
            change = Change.WIDER if name in mine else Change.NARROWER
            yield self._finding(Aspect.CONDITION, change, label=f"{word} {name}")

    def _additional(self, word: str) -> Iterator[Finding]:
        pair = self._whole.inside(*self._values(word))
        mine, theirs = (shape == NOTHING for shape in pair)
        if not mine and not theirs:
            self._wait(*self._values(word), f"{self._place}.*")
        elif mine != theirs:
            change = Change.NARROWER if theirs else Change.WIDER
            if change is Change.WIDER and self._side is Side.ANSWER:
                change = Change.NEW  # more keys than the fake answers: nobody reads them here
            words = ["closed" if one else "open" for one in (mine, theirs)]
            yield self._finding(
                Aspect.CLOSEDNESS, change, label=word, fake=words[0], published=words[1]
            )

    def _part(self, word: str) -> Iterator[Finding]:
        self._wait(*self._values(word), f"{self._place}{PART_PLACES[word]}")
        yield from ()

    def _positions(self, word: str) -> Iterator[Finding]:
        mine, theirs = (value or [] for value in self._values(word))
        for position, (one, other) in enumerate(zip(mine, theirs, strict=False)):
            self._wait(one, other, f"{self._place}[{position}]")
        if len(mine) != len(theirs):
            change = Change.NARROWER if len(theirs) > len(mine) else Change.WIDER
            yield self._finding(
                Aspect.CONDITION, change, label=word, fake=len(mine), published=len(theirs)
            )

    def _condition(self, word: str) -> Iterator[Finding]:
        mine, theirs = self._values(word)
        if (mine is None) == (theirs is None) and self._whole.same(mine, theirs):
            return
        if mine is None or theirs is None:
            change = Change.NARROWER if mine is None else Change.WIDER
        else:
            change = Change.CHANGED
        if word in keywords.ANNOTATIONS:
            change = Change.SPELLING
        yield self._finding(
            Aspect.CONDITION, change, label=word, fake=brief(mine), published=brief(theirs)
        )

    def _default(self, word: str) -> Iterator[Finding]:
        mine, theirs = self._values(word)
        if self._side is Side.ANSWER:
            change = Change.SPELLING
        elif mine is None:
            change = Change.NEW
        else:
            change = Change.GONE if theirs is None else Change.CHANGED
        shown = [None if one is None else json.loads(one) for one in (mine, theirs)]
        yield self._finding(Aspect.DEFAULT, change, label=word, fake=shown[0], published=shown[1])

    def _wait(self, fake: Any, published: Any, place: str) -> None:
        self.inner.append(Pair(*self._whole.inside(fake, published), place))


def _direction(word: str, mine: Any, theirs: Any) -> Change:
    if mine is None or theirs is None:
        return Change.NARROWER if mine is None else Change.WIDER
    if word in keywords.MINIMA | keywords.MAXIMA:
        return Change.NARROWER if (theirs > mine) == (word in keywords.MINIMA) else Change.WIDER
    return Change.CHANGED
