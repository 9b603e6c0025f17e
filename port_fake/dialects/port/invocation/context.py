"""What templates are evaluated over."""

from __future__ import annotations

from typing import Any

from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import entity_json
from port_fake.dialects.port.wire_v2 import properties_json
from port_fake.engine.people import User
from port_fake.engine.runs import Run
from port_fake.world.world import World


def context(world: World, run: Run) -> dict[str, Any]:
    """Return the context of a self-service run, all but ``secrets``.

    Source: docs, "Configure the payload", and guides: an entity input is the whole entity, and
    ``entity`` is empty for a run that acts on none.
    """
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


def by(world: World, run: Run) -> dict[str, Any]:
    """Return who caused a run; ``user`` is there when it was a person."""
    return person(world, run.created_by)


def person(world: World, user_id: str) -> dict[str, Any]:
    """Return who caused something; ``user`` is there when it was a person."""
    shown: dict[str, Any] = {"orgId": world.id, "userId": user_id}
    user = world.people.find(user_id)
    if user is not None:
        shown["user"] = _user(user)
    return shown


def _entity(world: World, run: Run) -> dict[str, Any]:
    if run.entity is None or run.action.blueprint is None:
        return {}
    entity = world.entities.find(run.action.blueprint, run.entity)
    return {} if entity is None else {"icon": None, "title": None, **entity_json(entity)}


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "phoneNumber": "",
        "picture": "",
        "providers": [],
        "status": user.status,
        "createdAt": moment(user.created_at),
        "updatedAt": moment(user.updated_at),
    }
