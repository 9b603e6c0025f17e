"""The rate-limit headers, which tell, and refusals where the limit is enforced."""

from __future__ import annotations

import json
from typing import Final

import pytest

from port_fake import FakePort, Settings
from tests.support.client import RATES, Answer, Client, client_of
from tests.support.plain import Plain

EPOCH = 1_767_607_200  # 2026-01-05T10:00:00Z, where every repeatable clock begins


def told(answer: Answer) -> dict[str, int]:
    return {
        name.removeprefix("x-ratelimit-"): int(answer.headers[name])
        for name in sorted(RATES & {key.lower() for key in answer.headers})
    }


def test_the_count_goes_down_with_each_request(client: Client) -> None:
    answers = [client.get("/v1/actions") for _ in range(3)]

    assert [told(answer)["remaining"] for answer in answers] == [999, 998, 997]
    assert told(answers[0]) == {
        "limit": 1000,
        "period": 300,
        "remaining": 999,
        "reset": EPOCH + 300,
    }


def test_refusals_count_as_well(client: Client) -> None:
    answers = [
        client.get("/v1/actions/unknown"),
        client.post("/v1/actions", b"{"),
        client.post("/v1/actions", {}),
        client.get("/v1/actions"),
    ]

    assert [told(answer)["remaining"] for answer in answers] == [999, 998, 997, 996]


def test_logging_in_counts_as_well(port_fake: FakePort, client: Client) -> None:
    body = {"clientId": port_fake.client_id, "clientSecret": port_fake.client_secret}

    answers = [
        Client(port_fake.base_url).post("/v1/auth/access_token", body),
        client.get("/v1/actions"),
    ]

    assert [told(answer)["remaining"] for answer in answers] == [999, 998]


def test_users_share_the_count_of_their_organisation(port_fake: FakePort, client: Client) -> None:
    port_fake.add_user("ana@example.com")

    answers = [
        each.get("/v1/actions") for each in (client, client_of(port_fake, "ana@example.com"))
    ]

    assert [told(answer)["remaining"] for answer in answers] == [999, 998]


def test_nothing_is_told_to_nobody(port_fake: FakePort) -> None:
    stranger = Client(port_fake.base_url)

    answers = [stranger.get("/v1/actions"), stranger.get("/nowhere"), stranger.get("/openapi.json")]

    assert [told(answer) for answer in answers] == [{}, {}, {}]


@pytest.mark.port_fake(settings=Settings(rate_limit=2))
def test_nothing_is_refused_when_the_count_is_used_up(client: Client) -> None:
    answers = [client.get("/v1/actions") for _ in range(4)]

    assert [answer.status for answer in answers] == [200] * 4
    assert [told(answer)["remaining"] for answer in answers] == [1, 0, 0, 0]


@pytest.mark.parametrize(("seconds", "remaining"), [(299, 998), (300, 999), (10_000, 999)])
def test_a_new_period_begins_with_the_full_count(
    port_fake: FakePort, client: Client, seconds: int, remaining: int
) -> None:
    client.get("/v1/actions")
    port_fake.advance(seconds)

    answer = client.get("/v1/actions")

    assert told(answer)["remaining"] == remaining
    assert 0 < told(answer)["reset"] - (EPOCH + seconds) <= 300


@pytest.mark.port_fake(settings=Settings(rate_limit_reset="delta", rate_limit_period_s=60))
def test_the_reset_may_be_told_as_a_span(port_fake: FakePort, client: Client) -> None:
    port_fake.advance(20)

    answer = client.get("/v1/actions")

    assert told(answer) == {"limit": 1000, "period": 60, "remaining": 999, "reset": 40}


ENFORCED: Final = Settings(rate_limit=2, rate_limit_enforced=True)


@pytest.mark.port_fake(settings=ENFORCED)
def test_an_enforced_limit_refuses_until_the_period_ends(port_fake: FakePort) -> None:
    plain = Plain(port_fake)
    port_fake.advance(100)
    allowed = [plain.get() for _ in range(2)]

    status, body, headers = plain.ask("GET", "/v1/actions")
    port_fake.advance(200)

    assert allowed == [200, 200]
    assert (status, body["error"]) == (429, "too_many_requests")
    assert "more than 2 requests in 300 s" in body["message"]
    assert (headers["Retry-After"], headers["x-ratelimit-remaining"]) == ("200", "0")
    assert headers["x-ratelimit-reset"] == str(EPOCH + 300)
    assert plain.get() == 200


@pytest.mark.port_fake(settings=ENFORCED)
def test_a_refused_request_changes_nothing(port_fake: FakePort) -> None:
    port_fake.add_action("deploy")
    plain = Plain(port_fake)

    statuses = [plain.press() for _ in range(4)]

    assert statuses == [202, 202, 429, 429]
    assert len(port_fake.runs()) == 2


@pytest.mark.port_fake(settings=ENFORCED)
def test_an_enforced_limit_counts_logins_and_unknown_routes(port_fake: FakePort) -> None:
    plain = Plain(port_fake)
    body = {"clientId": port_fake.client_id, "clientSecret": port_fake.client_secret}

    statuses = [
        plain.ask("POST", "/v1/auth/access_token", json.dumps(body).encode())[0],
        plain.get("/v1/nowhere"),
        plain.ask("POST", "/v1/auth/access_token", json.dumps(body).encode())[0],
        plain.get("/v1/nowhere"),
    ]

    assert statuses == [200, 404, 429, 429]


@pytest.mark.port_fake(settings=ENFORCED)
def test_a_request_over_the_limit_uses_no_fault_up(port_fake: FakePort) -> None:
    plain = Plain(port_fake)
    fault = port_fake.fault("get-actions", status=503)

    statuses = [plain.get(), plain.get(), plain.get("/v1/actions")]

    assert (statuses, fault.hits) == ([200, 200, 429], 0)


@pytest.mark.port_fake(settings=ENFORCED)
def test_neither_limit_nor_faults_hold_up_what_the_fake_asks_of_itself(
    port_fake: FakePort,
) -> None:
    port_fake.add_action(
        "tell",
        invokes={
            "type": "WEBHOOK",
            "url": "https://api.port.io/v1/actions/runs/{{ .run.id }}/logs",
            "body": {"message": "hello"},
        },
    )
    fault = port_fake.fault("add-log-action-run", status=503)

    runs = [port_fake.execute("tell") for _ in range(4)]
    port_fake.settle()

    assert {port_fake.run(run).logs for run in runs} == {("hello",)}
    assert fault.hits == 0
