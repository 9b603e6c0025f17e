"""The message of before there were templates: what a webhook or Kafka gets without one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from port_fake.dialects.port.invocation.context import by
from port_fake.dialects.port.stored_action import action_json
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import entity_json
from port_fake.engine.catalog import Entity
from port_fake.engine.runs import Run
from port_fake.world.world import World

Message = Callable[[], dict[str, Any]]


def legacy_message(world: World, run: Run) -> Message:
    """Return what makes the message: only those who look at it pay for it.

    It tells of the run as it was when this was called.
    """
    action = run.action
    entity = (
        world.entities.find(action.blueprint, run.entity)
        if action.blueprint is not None and run.entity is not None
        else None
    )
    return partial(_message, run, by(world, run), entity)


def _message(run: Run, who: dict[str, Any], entity: Entity | None) -> dict[str, Any]:
    """Return the message.

    Source: tutorial of 2022, Port's agent, docs on Kafka.
    Assumed: a webhook action without a body sends it, without the outer ``payload`` of 2022.
    """
    action = run.action
    payload: dict[str, Any] = {
        "entity": None if entity is None else entity_json(entity),
        "action": action_json(action),
        "properties": run.inputs,
    }
    if run.encrypted:
        payload["censoredProperties"] = list(run.encrypted)
    return {
        "action": action.identifier,
        "resourceType": "run",
        "status": "TRIGGERED",
        "trigger": {
            "by": who,
            "origin": run.source.value,
            "at": moment(run.created_at),
        },
        "context": {"entity": run.entity, "blueprint": action.blueprint, "runId": run.id},
        "payload": payload,
    }
