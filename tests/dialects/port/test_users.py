"""Users."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused

USERS: Final = "/v1/users"
INVITE: Final = "/v1/users/invite"
ANA: Final = "ana@example.com"
PATH: Final = f"{USERS}/{ANA}"


@pytest.fixture(autouse=True)
def _teams(port_fake: FakePort) -> None:
    port_fake.add_team("platform")
    port_fake.add_team("payments")


def invite(client: Client, **invitee: Any) -> dict[str, Any]:
    body = {"invitee": {"email": ANA, **invitee}}
    assert client.post(INVITE, body).status == 200
    user: dict[str, Any] = client.get(PATH).json["user"]
    return user


def test_an_invitation_is_answered_shortly(client: Client) -> None:
    body = {"invitee": {"email": ANA, "roles": ["Admin"], "teams": ["platform"]}}

    answer = client.post(INVITE, body)

    assert (answer.status, answer.json) == (200, {"ok": True})


def test_a_user_is_read_whole(port_fake: FakePort, client: Client) -> None:
    client.post(INVITE, {"invitee": {"email": ANA, "roles": ["Admin"], "teams": ["platform"]}})

    answer = client.get(PATH)

    user = answer.json["user"]
    assert answer.status == 200
    assert user == {
        "id": user["id"],
        "email": ANA,
        "firstName": "ana",
        "lastName": "",
        "picture": "",
        "status": "ACTIVE",
        "type": "STANDARD",
        "providers": ["port"],
        "createdAt": user["createdAt"],
        "updatedAt": user["createdAt"],
        "orgs": [{"id": port_fake.world.id}],
        "teams": ["platform"],
        "teamsIdentifiers": ["platform"],
        "roles": [{"name": "Admin"}],
        "orgMembers": [],
        "termsAccepted": True,
    }
    assert re.fullmatch(r"auth0\|[0-9a-f]{24}", user["id"])


def test_a_user_without_roles_is_a_member(client: Client) -> None:
    user = invite(client)

    assert user["roles"] == [{"name": "Member"}]
    assert user["teams"] == []


def test_an_email_is_invited_once(client: Client) -> None:
    user = invite(client)

    answer = client.post(INVITE, {"invitee": {"email": ANA, "roles": ["Admin"]}})

    assert_refused(answer, 409, ANA)
    assert client.get(PATH).json["user"] == user


@pytest.mark.parametrize(
    ("body", "status", "about"),
    [
        ({}, 422, "invitee"),
        ({"email": ANA}, 422, "email"),
        ({"invitee": None}, 422, "body/invitee"),
        ({"invitee": {}}, 422, "email"),
        ({"invitee": {"email": None}}, 422, "body/invitee/email"),
        ({"invitee": {"email": "a b/c"}}, 422, "body/invitee/email"),
        ({"invitee": {"email": ANA, "roles": "Admin"}}, 422, "body/invitee/roles"),
        ({"invitee": {"email": ANA, "roles": [7]}}, 422, "body/invitee/roles/0"),
        ({"invitee": {"email": ANA, "teams": None}}, 422, "body/invitee/teams"),
        ({"invitee": {"email": ANA}, "surprise": 1}, 422, "surprise"),
        ({"invitee": {"email": ANA, "teams": ["unknown"]}}, 404, "'unknown'"),
    ],
)
def test_an_invitation_must_make_sense(
    client: Client, body: dict[str, Any], status: int, about: str
) -> None:
    answer = client.post(INVITE, body)

    assert_refused(answer, status, about)
    assert client.get(USERS).json["users"] == []


@pytest.mark.parametrize(("notify", "status"), [("true", 200), ("false", 200), ("maybe", 422)])
def test_whether_to_send_a_mail_is_told_as_a_boolean(
    client: Client, notify: str, status: int
) -> None:
    answer = client.post(INVITE, {"invitee": {"email": ANA}}, {"notify": notify})

    assert answer.status == status


def test_users_are_listed_in_the_order_in_which_they_joined(client: Client) -> None:
    for email in ("zoe@example.com", ANA):
        client.post(INVITE, {"invitee": {"email": email}})

    answer = client.get(USERS)

    users = answer.json["users"]
    assert [user["email"] for user in users] == ["zoe@example.com", ANA]
    assert {**users[1], "teamsIdentifiers": []} == client.get(PATH).json["user"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("email", {"email"}),
        ("email,status", {"email", "status"}),
        (["email", "roles.name"], {"email", "roles"}),
        ("teams.name,teams.createdAt", {"teams"}),
    ],
)
def test_fields_are_chosen_by_name(client: Client, fields: Any, expected: set[str]) -> None:
    invite(client)

    answer = client.get(USERS, {"fields": fields})

    assert answer.json["users"][0].keys() == expected


@pytest.mark.parametrize("fields", ["password", "", "email,password"])
def test_fields_that_do_not_exist_are_refused(client: Client, fields: str) -> None:
    answer = client.get(USERS, {"fields": fields})

    assert_refused(answer, 422, "query/fields")


def test_a_changed_user_is_answered_beside_ok(client: Client) -> None:
    old = invite(client, teams=["platform"])

    answer = client.patch(PATH, {"roles": ["Admin"]})

    new = answer.json
    expected = {**old, "ok": True, "roles": [{"name": "Admin"}], "updatedAt": new["updatedAt"]}
    del expected["teamsIdentifiers"]
    assert answer.status == 200
    assert new == expected
    assert new["updatedAt"] > old["updatedAt"]


def test_teams_are_replaced_and_roles_kept(client: Client) -> None:
    invite(client, roles=["Admin"], teams=["platform"])

    answer = client.patch(PATH, {"teams": ["payments"]})

    assert (answer.json["teams"], answer.json["roles"]) == (["payments"], [{"name": "Admin"}])


@pytest.mark.parametrize("body", [NOTHING, {}])
def test_a_change_may_say_nothing(client: Client, body: Any) -> None:
    old = invite(client)

    answer = client.patch(PATH, body)

    assert (answer.status, answer.json["roles"]) == (200, old["roles"])


@pytest.mark.parametrize(
    ("body", "status", "about"),
    [
        ({"roles": []}, 422, "body/roles"),
        ({"roles": None}, 422, "body/roles"),
        ({"roles": "Admin"}, 422, "body/roles"),
        ({"teams": None}, 422, "body/teams"),
        ({"teams": [7]}, 422, "body/teams/0"),
        ({"email": "b@example.com"}, 422, "email"),
        ({"teams": ["unknown"]}, 404, "'unknown'"),
        ({"roles": ["Admin"], "teams": ["platform", "unknown"]}, 404, "'unknown'"),
    ],
)
def test_a_change_must_make_sense(
    client: Client, body: dict[str, Any], status: int, about: str
) -> None:
    old = invite(client)

    answer = client.patch(PATH, body)

    assert_refused(answer, status, about)
    assert client.get(PATH).json["user"] == old


def test_a_deleted_user_is_gone(client: Client) -> None:
    invite(client, teams=["platform"])

    answer = client.delete(PATH)

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get(PATH), 404, ANA)
    assert client.get("/v1/teams/platform").json["team"]["users"] == []
