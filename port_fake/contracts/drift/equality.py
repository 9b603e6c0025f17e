"""Which shapes of two documents mean the same, found for all of them at once.

Shapes are parted into classes by what they say themselves, then again and again by the classes of
the shapes inside of them, until nothing parts any more. Schemas that contain themselves, written
out once or twice or not at all, end up in one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from port_fake.contracts.drift import keywords
from port_fake.contracts.drift.joining import Shape
from port_fake.contracts.drift.normal import ANYTHING, NOTHING, Schemas

LIMIT_ROUNDS: Final = 100


CERTAIN: Final = (ANYTHING, NOTHING)


class TooDeepError(Exception):
    """Schemas lie in each other so deep that their classes do not settle."""


class Classes:
    """The classes of all shapes that can be reached from *roots*.

    Raises:
        TooDeepError: they do not settle.
    """

    def __init__(self, roots: Iterable[tuple[Schemas, Shape]]) -> None:
        self._shapes: dict[int, Shape] = {}
        self._inside: dict[int, list[tuple[Any, int]]] = {}
        self._collect([*roots])
        self._shapes |= {id(one): one for one in CERTAIN}
        self._inside |= {id(one): [] for one in CERTAIN}
        words = {key: _own(shape) for key, shape in self._shapes.items()}
        self._numbers = _numbered(words)
        count = len({*self._numbers.values()})
        for _ in range(LIMIT_ROUNDS):
            self._numbers = _numbered({key: self._signature(key) for key in self._shapes})
            if len({*self._numbers.values()}) == count:
                return
            count = len({*self._numbers.values()})
        raise TooDeepError

    def same(self, one: Shape, other: Shape) -> bool:
        """Say whether the two mean the same."""
        if "?" in one or "?" in other:
            return False
        return self._numbers[id(one)] == self._numbers[id(other)]

    def _collect(self, waiting: list[tuple[Schemas, Shape]]) -> None:
        while waiting:
            schemas, shape = waiting.pop()
            if id(shape) in self._shapes:
                continue
            self._shapes[id(shape)] = shape
            inside = [(label, schemas.shape(node)) for label, node in parts(shape)]
            self._inside[id(shape)] = [(label, id(one)) for label, one in inside]
            waiting.extend((schemas, one) for _, one in inside)

    def _signature(self, key: int) -> Any:
        numbers = self._numbers
        return numbers[key], frozenset(
            (label, numbers[inside]) for label, inside in self._inside[key]
        )


def _own(shape: Shape) -> Any:
    inside = keywords.SUBSCHEMAS | keywords.SUBSCHEMA_MAPS | {*keywords.GROUPS, "prefixItems"}
    own = {(word, value) for word, value in shape.items() if word not in inside}
    if "?" in shape:
        own.add(("?", id(shape)))  # what is not understood is not known to be the same
    return frozenset(own)


def _numbered(words: dict[int, Any]) -> dict[int, int]:
    seen: dict[Any, int] = {}
    return {key: seen.setdefault(word, len(seen)) for key, word in words.items()}


def parts(shape: Shape) -> Iterator[tuple[Any, Any]]:
    """Yield the schemas inside of *shape*, each with a label; members of a group share one."""
    for word in keywords.SUBSCHEMAS & shape.keys():
        yield word, shape[word]
    for word in keywords.SUBSCHEMA_MAPS & shape.keys():
        for name, node in shape[word].items():
            yield (word, name), node
    for position, node in enumerate(shape.get("prefixItems", ())):
        yield ("prefixItems", position), node
    for word in keywords.GROUPS:
        for member in shape.get(word, ()):
            yield word, member
