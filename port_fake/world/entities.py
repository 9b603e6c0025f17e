"""Entities and the relations that tie them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from port_fake.engine.catalog import Entity, EntityKey, Stamps
from port_fake.engine.changes import Cause, Change
from port_fake.engine.people import Caller
from port_fake.errors import ConflictError, NotFoundError
from port_fake.settings import Settings
from port_fake.world.blueprints import Blueprints, stamped
from port_fake.world.clock import Clock
from port_fake.world.drafts import Drafts
from port_fake.world.ids import Ids
from port_fake.world.relations import Relations
from port_fake.world.tables import Table
from port_fake.world.timers import Timers


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
        changes: list[Change],
    ) -> None:
        """Start with none; every entity that is written or deleted is told to *changes*."""
        self._blueprints = blueprints
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self._changes = changes
        self._tables: dict[str, Table[Entity]] = {}
        self.relations = Relations(blueprints)
        self._timers = Timers()
        self._drafts = Drafts(blueprints, self, clock, ids)

    def blueprints(self) -> list[str]:
        """Return the blueprints that may have entities."""
        return [blueprint.identifier for blueprint in self._blueprints]

    def properties(self, blueprint: str) -> Mapping[str, Any]:
        """Return the schemas of a blueprint's properties; none if there is no such blueprint."""
        known = self._blueprints.get(blueprint)
        return {} if known is None else known.properties

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
        run_id: str | None = None,
        make_related: bool = False,
        only_check: bool = False,
    ) -> Written:
        """Write an entity from *draft*: title, icon, team, properties, relations, each if given.

        *make_related* creates missing related entities, *only_check* stores nothing. *run_id* is
        the run on whose behalf that is done.

        Raises:
            NotFoundError: The blueprint, the entity to change or a related entity does not exist.
            ConflictError: The identifier is taken and *how* is CREATE.
            InvalidError: A property or a relation breaks the blueprint's rules.
        """
        blueprint = self._blueprints[blueprint_id]
        table = self.of(blueprint_id)
        key = EntityKey(
            blueprint=blueprint_id, identifier=self._drafts.identify(draft, blueprint_id)
        )
        if how is Write.CREATE:
            table.must_be_free(key.identifier)
        elif how in {Write.REPLACE, Write.MERGE}:
            self[key]
        old = table.get(key.identifier)
        stamps = stamped(old.stamps if old else None, self._clock, caller)
        base = old if how in {Write.MERGE, Write.UPSERT_AND_MERGE} else None
        entity = self._drafts.composed(blueprint, key, draft, base, stamps)
        made = self._to_make(entity, make_related=make_related)
        if not only_check:
            cause = Cause(
                by=caller.id,
                at=stamps.updated_at,
                run_id=run_id,
                depth=caller.depth,
                root=caller.root,
            )
            for relative in made:
                self._store(_bare(relative, stamps), cause)
            self._store(entity, cause)
        return Written(entity=entity, created=old is None, made_for_it=made)

    def delete(
        self,
        *keys: EntityKey,
        caller: Caller,
        run_id: str | None = None,
        dependents: bool = False,
    ) -> list[EntityKey]:
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
        cause = Cause(
            by=caller.id, at=self._clock.peek(), run_id=run_id, depth=caller.depth, root=caller.root
        )
        for doomed in gone:
            self._forget(doomed, cause)
        return list(gone)

    def take_in(self, entity: Entity, *, now: datetime) -> None:
        """Store an entity as it is; nobody is told. Timers that were over by *now* stay so.

        Raises:
            NotFoundError: There is no such blueprint.
            ConflictError: The identifier is taken.
        """
        table = self.of(entity.key.blueprint)
        table.must_be_free(entity.key.identifier)
        self.relations.follow(None, entity)
        blueprint = self._blueprints[entity.key.blueprint]
        self._timers.follow(blueprint, None, entity, after=now)
        table.put(entity.key.identifier, entity)

    @property
    def next_timer(self) -> datetime | None:
        """When the next timer of an entity may go off."""
        return self._timers.next

    def expire(self) -> None:
        """Tell of the timers whose time has come by now."""
        for timer in self._timers.due(self._clock.peek()):
            entity = self.find(timer.key.blueprint, timer.key.identifier)
            if entity is not None and entity.properties.get(timer.name) == timer.value:
                cause = Cause(by="", at=timer.at)
                self._changes.append(Change(None, entity, cause, expired=timer.name))

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

    def _store(self, entity: Entity, cause: Cause) -> None:
        old = self.find(entity.key.blueprint, entity.key.identifier)
        self._changes.append(Change(old, entity, cause))
        self.relations.follow(old, entity)
        self._timers.follow(self._blueprints[entity.key.blueprint], old, entity)
        self.of(entity.key.blueprint).put(entity.key.identifier, entity)

    def _forget(self, key: EntityKey, cause: Cause) -> None:
        for other in self.relations.dependents(key):
            self._store(self.relations.without(other, key), cause)
        self._changes.append(Change(self[key], None, cause))
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
