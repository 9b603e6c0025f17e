"""Two organisations on one server that have everything in common but their credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from port_fake import FakePort, FakePortServer
from tests.support.client import Client, assert_refused, client_of
from tests.support.furniture import LEAD, furnish

RUNS = "/v1/actions/runs"


@pytest.fixture
def twins(port_fake_server: FakePortServer) -> Iterator[tuple[FakePort, FakePort]]:
    """Two organisations of the same seed, furnished alike."""
    with (
        port_fake_server.organisation(name="twin") as one,
        port_fake_server.organisation(name="twin") as other,
    ):
        furnish(one)
        furnish(other)
        yield one, other


def everything(client: Client) -> list[Any]:
    return [
        client.get(path).json
        for path in (
            *("/v1/actions", RUNS, "/v1/blueprints", "/v1/users", "/v1/teams"),
            "/v1/blueprints/microservice/entities",
            "/v1/organization",
        )
    ]


def test_they_see_nothing_of_one_another(twins: tuple[FakePort, FakePort]) -> None:
    one, other = twins
    mine, theirs = client_of(one), client_of(other)
    before = everything(theirs)

    run = mine.post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]
    mine.patch(f"{RUNS}/{run['id']}/approval", {"status": "APPROVE"})
    mine.delete("/v1/blueprints/microservice/entities/checkout")
    mine.delete("/v1/actions/restart")
    mine.delete(f"/v1/users/{LEAD}")
    mine.delete("/v1/teams/payments")
    mine.patch("/v1/organization", {"name": "Mine"})
    one.advance(3600)

    assert everything(theirs) == before
    assert_refused(theirs.get(f"{RUNS}/{run['id']}"), 404, run["id"])


def test_the_same_run_in_both_lives_its_own_life(twins: tuple[FakePort, FakePort]) -> None:
    mine, theirs = (client_of(port) for port in twins)
    one = mine.post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]
    two = theirs.post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]

    mine.patch(f"{RUNS}/{one['id']}/approval", {"status": "DECLINE"})

    assert one["id"] == two["id"]
    assert mine.get(f"{RUNS}/{one['id']}").json["run"]["status"] == "DECLINED"
    assert theirs.get(f"{RUNS}/{two['id']}").json["run"]["status"] == "WAITING_FOR_APPROVAL"


def test_users_of_the_same_email_are_different_people(twins: tuple[FakePort, FakePort]) -> None:
    one, other = twins
    client_of(one).delete(f"/v1/users/{LEAD}")

    answer = client_of(other, LEAD).get("/v1/actions")

    assert answer.status == 200
    assert one.credentials_of("ana.admin@example.com") != other.credentials_of(
        "ana.admin@example.com"
    )


def test_each_has_its_own_record_and_rate(twins: tuple[FakePort, FakePort]) -> None:
    one, other = twins
    for _ in range(3):
        client_of(one).get("/v1/actions")

    answer = client_of(other).get("/v1/users")

    assert answer.headers["x-ratelimit-remaining"] == "999"
    assert [str(each) for each in one.requests] == ["GET /v1/actions -> 200"] * 3
    assert [str(each) for each in other.requests] == ["GET /v1/users -> 200"]


def test_credentials_lead_to_their_own_organisation(twins: tuple[FakePort, FakePort]) -> None:
    for port in twins:
        body = {"clientId": port.client_id, "clientSecret": port.client_secret}
        token = Client(port.base_url).post("/v1/auth/access_token", body).json["accessToken"]

        answer = Client(port.base_url, token).get("/v1/organization")

        assert answer.json["organization"]["id"] == port.world.id


def test_the_secret_of_one_does_not_fit_the_other(twins: tuple[FakePort, FakePort]) -> None:
    one, other = twins
    body = {"clientId": one.client_id, "clientSecret": other.client_secret}

    answer = Client(one.base_url).post("/v1/auth/access_token", body)

    assert_refused(answer, 401)
