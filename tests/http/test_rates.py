"""The rate-limit headers, which tell and never refuse."""

from __future__ import annotations

import pytest

from port_fake import FakePort, Settings
from tests.support.client import RATES, Answer, Client, client_of

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
