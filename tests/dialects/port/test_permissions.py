"""GET and PATCH /v1/actions/{action_identifier}/permissions."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, LEAD, STRANGER, add_people

PERMISSIONS: Final = "/v1/actions/deploy/permissions"
QUERY: Final = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "service"}],
}
POLICY: Final = {"queries": {"q1": QUERY}, "conditions": ["(.results.q1.entities | length) < 3"]}
DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "execute": {"users": [], "roles": ["Admin", "Member"], "teams": [], "ownedByTeam": False},
    "approve": {"users": [], "roles": ["Admin"], "teams": []},
}


@pytest.fixture(autouse=True)
def _action(port_fake: FakePort) -> None:
    add_people(port_fake)
    port_fake.add_action("deploy", approval=True)


def test_everyone_may_execute_a_new_action_and_admins_may_approve_it(client: Client) -> None:
    answer = client.get(PERMISSIONS)

    assert (answer.status, answer.json) == (200, {"ok": True, "permissions": DEFAULTS})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, DEFAULTS),
        ({"execute": {}, "approve": {}}, DEFAULTS),
        (
            {"execute": {"users": [LEAD], "ownedByTeam": True}},
            {**DEFAULTS, "execute": {**DEFAULTS["execute"], "users": [LEAD], "ownedByTeam": True}},
        ),
        (
            {"approve": {"roles": [], "teams": ["payments"]}},
            {**DEFAULTS, "approve": {"users": [], "roles": [], "teams": ["payments"]}},
        ),
        (
            {"execute": {"policy": POLICY}},
            {**DEFAULTS, "execute": {**DEFAULTS["execute"], "policy": POLICY}},
        ),
        ({"approve": {"policy": None}}, DEFAULTS),
    ],
)
def test_what_is_given_changes_and_the_rest_stays(
    client: Client, body: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = client.patch(PERMISSIONS, body)

    assert (answer.status, answer.json) == (200, {"ok": True, "permissions": expected})
    assert client.get(PERMISSIONS).json == answer.json


def test_changes_add_up_and_null_removes_a_policy(client: Client) -> None:
    client.patch(PERMISSIONS, {"execute": {"policy": POLICY, "users": [LEAD]}})

    answer = client.patch(PERMISSIONS, {"execute": {"policy": None}, "approve": {"users": [ADMIN]}})

    permissions = answer.json["permissions"]
    assert "policy" not in permissions["execute"]
    assert permissions["execute"]["users"] == [LEAD]
    assert permissions["approve"]["users"] == [ADMIN]


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"execute": None}, "body/execute"),
        ({"execute": {"users": LEAD}}, "body/execute/users"),
        ({"execute": {"users": None}}, "body/execute/users"),
        ({"execute": {"users": [7]}}, "body/execute/users/0"),
        ({"execute": {"roles": {}}}, "body/execute/roles"),
        ({"execute": {"ownedByTeam": "yes"}}, "body/execute/ownedByTeam"),
        ({"execute": {"surprise": 1}}, "surprise"),
        ({"approve": {"ownedByTeam": True}}, "ownedByTeam"),
        ({"approve": {"policy": {"queries": {}, "conditions": ["true"]}}}, "body/approve/policy"),
        ({"approve": {"policy": {"queries": {"q": QUERY}, "conditions": []}}}, "body/approve"),
        ({"approve": {"policy": {"queries": {"q": QUERY}, "conditions": [""]}}}, "body/approve"),
        ({"view": {}}, "view"),
    ],
)
def test_the_body_is_closed(client: Client, body: dict[str, Any], about: str) -> None:
    answer = client.patch(PERMISSIONS, body)

    assert_refused(answer, 422, about)
    assert client.get(PERMISSIONS).json["permissions"] == DEFAULTS


def test_a_deleted_action_takes_its_permissions_with_it(
    port_fake: FakePort, client: Client
) -> None:
    client.patch(PERMISSIONS, {"execute": {"roles": []}})
    client.delete("/v1/actions/deploy")
    port_fake.add_action("deploy")

    answer = client.get(PERMISSIONS)

    assert answer.json["permissions"] == DEFAULTS


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ({"users": [BUILDER], "roles": []}, {ADMIN, BUILDER}),
        ({"roles": ["Member"]}, {ADMIN, BUILDER, LEAD, STRANGER}),
        ({"roles": [], "teams": ["payments"]}, {ADMIN, LEAD}),
        ({"roles": [], "teams": ["payments"], "users": [STRANGER]}, {ADMIN, LEAD, STRANGER}),
        ({"roles": []}, {ADMIN}),
    ],
)
def test_who_is_named_may_execute_and_approve(
    port_fake: FakePort, client: Client, rules: dict[str, Any], allowed: set[str]
) -> None:
    client.patch(PERMISSIONS, {"execute": rules, "approve": rules})

    did = {
        user: (
            client_of(port_fake, user).post("/v1/actions/deploy/runs", {"properties": {}}).status,
            client_of(port_fake, user)
            .patch(
                f"/v1/actions/runs/{port_fake.execute('deploy').id}/approval",
                {"status": "APPROVE"},
            )
            .status,
        )
        for user in (ADMIN, BUILDER, LEAD, STRANGER)
    }

    assert {user for user, codes in did.items() if codes == (202, 201)} == allowed
    assert {user for user, codes in did.items() if codes == (403, 403)} == did.keys() - allowed
