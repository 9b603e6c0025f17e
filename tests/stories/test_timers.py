"""Automations that wait for a time: ``TIMER_PROPERTY_EXPIRED``."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer
from port_fake.world.clock import EPOCH
from tests.support.client import Client, client_of

ENTITIES: Final = "/v1/blueprints/lease/entities"
LEASE: Final = f"{ENTITIES}/one"
RUNS: Final = "/v1/actions/runs"
DEADLINE_S: Final = 20


def at(seconds: float, start: datetime = EPOCH) -> str:
    """Return a time as it is written to a property."""
    return (start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def furnish(port: FakePort, invokes: dict[str, Any] | None = None) -> None:
    """Add leases that end, and an automation that waits for that."""
    timer = {"type": "string", "format": "timer"}
    port.add_blueprint(
        "lease", properties={"ends": timer, "warns": timer, "note": {"type": "string"}}
    )
    event = {
        "type": "TIMER_PROPERTY_EXPIRED",
        "blueprintIdentifier": "lease",
        "propertyIdentifier": "ends",
    }
    body = {
        "identifier": "free",
        "trigger": {"type": "automation", "event": event},
        "invocationMethod": invokes or {"type": "KAFKA", "payload": {"event": "{{ .event }}"}},
    }
    port.perform("create-action", body=body)


def lease(client: Client, **properties: Any) -> None:
    body = {"identifier": "one", "properties": properties}
    assert client.post(ENTITIES, body, {"upsert": "true", "merge": "true"}).status in {200, 201}


def events(port: FakePort) -> list[dict[str, Any]]:
    """Return what the automation has been told, oldest first."""
    port.settle()
    runs = port.runs(action="free")
    return [run.json["payload"]["payload"]["event"] for run in reversed(runs)]


@pytest.fixture
def furnished(port_fake: FakePort) -> FakePort:
    furnish(port_fake)
    return port_fake


def test_a_timer_goes_off_at_its_time_and_only_then(furnished: FakePort, client: Client) -> None:
    lease(client, ends=at(60))
    counts = []

    for seconds in (59, 2, 1, 10_000):
        furnished.advance(seconds)
        counts.append(len(events(furnished)))

    assert counts == [0, 1, 1, 1]


def test_a_timer_goes_off_with_the_next_request_after_its_time(
    furnished: FakePort, client: Client
) -> None:
    lease(client, ends=at(0.05))
    assert events(furnished) == []

    for number in range(60):  # each takes a stamp of a millisecond
        lease(client, note=f"{number}")

    assert len(events(furnished)) == 1


def test_the_event_tells_of_the_entity_as_it_stands(furnished: FakePort, client: Client) -> None:
    lease(client, ends=at(60), warns=at(30), note="mine")

    furnished.advance(61)

    [event] = events(furnished)
    entity = client.get(LEASE).json["entity"]
    assert event["resourceType"] == "entity"
    assert event["diff"] == {"before": None, "after": entity}
    assert event["context"] == {
        "blueprintIdentifier": "lease",
        "entityIdentifier": "one",
        "propertyIdentifier": "ends",
    }
    assert datetime.fromisoformat(event["trigger"]["at"]) == EPOCH + timedelta(seconds=60)
    assert "user" not in event["trigger"]["by"]
    [run] = client.get(RUNS, {"action": "free", "version": "v2"}).json["runs"]
    assert run["source"] == "AUTOMATION"


def test_another_property_has_a_time_of_its_own(furnished: FakePort, client: Client) -> None:
    lease(client, warns=at(30))

    furnished.advance(60)

    assert events(furnished) == []


def test_a_timer_that_is_set_anew_goes_off_anew(furnished: FakePort, client: Client) -> None:
    lease(client, ends=at(60))
    furnished.advance(61)

    lease(client, ends=at(120))
    counts = []
    for seconds in (30, 60, 600):
        furnished.advance(seconds)
        counts.append(len(events(furnished)))

    assert counts == [1, 2, 2]


def test_a_timer_that_was_put_off_goes_off_once_at_its_new_time(
    furnished: FakePort, client: Client
) -> None:
    lease(client, ends=at(60))

    lease(client, ends=at(120))
    counts = []
    for seconds in (90, 60):
        furnished.advance(seconds)
        counts.append(len(events(furnished)))

    assert counts == [0, 1]


def test_a_timer_that_is_put_off_and_back_goes_off_once(
    furnished: FakePort, client: Client
) -> None:
    lease(client, ends=at(60))
    lease(client, ends=at(120))
    lease(client, ends=at(60))

    furnished.advance(200)

    assert len(events(furnished)) == 1


def test_an_entity_that_is_written_as_it_was_does_not_start_its_timer_anew(
    furnished: FakePort, client: Client
) -> None:
    lease(client, ends=at(60))
    furnished.advance(61)

    lease(client, ends=at(60), note="again")
    furnished.advance(61)

    assert len(events(furnished)) == 1


@pytest.mark.parametrize("value", [None, at(10_000)])
def test_a_timer_whose_property_has_changed_does_not_go_off(
    furnished: FakePort, client: Client, value: str | None
) -> None:
    lease(client, ends=at(60))

    client.patch(LEASE, {"properties": {"ends": value}})
    furnished.advance(100)

    assert events(furnished) == []


def test_nothing_goes_off_for_an_entity_that_is_gone(furnished: FakePort, client: Client) -> None:
    lease(client, ends=at(60))

    client.delete(LEASE)
    furnished.advance(100)

    assert events(furnished) == []


def test_an_entity_that_comes_again_with_the_same_time_goes_off_once(
    furnished: FakePort, client: Client
) -> None:
    lease(client, ends=at(60))
    client.delete(LEASE)
    lease(client, ends=at(60))

    furnished.advance(100)

    assert len(events(furnished)) == 1


def test_a_time_that_has_passed_goes_off_at_once(furnished: FakePort, client: Client) -> None:
    lease(client, ends=at(-60))

    assert len(events(furnished)) == 1


def test_an_automation_that_is_not_published_misses_its_time(
    furnished: FakePort, client: Client
) -> None:
    definition = client.get("/v1/actions/free").json["action"]
    kept = {key: definition[key] for key in ("identifier", "trigger", "invocationMethod")}
    lease(client, ends=at(60))

    client.put("/v1/actions/free", {**kept, "publish": False})
    furnished.advance(100)
    client.put("/v1/actions/free", kept)
    furnished.advance(100)

    assert events(furnished) == []


def test_a_lease_that_renews_itself_goes_off_day_by_day(port_fake: FakePort) -> None:
    # More often than a chain of automations may be long: time goes by in between.
    renewed = '{{ .event.diff.after.properties.ends | .[:19] + "Z" | fromdate + 86400 | todate }}'
    method = {
        "type": "UPSERT_ENTITY",
        "blueprintIdentifier": "lease",
        "mapping": {
            "identifier": "{{ .event.context.entityIdentifier }}",
            "properties": {"ends": renewed},
        },
    }
    furnish(port_fake, method)
    lease(client_of(port_fake), ends=at(86_400))

    for _ in range(30):
        port_fake.advance(86_400)
        port_fake.settle()

    assert len(port_fake.runs(action="free")) == 30


def test_leases_that_have_ended_for_ever_come_to_an_end(port_fake: FakePort) -> None:
    # Each time lies in the past, and is another one.
    renewed = '{{ .event.diff.after.properties.ends | .[:19] + "Z" | fromdate + 1 | todate }}'
    mapping = {"identifier": "one", "properties": {"ends": renewed}}
    furnish(
        port_fake,
        {"type": "UPSERT_ENTITY", "blueprintIdentifier": "lease", "mapping": mapping},
    )

    lease(client_of(port_fake), ends=at(-1_000_000))
    port_fake.settle()

    limit = port_fake.world.settings.automation_limit
    assert len(port_fake.runs(action="free")) <= limit
    query = {"status": "FAILURE"}
    [record] = client_of(port_fake).get("/v1/audit-log", query).json["audits"]
    assert "looks endless" in record["message"]


@given(
    times=st.lists(st.integers(1, 20), max_size=6),
    steps=st.lists(st.integers(0, 12), max_size=4),
)
def test_timers_go_off_in_the_order_of_their_times(
    port_fake_server: FakePortServer, times: list[int], steps: list[int]
) -> None:
    with port_fake_server.organisation(name="timers") as port:
        furnish(port)
        for number, time in enumerate(times):
            port.add_entity("lease", f"l{number}", properties={"ends": at(time)})

        for step in steps:
            port.advance(step)

        told = [int(one["context"]["entityIdentifier"].removeprefix("l")) for one in events(port)]
        due = [number for number, time in enumerate(times) if at(time) <= _now(port)]
        assert told == sorted(due, key=lambda number: (times[number], number))


def _now(port: FakePort) -> str:
    return at(0, port.world.clock.peek())


# While time goes by.


def until_called(*, early: bool) -> None:
    """Let a timer go off on the machine's clock; an *early* one is set before the server runs."""

    async def story() -> list[Any]:
        called = asyncio.Event()
        letters: list[Any] = []

        async def receive(request: web.Request) -> web.Response:
            letters.append(await request.json())
            called.set()
            return web.Response()

        site = web.Application()
        site.router.add_post("/", receive)
        runner = web.AppRunner(site)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, number = runner.addresses[0][:2]
            port = FakePort(seed=None)
            method = {"type": "WEBHOOK", "url": f"http://{host}:{number}/", "body": {"a": 1}}
            furnish(port, method)
            if early:
                soon(port)
            async with port:
                if not early:
                    soon(port)
                await asyncio.wait_for(called.wait(), DEADLINE_S)
                await port.settled()
        finally:
            await runner.cleanup()
        return letters

    assert asyncio.run(story()) == [{"a": 1}]


def soon(port: FakePort) -> None:
    ends = at(0.2, port.world.clock.peek())
    port.add_entity("lease", "one", properties={"ends": ends})


def test_a_timer_goes_off_by_itself_while_the_clock_runs() -> None:
    until_called(early=False)


def test_a_timer_that_was_set_before_the_server_ran_goes_off_by_itself() -> None:
    until_called(early=True)


def test_moving_a_clock_that_runs_lets_timers_go_off(port_fake_server: FakePortServer) -> None:
    with port_fake_server.organisation(name="moved", seed=None) as port:
        furnish(port)
        start = port.world.clock.peek()
        port.add_entity("lease", "one", properties={"ends": at(3600, start)})
        counts = []

        for seconds in (1800, 1801):
            port.advance(seconds)
            counts.append(len(events(port)))

    assert counts == [0, 1]
