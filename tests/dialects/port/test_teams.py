"""Teams."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused
from tests.support.furniture import BUILDER, LEAD

TEAMS: Final = "/v1/teams"
PLATFORM: Final = f"{TEAMS}/platform"


@pytest.fixture(autouse=True)
def _users(port_fake: FakePort) -> None:
    port_fake.add_user(BUILDER)
    port_fake.add_user(LEAD)


def emails(team: dict[str, Any]) -> list[str]:
    return [user["email"] for user in team["users"]]


def test_a_new_team_is_answered_whole(client: Client) -> None:
    body = {"name": "platform", "description": "Runs it", "users": [LEAD]}

    answer = client.post(TEAMS, body)

    team = answer.json["team"]
    assert answer.status == 200
    assert team == {
        "id": team["id"],
        "name": "platform",
        "description": "Runs it",
        "provider": "port",
        "createdAt": team["createdAt"],
        "updatedAt": team["createdAt"],
        "users": [
            {
                "email": LEAD,
                "firstName": "lea.lead",
                "lastName": "",
                "picture": "",
                "status": "ACTIVE",
            }
        ],
    }
    assert re.fullmatch(r"team_[A-Za-z0-9]{16}", team["id"])
    assert client.get(PLATFORM).json == answer.json
    assert client.get(f"/v1/users/{LEAD}").json["user"]["teams"] == ["platform"]


def test_a_team_may_be_nothing_but_a_name(client: Client) -> None:
    answer = client.post(TEAMS, {"name": "platform", "surprise": "tolerated"})

    assert answer.json["team"]["users"] == []
    assert "description" not in answer.json["team"]


def test_a_name_is_taken_once(client: Client) -> None:
    made = client.post(TEAMS, {"name": "platform"}).json

    answer = client.post(TEAMS, {"name": "platform", "users": [LEAD]})

    assert_refused(answer, 409, "'platform'")
    assert client.get(PLATFORM).json == made


@pytest.mark.parametrize(
    ("body", "status", "about"),
    [
        ({}, 422, "name"),
        ({"name": None}, 422, "body/name"),
        ({"name": "a/b"}, 422, "body/name"),
        ({"name": "platform", "users": LEAD}, 422, "body/users"),
        ({"name": "platform", "users": [7]}, 422, "body/users/0"),
        ({"name": "platform", "description": None}, 422, "body/description"),
        ({"name": "platform", "users": ["x@example.com"]}, 404, "x@example.com"),
    ],
)
def test_a_new_team_must_make_sense(
    client: Client, body: dict[str, Any], status: int, about: str
) -> None:
    answer = client.post(TEAMS, body)

    assert_refused(answer, status, about)
    assert client.get(TEAMS).json["teams"] == []


def test_teams_are_listed_oldest_first(client: Client) -> None:
    made = [client.post(TEAMS, {"name": each}).json["team"] for each in ("zz", "aa")]

    answer = client.get(TEAMS)

    assert answer.json == {"ok": True, "teams": made}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("name", {"name"}),
        ("name,users.email", {"name", "users"}),
        (["id", "provider"], {"id", "provider"}),
    ],
)
def test_fields_are_chosen_by_name(client: Client, fields: Any, expected: set[str]) -> None:
    client.post(TEAMS, {"name": "platform", "users": [LEAD]})

    answers = [client.get(path, {"fields": fields}) for path in (PLATFORM, TEAMS)]

    assert answers[0].json["team"].keys() == expected
    assert answers[1].json["teams"][0].keys() == expected


@pytest.mark.parametrize("path", [TEAMS, PLATFORM])
def test_fields_that_do_not_exist_are_refused(client: Client, path: str) -> None:
    answer = client.get(path, {"fields": "users.roles"})

    assert_refused(answer, 422, "query/fields")


def test_a_change_keeps_what_it_does_not_name(client: Client) -> None:
    body = {"name": "platform", "description": "Runs it", "users": [LEAD]}
    old = client.post(TEAMS, body).json["team"]

    answer = client.patch(PLATFORM, {"users": [BUILDER]})

    new = answer.json["team"]
    assert answer.status == 200
    assert emails(new) == [BUILDER]
    assert {**new, "users": old["users"]} == {**old, "updatedAt": new["updatedAt"]}


def test_a_description_is_taken_away_by_null(client: Client) -> None:
    client.post(TEAMS, {"name": "platform", "description": "Runs it"})

    answer = client.patch(PLATFORM, {"description": None})

    assert "description" not in answer.json["team"]


def test_the_users_follow_a_new_name(client: Client) -> None:
    client.post(TEAMS, {"name": "platform", "users": [LEAD]})

    answer = client.patch(PLATFORM, {"name": "base"})

    assert emails(answer.json["team"]) == [LEAD]
    assert client.get(f"/v1/users/{LEAD}").json["user"]["teams"] == ["base"]
    assert_refused(client.get(PLATFORM), 404, "'platform'")


@pytest.mark.parametrize("body", [NOTHING, {}])
def test_a_change_may_say_nothing(client: Client, body: Any) -> None:
    old = client.post(TEAMS, {"name": "platform", "users": [LEAD]}).json["team"]

    answer = client.patch(PLATFORM, body)

    new = answer.json["team"]
    assert new == {**old, "updatedAt": new["updatedAt"]}


def test_a_replacement_forgets_what_it_does_not_name(client: Client) -> None:
    body = {"name": "platform", "description": "Runs it", "users": [LEAD]}
    old = client.post(TEAMS, body).json["team"]

    answer = client.put(PLATFORM, {"name": "platform"})

    new = answer.json["team"]
    assert answer.status == 200
    assert new["id"] == old["id"]
    assert new["users"] == []
    assert "description" not in new


@pytest.mark.parametrize(
    ("method", "body", "status", "about"),
    [
        ("PUT", {}, 422, "name"),
        ("PUT", {"name": None}, 422, "body/name"),
        ("PUT", {"name": "platform", "description": None}, 422, "body/description"),
        ("PUT", {"name": "platform", "users": ["x@example.com"]}, 404, "x@example.com"),
        ("PUT", {"name": "payments"}, 409, "'payments'"),
        ("PATCH", {"name": 7}, 422, "body/name"),
        ("PATCH", {"users": None}, 422, "body/users"),
        ("PATCH", {"users": ["x@example.com"]}, 404, "x@example.com"),
        ("PATCH", {"name": "payments"}, 409, "'payments'"),
        ("PATCH", {"name": "base", "users": ["x@example.com"]}, 404, "x@example.com"),
    ],
)
def test_what_is_refused_changes_nothing(
    client: Client, method: str, body: dict[str, Any], status: int, about: str
) -> None:
    client.post(TEAMS, {"name": "platform", "users": [LEAD]})
    client.post(TEAMS, {"name": "payments"})
    before = client.get(TEAMS).json

    answer = client.ask(method, PLATFORM, body)

    assert_refused(answer, status, about)
    assert client.get(TEAMS).json == before


def test_a_deleted_team_leaves_its_users(client: Client) -> None:
    client.post(TEAMS, {"name": "platform", "users": [LEAD]})

    answer = client.delete(PLATFORM)

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get(PLATFORM), 404)
    assert client.get(f"/v1/users/{LEAD}").json["user"]["teams"] == []
