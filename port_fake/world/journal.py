"""All that has become of the things of an organisation, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from port_fake.engine.actions import Action
from port_fake.engine.catalog import Entity
from port_fake.engine.changes import Change, Grant, Thing
from port_fake.engine.runs import Run
from port_fake.world.ids import Ids

NONE: Final[list[int]] = []


class Journal:
    """Changes, each with a number and an id.

    Whoever changes something appends to `rows`, which costs next to nothing; who wants to look
    things up pays for the index, once for each row.
    """

    def __init__(self, ids: Ids) -> None:
        self.rows: list[Change] = []
        self._ids = ids
        self._told = 0
        self._known: list[str] = []
        self._indexed = 0
        self._index: dict[tuple[str, str], list[int]] = {}

    def __getitem__(self, number: int) -> Change:
        return self.rows[number]

    @property
    def has_news(self) -> bool:
        """Whether there are changes that nobody has been told of."""
        return self._told < len(self.rows)

    def news(self) -> Iterator[int]:
        """Return the numbers of the changes that nobody has been told of, also of new ones."""
        while self._told < len(self.rows):
            self._told += 1
            yield self._told - 1

    def begin_anew(self) -> None:
        """Forget everything."""
        self.rows.clear()
        self._known.clear()
        self._index.clear()
        self._told = self._indexed = 0

    def tell_nobody(self) -> None:
        """Let what has not been told of stay untold."""
        self._told = len(self.rows)

    def event_id(self, number: int) -> str:
        """Return the id of a change.

        Source: docs, the form of an event's id.
        """
        while len(self._known) <= number:
            self._known.append(self._ids.draw("event_"))
        return self._known[number]

    def find(self, wanted: Mapping[str, str]) -> Iterable[int]:
        """Return the numbers of the visible changes that have all these keys, newest first.

        The keys are ``identifier`` of any thing, ``entity`` and ``blueprint``, and ``run`` for
        the run itself and what was done on its behalf.
        """
        self._catch_up()
        if not wanted:
            return (one for one in reversed(range(len(self.rows))) if self.rows[one].is_visible)
        found = sorted((self._index.get(pair, NONE) for pair in wanted.items()), key=len)
        others = [frozenset(numbers) for numbers in found[1:]]
        return (one for one in reversed(found[0]) if all(one in numbers for numbers in others))

    def _catch_up(self) -> None:
        for number in range(self._indexed, len(self.rows)):
            change = self.rows[number]
            if change.is_visible:
                for pair in dict.fromkeys(_keys(change)):
                    self._index.setdefault(pair, []).append(number)
        self._indexed = len(self.rows)


def _keys(change: Change) -> Iterator[tuple[str, str]]:
    yield from _own_keys(change.thing)
    run_id = change.cause.run_id
    if run_id is not None:
        yield "run", run_id


def _own_keys(thing: Thing) -> Iterator[tuple[str, str]]:
    if isinstance(thing, Grant):
        thing = thing.action
    if isinstance(thing, Run):
        yield "identifier", thing.id
        if thing.entity is not None:
            yield "entity", thing.entity
        thing_of = thing.action.blueprint
    elif isinstance(thing, Entity):
        yield "identifier", thing.key.identifier
        yield "entity", thing.key.identifier
        thing_of = thing.key.blueprint
    elif isinstance(thing, Action):
        yield "identifier", thing.identifier
        thing_of = thing.blueprint
    else:
        yield "identifier", thing.identifier
        thing_of = thing.identifier
    if thing_of is not None:
        yield "blueprint", thing_of
