"""Entities and the relations that tie them together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from port_fake.engine.catalog import Blueprint, Entity, EntityKey, Related, Stamps
from port_fake.engine.changes import Change
from port_fake.engine.people import Caller
from port_fake.errors import ConflictError, InvalidError, NotFoundError
from port_fake.settings import Settings
from port_fake.world.blueprints import Blueprints, stamped
from port_fake.world.clock import Clock
from port_fake.world.ids import Ids
from port_fake.world.relations import Relations
from port_fake.world.search import matches
from port_fake.world.tables import Table


class Write(Enum):
    """What to do about an entity that exists already, or does not."""

    CREATE = auto()
    REPLACE = auto()
    MERGE = auto()
    UPSERT = auto()
    UPSERT_AND_MERGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The outcome of a write: the entity as it stands, and what else came to be for it."""

    entity: Entity
    created: bool
    made_for_it: tuple[EntityKey, ...] = ()


class Entities:
    """The entities of each blueprint, and who relates to whom."""

    def __init__(
        self,
        blueprints: Blueprints,
        clock: Clock,
        ids: Ids,
        settings: Settings,
        changes: deque[Change],
    ) -> None:
        """Start with none; every entity that is written or deleted is told to *changes*."""
        self._blueprints = blueprints
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._changes = changes
        self._tables: dict[str, Table[Entity]] = {}
        self.relations = Relations(blueprints)

    def of(self, blueprint: str) -> Table[Entity]:
        """Return the entities of a blueprint.

        Raises:
            NotFoundError: There is no such blueprint.
        """
        table = self._tables.get(blueprint)
        if table is None:
            table = self._tables[self._blueprints[blueprint].identifier] = Table("entity")
        return table

    def find(self, blueprint: str, identifier: str) -> Entity | None:
        """Return an entity, or None where there is none or no such blueprint."""
        table = self._tables.get(blueprint)
        return None if table is None else table.get(identifier)

    def __getitem__(self, key: EntityKey) -> Entity:
        """Return an entity.

        Raises:
            NotFoundError: The blueprint or the entity does not exist.
        """
        found = self.of(key.blueprint).get(key.identifier)
        if found is None:
            raise NotFoundError(
                f"no entity of blueprint {key.blueprint!r} has the identifier {key.identifier!r}"
            )
        return found

    def forget_blueprint(self, blueprint: str) -> None:
        """Drop the empty table of a blueprint that is going.

        Raises:
            NotFoundError: There is no such blueprint.
            ConflictError: It still has entities.
        """
        if count := len(self.of(blueprint)):
            raise ConflictError(f"blueprint {blueprint!r} still has {count} entities")
        del self._tables[blueprint]

    def write(
        self,
        blueprint_id: str,
        draft: Mapping[str, Any],
        caller: Caller,
        *,
        how: Write,
        make_related: bool = False,
        only_check: bool = False,
    ) -> Written:
        """Write an entity from *draft*: title, icon, team, properties, relations, each if given.

        *make_related* creates missing related entities, *only_check* stores nothing.

        Raises:
            NotFoundError: The blueprint, the entity to change or a related entity does not exist.
            ConflictError: The identifier is taken and *how* is CREATE.
            InvalidError: A property or a relation breaks the blueprint's rules.
        """
        blueprint = self._blueprints[blueprint_id]
        table = self.of(blueprint_id)
        key = EntityKey(
            blueprint=blueprint_id, identifier=self._identify(draft.get("identifier"), table)
        )
        if how is Write.CREATE:
            table.must_be_free(key.identifier)
        elif how in {Write.REPLACE, Write.MERGE}:
            self[key]
        old = table.get(key.identifier)
        stamps = stamped(old.stamps if old else None, self._clock, caller)
        base = old if how in {Write.MERGE, Write.UPSERT_AND_MERGE} else None
        entity = self._composed(blueprint, key, draft, base, stamps)
        made = self._to_make(entity, make_related=make_related)
        if not only_check:
            for relative in made:
                self._store(_bare(relative, stamps))
            self._store(entity)
        return Written(entity=entity, created=old is None, made_for_it=made)

    def delete(self, *keys: EntityKey, dependents: bool = False) -> list[EntityKey]:
        """Remove entities, and with *dependents* whatever requires them; return what has gone.

        Entities that merely relate to them lose the relation.
        Assumed: without *dependents*, nothing goes while an entity that stays requires one.

        Raises:
            NotFoundError: A blueprint or an entity does not exist.
            ConflictError: Others require them.
        """
        gone: dict[EntityKey, None] = {}
        for key in keys:
            self[key]
            gone |= self._required_by(key)
        if (others := len(gone.keys() - set(keys))) and not dependents:
            names = ", ".join(repr(key.identifier) for key in keys)
            raise ConflictError(
                f"entity {names} is required by {others} others; "
                "delete them first, or with delete_dependents"
            )
        for doomed in gone:
            self._forget(doomed)
        return list(gone)

    def _identify(self, wanted: str | Mapping[str, Any] | None, table: Table[Entity]) -> str:
        if wanted is None:
            return self._ids.draw("e_")
        if isinstance(wanted, str):
            return wanted
        found = self._search(table, wanted)
        if len(found) != 1:
            raise InvalidError(
                f"the identifier's query matches {len(found)} entities, it must match exactly one"
            )
        return found[0]

    def _composed(
        self,
        blueprint: Blueprint,
        key: EntityKey,
        draft: Mapping[str, Any],
        base: Entity | None,
        stamps: Stamps,
    ) -> Entity:
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
            target = self.of(relation.target)
            found = self._search(target, value)
            value = found if relation.many else next(iter(found), None)
        if relation.many:
            return [value] if isinstance(value, str) else list(value or [])
        if isinstance(value, list):
            raise InvalidError(f"relation {name!r} takes one entity, not a list")
        return str(value) if value is not None else None

    def _to_make(self, entity: Entity, *, make_related: bool) -> tuple[EntityKey, ...]:
        missing = tuple(dict.fromkeys(self._missing_relatives(entity)))
        if missing and not make_related and self._settings.relations_must_exist:
            names = ", ".join(
                f"{one.identifier!r} of blueprint {one.blueprint!r}" for one in missing
            )
            raise NotFoundError(f"related entities do not exist: {names}")
        return missing if make_related else ()

    def _missing_relatives(self, entity: Entity) -> Iterator[EntityKey]:
        for _, ends in self.relations.ends(entity):
            for key in ends:
                if key != entity.key and key.identifier not in self.of(key.blueprint):
                    yield key

    def _search(self, table: Table[Entity], query: Mapping[str, Any]) -> list[str]:
        return [entity.key.identifier for entity in table if matches(searchable(entity), query)]

    def _store(self, entity: Entity) -> None:
        old = self.find(entity.key.blueprint, entity.key.identifier)
        self._changes.append(Change(old, entity))
        self.relations.follow(old, entity)
        self.of(entity.key.blueprint).put(entity.key.identifier, entity)

    def _forget(self, key: EntityKey) -> None:
        for other in self.relations.dependents(key):
            self._store(self.relations.without(other, key))
        self._changes.append(Change(self[key], None))
        self.relations.follow(self[key], None)
        self.of(key.blueprint).remove(key.identifier)

    def _required_by(self, key: EntityKey) -> dict[EntityKey, None]:
        """Return *key* and whatever requires it, directly or not."""
        gone = {key: None}
        queue = [key]
        while queue:
            doomed = queue.pop()
            for other in self.relations.dependents(doomed):
                if other.key not in gone and self.relations.requires(other, gone):
                    gone[other.key] = None
                    queue.append(other.key)
        return gone


def _teams(team: object) -> tuple[str, ...]:
    if isinstance(team, Mapping):
        raise InvalidError("a team given by a query is not supported: name the teams")
    if isinstance(team, list):
        return tuple(team)
    return () if team is None else (str(team),)


def searchable(entity: Entity) -> dict[str, Any]:
    """Return what search rules may ask of *entity*: its properties, and its meta properties."""
    return {
        **entity.properties,
        "$identifier": entity.key.identifier,
        "$title": entity.title,
        "$blueprint": entity.key.blueprint,
        "$icon": entity.icon,
        "$team": list(entity.team),
    }


def _bare(key: EntityKey, stamps: Stamps) -> Entity:
    return Entity(
        key=key,
        title=key.identifier,
        icon=None,
        team=(),
        properties={},
        relations={},
        stamps=replace(stamps, created_at=stamps.updated_at, created_by=stamps.updated_by),
    )
