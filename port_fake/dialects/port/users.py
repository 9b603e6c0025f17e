"""Users."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.people import (
    CHANGED_USER,
    INVITATION,
    LISTED_USER,
    USER,
    USER_CHANGES,
    USER_FIELDS,
)
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import OK, Ok, only_fields
from port_fake.engine.people import User
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Described, Document, Flag, closed
from port_fake.world.world import World

CONFLICTS: Final = frozenset({Fault.CONFLICT})
PROVIDER: Final = "port"
STANDARD: Final = "STANDARD"

ChangedUser: TypeAlias = Annotated[dict[str, Any], Document(CHANGED_USER, {})]
Invitation: TypeAlias = Annotated[dict[str, Any], Document(INVITATION, {})]
Changes: TypeAlias = Annotated[dict[str, Any], Document(USER_CHANGES, {})]


class UsersQuery(TypedDict, total=False):
    """Which fields to answer."""

    fields: Annotated[list[str], Document(USER_FIELDS, {})]


class InviteQuery(TypedDict, total=False):
    """Whether to send a mail; the fake sends none."""

    notify: Annotated[Flag, Described(default=True)]


@closed
class UsersEnvelope(TypedDict):
    """An answer that holds users."""

    ok: Literal[True]
    users: list[Annotated[dict[str, Any], Document(LISTED_USER, {})]]


@closed
class UserEnvelope(TypedDict):
    """An answer that holds a user."""

    ok: Literal[True]
    user: Annotated[dict[str, Any], Document(USER, {})]


def list_users(world: World, call: Call[UsersQuery, Nothing]) -> UsersEnvelope:
    """Answer with the users, in the order in which they joined.

    Source: OpenAPI 1.0, GET /v1/users.
    """
    fields = call.query.get("fields")
    return {
        "ok": True,
        "users": [only_fields(user_json(world, one), fields) for one in world.people.users],
    }


def get_user(world: World, call: Call[Nothing, Nothing]) -> UserEnvelope:
    """Answer with a user.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/users/{user_email}.
    """
    user = world.people.users[call.path["user_email"]]
    shown = {**user_json(world, user), "teamsIdentifiers": list(user.teams)}
    return {"ok": True, "user": shown}


def invite_user(world: World, call: Call[InviteQuery, Invitation]) -> Ok:
    """Add a user.

    Raises: ConflictError, NotFoundError.
    Source: OpenAPI 1.0, POST /v1/users/invite.
    """
    invitee = call.body["invitee"]
    world.people.invite(
        invitee["email"], roles=invitee.get("roles"), teams=invitee.get("teams", ())
    )
    return OK


def change_user(world: World, call: Call[Nothing, Changes]) -> ChangedUser:
    """Give a user other roles or teams; the answer holds the user beside ``ok``.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, PATCH /v1/users/{user_email}.
    """
    user = world.people.reassign(
        call.path["user_email"], roles=call.body.get("roles"), teams=call.body.get("teams")
    )
    return {"ok": True, **user_json(world, user)}


def delete_user(world: World, call: Call[Nothing, Nothing]) -> Ok:
    """Remove a user.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, DELETE /v1/users/{user_email}.
    """
    world.people.dismiss(call.path["user_email"])
    return OK


def user_json(world: World, user: User) -> dict[str, Any]:
    """Return a user as Port answers it."""
    return {
        "id": user.id,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "picture": "",
        "status": user.status,
        "type": STANDARD,
        "providers": [PROVIDER],
        "createdAt": moment(user.created_at),
        "updatedAt": moment(user.updated_at),
        "orgs": [{"id": world.id}],
        "teams": list(user.teams),
        "roles": [{"name": role} for role in user.roles],
        "orgMembers": [],
        "termsAccepted": True,
    }


OPERATIONS: Final = (
    Operation(
        name="get-users",
        tag="Users",
        route="GET /v1/users",
        handler=list_users,
        scopes=("read:users",),
    ),
    Operation(
        name="get-user",
        tag="Users",
        route="GET /v1/users/{user_email}",
        handler=get_user,
        scopes=("read:users",),
    ),
    Operation(
        name="invite-user",
        tag="Users",
        route="POST /v1/users/invite",
        handler=invite_user,
        scopes=("create:users",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="change-user",
        tag="Users",
        route="PATCH /v1/users/{user_email}",
        handler=change_user,
        scopes=("update:users",),
        body_required=False,
    ),
    Operation(
        name="delete-user",
        tag="Users",
        route="DELETE /v1/users/{user_email}",
        handler=delete_user,
        scopes=("delete:users",),
    ),
)
