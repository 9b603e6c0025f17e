"""Who relates to whom, known from both ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.world.blueprints import Blueprints


class Relations:
    """The entities that relate to each entity.

    Kept are the identifiers that an entity names. The blueprint that a relation leads to is asked
    for when it matters: a blueprint may be redefined after its entities were written.
    """

    def __init__(self, blueprints: Blueprints) -> None:
        self._blueprints = blueprints
        self._naming: dict[str, dict[EntityKey, Entity]] = {}

    def follow(self, old: Entity | None, new: Entity | None) -> None:
        """Take note that an entity comes (no *old*), changes or goes (no *new*)."""
        if old is not None:
            for identifier in _named(old):
                self._naming[identifier].pop(old.key, None)
        if new is not None:
            for identifier in _named(new):
                self._naming.setdefault(identifier, {})[new.key] = new

    def order(self) -> dict[str, tuple[EntityKey, ...]]:
        """Return who names each identifier that several name, in the order of `dependents`."""
        return {name: tuple(naming) for name, naming in self._naming.items() if len(naming) > 1}

    def reorder(self, identifier: str, keys: Iterable[EntityKey]) -> None:
        """Put those that name *identifier* in the order of *keys*."""
        naming = self._naming.get(identifier, {})
        known = {key: naming.pop(key) for key in keys if key in naming}
        naming.update(known)

    def dependents(self, key: EntityKey) -> list[Entity]:
        """Return the entities that relate to *key*, the one that was written last at the end."""
        naming = self._naming.get(key.identifier, {}).values()
        return [entity for entity in naming if any(key in ends for _, ends in self.ends(entity))]

    def requires(self, entity: Entity, keys: Collection[EntityKey]) -> bool:
        """Whether *entity* could not stand without *keys*: they are all that a relation needs."""
        return any(
            self.is_required(entity, name) and ends and all(end in keys for end in ends)
            for name, ends in self.ends(entity)
        )

    def is_required(self, entity: Entity, name: str) -> bool:
        """Whether *entity* has to have its relation *name*."""
        return self._blueprints[entity.key.blueprint].relations[name].required

    def without(self, entity: Entity, key: EntityKey) -> Entity:
        """Return *entity* with no relation to *key*."""
        relations = dict(entity.relations)
        for name, ends in self.ends(entity):
            if key in ends:
                kept = [end.identifier for end in ends if end != key]
                many = self._blueprints[entity.key.blueprint].relations[name].many
                relations[name] = kept if many else None
        return replace(entity, relations=relations)

    def ends(self, entity: Entity) -> Iterator[tuple[str, list[EntityKey]]]:
        """Return each relation that *entity* may have, with the entities it leads to.

        An entity that is not stored, as users and teams are not, may have a blueprint that is
        not defined: it has no relations.
        """
        blueprint = self._blueprints.get(entity.key.blueprint)
        for name, relation in (blueprint.relations if blueprint else {}).items():
            yield (
                name,
                [
                    EntityKey(blueprint=relation.target, identifier=identifier)
                    for identifier in _related(entity, name)
                ],
            )


def _related(entity: Entity, name: str) -> Iterable[str]:
    value = entity.relations.get(name)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _named(entity: Entity) -> set[str]:
    return {identifier for name in entity.relations for identifier in _related(entity, name)}
