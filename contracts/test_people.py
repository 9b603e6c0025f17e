"""Users and teams."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import moment, text, thing, things, whole

USERS = "OpenAPI 1.0, GET /v1/users"
USER = "OpenAPI 1.0, GET /v1/users/{user_email}"
INVITE = "OpenAPI 1.0, POST /v1/users/invite"
CHANGE_USER = "OpenAPI 1.0, PATCH /v1/users/{user_email}"
TEAMS = "OpenAPI 1.0, GET /v1/teams"
TEAM = "OpenAPI 1.0, GET /v1/teams/{name}"
MAKE_TEAM = "OpenAPI 1.0, POST /v1/teams"
NEEDS = {Need.FURNISH}

USER_KEYS = {
    "id",
    "email",
    "firstName",
    "lastName",
    "picture",
    "status",
    "type",
    "providers",
    "createdAt",
    "updatedAt",
    "orgs",
    "teams",
    "roles",
    "orgMembers",
    "termsAccepted",
}


def invite(scene: Scene, name: str, **invitee: Any) -> str:
    email = f"{scene.named(name)}@example.com"
    reply = scene.port.get("invite-user", body={"invitee": {"email": email, **invitee}})
    whole(reply)
    return email


def user(scene: Scene, email: str) -> dict[str, Any]:
    return thing(scene.port.get("get-user", path={"user_email": email}), "user")


def users(scene: Scene, **query: Any) -> list[dict[str, Any]]:
    return things(scene.port.get("get-users", query=query), "users")


def roles(found: dict[str, Any]) -> list[Any]:
    held = found.get("roles")
    return (
        [one.get("name") for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    )


def make_team(scene: Scene, name: str, **body: Any) -> dict[str, Any]:
    reply = scene.port.get("create-team", body={"name": scene.named(name), **body})
    return thing(reply, "team")


def team(scene: Scene, name: str) -> dict[str, Any]:
    return thing(scene.port.get("get-team", path={"name": scene.named(name)}), "team")


def members(found: dict[str, Any]) -> list[str]:
    held = found.get("users")
    return (
        [text(one, "email") for one in held if isinstance(one, dict)]
        if isinstance(held, list)
        else []
    )


def mine(found: list[dict[str, Any]], key: str, *names: str) -> list[str]:
    return [one for one in (text(item, key) for item in found) if one in names]


# -- users


@question("users.invited.is-read-back", source=f"{INVITE}; {USER}", needs=NEEDS)
def test_an_invited_user_is_read_back(scene: Scene) -> None:
    make_team(scene, "sre")
    email = invite(scene, "ana", roles=["Moderator"], teams=[scene.named("sre")])

    found = user(scene, email)

    assert found.keys() == USER_KEYS | {"teamsIdentifiers"}
    assert found.get("email") == email
    assert roles(found) == ["Moderator"]
    assert found.get("teams") == found.get("teamsIdentifiers") == [scene.named("sre")]
    assert text(found, "id") != email
    assert moment(found, "createdAt") == moment(found, "updatedAt")


@question("users.invited.is-listed", source=USERS, needs=NEEDS)
def test_invited_users_are_listed_as_they_are_read(scene: Scene) -> None:
    emails = [invite(scene, name) for name in ("m", "a", "z")]

    found = users(scene)

    assert mine(found, "email", *emails) == emails
    assert len({text(one, "id") for one in found}) == len(found)
    for email in emails:
        one = {key: value for key, value in user(scene, email).items() if key != "teamsIdentifiers"}
        assert one in found


@question("users.invited.member-by-default", source="docs: roles", needs=NEEDS)
def test_a_user_without_a_role_is_a_member(scene: Scene) -> None:
    assert roles(user(scene, invite(scene, "ana"))) == ["Member"]


@question("users.invited.twice-conflicts", source="docs: users; Assumed: 409", needs=NEEDS)
def test_an_email_is_taken_once(scene: Scene) -> None:
    email = invite(scene, "ana", roles=["Moderator"])
    before = user(scene, email)

    scene.port.ask("invite-user", body={"invitee": {"email": email, "roles": ["Admin"]}}).refused(
        409
    )

    assert user(scene, email) == before
    assert mine(users(scene), "email", email) == [email]


BAD_INVITATIONS: dict[str, Any] = {
    "empty": {},
    "no-email": {"invitee": {}},
    "empty-email": {"invitee": {"email": ""}},
    "email-number": {"invitee": {"email": 5}},
    "email-slash": {"invitee": {"email": "a/b@example.com"}},
    "roles-text": {"invitee": {"email": "a@example.com", "roles": "Admin"}},
    "teams-number": {"invitee": {"email": "a@example.com", "teams": [1]}},
    "unknown-key": {"invitee": {"email": "a@example.com"}, "extra": 1},
}


@question("users.invited.bad-body-refused", source=INVITE, needs=NEEDS)
@pytest.mark.parametrize("body", BAD_INVITATIONS.values(), ids=BAD_INVITATIONS.keys())
def test_an_invitation_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    before = users(scene)

    scene.port.ask("invite-user", body=body).refused(422)

    assert users(scene) == before


@question("users.invited.unknown-team", source=f"{INVITE}, 404", needs=NEEDS)
def test_nobody_is_invited_to_a_team_that_does_not_exist(scene: Scene) -> None:
    before = users(scene)
    invitee = {"email": "a@example.com", "teams": [scene.named("nowhere")]}

    scene.port.ask("invite-user", body={"invitee": invitee}).refused(404)

    assert users(scene) == before


@question("users.changed.answered-beside-ok", source=CHANGE_USER, needs=NEEDS)
def test_a_changed_user_is_answered_beside_ok(scene: Scene) -> None:
    make_team(scene, "sre")
    email, other = invite(scene, "ana", roles=["Member"]), invite(scene, "ben")
    before, apart = user(scene, email), user(scene, other)
    path, body = {"user_email": email}, {"roles": ["Admin"], "teams": [scene.named("sre")]}

    reply = scene.port.get("change-user", path=path, body=body)
    after = user(scene, email)

    assert whole(reply, *USER_KEYS).json == {
        "ok": True,
        **{key: value for key, value in after.items() if key != "teamsIdentifiers"},
    }
    assert roles(after) == ["Admin"]
    assert after.get("teams") == [scene.named("sre")]
    assert {key: after.get(key) for key in ("id", "email", "createdAt")} == {
        key: before.get(key) for key in ("id", "email", "createdAt")
    }
    assert moment(after, "updatedAt") > moment(before, "updatedAt")
    assert user(scene, other) == apart


@question("users.changed.keeps-the-rest", source=CHANGE_USER, needs=NEEDS)
def test_what_is_not_given_of_a_user_stays(scene: Scene) -> None:
    make_team(scene, "sre")
    email = invite(scene, "ana", roles=["Moderator"], teams=[scene.named("sre")])
    path = {"user_email": email}

    scene.port.get("change-user", path=path, body={"roles": ["Member"]})
    first = user(scene, email)
    scene.port.get("change-user", path=path, body={"teams": []})
    second = user(scene, email)

    assert (roles(first), first.get("teams")) == (["Member"], [scene.named("sre")])
    assert (roles(second), second.get("teams")) == (["Member"], [])


BAD_CHANGES = {
    "no-roles": {"roles": []},
    "roles-text": {"roles": "Admin"},
    "unknown-key": {"email": "new@example.com"},
}


@question("users.changed.bad-body-refused", source=CHANGE_USER, needs=NEEDS)
@pytest.mark.parametrize("body", BAD_CHANGES.values(), ids=BAD_CHANGES.keys())
def test_a_change_of_a_user_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    email = invite(scene, "ana")
    before = user(scene, email)

    scene.port.ask("change-user", path={"user_email": email}, body=body).refused(422)

    assert user(scene, email) == before


@question("users.unknown.not-found", source=f"{USER}, 404", needs=NEEDS)
def test_a_user_who_does_not_exist_is_not_found(scene: Scene) -> None:
    path = {"user_email": "nobody@example.com"}

    scene.port.ask("get-user", path=path).refused(404)
    scene.port.ask("change-user", path=path, body={"roles": ["Admin"]}).refused(404)
    scene.port.ask("delete-user", path=path).refused(404)


@question("users.deleted.is-gone", source="OpenAPI 1.0, DELETE /v1/users/{user_email}", needs=NEEDS)
def test_a_deleted_user_is_gone_and_no_other(scene: Scene) -> None:
    emails = [invite(scene, name) for name in ("a", "b", "c")]
    make_team(scene, "sre", users=emails)

    whole(scene.port.get("delete-user", path={"user_email": emails[1]}))

    scene.port.ask("get-user", path={"user_email": emails[1]}).refused(404)
    assert mine(users(scene), "email", *emails) == [emails[0], emails[2]]
    assert members(team(scene, "sre")) == [emails[0], emails[2]]


@question("users.list.fields", source=f"{USERS}, fields", needs=NEEDS)
def test_only_the_fields_that_are_asked_for_come(scene: Scene) -> None:
    email = invite(scene, "ana", roles=["Moderator"])

    found = users(scene, fields=["email", "roles.name"])

    assert {"email": email, "roles": [{"name": "Moderator"}]} in found
    assert all(one.keys() == {"email", "roles"} for one in found)


@question("users.list.bad-field-refused", source=f"{USERS}, fields")
def test_a_field_of_users_that_does_not_exist_is_refused(port: Organisation) -> None:
    port.ask("get-users", query={"fields": ["colour"]}).refused(422)
