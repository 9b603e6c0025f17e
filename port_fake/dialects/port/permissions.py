"""Who may execute an action and who may approve its runs; what the caller may do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.permissions import PERMISSIONS
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.wire import permissions_json
from port_fake.engine.people import Permissions, Rules
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Document, closed
from port_fake.world.world import World

PermissionsBody: TypeAlias = Annotated[dict[str, Any], Document(PERMISSIONS, COMPONENTS)]


@closed
class PermissionsEnvelope(TypedDict):
    """An answer that holds the permissions of an action."""

    ok: Literal[True]
    permissions: dict[str, Any]


class OwnQuery(TypedDict, total=False):
    """Which generation of actions; every one is answered alike."""

    action_version: str


@closed
class OwnPermissionsEnvelope(TypedDict):
    """An answer that holds what the caller may do."""

    ok: Literal[True]
    permissions: list[str]


def get_permissions(world: World, call: Call[Nothing, Nothing]) -> PermissionsEnvelope:
    """Answer with who may execute and who may approve.

    Raises: NotFoundError.
    Source: Terraform's provider and Port's MCP server, for the answer.
    """
    permissions = world.actions.permissions(call.path["action_identifier"])
    return {"ok": True, "permissions": permissions_json(permissions)}


def change_permissions(world: World, call: Call[Nothing, PermissionsBody]) -> PermissionsEnvelope:
    """Change who may execute and who may approve; what is not given stays.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, PATCH /v1/actions/{action_identifier}/permissions.
    Assumed: every caller may change what is neither a run nor the audit log; who may in Port is
    not part of what the fake is for.
    """
    identifier = call.path["action_identifier"]
    old = world.actions.permissions(identifier)
    new = Permissions(
        execute=_changed(old.execute, call.body.get("execute", {})),
        approve=_changed(old.approve, call.body.get("approve", {})),
    )
    return {
        "ok": True,
        "permissions": permissions_json(world.actions.permit(identifier, new, call.caller)),
    }


def list_own_permissions(world: World, call: Call[OwnQuery, Nothing]) -> OwnPermissionsEnvelope:
    """Answer with the actions that the caller may execute, as ``execute:actions:<identifier>``.

    An action that the caller may execute on entities of the caller's teams only is told as
    ``execute:team_entities:actions:<identifier>``.
    Source: Port's MCP server, which shows only actions that are listed here; docs, dynamic
    permissions: with a policy, the lists still govern what is shown.
    """
    allowed = []
    for action in world.actions:
        if action.is_automation:
            continue
        if world.access.may_execute(action, call.caller):
            allowed.append(f"execute:actions:{action.identifier}")
        elif world.access.may_execute_on_own(action, call.caller):
            allowed.append(f"execute:team_entities:actions:{action.identifier}")
    return {"ok": True, "permissions": allowed}


RULE_NAMES: Final = {"ownedByTeam": "owned_by_team"}


def _changed(rules: Rules, given: Mapping[str, Any]) -> Rules:
    changes: dict[str, Any] = {
        RULE_NAMES.get(key, key): tuple(value) if isinstance(value, list) else value
        for key, value in given.items()
    }
    return replace(rules, **changes)


OPERATIONS: Final = (
    Operation(
        name="get-action-permissions",
        tag="Actions",
        route="GET /v1/actions/{action_identifier}/permissions",
        handler=get_permissions,
        nonempty=("action_identifier",),
    ),
    Operation(
        name="update-action-permissions",
        tag="Actions",
        route="PATCH /v1/actions/{action_identifier}/permissions",
        handler=change_permissions,
        nonempty=("action_identifier",),
        body_required=False,
    ),
    Operation(
        name="get-own-permissions",
        tag="Authentication / Authorization",
        route="GET /v1/auth/permissions",
        handler=list_own_permissions,
    ),
)
