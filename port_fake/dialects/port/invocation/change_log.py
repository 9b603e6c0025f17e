"""The change log: what Kafka hears of runs and entities that are not as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from port_fake.dialects.port.events import triggered
from port_fake.dialects.port.invocation.kafka_messages import topics
from port_fake.dialects.port.wire import entity_json
from port_fake.dialects.port.wire_v1 import run_v1
from port_fake.engine.catalog import Entity
from port_fake.engine.changes import Change, Thing
from port_fake.engine.runs import Run
from port_fake.surface.letters import Carrier, Letter
from port_fake.world.world import World


def announce(world: World, change: Change) -> Letter | None:
    """Return the letter that tells of a change; None if nobody is to hear of it.

    Source: docs, migration from changelogDestination: a blueprint says where its changes go.
    Port's agent, its fixture: a run's message is like that of an entity, with the run as v1 shows
    it; the agent takes those of webhooks that it is to call.
    Assumed: a run goes with the blueprint of its action; a change that v1 does not show is none.
    """
    now = change.thing
    if change.expired is not None or not isinstance(now, Run | Entity):
        return None
    destination = _destination(world, now)
    if destination is None:
        return None
    before, after = _shown(world, change.before), _shown(world, change.after)
    if before == after:
        return None
    message = {
        "action": "CREATE" if before is None else "UPDATE" if after is not None else "DELETE",
        "resourceType": "run" if isinstance(now, Run) else "entity",
        "status": "TRIGGERED" if isinstance(now, Run) else "SUCCESS",
        "trigger": triggered(world, change),
        "context": _context(now),
        "diff": {"before": before, "after": after},
        "changelogDestination": destination,
    }
    _, topic = topics(world)
    return Letter(
        kind="CHANGE_LOG",
        carrier=Carrier.KAFKA if world.settings.kafka else Carrier.NOBODY,
        run_id=now.id if isinstance(now, Run) else "",
        shown={"topic": topic, "message": message},
        url=topic,
        body=to_json(message, inf_nan_mode="null"),
        reports=False,
    )


def _destination(world: World, thing: Run | Entity) -> Mapping[str, Any] | None:
    """Return the blueprint's destination, if Kafka is on the way there."""
    name = _blueprint(thing)
    blueprint = world.blueprints.get(name) if name is not None else None
    if blueprint is None:
        return None
    wanted: Mapping[str, Any] = blueprint.definition.get("changelogDestination") or {}
    return wanted if wanted.get("type") == "KAFKA" or wanted.get("agent") else None


def _blueprint(thing: Run | Entity) -> str | None:
    return thing.action.blueprint if isinstance(thing, Run) else thing.key.blueprint


def _shown(world: World, thing: Thing | None) -> Mapping[str, Any] | None:
    if isinstance(thing, Run):
        return dict(run_v1(world, thing))
    return entity_json(thing) if isinstance(thing, Entity) else None


def _context(thing: Run | Entity) -> dict[str, str | None]:
    if isinstance(thing, Run):
        return {"entity": thing.entity, "blueprint": thing.action.blueprint, "runId": thing.id}
    return {"entity": thing.key.identifier, "blueprint": thing.key.blueprint, "runId": None}
