"""The organisation's clock: frozen, moved and set; everything of the fake that waits follows it."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import requests

from port_fake import FakePort, MisuseError
from tests.support.client import client_of

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIM: Final = {"installationId": "_PORT_EXEC_AGENT", "limit": 9, "visibilityTimeoutMs": 60_000}


def stamp(port: FakePort) -> str:
    created: str = port.execute("deploy").json["createdAt"]
    return created


@pytest.fixture(params=[0, None], ids=["repeatable", "machine"])
def port(request: pytest.FixtureRequest) -> FakePort:
    fake = FakePort(seed=request.param)
    fake.add_action("deploy")
    return fake


def test_a_frozen_clock_gives_every_stamp_the_same_time(port: FakePort) -> None:
    with port.frozen(NOON):
        assert {stamp(port) for _ in range(3)} == {"2026-03-01T12:00:00.000Z"}
        assert port.now == NOON

    assert port.now >= NOON


def test_a_frozen_clock_is_moved_by_hand(port: FakePort) -> None:
    port.freeze("2026-03-01T12:00:00Z")

    port.advance(timedelta(minutes=1))
    assert stamp(port) == "2026-03-01T12:01:00.000Z"
    port.set_time("2026-02-01T00:00:00")
    assert stamp(port) == "2026-02-01T00:00:00.000Z"


def test_a_thawed_clock_goes_on_from_where_it_stood(port: FakePort) -> None:
    port.freeze(NOON)

    port.thaw()
    port.thaw()

    assert timedelta() <= port.now - NOON < timedelta(minutes=5)
    assert stamp(port) > "2026-03-01T12:00:00.000Z" or port.world.clock.runs


def test_time_that_makes_no_sense_is_a_mistake_and_moves_nothing(port: FakePort) -> None:
    port.freeze(NOON)

    with pytest.raises(MisuseError, match=r"goes forward, not by -5 s: use set_time\(\)"):
        port.advance(-5)
    with pytest.raises(MisuseError, match="'noon' is not a time in ISO 8601"):
        port.set_time("noon")

    assert port.now == NOON


def test_a_claimed_run_can_be_claimed_again_once_its_time_is_over(port_fake: FakePort) -> None:
    port_fake.perform(
        "change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}}
    )
    port_fake.add_action(
        "deploy", invokes={"type": "WEBHOOK", "url": "http://127.0.0.1:9/", "agent": True}
    )
    run = port_fake.execute("deploy")

    def claim() -> list[str]:
        runs = port_fake.perform("claim-pending-runs", body=CLAIM)["runs"]
        return [one["id"] for one in runs]

    assert claim() == [run.id]
    assert claim() == []
    port_fake.advance(61)
    assert claim() == [run.id]


def test_a_token_ends_when_the_organisations_clock_says_so(port_fake: FakePort) -> None:

    headers = {"Authorization": f"Bearer {port_fake.token()}"}
    url = f"{port_fake.base_url}/v1/actions/runs"
    assert requests.get(url, headers=headers, timeout=10).status_code == 200

    port_fake.advance(10_801)

    assert requests.get(url, headers=headers, timeout=10).status_code == 401
    assert client_of(port_fake).get("/v1/actions/runs").status == 200
