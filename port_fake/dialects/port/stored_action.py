"""Actions between the document that a caller sends and the value that the engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from port_fake.dialects.port.invocation.complete import complete, has_expressions
from port_fake.dialects.port.vocabulary import EVENTS, moment
from port_fake.engine.actions import Action, Kind, Trigger
from port_fake.engine.approvals import Policy
from port_fake.engine.people import Caller
from port_fake.inputs.encryption import encrypted_inputs
from port_fake.world.world import World

ON_AN_ENTITY: Final = frozenset({"DAY-2", "DELETE"})
LEGACY_ONLY: Final = frozenset({"omitPayload", "omitUserInputs"})


def read_action(world: World, document: Mapping[str, Any], caller: Caller) -> Action:
    """Return a new action made after *document*.

    Source: OpenAPI 1.0, POST /v1/actions.
    Assumed: ``requiredApproval: true`` behaves as ``{"type": "ANY"}``.
    """
    trigger = document["trigger"]
    blueprint = trigger.get("blueprintIdentifier")
    inputs = trigger.get("userInputs", {})
    method = document["invocationMethod"]
    now = world.clock.now()
    return Action(
        id=world.ids.draw("action_"),
        identifier=document["identifier"],
        title=document.get("title"),
        icon=document.get("icon"),
        blueprint=blueprint,
        needs_entity=blueprint is not None and trigger.get("operation") in ON_AN_ENTITY,
        trigger=_trigger(trigger, is_live=document.get("publish", True)),
        is_open=document.get("allowAnyoneToViewRuns", True),
        policy=_policy(document.get("requiredApproval")),
        invocation=None if has_expressions(method) else complete(method),
        encrypted=encrypted_inputs(inputs.get("properties", {})),
        inputs=inputs,
        definition=document,
        created_at=now,
        created_by=caller.id,
        updated_at=now,
        updated_by=caller.id,
    )


def action_json(action: Action) -> dict[str, Any]:
    """Return an action as Port answers it: as it was sent, with id and stamps.

    Source: docs, action structure; Terraform reads every key that it sent.
    """
    return {
        "id": action.id,
        **action.definition,
        "createdBy": action.created_by,
        "updatedBy": action.updated_by,
        "createdAt": moment(action.created_at),
        "updatedAt": moment(action.updated_at),
    }


def is_published(action: Action) -> bool:
    """Whether the action is live; only automations can be anything else.

    Source: OpenAPI 1.0, POST /v1/actions, ``publish``; docs: true by default.
    """
    return bool(action.definition.get("publish", True))


def from_legacy(document: Mapping[str, Any], blueprint: str) -> dict[str, Any]:
    """Return an action of 2022 in today's form.

    Then, an action lay on its blueprint, its inputs were at its top level, its trigger was the
    operation, and its webhook was described by flat keys.
    Source: tutorial of 2022; docs, deprecated routes.
    """
    converted = {
        key: document[key]
        for key in (
            "identifier",
            "title",
            "icon",
            "description",
            "requiredApproval",
            "approvalNotification",
        )
        if key in document
    }
    converted["trigger"] = {
        "type": "self-service",
        "operation": document.get("trigger", "CREATE"),
        "blueprintIdentifier": blueprint,
        "userInputs": document.get("userInputs", {"properties": {}}),
    }
    converted["invocationMethod"] = _legacy_method(document.get("invocationMethod", {}))
    return converted


def to_legacy(action: Action) -> dict[str, Any]:
    """Return an action in the form of 2022, for the routes of 2022."""
    definition = action.definition
    shown = action_json(action)
    trigger = definition["trigger"]
    del shown["trigger"]
    shown["blueprint"] = action.blueprint
    shown["trigger"] = trigger.get("operation")
    shown["userInputs"] = trigger.get("userInputs", {"properties": {}})
    shown["requiredApproval"] = definition.get("requiredApproval", False)
    return shown


def _legacy_method(method: object) -> object:
    if not isinstance(method, Mapping):
        return method  # which the check of the whole action refuses
    converted = {key: value for key, value in method.items() if key not in LEGACY_ONLY}
    if converted.get("type") == "AZURE-DEVOPS":
        converted["type"] = "AZURE_DEVOPS"
    return converted


def _trigger(trigger: Mapping[str, Any], *, is_live: bool) -> Trigger | None:
    """Return what starts an automation; None for what a person starts.

    Source: OpenAPI 1.0, POST /v1/actions, ``trigger``; docs, automations: no expression at all
    is always true.
    Assumed: several expressions must all be true, unless ``combinator`` is ``or``.
    """
    if trigger["type"] != "automation":
        return None
    event = trigger["event"]
    kind, happenings = EVENTS[event["type"]]
    condition = trigger.get("condition", {})
    return Trigger(
        kind=kind,
        subject=event["blueprintIdentifier" if kind is Kind.ENTITIES else "actionIdentifier"],
        on=happenings,
        expiring=event.get("propertyIdentifier"),
        conditions=tuple(condition.get("expressions", ())),
        any_will_do=condition.get("combinator") == "or",
        is_live=is_live,
    )


def _policy(required: object) -> Policy | None:
    if isinstance(required, Mapping):
        return Policy(cast("str", required["type"]))
    return Policy.ANY if required else None
