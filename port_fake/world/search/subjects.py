"""What a rule is about: the value of an entity, or of the user who asks, that it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from port_fake.engine.catalog import Entity
from port_fake.world.search.scene import Catalog, Scene
from port_fake.world.search.values import written
from port_fake.world.search.walks import relatives

Subject: TypeAlias = Callable[[Entity], Any]
"""The value that an entity holds; None where it holds none."""

META: Final[Mapping[str, Subject]] = {
    "$identifier": lambda entity: entity.key.identifier,
    "$title": lambda entity: entity.title,
    "$blueprint": lambda entity: entity.key.blueprint,
    "$icon": lambda entity: entity.icon,
    "$team": lambda entity: list(entity.team),
    "$createdAt": lambda entity: written(entity.stamps.created_at),
    "$createdBy": lambda entity: entity.stamps.created_by,
    "$updatedAt": lambda entity: written(entity.stamps.updated_at),
    "$updatedBy": lambda entity: entity.stamps.updated_by,
}
"""Source: docs, meta-properties."""

TARGETS: Final[Sequence[str]] = ("$identifier", "$title")
"""What a rule may ask of the entities of a relation."""

CONTEXTS: Final[Mapping[str, Callable[[Scene, Subject], Any]]] = {
    "user": lambda scene, subject: None if scene.user is None else subject(scene.user),
    "userTeams": lambda scene, subject: (
        None if scene.user is None else _merged(subject(team) for team in scene.teams)
    ),
}
"""Where a value of the user who asks comes from.

Source: docs, contextual query rules: the entity of the user, the entities of the user's teams.
Assumed: the values of several teams are one list; without a user there is none.
"""


def of_entity(name: str) -> Subject | None:
    """Return the property or meta property *name*, or None if there is no such meta property."""
    if name.startswith("$"):
        return META.get(name)
    return lambda entity: entity.properties.get(name)


def of_relation(catalog: Catalog, name: str, target: str) -> Subject:
    """Return the identifiers or titles of the entities in a relation: a list if it is to many."""
    if target == "$identifier":
        return lambda entity: entity.relations.get(name)

    def titles(entity: Entity) -> Any:
        ends = [
            catalog.find(one.blueprint, one.identifier) for one in relatives(catalog, entity, name)
        ]
        found = [end.title for end in ends if end is not None and end.title is not None]
        is_many = isinstance(entity.relations.get(name), list)
        return found if is_many else next(iter(found), None)

    return titles


def of_kind(catalog: Catalog, kind: Mapping[str, Any]) -> Callable[[Entity], Iterable[Any]]:
    """Return the values of all the properties whose schema has the keywords of *kind*."""

    def values(entity: Entity) -> Iterable[Any]:
        for name, schema in catalog.properties(entity.key.blueprint).items():
            if _has(schema, kind):
                yield entity.properties.get(name)

    return values


def _has(schema: Any, kind: Mapping[str, Any]) -> bool:
    """Whether *schema* has the keywords of *kind*, those of ``items`` as well.

    Assumed: keywords that *kind* leaves out may be anything.
    """
    return isinstance(schema, Mapping) and all(
        _has(schema.get(word), wanted)
        if isinstance(wanted, Mapping)
        else schema.get(word) == wanted
        for word, wanted in kind.items()
    )


def _merged(values: Iterable[Any]) -> list[Any]:
    merged: list[Any] = []
    for value in values:
        merged.extend(value if isinstance(value, list) else [] if value is None else [value])
    return merged
