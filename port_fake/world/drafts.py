"""Drafts of entities: what a caller sends, made whole by the rules of the blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from port_fake.engine.catalog import Blueprint, Entity, EntityKey, Related, Stamps
from port_fake.errors import InvalidError
from port_fake.world.blueprints import Blueprints
from port_fake.world.clock import Clock
from port_fake.world.ids import Ids
from port_fake.world.search.grammar import compiled
from port_fake.world.search.scene import Scene

if TYPE_CHECKING:
    from port_fake.world.entities import Entities


class Drafts:
    """Makes entities of drafts, looking up in *entities* what a query in a draft means."""

    def __init__(self, blueprints: Blueprints, entities: Entities, clock: Clock, ids: Ids) -> None:
        self._blueprints = blueprints
        self._entities = entities
        self._clock = clock
        self._ids = ids

    def identify(self, draft: Mapping[str, Any], blueprint: str) -> str:
        """Return the identifier that *draft* names, or means by a query, or else a new one.

        Raises:
            InvalidError: The query means no entity, or several.
        """
        wanted: str | Mapping[str, Any] | None = draft.get("identifier")
        if wanted is None:
            return self._ids.draw("e_")
        if isinstance(wanted, str):
            return wanted
        found = self._search(blueprint, wanted)
        if len(found) != 1:
            raise InvalidError(
                f"the identifier's query matches {len(found)} entities, it must match exactly one"
            )
        return found[0]

    def composed(
        self,
        blueprint: Blueprint,
        key: EntityKey,
        draft: Mapping[str, Any],
        base: Entity | None,
        stamps: Stamps,
    ) -> Entity:
        """Return what *draft* makes, over *base* where it says nothing.

        Raises:
            NotFoundError: The blueprint of a relation does not exist.
            InvalidError: A property or a relation breaks the blueprint's rules.
        """
        properties = draft.get("properties") or {}
        relations = {
            name: self._resolved(blueprint, name, value)
            for name, value in (draft.get("relations") or {}).items()
        }
        if base is not None:
            properties = {**base.properties, **properties}
            relations = {**base.relations, **relations}
        for name, relation in blueprint.relations.items():
            if relation.required and not relations.get(name):
                raise InvalidError(f"relation {name!r} is required")
            relations.setdefault(name, [] if relation.many else None)
        return Entity(
            key=key,
            title=draft.get("title", base.title if base else None),
            icon=draft.get("icon", base.icon if base else None),
            team=_teams(draft["team"]) if "team" in draft else base.team if base else (),
            properties=self._blueprints.form(blueprint.identifier).fill(properties),
            relations=relations,
            stamps=stamps,
        )

    def _resolved(self, blueprint: Blueprint, name: str, value: Any) -> Related:
        relation = blueprint.relations.get(name)
        if relation is None:
            known = ", ".join(blueprint.relations) or "none"
            raise InvalidError(f"relation {name!r} is not defined (defined: {known})")
        if isinstance(value, Mapping):
            found = self._search(relation.target, value)
            value = found if relation.many else next(iter(found), None)
        if relation.many:
            return [value] if isinstance(value, str) else list(value or [])
        if isinstance(value, list):
            raise InvalidError(f"relation {name!r} takes one entity, not a list")
        return str(value) if value is not None else None

    def _search(self, blueprint: str, query: Mapping[str, Any]) -> list[str]:
        test = compiled(query, Scene(now=self._clock.peek(), catalog=self._entities))
        return [one.key.identifier for one in self._entities.of(blueprint) if test(one)]


def _teams(team: object) -> tuple[str, ...]:
    if isinstance(team, Mapping):
        raise InvalidError("a team given by a query is not supported: name the teams")
    if isinstance(team, list):
        return tuple(team)
    return () if team is None else (str(team),)
