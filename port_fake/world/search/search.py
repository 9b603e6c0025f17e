"""Searches of an organisation's entities."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from port_fake.engine.catalog import Entity
from port_fake.engine.people import Caller
from port_fake.world.census import TEAM, USER, Census
from port_fake.world.clock import Clock
from port_fake.world.people import People
from port_fake.world.search.grammar import Names, compiled, names_in
from port_fake.world.search.scene import Scene

Mark: TypeAlias = tuple[datetime, str]
"""A place in the order of a blueprint's entities: an entity was created then, and is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """Some of the entities that were found; *after* is where the rest begins, if there is one."""

    entities: list[Entity]
    after: Mark | None


class Search:
    """Finds entities by queries of the search language."""

    def __init__(self, census: Census, people: People, clock: Clock) -> None:
        self._census = census
        self._people = people
        self._clock = clock

    def find(
        self,
        query: Mapping[str, Any],
        caller: Caller,
        *,
        blueprint: str | None = None,
        limit: int | None = None,
    ) -> list[Entity]:
        """Return the entities that *query* means, oldest first, and no more than *limit*.

        Raises:
            InvalidError: The query says something that the language does not know; the text names
                the rule by its place, as in ``rules[1].rules[0]``.
            NotFoundError: There is no such *blueprint*.
        """
        test = compiled(query, self._scene(caller))
        candidates = self._candidates(names_in(query), blueprint)
        return list(islice(filter(test, candidates), limit))

    def page(
        self,
        query: Mapping[str, Any],
        caller: Caller,
        *,
        blueprint: str,
        limit: int,
        after: Mark | None = None,
    ) -> EntityPage:
        """Return up to *limit* entities of *blueprint* that *query* means, from *after* on.

        Entities that are written or deleted meanwhile shift no page.

        Raises:
            InvalidError, NotFoundError: As `find`.
        """
        found = sorted(self.find(query, caller, blueprint=blueprint), key=_mark)
        start = 0 if after is None else bisect_right(found, after, key=_mark)
        shown = found[start : start + limit]
        is_last = start + limit >= len(found)
        return EntityPage(entities=shown, after=None if is_last else _mark(shown[-1]))

    def _scene(self, caller: Caller) -> Scene:
        user = None if caller.user is None else self._people.users.get(caller.user.email)
        if user is None:
            return Scene(now=self._clock.peek(), catalog=self._census)
        teams = (self._census.find(TEAM, name) for name in user.teams)
        return Scene(
            now=self._clock.peek(),
            catalog=self._census,
            user=self._census.find(USER, user.email),
            teams=tuple(team for team in teams if team is not None),
        )

    def _candidates(self, names: Names, blueprint: str | None) -> Iterator[Entity]:
        if blueprint is not None:
            self._census.of(blueprint)  # refuses one that does not exist
        known = self._census.blueprints() if blueprint is None else [blueprint]
        wanted = known if names.blueprints is None else [b for b in known if b in names.blueprints]
        shelves = [self._shelf(one, names.identifiers) for one in wanted]
        return merge(*shelves, key=lambda one: one.stamps.created_at)

    def _shelf(self, blueprint: str, identifiers: frozenset[str] | None) -> Iterable[Entity]:
        if identifiers is None or len(identifiers) > 1:
            return self._census.of(blueprint)
        found = (self._census.find(blueprint, identifier) for identifier in identifiers)
        return [one for one in found if one is not None]


def _mark(entity: Entity) -> Mark:
    return entity.stamps.created_at, entity.key.identifier
