"""Teams."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.people import (
    NEW_TEAM,
    TEAM,
    TEAM_CHANGES,
    TEAM_FIELDS,
    TEAM_REPLACEMENT,
    TEAM_WITH_USERS,
)
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import OK, Ok, only_fields
from port_fake.engine.people import Team
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Document, closed
from port_fake.world.world import World

CONFLICTS: Final = frozenset({Fault.CONFLICT})
PROVIDER: Final = "port"

NewTeam: TypeAlias = Annotated[dict[str, Any], Document(NEW_TEAM, {})]
Changes: TypeAlias = Annotated[dict[str, Any], Document(TEAM_CHANGES, {})]
Replacement: TypeAlias = Annotated[dict[str, Any], Document(TEAM_REPLACEMENT, {})]


class TeamsQuery(TypedDict, total=False):
    """Which fields to answer."""

    fields: Annotated[list[str], Document(TEAM_FIELDS, {})]


@closed
class TeamsEnvelope(TypedDict):
    """An answer that holds teams."""

    ok: Literal[True]
    teams: list[Annotated[dict[str, Any], Document(TEAM_WITH_USERS, {})]]


@closed
class TeamEnvelope(TypedDict):
    """An answer that holds a team."""

    ok: Literal[True]
    team: Annotated[dict[str, Any], Document(TEAM, {})]


@closed
class TeamWithUsersEnvelope(TypedDict):
    """An answer that holds a team and its users."""

    ok: Literal[True]
    team: Annotated[dict[str, Any], Document(TEAM_WITH_USERS, {})]


def list_teams(world: World, call: Call[TeamsQuery, Nothing]) -> TeamsEnvelope:
    """Answer with the teams, oldest first.

    Source: OpenAPI 1.0, GET /v1/teams.
    """
    fields = call.query.get("fields")
    return {
        "ok": True,
        "teams": [only_fields(team_json(world, one), fields) for one in world.people.teams],
    }


def get_team(world: World, call: Call[TeamsQuery, Nothing]) -> TeamEnvelope:
    """Answer with a team.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/teams/{name}.
    """
    team = world.people.teams[call.path["name"]]
    return {"ok": True, "team": only_fields(team_json(world, team), call.query.get("fields"))}


def create_team(world: World, call: Call[Nothing, NewTeam]) -> TeamWithUsersEnvelope:
    """Make a team.

    Raises: ConflictError, NotFoundError.
    Source: OpenAPI 1.0, POST /v1/teams.
    """
    body = call.body
    team = world.people.found(
        body["name"], description=body.get("description"), members=body.get("users", ())
    )
    return {"ok": True, "team": team_json(world, team)}


def change_team(world: World, call: Call[Nothing, Changes]) -> TeamWithUsersEnvelope:
    """Change the keys of a team that are given.

    Raises: NotFoundError, ConflictError.
    Source: OpenAPI 1.0, PATCH /v1/teams/{name}.
    """
    old = world.people.teams[call.path["name"]]
    body = call.body
    team = world.people.reform(
        old.name,
        new_name=body.get("name", old.name),
        description=body.get("description", old.description),
        members=body.get("users"),
    )
    return {"ok": True, "team": team_json(world, team)}


def replace_team(world: World, call: Call[Nothing, Replacement]) -> TeamWithUsersEnvelope:
    """Put another team in the place of one.

    Raises: NotFoundError, ConflictError.
    Source: OpenAPI 1.0, PUT /v1/teams/{name}.
    """
    body = call.body
    team = world.people.reform(
        call.path["name"],
        new_name=body["name"],
        description=body.get("description"),
        members=body.get("users", ()),
    )
    return {"ok": True, "team": team_json(world, team)}


def delete_team(world: World, call: Call[Nothing, Nothing]) -> Ok:
    """Remove a team; its users stay.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, DELETE /v1/teams/{name}.
    """
    world.people.dissolve(call.path["name"])
    return OK


def team_json(world: World, team: Team) -> dict[str, Any]:
    """Return a team as Port answers it."""
    return {
        "id": team.id,
        "name": team.name,
        "provider": PROVIDER,
        "createdAt": moment(team.created_at),
        "updatedAt": moment(team.updated_at),
        "users": [
            {
                "email": user.email,
                "firstName": user.first_name,
                "lastName": user.last_name,
                "picture": "",
                "status": user.status,
            }
            for user in world.people.members(team.name)
        ],
        **({} if team.description is None else {"description": team.description}),
    }


OPERATIONS: Final = (
    Operation(
        name="get-teams",
        tag="Teams",
        route="GET /v1/teams",
        handler=list_teams,
        scopes=("read:teams",),
    ),
    Operation(
        name="get-team",
        tag="Teams",
        route="GET /v1/teams/{name}",
        handler=get_team,
        scopes=("read:teams",),
    ),
    Operation(
        name="create-team",
        tag="Teams",
        route="POST /v1/teams",
        handler=create_team,
        scopes=("create:teams",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="change-team",
        tag="Teams",
        route="PATCH /v1/teams/{name}",
        handler=change_team,
        scopes=("update:teams",),
        body_required=False,
        refuses=CONFLICTS,
    ),
    Operation(
        name="replace-team",
        tag="Teams",
        route="PUT /v1/teams/{name}",
        handler=replace_team,
        scopes=("update:teams",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="delete-team",
        tag="Teams",
        route="DELETE /v1/teams/{name}",
        handler=delete_team,
        scopes=("delete:teams",),
    ),
)
