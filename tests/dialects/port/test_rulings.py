"""PATCH /v1/actions/runs/{run_id}/approval, and GET /v1/actions/runs/{run_id}/approvers."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, Query, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, LEAD, STRANGER, furnish


@pytest.fixture
def waiting(port_fake: FakePort) -> str:
    """The path of a run that waits for the approval of one."""
    furnish(port_fake)
    return f"/v1/actions/runs/{port_fake.execute('deploy', as_user=BUILDER).id}"


@pytest.fixture
def waiting_for_all(port_fake: FakePort) -> str:
    """The path of a run that waits for the approval of two."""
    furnish(port_fake, approval="ALL")
    port_fake.permit("deploy", approve={"users": [LEAD], "roles": ["Admin"]})
    return f"/v1/actions/runs/{port_fake.execute('deploy', as_user=BUILDER).id}"


def status_of(client: Client, path: str) -> str:
    status: str = client.get(path).json["run"]["status"]
    return status


@pytest.mark.parametrize(("word", "status"), [("APPROVE", "IN_PROGRESS"), ("DECLINE", "DECLINED")])
def test_a_ruling_decides(port_fake: FakePort, waiting: str, word: str, status: str) -> None:
    body = {"status": word, "description": "because"}

    answer = client_of(port_fake, LEAD).patch(f"{waiting}/approval", body, {"version": "v2"})

    assert answer.status == 201
    assert answer.json.keys() == {"ok", "run"}
    assert answer.json["run"]["status"] == status
    assert answer.json["run"]["approval"]["description"] == "because"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_answer_shows_the_run_in_the_version_asked_for(
    client: Client, waiting: str, version: str
) -> None:
    query = {"version": version}

    answer = client.patch(f"{waiting}/approval", {"status": "APPROVE"}, query)

    assert answer.json == client.get(waiting, query).json


def test_without_a_version_the_answer_is_v1(client: Client, waiting: str) -> None:
    answer = client.patch(f"{waiting}/approval", {"status": "APPROVE"})

    assert answer.json["run"]["action"] == "deploy"


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (NOTHING, "body must be object"),
        (None, "body must be object"),
        ([], "body must be object"),
        ({}, "body must have required property 'status'"),
        ({"description": "yes"}, "body must have required property 'status'"),
        ({"status": None}, "body/status must be 'DECLINE' or 'APPROVE'"),
        ({"status": "APPROVED"}, "body/status must be 'DECLINE' or 'APPROVE'"),
        ({"status": "approve"}, "body/status must be 'DECLINE' or 'APPROVE'"),
        ({"status": ["APPROVE"]}, "body/status must be"),
        ({"status": "APPROVE", "description": None}, "body/description must be string"),
        ({"status": "APPROVE", "description": 7}, "body/description must be string"),
        ({"status": "APPROVE", "reason": "x"}, "additional property 'reason'"),
    ],
)
def test_the_body_is_closed(client: Client, waiting: str, body: Any, about: str) -> None:
    answer = client.patch(f"{waiting}/approval", body)

    assert_refused(answer, 422, about)
    assert status_of(client, waiting) == "WAITING_FOR_APPROVAL"


def test_an_unknown_version_decides_nothing(client: Client, waiting: str) -> None:
    answer = client.patch(f"{waiting}/approval", {"status": "APPROVE"}, {"version": "v3"})

    assert_refused(answer, 422, "query/version")
    assert status_of(client, waiting) == "WAITING_FOR_APPROVAL"


@pytest.mark.parametrize("route", ["approval", "approvers"])
def test_an_unknown_run_is_not_found(client: Client, route: str) -> None:
    path = f"/v1/actions/runs/r_unknown/{route}"
    asks = {
        "approval": lambda: client.patch(path, {"status": "APPROVE"}),
        "approvers": lambda: client.get(path),
    }

    answer = asks[route]()

    assert_refused(answer, 404, "'r_unknown'")


@pytest.mark.parametrize("who", [LEAD, ADMIN, None])
def test_an_approver_an_admin_and_the_organisation_may_rule(
    port_fake: FakePort, waiting: str, who: str | None
) -> None:
    answer = client_of(port_fake, who).patch(f"{waiting}/approval", {"status": "APPROVE"})

    assert answer.status == 201


@pytest.mark.parametrize("who", [BUILDER, STRANGER])
@pytest.mark.parametrize("word", ["APPROVE", "DECLINE"])
def test_nobody_else_may_rule_not_even_the_requester(
    port_fake: FakePort, client: Client, waiting: str, who: str, word: str
) -> None:
    answer = client_of(port_fake, who).patch(f"{waiting}/approval", {"status": word})

    assert_refused(answer, 403, who)
    assert status_of(client, waiting) == "WAITING_FOR_APPROVAL"


def test_a_requester_who_is_an_approver_may_approve(port_fake: FakePort, waiting: str) -> None:
    assert waiting
    run = port_fake.execute("deploy", as_user=LEAD)

    answer = client_of(port_fake, LEAD).patch(
        f"/v1/actions/runs/{run.id}/approval", {"status": "APPROVE"}
    )

    assert answer.status == 201
    assert answer.json["run"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("word", ["APPROVE", "DECLINE"])
def test_a_run_that_does_not_wait_cannot_be_ruled_on(
    port_fake: FakePort, client: Client, waiting: str, word: str
) -> None:
    port_fake.approve(waiting.rpartition("/")[2], as_user=LEAD)

    answer = client.patch(f"{waiting}/approval", {"status": word})

    assert_refused(answer, 422)
    assert status_of(client, waiting) == "IN_PROGRESS"


def test_all_must_approve_one_after_the_other(port_fake: FakePort, waiting_for_all: str) -> None:
    statuses = [
        client_of(port_fake, who)
        .patch(f"{waiting_for_all}/approval", {"status": "APPROVE"})
        .json["run"]["status"]
        for who in (LEAD, ADMIN)
    ]

    assert statuses == ["WAITING_FOR_APPROVAL", "IN_PROGRESS"]


def test_one_who_declines_ends_a_vote_of_all(
    port_fake: FakePort, client: Client, waiting_for_all: str
) -> None:
    client_of(port_fake, LEAD).patch(f"{waiting_for_all}/approval", {"status": "APPROVE"})

    answer = client_of(port_fake, ADMIN).patch(f"{waiting_for_all}/approval", {"status": "DECLINE"})

    assert answer.json["run"]["status"] == "DECLINED"
    assert client.get(waiting_for_all).json["run"]["endedAt"] is not None


@pytest.mark.parametrize("word", ["APPROVE", "DECLINE"])
def test_nobody_votes_twice(
    port_fake: FakePort, client: Client, waiting_for_all: str, word: str
) -> None:
    lea = client_of(port_fake, LEAD)
    lea.patch(f"{waiting_for_all}/approval", {"status": "APPROVE"})

    answer = lea.patch(f"{waiting_for_all}/approval", {"status": word})

    assert_refused(answer, 422, "voted")
    assert status_of(client, waiting_for_all) == "WAITING_FOR_APPROVAL"


# Who approves.


def test_a_run_without_approval_has_no_approvers(port_fake: FakePort, client: Client) -> None:
    furnish(port_fake)
    run = port_fake.execute("restart", entity="checkout")
    path = f"/v1/actions/runs/{run.id}/approvers"

    answer = client.get(path, {"include_pending_approvers": "true"})

    assert answer.status == 200
    assert answer.json == {"ok": True, "approvers": []}


@pytest.mark.parametrize("query", [{}, {"include_pending_approvers": "false"}])
def test_only_those_who_have_voted_are_listed(
    port_fake: FakePort, client: Client, waiting_for_all: str, query: Query
) -> None:
    body = {"status": "APPROVE", "description": "Looks good"}
    client_of(port_fake, LEAD).patch(f"{waiting_for_all}/approval", body)

    answer = client.get(f"{waiting_for_all}/approvers", query)

    lea = port_fake.caller(LEAD).id
    approver = {"userId": lea, "state": "APPROVED", "description": "Looks good"}
    assert answer.json == {"ok": True, "approvers": [approver]}


def test_those_who_have_yet_to_vote_are_listed_on_request(
    port_fake: FakePort, client: Client, waiting_for_all: str
) -> None:
    client_of(port_fake, LEAD).patch(f"{waiting_for_all}/approval", {"status": "APPROVE"})

    answer = client.get(f"{waiting_for_all}/approvers", {"include_pending_approvers": "true"})

    assert answer.json["approvers"] == [
        {"userId": port_fake.caller(LEAD).id, "state": "APPROVED"},
        {"userId": port_fake.caller(ADMIN).id, "state": "PENDING"},
    ]


def test_who_declined_is_listed_as_such(port_fake: FakePort, client: Client, waiting: str) -> None:
    port_fake.decline(waiting.rpartition("/")[2], as_user=LEAD)

    answer = client.get(f"{waiting}/approvers")

    assert answer.json["approvers"] == [{"userId": port_fake.caller(LEAD).id, "state": "DECLINED"}]


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ({"include_pending_approvers": "yes"}, "must be boolean"),
        ({"include_pending_approvers": ""}, "must be boolean"),
        ({"include_pending_approvers": ["true", "true"]}, "must be given once"),
    ],
)
def test_whether_to_list_them_is_told_as_a_boolean_once(
    client: Client, waiting: str, query: Query, about: str
) -> None:
    answer = client.get(f"{waiting}/approvers", query)

    assert_refused(answer, 422, f"query/include_pending_approvers {about}")
