"""Actions: make, list, read, replace, delete."""

from collections.abc import Collection
from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.actions import ACCEPTED_ACTION, ACTION
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.stored_action import action_json, is_published, read_action
from port_fake.dialects.port.vocabulary import Version
from port_fake.dialects.port.wire import OK, Ok
from port_fake.engine.actions import Action
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Document, Flag, closed
from port_fake.world.world import World

TAG: Final = "Actions"
CONFLICTS: Final = frozenset({Fault.CONFLICT})

EventType: TypeAlias = Literal[
    "ENTITY_CREATED",
    "ENTITY_UPDATED",
    "ENTITY_DELETED",
    "TIMER_PROPERTY_EXPIRED",
    "ANY_ENTITY_CHANGE",
    "RUN_CREATED",
    "RUN_UPDATED",
    "ANY_RUN_CHANGE",
]

ActionBody: TypeAlias = Annotated[
    dict[str, Any], Document(ACCEPTED_ACTION, COMPONENTS, shown=ACTION)
]


class ActionsQuery(TypedDict, total=False):
    """Filters, combined with AND; members of one with OR."""

    action_identifier: list[str]
    blueprint_identifier: list[str]
    operation: list[Literal["DAY-2", "DELETE", "CREATE"]]
    published: Flag
    trigger_type: Literal["self-service", "automation"]
    trigger_event: list[EventType]
    trigger_event_action_identifier: list[str]
    version: Version


@closed
class ActionEnvelope(TypedDict):
    """An answer that holds an action."""

    ok: Literal[True]
    action: dict[str, Any]


@closed
class ActionsEnvelope(TypedDict):
    """An answer that holds actions."""

    ok: Literal[True]
    actions: list[dict[str, Any]]


def create_action(world: World, call: Call[Nothing, ActionBody]) -> ActionEnvelope:
    """Store a new action.

    Raises: ConflictError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/actions.
    Assumed: the success code 201; the document declares none.
    """
    action = world.actions.add(read_action(world, call.body, call.caller))
    return {"ok": True, "action": action_json(action)}


def list_actions(world: World, call: Call[ActionsQuery, Nothing]) -> ActionsEnvelope:
    """Answer with the actions that match, oldest first.

    Source: OpenAPI 1.0, GET /v1/actions.
    Assumed: ``published`` filters automations and leaves self-service actions in, which are
    always published; ``version`` changes nothing.
    """
    found = [action for action in world.actions if _matches(action, call.query)]
    return {"ok": True, "actions": [action_json(action) for action in found]}


def get_action(world: World, call: Call[Nothing, Nothing]) -> ActionEnvelope:
    """Answer with an action.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/actions/{action_identifier}.
    """
    return {"ok": True, "action": action_json(world.actions[call.path["action_identifier"]])}


def replace_action(world: World, call: Call[Nothing, ActionBody]) -> ActionEnvelope:
    """Put another action in the place of one; id, maker and permissions stay.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0, PUT /v1/actions/{action_identifier}.
    """
    action = read_action(world, call.body, call.caller)
    kept = world.actions.replace(call.path["action_identifier"], action)
    return {"ok": True, "action": action_json(kept)}


def delete_action(world: World, call: Call[Nothing, Nothing]) -> Ok:
    """Remove an action; its runs stay.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, DELETE /v1/actions/{action_identifier}.
    """
    world.actions.remove(call.path["action_identifier"], call.caller)
    return OK


def _matches(action: Action, query: ActionsQuery) -> bool:
    trigger = action.definition["trigger"]
    event = trigger.get("event", {})
    held: dict[str, tuple[Collection[str] | None, Any]] = {
        "action_identifier": (query.get("action_identifier"), action.identifier),
        "blueprint_identifier": (
            query.get("blueprint_identifier"),
            action.blueprint or event.get("blueprintIdentifier"),
        ),
        "operation": (query.get("operation"), trigger.get("operation")),
        "trigger_event": (query.get("trigger_event"), event.get("type")),
        "trigger_event_action_identifier": (
            query.get("trigger_event_action_identifier"),
            event.get("actionIdentifier"),
        ),
    }
    return (
        all(wanted is None or value in wanted for wanted, value in held.values())
        and query.get("trigger_type", trigger["type"]) == trigger["type"]
        and query.get("published", is_published(action)) == is_published(action)
    )


OPERATIONS: Final = (
    Operation(
        name="create-action",
        tag=TAG,
        route="POST /v1/actions",
        handler=create_action,
        success=201,
        scopes=("create:actions",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="get-actions",
        tag=TAG,
        route="GET /v1/actions",
        handler=list_actions,
        scopes=("read:actions",),
    ),
    Operation(
        name="get-action",
        tag=TAG,
        route="GET /v1/actions/{action_identifier}",
        handler=get_action,
        scopes=("read:actions",),
        nonempty=("action_identifier",),
    ),
    Operation(
        name="replace-action",
        tag=TAG,
        route="PUT /v1/actions/{action_identifier}",
        handler=replace_action,
        scopes=("update:actions",),
        nonempty=("action_identifier",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="delete-action",
        tag=TAG,
        route="DELETE /v1/actions/{action_identifier}",
        handler=delete_action,
        scopes=("delete:actions",),
        nonempty=("action_identifier",),
    ),
)
