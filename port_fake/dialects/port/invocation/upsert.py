"""The backend that needs nobody outside: an entity written by the run itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.dialects.port.definitions.entities import ENTITY
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.engine.runs import Run
from port_fake.surface.values import Document
from port_fake.world.entities import Write
from port_fake.world.world import World

MAPPED: Final = Document(ENTITY, COMPONENTS)


def upsert(world: World, run: Run, method: Mapping[str, Any]) -> None:
    """Write the entity that a rendered method maps.

    Source: docs, "Upsert entity": an entity that exists is updated, else it is made; related
    entities must exist.
    Assumed: an update keeps what the mapping does not name; keys that render to null are not
    given.

    Raises:
        RefusedError: The mapping makes no entity of that blueprint.
    """
    mapping = method.get("mapping") or {}
    draft = {key: value for key, value in mapping.items() if value is not None}
    MAPPED.check(draft, "mapping")
    world.write_entity(
        str(method.get("blueprintIdentifier")),
        draft,
        world.machine,
        how=Write.UPSERT_AND_MERGE,
        run_id=run.id,
    )
