"""What the inputs of a run point at: entities, users and teams."""

from __future__ import annotations

from collections.abc import Iterable

from port_fake.engine.catalog import Entity
from port_fake.errors import InvalidError
from port_fake.inputs.forms import Reference
from port_fake.settings import Settings
from port_fake.world.entities import Entities
from port_fake.world.people import People


class Links:
    """Looks up what inputs name."""

    def __init__(self, entities: Entities, people: People, settings: Settings) -> None:
        self._entities = entities
        self._people = people
        self._settings = settings

    def resolve(self, references: Iterable[Reference]) -> dict[str, Entity | list[Entity]]:
        """Return the entities by input, a list where the input is one.

        Raises:
            InvalidError: Something that an input names does not exist.
        """
        linked: dict[str, Entity | list[Entity]] = {}
        for reference in references:
            if reference.kind != "entity":
                self._must_know(reference)
                continue
            entity = self._entity(reference)
            held = linked.get(reference.input)
            if isinstance(held, list):
                held.append(entity)
            else:
                linked[reference.input] = [entity] if reference.many else entity
        return linked

    def _entity(self, reference: Reference) -> Entity:
        entity = self._entities.find(reference.blueprint or "", reference.identifier)
        if entity is None:
            raise InvalidError(
                f"input {reference.input!r}: no entity of blueprint {reference.blueprint!r} "
                f"has the identifier {reference.identifier!r}"
            )
        return entity

    def _must_know(self, reference: Reference) -> None:
        if not self._settings.people_must_exist:
            return
        table = self._people.users if reference.kind == "user" else self._people.teams
        if reference.identifier not in table:
            raise InvalidError(
                f"input {reference.input!r}: no {reference.kind} is named {reference.identifier!r}"
            )
