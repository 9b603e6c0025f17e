"""Two answers, value by value: what was added, what is missing, what is otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from http import HTTPStatus
from typing import Any, Final

from port_fake.contracts.exchanges.binding import Bindings
from port_fake.contracts.exchanges.lines import Answer, Body, Kind

IDENTITIES: Final = ("identifier", "id", "email", "name", "secretName")
"""Keys by which the things of a list are told apart."""

MESSAGE: Final = "$.message"
LONG: Final = 120


class Tier(IntEnum):
    """How much a difference matters."""

    INFO = 0
    """Something was added, or a refusal says the same in other words."""
    WARNING = 1
    """Something is missing."""
    ERROR = 2
    """A type, a status or a value is another one."""

    @property
    def word(self) -> str:
        """The name on the command line and in reports."""
        return self.name.lower()


class Mode(StrEnum):
    """What of an answer is compared."""

    STRICT = "strict"
    """Everything, values included."""
    SHAPE = "shape"
    """The status, the keys and the types."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise. *place* is a JSON path, or ``status`` or a header's name."""

    tier: Tier
    place: str
    text: str


def compare(
    expected: Answer,
    actual: Answer,
    *,
    mode: Mode = Mode.STRICT,
    bindings: Bindings | None = None,
) -> Sequence[Difference]:
    """Return how *actual* differs from *expected*, in the order of the answer.

    *bindings* are what placeholders stand for; those that have no value get theirs.
    """
    comparison = _Comparison(mode, Bindings() if bindings is None else bindings)
    found = list(_status(expected, actual))
    is_refusal = not found and expected.status >= HTTPStatus.BAD_REQUEST
    found += _headers(expected, actual)
    found += comparison.bodies(expected.body, actual.body, is_refusal=is_refusal)
    return found


def _status(expected: Answer, actual: Answer) -> Iterator[Difference]:
    if expected.status != actual.status:
        text = f"{expected.status} expected, {actual.status} answered"
        said = actual.body.value.get("message") if isinstance(actual.body.value, dict) else None
        yield Difference(Tier.ERROR, "status", text + (f": {_short(said)}" if said else ""))


def _headers(expected: Answer, actual: Answer) -> Iterator[Difference]:
    before, now = expected.headers, actual.headers
    for name in before.keys() - now.keys():
        yield Difference(Tier.WARNING, name, "the header is missing")
    for name in now.keys() - before.keys():
        yield Difference(Tier.INFO, name, "the header was added")
    for name in sorted(before.keys() & now.keys()):
        if before[name] != now[name]:
            yield Difference(Tier.ERROR, name, _instead(before[name], now[name]))


class _Comparison:
    """One comparison; places are built only where something is found."""

    def __init__(self, mode: Mode, bindings: Bindings) -> None:
        self._is_strict = mode is Mode.STRICT
        self._bindings = bindings
        self._is_refusal = False

    def bodies(self, before: Body, now: Body, *, is_refusal: bool) -> Iterator[Difference]:
        self._is_refusal = is_refusal
        if Kind.CUT in {before.kind, now.kind}:
            return
        if before.kind is not now.kind:
            text = f"a body of {before.kind} expected, {now.kind} answered"
            yield Difference(Tier.ERROR, "$", text)
        elif before.kind is not Kind.NONE:
            yield from self.values(before.value, now.value, "$")

    def values(self, before: Any, now: Any, place: str) -> Iterator[Difference]:
        if _type(before) != _type(now):
            text = f"{_type(before)} expected, {_type(now)} answered: {_instead(before, now)}"
            yield Difference(Tier.ERROR, place, text)
        elif isinstance(before, dict):
            yield from self._objects(before, now, place)
        elif isinstance(before, list):
            yield from self._lists(before, now, place)
        elif isinstance(before, str):
            yield from self._texts(before, now, place)
        elif before != now and self._is_strict:
            yield Difference(Tier.ERROR, place, _instead(before, now))

    def _objects(
        self, before: dict[str, Any], now: dict[str, Any], place: str
    ) -> Iterator[Difference]:
        names = {self._bindings.known(name): name for name in before}
        for name, old in names.items():
            if name in now:
                yield from self.values(before[old], now[name], _step(place, name))
            elif before[old] is None:
                yield Difference(Tier.WARNING, _step(place, name), "null expected, it is missing")
            else:
                text = f"missing: {_short(before[old])}"
                yield Difference(Tier.WARNING, _step(place, name), text)
        for name in now.keys() - names.keys():
            text = "null was added" if now[name] is None else f"added: {_short(now[name])}"
            yield Difference(Tier.INFO, _step(place, name), text)

    def _texts(self, before: str, now: str, place: str) -> Iterator[Difference]:
        problem = self._bindings.problem(before, now)
        if problem is None or not self._is_strict:
            return
        if self._is_refusal and place == MESSAGE:
            yield Difference(Tier.INFO, place, f"in other words: {_instead(before, now)}")
            return
        text = _instead(before, now) + (f": {problem}" if problem else "")
        yield Difference(Tier.ERROR, place, text)

    def _lists(self, before: list[Any], now: list[Any], place: str) -> Iterator[Difference]:
        if not self._is_strict:
            for number, pair in enumerate(zip(before, now, strict=False)):
                yield from self.values(*pair, f"{place}[{number}]")
            return
        if len(before) != len(now):
            text = f"{_count(len(before))} expected, {_count(len(now))} answered"
            yield Difference(Tier.ERROR, place, text)
        old, new = self._identities(before), self._identities(now)
        if old is None or new is None:
            for number, pair in enumerate(zip(before, now, strict=False)):
                yield from self.values(*pair, f"{place}[{number}]")
            return
        yield from self._matched((before, old), (now, new), place)

    def _matched(
        self, before: tuple[list[Any], list[str]], now: tuple[list[Any], list[str]], place: str
    ) -> Iterator[Difference]:
        """Compare the things of two lists that have the same identity."""
        (old_things, old), (new_things, new) = before, now
        pairs = dict(_pairs(old, new))
        for number, name in enumerate(old):
            if number in pairs:
                there = pairs[number]
                yield from self.values(old_things[number], new_things[there], f"{place}[{number}]")
            else:
                text = f"missing from the list: {_short(name)}"
                yield Difference(Tier.ERROR, f"{place}[{number}]", text)
        for number in sorted(set(range(len(new))) - set(pairs.values())):
            text = f"not expected in the list: {_short(new[number])}"
            yield Difference(Tier.ERROR, f"{place}[{number}]", text)
        order = [pairs[number] for number in sorted(pairs)]
        if order != sorted(order):
            text = f"in another order: {_short([new[one] for one in sorted(order)])}"
            yield Difference(Tier.ERROR, place, text)

    def _identities(self, things: list[Any]) -> list[str] | None:
        """Return what tells the things of a list apart, None if nothing does."""
        if things and all(isinstance(one, dict) for one in things):
            for key in IDENTITIES:
                found = [one.get(key) for one in things]
                if all(isinstance(one, str) for one in found):
                    names = [self._bindings.known(one) for one in found]
                    return names if len(set(names)) == len(names) else None
            return None
        if all(isinstance(one, str) for one in things):
            names = [self._bindings.known(one) for one in things]
            return names if len(set(names)) == len(names) else None
        return None


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    """Yield which things are the same; those that are not bound yet follow in their order."""
    places = {name: number for number, name in enumerate(new)}
    met = [number for number, name in enumerate(old) if name in places]
    yield from ((number, places[old[number]]) for number in met)
    taken = {places[old[number]] for number in met}
    free = [number for number in range(len(new)) if number not in taken]
    strangers = [number for number, name in enumerate(old) if name not in places and "<" in name]
    yield from zip(strangers, free, strict=False)


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"


def _step(place: str, name: str) -> str:
    return f"{place}.{name}" if name.isidentifier() else f"{place}[{json.dumps(name)}]"


def _instead(before: Any, now: Any) -> str:
    return f"{_short(before)} expected, {_short(now)} answered"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


def _count(number: int) -> str:
    return f"{number} item" if number == 1 else f"{number} items"
