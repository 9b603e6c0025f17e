"""Who relates to whom, known from both ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.world.blueprints import Blueprints


class Relations:
    """The entities that relate to each entity."""

    def __init__(self, blueprints: Blueprints) -> None:
        self._blueprints = blueprints
        self._dependents: dict[EntityKey, dict[EntityKey, None]] = {}

    def follow(self, old: Entity | None, new: Entity | None) -> None:
        """Take note that an entity comes (no *old*), changes or goes (no *new*)."""
        if old is not None:
            for relative in self._relatives(old):
                self._dependents.get(relative, {}).pop(old.key, None)
        if new is not None:
            for relative in self._relatives(new):
                self._dependents.setdefault(relative, {})[new.key] = None

    def dependents(self, key: EntityKey) -> list[EntityKey]:
        """Return the entities that relate to *key*, oldest relation first."""
        return list(self._dependents.get(key, ()))

    def requires(self, entity: Entity, key: EntityKey) -> bool:
        """Whether *entity* could not stand without *key*."""
        return any(
            relation.required
            and relation.target == key.blueprint
            and set(related(entity, name)) == {key.identifier}
            for name, relation in self._blueprints[entity.key.blueprint].relations.items()
        )

    def without(self, entity: Entity, key: EntityKey) -> Entity:
        """Return *entity* with no relation to *key*."""
        relations = dict(entity.relations)
        for name, relation in self._blueprints[entity.key.blueprint].relations.items():
            if relation.target == key.blueprint and key.identifier in related(entity, name):
                kept = [one for one in related(entity, name) if one != key.identifier]
                relations[name] = kept if relation.many else None
        return replace(entity, relations=relations)

    def _relatives(self, entity: Entity) -> list[EntityKey]:
        return [
            EntityKey(blueprint=relation.target, identifier=identifier)
            for name, relation in self._blueprints[entity.key.blueprint].relations.items()
            for identifier in related(entity, name)
        ]


def related(entity: Entity, name: str) -> Iterable[str]:
    """Return the identifiers that a relation of *entity* names."""
    value = entity.relations.get(name)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
