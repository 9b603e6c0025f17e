"""Reset: an organisation begins again, with the credentials it has and nothing else of before."""

from __future__ import annotations

import threading
from typing import Any, Final

import pytest
from hypothesis import given, settings

from port_fake import Backend, FakePort, MisuseError, RefusedError
from port_fake.surface.letters import Fate
from tests.snapshots.lives import LIVES, Step, shown, stock, stocked
from tests.support.client import client_of

ENOUGH: Final = settings(max_examples=10)
LONG_S: Final = 3_600
ANA: Final = "ana.admin@example.com"
ACTION: Final = {
    "identifier": "deploy",
    "trigger": {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {}, "required": []},
    },
    "invocationMethod": {"type": "WEBHOOK", "url": "https://backend.example.com/"},
}


def lived(steps: list[Step], port: FakePort) -> list[str | None]:
    return [each.attempt(port) for each in steps]


@ENOUGH
@given(LIVES, LIVES)
def test_a_reset_organisation_goes_on_as_a_new_one(before: list[Step], after: list[Step]) -> None:
    port, new = stocked(), stocked()
    lived(before, port)

    port.reset(scenario="microservice")
    stock(port)

    assert lived(after, port) == lived(after, new)
    assert shown(port) == shown(new)
    assert everything(port) == everything(new)
    assert port.audits() == new.audits()


def everything(port: FakePort) -> dict[str, Any]:
    """Return a snapshot without the credentials, which stay for those who come back."""
    return {**port.snapshot(), "accounts": []}


def test_a_reset_organisation_is_empty_and_keeps_id_credentials_and_tokens(
    port_fake: FakePort,
) -> None:
    client = client_of(port_fake)
    port_fake.load("microservice")
    before = (port_fake.world.id, port_fake.credentials)
    port_fake.advance(60)

    port_fake.reset()

    assert (port_fake.world.id, port_fake.credentials) == before
    assert client.get("/v1/actions").json["actions"] == []
    assert client.get("/v1/blueprints").json["blueprints"] == []


@pytest.mark.parametrize("seed", [0, None])
def test_a_reset_lets_the_clock_begin_anew(seed: int | None) -> None:
    port = FakePort(seed=seed)
    began = port.now
    port.advance(LONG_S)
    port.freeze()

    port.reset()

    assert not port.world.clock.is_frozen
    assert abs((port.now - began).total_seconds()) < LONG_S / 2


def test_a_reset_forgets_requests_deliveries_and_faults(port_fake: FakePort) -> None:
    port_fake.load({"actions": [ACTION]})
    port_fake.execute("deploy")
    port_fake.fault(status=404, times=None)
    assert client_of(port_fake).get("/v1/actions").status == 404

    port_fake.reset()

    assert (port_fake.requests, port_fake.deliveries, port_fake.faults) == ([], [], [])
    assert client_of(port_fake).get("/v1/actions").status == 200
    assert port_fake.fault(status=404).number == 1


def test_users_who_come_back_have_the_credentials_that_they_had() -> None:
    port = FakePort(seed=None, scenario="microservice")
    before = port.credentials_of(ANA)

    port.reset()

    with pytest.raises(RefusedError, match=ANA):
        port.credentials_of(ANA)
    port.load("microservice")
    assert port.credentials_of(ANA) == before


def test_a_letter_on_its_way_at_a_reset_changes_nothing_afterwards(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.load({"actions": [ACTION]})
    port_fake.add_action("slow", invokes=port_backend.url)
    port_backend.answers(delay_s=LONG_S)
    port_fake.execute("slow")
    assert port_fake.deliveries[0].fate is Fate.WAITING

    port_fake.reset()

    assert port_fake.settle() == []


def test_whoever_waits_for_a_letter_that_a_reset_drops_waits_no_more(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("slow", invokes=port_backend.url)
    port_backend.answers(delay_s=LONG_S)
    port_fake.execute("slow")
    waiter = threading.Thread(target=port_fake.settle)
    waiter.start()

    port_fake.reset()
    waiter.join(timeout=10)

    assert not waiter.is_alive()


def test_what_jq_was_asked_before_a_reset_is_not_posted_after_it(port_fake: FakePort) -> None:
    method = {"type": "KAFKA", "payload": {"run": '{{ .run.id | ascii_downcase + "x" }}'}}
    port_fake.add_action("deploy", invokes=method)
    office = port_fake.api.office
    with port_fake.world.lock:
        port_fake.world.execute("deploy", {}, port_fake.caller(None))
        errand = office.collect(port_fake.world)
    assert errand is not None
    errand.work()

    port_fake.reset()
    errand.finish()

    assert (errand.jobs, port_fake.deliveries) == ([], [])


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        ("no-such", "no scenario 'no-such'"),
        ({"actoins": []}, "'actoins' is no part of a scenario"),
        ({"actions": {}}, "actions: expected a list"),
        ({"actions": [3]}, "actions, item 0: expected an object"),
        ({"actions": [ACTION, {**ACTION, "identifier": 3}]}, "actions, item 1, identifier"),
    ],
)
def test_a_reset_to_a_scenario_with_a_mistake_changes_nothing(scenario: Any, told: str) -> None:
    port = FakePort(scenario="microservice")
    port.execute("create_microservice", {"name": "till"})
    before = (port.audits(), port.snapshot(), port.deliveries)

    with pytest.raises(MisuseError, match=told):
        port.reset(scenario=scenario)

    assert (port.audits(), port.snapshot(), port.deliveries) == before


def test_a_scenario_may_be_given_by_its_parts() -> None:
    port = FakePort(scenario={"teams": [{"name": "platform"}], "actions": [ACTION]})

    assert [one.name for one in port.world.people.teams] == ["platform"]
    assert port.execute("deploy").status == "IN_PROGRESS"
