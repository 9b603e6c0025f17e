"""Events: what has happened, as automations and the audit log tell of it."""

from __future__ import annotations

from typing import Any

from port_fake.dialects.port.people import person
from port_fake.dialects.port.stored_action import action_json
from port_fake.dialects.port.vocabulary import DEEDS, moment
from port_fake.dialects.port.wire import blueprint_json, entity_json, permissions_json
from port_fake.dialects.port.wire_v2 import run_v2
from port_fake.engine.actions import Action, Kind
from port_fake.engine.catalog import Blueprint, Entity
from port_fake.engine.changes import Change, Grant, Thing
from port_fake.engine.runs import Run, Source
from port_fake.surface.occasions import Occasion
from port_fake.world.world import World


def occasions(world: World, number: int) -> list[Occasion]:
    """Return the automations that wait for a change, each with the event.

    Source: docs, automations: a run is updated when it is patched, approved or declined, and not
    when its log grows.
    Assumed: a log line that ends the run or sets its label does update it; a change that leaves
    everything as it was is none.
    """
    change = world.journal[number]
    thing = change.thing
    if isinstance(thing, Run):
        watched = (Kind.RUNS, thing.action.identifier)
    elif isinstance(thing, Entity):
        watched = (Kind.ENTITIES, thing.key.blueprint)
    else:
        return []
    found = world.actions.watching(*watched, change.happening, expiring=change.expired)
    if not found or not change.is_visible:
        return []
    event = event_json(world, number)
    return [Occasion(automation=one, event=event, cause=change.cause) for one in found]


def event_json(world: World, number: int) -> dict[str, Any]:
    """Return what a change looks like to automations.

    Source: docs, automations, for events of runs and entities.
    Assumed: events of other things are like them.
    """
    change = world.journal[number]
    return {
        "id": world.journal.event_id(number),
        "resourceType": resource(change.thing),
        "action": DEEDS[change.happening],
        "status": "SUCCESS" if change.problem is None else "FAILURE",
        "trigger": triggered(world, change),
        "context": _context(change),
        "diff": {"before": _shown(world, change.before), "after": _shown(world, change.after)},
    }


def triggered(world: World, change: Change) -> dict[str, Any]:
    """Return who caused a change, and when.

    Assumed: whatever is no run is changed through the API.
    """
    thing, cause = change.thing, change.cause
    origin = thing.source if isinstance(thing, Run) else Source.API
    return {"by": person(world, cause.by), "origin": origin.value, "at": moment(cause.at)}


def resource(thing: Thing) -> str:
    """Return what kind of thing it is.

    Source: OpenAPI 1.0, GET /v1/audit-log, ``resources``.
    Assumed: permissions count with their action.
    """
    match thing:
        case Run():
            return "run"
        case Entity():
            return "entity"
        case Blueprint():
            return "blueprint"
        case _:
            return "action"


def _context(change: Change) -> dict[str, Any]:
    match change.thing:
        case Run(action=action):
            return {"action": action_json(action)}
        case Entity(key=key):
            return {
                "blueprintIdentifier": key.blueprint,
                "entityIdentifier": key.identifier,
                "propertyIdentifier": change.expired,
            }
        case Blueprint(identifier=identifier):
            return {"blueprintIdentifier": identifier}
        case Grant(action=action):
            return {"actionIdentifier": action.identifier}
        case Action(identifier=identifier):
            return {"actionIdentifier": identifier}


def _shown(world: World, thing: Thing | None) -> Any:
    match thing:
        case None:
            return None
        case Run():
            return run_v2(world, thing)
        case Entity():
            return entity_json(thing)
        case Blueprint():
            return blueprint_json(thing)
        case Grant():
            return {"permissions": permissions_json(thing.permissions)}
        case Action():
            return action_json(thing)
