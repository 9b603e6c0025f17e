"""The deprecated routes of 2022, which know actions by blueprint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from port_fake.dialects.port.actions import (
    CONFLICTS,
    TAG,
    ActionEnvelope,
    ActionsEnvelope,
)
from port_fake.dialects.port.definitions.actions import ACCEPTED_ACTION
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.stored_action import from_legacy, read_action, to_legacy
from port_fake.dialects.port.wire import OK, Ok
from port_fake.engine.actions import Action
from port_fake.errors import InvalidError, NotFoundError
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import opened
from port_fake.surface.values import Document
from port_fake.world.world import World

CONVERTED: Final = Document(ACCEPTED_ACTION, COMPONENTS)
LegacyBody: TypeAlias = Annotated[dict[str, Any], Document(opened(), {})]


def create_legacy_action(world: World, call: Call[Nothing, LegacyBody]) -> ActionEnvelope:
    """Store a new action of a blueprint, sent in the form of 2022 or in today's.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: tutorial of 2022; OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/actions.
    """
    document = _modern(world, call.path["blueprint_identifier"], call.body)
    action = world.actions.add(read_action(world, document, call.caller))
    return {"ok": True, "action": to_legacy(action)}


def replace_legacy_actions(world: World, call: Call[Nothing, LegacyBody]) -> ActionsEnvelope:
    """Put all actions of a blueprint in the place of those it had: ``{"actions": [...]}``.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0, PUT /v1/blueprints/{blueprint_identifier}/actions.
    Assumed: the key ``actions`` of the body; the document does not describe it.
    """
    blueprint = call.path["blueprint_identifier"]
    sent = call.body.get("actions")
    if not isinstance(sent, list) or not all(isinstance(one, Mapping) for one in sent):
        raise InvalidError("body/actions must be a list of actions")
    documents = [_modern(world, blueprint, document) for document in sent]
    actions = [read_action(world, document, call.caller) for document in documents]
    world.actions.replace_all(_of(world, blueprint), actions, call.caller)
    kept = [world.actions[action.identifier] for action in actions]
    return {"ok": True, "actions": [to_legacy(action) for action in kept]}


def list_legacy_actions(world: World, call: Call[Nothing, Nothing]) -> ActionsEnvelope:
    """Answer with the actions of a blueprint, in the form of 2022.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{blueprint_identifier}/actions.
    """
    blueprint = world.blueprints[call.path["blueprint_identifier"]].identifier
    return {"ok": True, "actions": [to_legacy(action) for action in _of(world, blueprint)]}


def get_legacy_action(world: World, call: Call[Nothing, Nothing]) -> ActionEnvelope:
    """Answer with an action of a blueprint, in the form of 2022.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}.
    """
    return {"ok": True, "action": to_legacy(_one_of(world, call.path))}


def replace_legacy_action(world: World, call: Call[Nothing, LegacyBody]) -> ActionEnvelope:
    """Put another action in the place of one of a blueprint.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0, PUT /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}.
    """
    old = _one_of(world, call.path)
    document = _modern(
        world, call.path["blueprint_identifier"], {"identifier": old.identifier, **call.body}
    )
    action = read_action(world, document, call.caller)
    return {"ok": True, "action": to_legacy(world.actions.replace(old.identifier, action))}


def delete_legacy_action(world: World, call: Call[Nothing, Nothing]) -> Ok:
    """Remove an action of a blueprint; its runs stay.

    Raises: NotFoundError.
    Source: OpenAPI 1.0,
    DELETE /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}.
    """
    world.actions.remove(_one_of(world, call.path).identifier, call.caller)
    return OK


def _modern(world: World, blueprint: str, document: Mapping[str, Any]) -> dict[str, Any]:
    identifier = world.blueprints[blueprint].identifier
    if isinstance(document.get("trigger"), Mapping):
        trigger = {**document["trigger"], "blueprintIdentifier": identifier}
        modern = {**document, "trigger": trigger}
    else:
        modern = from_legacy(document, identifier)
    checked: dict[str, Any] = CONVERTED.check(modern)
    return checked


def _of(world: World, blueprint: str) -> list[Action]:
    return [action for action in world.actions if action.blueprint == blueprint]


def _one_of(world: World, path: Mapping[str, str]) -> Action:
    blueprint = world.blueprints[path["blueprint_identifier"]].identifier
    action = world.actions[path["action_identifier"]]
    if action.blueprint != blueprint:
        raise NotFoundError(f"action {action.identifier!r} is not of blueprint {blueprint!r}")
    return action


OPERATIONS: Final = (
    Operation(
        name="create-blueprint-action",
        tag=TAG,
        route="POST /v1/blueprints/{blueprint_identifier}/actions",
        handler=create_legacy_action,
        success=201,
        scopes=("create:actions",),
        body_required=False,
        refuses=CONFLICTS,
    ),
    Operation(
        name="replace-blueprint-actions",
        tag=TAG,
        route="PUT /v1/blueprints/{blueprint_identifier}/actions",
        handler=replace_legacy_actions,
        scopes=("update:actions",),
        body_required=False,
        refuses=CONFLICTS,
    ),
    Operation(
        name="get-blueprint-actions",
        tag=TAG,
        route="GET /v1/blueprints/{blueprint_identifier}/actions",
        handler=list_legacy_actions,
        scopes=("read:actions",),
    ),
    Operation(
        name="replace-blueprint-action",
        tag=TAG,
        route="PUT /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}",
        handler=replace_legacy_action,
        scopes=("update:actions",),
        body_required=False,
        refuses=CONFLICTS,
    ),
    Operation(
        name="get-blueprint-action",
        tag=TAG,
        route="GET /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}",
        handler=get_legacy_action,
        scopes=("read:actions",),
    ),
    Operation(
        name="delete-blueprint-action",
        tag=TAG,
        route="DELETE /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}",
        handler=delete_legacy_action,
        scopes=("delete:actions",),
    ),
)
