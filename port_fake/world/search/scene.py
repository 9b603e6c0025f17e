"""What a query is read against: when it is asked, by whom, and in which catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from port_fake.engine.catalog import Entity
from port_fake.world.relations import Relations


class Catalog(Protocol):
    """What rules may look up beyond the entity that they judge."""

    relations: Relations

    def find(self, blueprint: str, identifier: str) -> Entity | None:
        """Return an entity, or None."""
        ...

    def properties(self, blueprint: str) -> Mapping[str, Any]:
        """Return the schemas of a blueprint's properties; none if there is no such blueprint."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The time, the catalog, and the entities of the user who asks and of that user's teams."""

    now: datetime
    catalog: Catalog
    user: Entity | None = None
    teams: tuple[Entity, ...] = ()
