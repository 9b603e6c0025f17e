"""Users and teams: what a caller may send and what Port answers."""

from collections.abc import Mapping
from typing import Final

from port_fake.surface.schema import (
    Schema,
    array,
    choice,
    closed,
    flag,
    moment,
    nullable,
    opened,
    text,
    untyped,
)

_NAME: Final[Schema] = text(pattern=r"^[^;#/\?\s][^;#/\?]*[^;#/\?\s]$")

_PERSON: Final[Mapping[str, Schema]] = {
    "email": text(),
    "firstName": text(),
    "lastName": text(),
    "picture": text(),
    "status": text(),
}

_USER: Final[Mapping[str, Schema]] = {
    **_PERSON,
    "id": text(),
    "type": text(),
    "providers": array(text()),
    "createdAt": moment(),
    "updatedAt": moment(),
    "orgs": array(opened({"id": text()}, ["id"])),
    "teams": array(text()),
    "roles": array(opened({"name": text()}, ["name"])),
    "orgMembers": array(
        opened(
            {"orgId": text(), "status": text(), "lastLoginAt": moment()},
            ["orgId", "status", "lastLoginAt"],
        )
    ),
    "termsAccepted": flag(),
}

_TEAM: Final[Mapping[str, Schema]] = {
    "id": text(),
    "name": text(),
    "createdAt": moment(),
    "updatedAt": moment(),
    "provider": text(),
    "description": text(),
}

LISTED_USER: Final[Schema] = untyped(opened(_USER))
"""Source: OpenAPI 1.0, GET /v1/users, an item of the answer's `users`."""

USER: Final[Schema] = untyped(opened({**_USER, "teamsIdentifiers": array(text())}))
"""Source: OpenAPI 1.0, GET /v1/users/{user_email}, the answer's `user`."""

CHANGED_USER: Final[Schema] = untyped(closed({"ok": {"const": True}, **_USER}, ["ok"]))
"""Source: OpenAPI 1.0, PATCH /v1/users/{user_email}, the whole answer."""

USER_CHANGES: Final[Schema] = closed({"roles": array(text(), minItems=1), "teams": array(text())})
"""Source: OpenAPI 1.0, PATCH /v1/users/{user_email}."""

INVITATION: Final[Schema] = closed(
    {
        "invitee": opened(
            {"email": _NAME, "roles": array(text()), "teams": array(text())}, ["email"]
        )
    },
    ["invitee"],
)
"""Source: OpenAPI 1.0, POST /v1/users/invite."""

USER_FIELDS: Final[Schema] = array(
    choice(
        "id",
        "email",
        "firstName",
        "isInvisible",
        "lastName",
        "picture",
        "status",
        "supportLevel",
        "type",
        "providers",
        "createdAt",
        "updatedAt",
        "teams.name",
        "teams.provider",
        "teams.createdAt",
        "teams.updatedAt",
        "roles.name",
        "roles.description",
        "roles.isAdmin",
        "roles.protected",
        "roles.createdAt",
        "roles.updatedAt",
        "orgMembers.orgId",
        "orgMembers.status",
        "orgMembers.lastLoginAt",
    ),
    style="form",
    explode=True,
)
"""Source: OpenAPI 1.0, GET /v1/users, query parameter `fields`."""

TEAM: Final[Schema] = opened(_TEAM)
"""Source: OpenAPI 1.0, GET /v1/teams/{name}, the answer's `team`."""

TEAM_WITH_USERS: Final[Schema] = opened({**_TEAM, "users": array(opened(_PERSON))})
"""Source: OpenAPI 1.0, GET /v1/teams (an item of `teams`); `team` of POST, PATCH and PUT."""

NEW_TEAM: Final[Schema] = opened(
    {"name": _NAME, "users": array(text()), "description": text()}, ["name"]
)
"""Source: OpenAPI 1.0, POST /v1/teams."""

TEAM_REPLACEMENT: Final[Schema] = opened({**NEW_TEAM["properties"], "name": text()}, ["name"])
"""Source: OpenAPI 1.0, PUT /v1/teams/{name}."""

TEAM_CHANGES: Final[Schema] = opened(
    {"name": text(), "users": array(text()), "description": nullable(text())}
)
"""Source: OpenAPI 1.0, PATCH /v1/teams/{name}."""

TEAM_FIELDS: Final[Schema] = array(choice(*_TEAM, *(f"users.{key}" for key in _PERSON)))
"""Source: OpenAPI 1.0, GET /v1/teams and GET /v1/teams/{name}, query parameter `fields`."""
