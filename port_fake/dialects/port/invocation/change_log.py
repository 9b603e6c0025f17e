"""The change log: what Kafka hears of runs and entities that are not as they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json

from port_fake.dialects.port.invocation.context import person
from port_fake.dialects.port.invocation.kafka_messages import topics
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import entity_json
from port_fake.dialects.port.wire_v1 import run_v1
from port_fake.engine.catalog import Entity
from port_fake.engine.changes import Change
from port_fake.engine.runs import Run, Source
from port_fake.surface.letters import Carrier, Letter
from port_fake.world.world import World


def announce(world: World, change: Change) -> Letter | None:
    """Return the letter that tells of a change; None if nobody is to hear of it.

    Source: docs, migration from changelogDestination: a blueprint says where its changes go.
    Port's agent, its fixture: a run's message is like that of an entity, with the run as v1 shows
    it; the agent takes those of webhooks that it is to call.
    Assumed: a run goes with the blueprint of its action; a change that v1 does not show is none.
    """
    now = change.after or change.before
    destination = _destination(world, now)
    if now is None or destination is None:
        return None
    before, after = _shown(world, change.before), _shown(world, change.after)
    if before == after:
        return None
    message = {
        "action": "CREATE" if before is None else "UPDATE" if after is not None else "DELETE",
        "resourceType": "run" if isinstance(now, Run) else "entity",
        "status": "TRIGGERED" if isinstance(now, Run) else "SUCCESS",
        "trigger": _trigger(world, change),
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


def _destination(world: World, thing: Run | Entity | None) -> Mapping[str, Any] | None:
    """Return the blueprint's destination, if Kafka is on the way there."""
    name = _blueprint(thing)
    blueprint = world.blueprints.get(name) if name is not None else None
    if blueprint is None:
        return None
    wanted: Mapping[str, Any] = blueprint.definition.get("changelogDestination") or {}
    return wanted if wanted.get("type") == "KAFKA" or wanted.get("agent") else None


def _blueprint(thing: Run | Entity | None) -> str | None:
    if isinstance(thing, Run):
        return thing.action.blueprint
    return None if thing is None else thing.key.blueprint


def _shown(world: World, thing: Run | Entity | None) -> Mapping[str, Any] | None:
    if isinstance(thing, Run):
        return dict(run_v1(world, thing))
    return None if thing is None else entity_json(thing)


def _trigger(world: World, change: Change) -> dict[str, Any]:
    """Return who caused a change, and when.

    Assumed: entities are changed through the API; who deleted one is not told.
    """
    after = change.after
    if isinstance(after, Run):
        who, at, origin = person(world, after.updated_by), after.updated_at, after.source
    elif after is not None:
        who, at = person(world, after.stamps.updated_by), after.stamps.updated_at
        origin = Source.API
    else:
        who, at, origin = {"orgId": world.id}, world.clock.peek(), Source.API
    return {"by": who, "origin": origin.value, "at": moment(at)}


def _context(thing: Run | Entity) -> dict[str, str | None]:
    if isinstance(thing, Run):
        return {"entity": thing.entity, "blueprint": thing.action.blueprint, "runId": thing.id}
    return {"entity": thing.key.identifier, "blueprint": thing.key.blueprint, "runId": None}
