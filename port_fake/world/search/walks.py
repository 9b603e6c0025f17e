"""Ways along the relations of a catalog."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.world.search.scene import Catalog

MOST_HOPS: Final = 15
"""Source: OpenAPI 1.0, components/schemas def-1, the maximum of maxHops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One relation of a path, followed once, or as often as possible up to *most_hops*."""

    relation: str
    most_hops: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Which relations to follow: in one direction or, None, in both; required ones or not."""

    upstream: bool | None = None
    required: bool | None = None


def related(catalog: Catalog, sources: Iterable[EntityKey], ways: Ways) -> set[EntityKey]:
    """Return what is related to any of *sources*, directly or through others.

    Source: docs, relation operators: upstream is what the source depends on, downstream what
    depends on the source.
    Assumed: relations are followed to the end; without a direction, what lies upstream and what
    lies downstream is related; an entity is related to itself only where relations lead back.
    """
    found: set[EntityKey] = set()
    for source in sources:
        if ways.upstream is not False:
            found |= _reached(catalog, source, ways, up=True)
        if ways.upstream is not True:
            found |= _reached(catalog, source, ways, up=False)
    return found


def ends(catalog: Catalog, starts: Collection[EntityKey], path: Sequence[Step]) -> set[EntityKey]:
    """Return where *path* leads from *starts*.

    Source: docs, relation operators, self-relation: a step of several hops leads to all that it
    passes; after other steps, to where those led as well.
    """
    here = set(starts)
    for index, step in enumerate(path):
        if step.most_hops is None:
            here = _hop(catalog, here, step.relation)
        else:
            passed = here if index else set()
            for _ in range(step.most_hops):
                here = _hop(catalog, here, step.relation)
                passed = passed | here
            here = passed
    return here


def relatives(catalog: Catalog, entity: Entity, relation: str) -> list[EntityKey]:
    """Return the entities that *entity* names in a relation."""
    return dict(catalog.relations.ends(entity)).get(relation, [])


def _hop(catalog: Catalog, keys: Iterable[EntityKey], relation: str) -> set[EntityKey]:
    found = (catalog.find(key.blueprint, key.identifier) for key in keys)
    return {end for one in found if one is not None for end in relatives(catalog, one, relation)}


def _reached(catalog: Catalog, source: EntityKey, ways: Ways, *, up: bool) -> set[EntityKey]:
    near = _above if up else _below
    found: set[EntityKey] = set()
    queue = [source]
    while queue:
        for key in near(catalog, queue.pop(), ways):
            if key not in found:
                found.add(key)
                queue.append(key)
    return found


def _above(catalog: Catalog, key: EntityKey, ways: Ways) -> Iterator[EntityKey]:
    entity = catalog.find(key.blueprint, key.identifier)
    if entity is not None:
        yield from _chosen(catalog, entity, ways)


def _below(catalog: Catalog, key: EntityKey, ways: Ways) -> Iterator[EntityKey]:
    for other in catalog.relations.dependents(key):
        if key in _chosen(catalog, other, ways):
            yield other.key


def _chosen(catalog: Catalog, entity: Entity, ways: Ways) -> list[EntityKey]:
    return [
        end
        for name, keys in catalog.relations.ends(entity)
        if ways.required in {None, catalog.relations.is_required(entity, name)}
        for end in keys
    ]
