"""Runs that wait for people, told over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from port_fake import FakePort
from tests.support.client import Answer, Client, assert_refused, client_of

RUNS = "/v1/actions/runs"
ANA, BEN, LEA, SAM = (f"{name}@example.com" for name in ("ana", "ben", "lea", "sam"))

Press: TypeAlias = Callable[[str], str]


@pytest.fixture(autouse=True)
def _people(port_fake: FakePort) -> None:
    port_fake.add_user(ANA, roles=["Admin"])
    for email in (BEN, LEA, SAM):
        port_fake.add_user(email)


@pytest.fixture
def press(port_fake: FakePort) -> Press:
    """Press a button that Ana, Ben and Lea must approve, one or all of them, as Sam."""

    def press(policy: str) -> str:
        approvers = [ANA, BEN, LEA]
        port_fake.add_action("deploy", approval=policy, approvers=approvers)
        answer = client_of(port_fake, SAM).post("/v1/actions/deploy/runs", {"properties": {}})
        assert answer.json["run"]["status"] == "WAITING_FOR_APPROVAL"
        return f"{RUNS}/{answer.json['run']['id']}"

    return press


def rule(port: FakePort, who: str | None, path: str, word: str, why: str = "") -> Answer:
    body = {"status": word, **({"description": why} if why else {})}
    return client_of(port, who).patch(f"{path}/approval", body)


def read(client: Client, path: str) -> dict[str, Any]:
    run: dict[str, Any] = client.get(path, {"version": "v2"}).json["run"]
    return run


def stances(client: Client, path: str) -> list[str]:
    query = {"include_pending_approvers": "true"}
    approvers = client.get(f"{path}/approvers", query).json["approvers"]
    return [approver["state"] for approver in approvers]


def test_one_of_many_approves(port_fake: FakePort, client: Client, press: Press) -> None:
    path = press("ANY")
    assert stances(client, path) == ["PENDING", "PENDING", "PENDING"]

    answer = rule(port_fake, LEA, path, "APPROVE", "Looks good")
    late = rule(port_fake, BEN, path, "DECLINE")

    run = read(client, path)
    assert answer.status == 201
    assert_refused(late, 422)
    assert run["status"] == "IN_PROGRESS"
    assert run["approval"] == {
        "userId": port_fake.caller(LEA).id,
        "state": "APPROVED",
        "description": "Looks good",
    }
    assert "endedAt" not in run
    assert client.patch(path, {"status": "SUCCESS"}).json["run"]["status"] == "SUCCESS"


def test_three_approve_one_after_the_other(
    port_fake: FakePort, client: Client, press: Press
) -> None:
    path = press("ALL")
    seen = []

    for who in (ANA, BEN, LEA):
        status = rule(port_fake, who, path, "APPROVE").json["run"]["status"]
        seen.append((status, stances(client, path).count("PENDING")))

    assert seen == [("WAITING_FOR_APPROVAL", 2), ("WAITING_FOR_APPROVAL", 1), ("IN_PROGRESS", 0)]
    assert read(client, path)["approval"]["userId"] == port_fake.caller(LEA).id


def test_the_vote_of_the_organisation_replaces_nobodys(
    port_fake: FakePort, client: Client, press: Press
) -> None:
    path = press("ALL")

    statuses = [
        rule(port_fake, who, path, "APPROVE").json["run"]["status"] for who in (None, ANA, BEN, LEA)
    ]

    assert statuses == ["WAITING_FOR_APPROVAL"] * 3 + ["IN_PROGRESS"]
    assert len(client.get(f"{path}/approvers").json["approvers"]) == 4


@pytest.mark.parametrize("policy", ["ANY", "ALL"])
def test_one_who_declines_declines_for_all(
    port_fake: FakePort, client: Client, press: Press, policy: str
) -> None:
    path = press(policy)

    answer = rule(port_fake, BEN, path, "DECLINE", "Not on a Friday")
    late = rule(port_fake, LEA, path, "APPROVE")

    run = read(client, path)
    assert (answer.status, answer.json["run"]["status"]) == (201, "DECLINED")
    assert_refused(late, 422)
    assert run["approval"]["description"] == "Not on a Friday"
    assert run["endedAt"] == run["updatedAt"]
    assert stances(client, path) == ["DECLINED", "PENDING", "PENDING"]


@pytest.mark.parametrize("policy", ["ANY", "ALL"])
def test_the_requester_withdraws_and_a_stranger_does_not(
    port_fake: FakePort, client: Client, press: Press, policy: str
) -> None:
    path = press(policy)

    by_another = client_of(port_fake, BEN).patch(path, {"status": "FAILURE"})
    still = read(client, path)["status"]
    by_the_requester = client_of(port_fake, SAM).patch(path, {"status": "FAILURE"})

    assert_refused(by_another, 403, BEN)
    assert still == "WAITING_FOR_APPROVAL"
    assert by_the_requester.json["run"]["status"] == "FAILURE"
    assert_refused(rule(port_fake, LEA, path, "APPROVE"), 422)
    assert read(client, path)["status"] == "FAILURE"


def test_a_request_is_neither_ended_nor_started_by_its_backend(
    client: Client, press: Press
) -> None:
    path = press("ANY")

    answers = [
        client.patch(path, {"status": "SUCCESS"}),
        client.post(f"{path}/logs", {"message": "a", "terminationStatus": "SUCCESS"}),
        client.post(f"{path}/logs", {"message": "a", "terminationStatus": "FAILURE"}),
    ]

    for answer in answers:
        assert_refused(answer, 422)
    assert read(client, path)["status"] == "WAITING_FOR_APPROVAL"
    assert client.get(f"{path}/logs").json["runLogs"] == []


def test_who_became_an_approver_since_may_approve(
    port_fake: FakePort, client: Client, press: Press
) -> None:
    path = press("ANY")
    refused = rule(port_fake, SAM, path, "APPROVE")
    client.patch("/v1/actions/deploy/permissions", {"approve": {"users": [SAM]}})

    answer = rule(port_fake, SAM, path, "APPROVE")

    assert_refused(refused, 403, SAM)
    assert answer.json["run"]["status"] == "IN_PROGRESS"
