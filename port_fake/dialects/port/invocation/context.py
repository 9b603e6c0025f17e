"""What templates are evaluated over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from port_fake.dialects.port.people import person
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import entity_json
from port_fake.dialects.port.wire_v2 import properties_json
from port_fake.engine.runs import Run
from port_fake.world.world import World


def context(world: World, run: Run) -> dict[str, Any]:
    """Return the context of a self-service run, all but ``secrets``.

    Source: docs, "Configure the payload", and guides: an entity input is the whole entity, and
    ``entity`` is empty for a run that acts on none.
    """
    if run.event is not None:
        return _automatic(world, run, run.event)
    action = run.action
    operation = action.definition.get("trigger", {}).get("operation")
    return {
        "inputs": properties_json(run),
        "trigger": {
            "by": by(world, run),
            "origin": run.source.value,
            "at": moment(run.created_at),
            "operation": operation,
        },
        "event": None,
        "entity": _entity(world, run),
        "action": {
            "identifier": action.identifier,
            "title": action.title,
            "icon": action.icon,
            "blueprint": action.blueprint,
            "encryptedProperties": list(run.encrypted),
        },
        "run": {"id": run.id},
    }


def _automatic(world: World, run: Run, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of an automation's run, all but ``secrets``.

    Source: docs, automations, "Configure the payload".
    """
    return {
        "inputs": None,
        "trigger": {
            "by": by(world, run),
            "origin": run.source.value,
            "at": moment(run.created_at),
        },
        "event": event,
        "entity": None,
        "action": {"identifier": run.action.identifier},
        "run": {"id": run.id},
    }


def by(world: World, run: Run) -> dict[str, Any]:
    """Return who caused a run; ``user`` is there when it was a person."""
    return person(world, run.created_by)


def _entity(world: World, run: Run) -> dict[str, Any]:
    if run.entity is None or run.action.blueprint is None:
        return {}
    entity = world.entities.find(run.action.blueprint, run.entity)
    return {} if entity is None else {"icon": None, "title": None, **entity_json(entity)}
