"""What was there before a recording is arranged as far as it shows, and the rest is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from port_fake import FakePort
from port_fake.contracts.exchanges.asking import Request, Response, asker_of
from port_fake.contracts.exchanges.comparing import Mode, Tier
from port_fake.contracts.exchanges.lines import Recorded, parsed
from port_fake.contracts.exchanges.replaying import (
    Outcome,
    replay,
    replay_at,
    replay_on_fake,
)
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free, Permit, ReadOnly
from port_fake.contracts.proxy import Proxy
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import Wire
from port_fake.world.organisations import Credentials
from tests.contracts.exchanges.recorders import Recorder
from tests.support.furniture import LEAD, furnish

RUNS = "/v1/actions/runs"
ANYBODY = Credentials(client_id="anybody", client_secret="anything")  # noqa: S106 - opens nothing


def recorded(port: FakePort, tell: Callable[[Callable[..., Any]], None]) -> Recorded:
    """Return what a client that began late has recorded."""
    recorder = Recorder()
    with Proxy(port.base_url, between=recorder.recording) as proxy:
        ask = asker_of(port, base_url=proxy.base_url)

        def say(method: str, target: str, body: Any = None, caller: str = "organisation") -> Any:
            data = None if body is None else json.dumps(body).encode()
            response = ask(Request(method, target, caller, data))
            port.settle()
            return json.loads(response.body)

        tell(say)
        ask.close()
    return recorder.recorded


def wire_to(url: str, permit: Permit | None = None) -> Wire:
    return Wire(url, permit=permit or Free("fake"), veil=Veil(), pace=Pace())


def told(outcome: Outcome) -> list[str]:
    """Return what a replay has to say, but for what agreed."""
    lines = [f"{one.exchange}: {one.reason}" for one in outcome.replayed if one.reason]
    return lines + [
        f"{one.exchange}: {each.tier.word} {each.place} {each.text}"
        for one in outcome.replayed
        for each in one.differences
    ]


def test_what_was_there_before_is_arranged_as_the_recording_shows_it(port_fake: FakePort) -> None:
    furnish(port_fake)
    port_fake.add_secret("github", "made-up-secret-1")
    done = port_fake.execute("create_microservice", {"name": "cart"}, as_user=LEAD)
    port_fake.log(done, "working")
    port_fake.complete(done, "FAILURE", link="https://ci.example.com/1", summary="Broken")
    waiting = port_fake.execute("deploy")
    port_fake.settle()

    def tell(say: Callable[..., Any]) -> None:
        for path in (
            "/v1/users",
            "/v1/teams",
            "/v1/blueprints",
            "/v1/blueprints/microservice/entities",
            "/v1/actions",
            "/v1/actions/deploy/permissions",
            "/v1/organization/secrets",
            f"{RUNS}?version=v2&exclude=payload",
            f"{RUNS}/{done.id}",
            f"{RUNS}/{done.id}/logs",
        ):
            say("GET", path)
        user = say("GET", f"/v1/users/{LEAD}")["user"]["id"]
        say("GET", f"{RUNS}?user_id={user}")
        say("PATCH", f"{RUNS}/{waiting.id}/approval", {"status": "APPROVE"}, LEAD)
        say("PATCH", f"{RUNS}/{waiting.id}", {"status": "SUCCESS"})
        say("POST", f"{RUNS}/{waiting.id}/logs", {"message": "closing"})
        say("DELETE", "/v1/actions/deploy")

    outcome = replay_on_fake(recorded(port_fake, tell))

    assert told(outcome) == []
    assert len(outcome.compared) == 16


def test_the_state_of_a_first_look_is_what_is_arranged(port_fake: FakePort) -> None:
    furnish(port_fake)
    port_fake.add_entity("microservice", "cart")

    def tell(say: Callable[..., Any]) -> None:
        say("GET", "/v1/blueprints")
        one = "/v1/blueprints/microservice/entities/cart"
        say("GET", one)
        say("PATCH", one, {"title": "Changed"})
        say("GET", one)
        say("DELETE", one)
        say("GET", one)

    outcome = replay_on_fake(recorded(port_fake, tell))

    assert told(outcome) == []
    assert len(outcome.compared) == 6


def test_what_the_recording_does_not_show_makes_its_exchanges_not_comparable(
    port_fake: FakePort,
) -> None:
    furnish(port_fake)
    run_id = port_fake.execute("restart", entity="checkout").id

    def tell(say: Callable[..., Any]) -> None:
        say("POST", "/v1/actions/restart/runs", {"properties": {}, "entity": "checkout"})
        say("PATCH", f"{RUNS}/{run_id}", {"summary": "x"})
        say("GET", "/v1/blueprints/nothing")

    outcome = replay_on_fake(recorded(port_fake, tell))

    assert [one.exchange.number for one in outcome.compared] == [3]
    first, second, _ = outcome.replayed
    assert "action 'restart' was there before" in first.reason
    assert "<run:" in second.reason
    assert any("could not be arranged" in note for note in outcome.notes)


def exchange(number: int, **changes: Any) -> bytes:
    words = {
        "n": number,
        "operation": "get-teams",
        "as": "organisation",
        "method": "GET",
        "path": "/v1/teams",
        "status": 200,
        "headers": {},
        "answer": {"ok": True, "teams": []},
    }
    return json.dumps({**words, **changes}).encode()


FIRST = b'{"port-fake-exchanges": 1, "target": "x"}'


@pytest.mark.parametrize(
    ("changes", "tier", "place"),
    [
        ({"status": 201}, Tier.ERROR, "status"),
        ({"answer": {"ok": False, "teams": []}}, Tier.ERROR, "$.ok"),
        ({"answer": {"ok": "yes", "teams": []}}, Tier.ERROR, "$.ok"),
        ({"answer": {"ok": True, "teams": [], "next": "x"}}, Tier.WARNING, "$.next"),
        ({"answer": {"ok": True}}, Tier.INFO, "$.teams"),
    ],
)
def test_a_planted_difference_is_told(changes: dict[str, Any], tier: Tier, place: str) -> None:
    outcome = replay_on_fake(parsed([FIRST, exchange(1, **changes)], name="x"))

    found = [(one.tier, one.place) for one in outcome.replayed[0].differences]
    assert (tier, place) in found
    assert outcome.counts()[tier] >= 1


BROKEN = [
    b"{",
    b"[]",
    b'{"n": 1}',
    exchange(1, n="one"),
    exchange(1, path="no slash"),
    exchange(1, status="200"),
    exchange(1, headers=[]),
    exchange(1, query=5),
    exchange(1)[:-1] + b', "request_text": 5}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("line", BROKEN)
def test_a_broken_line_is_an_error_by_its_number_and_the_rest_goes_on(line: bytes) -> None:
    outcome = replay_on_fake(parsed([FIRST, line, b"", exchange(2)], name="x"))

    assert [one.line for one in outcome.recorded.broken] == [2]
    assert [one.exchange.number for one in outcome.compared] == [2]
    assert outcome.counts()[Tier.ERROR] == 1


@pytest.mark.parametrize("line", [b"{", b"{}", b'{"port-fake-exchanges": 2}', exchange(1)])
def test_a_file_of_an_unknown_format_says_so_in_its_first_line(line: bytes) -> None:
    found = parsed([line, exchange(2)], name="x")

    assert found.header is None
    assert [one.line for one in found.broken] == [1]


def test_a_user_without_credentials_is_not_asked_for() -> None:
    lines = [FIRST, exchange(1, **{"as": "nobody.known@example.com"})]

    outcome = replay_on_fake(parsed(lines, name="x"))

    assert [one.reason for one in outcome.replayed] == [
        "no credentials of nobody.known@example.com"
    ]


def test_another_server_is_asked_as_it_is(port_fake: FakePort) -> None:
    port_fake.add_team("payments")
    port = Organisation(wire_to(port_fake.base_url), port_fake.credentials)
    found = parsed([FIRST, exchange(1)], name="x")

    strict = replay_at(found, port)
    shape = replay_at(found, port, mode=Mode.SHAPE)
    port.wire.close()

    assert "$.teams" in {one.place for one in strict.replayed[0].differences}
    assert "$.teams" not in {one.place for one in shape.replayed[0].differences}
    assert shape.counts()[Tier.ERROR] == 0


def test_a_server_that_does_not_answer_is_told_and_nothing_was_compared() -> None:
    port = Organisation(wire_to("http://127.0.0.1:9"), ANYBODY)
    found = parsed([FIRST, exchange(1), exchange(2)], name="x")

    outcome = replay_at(found, port)

    assert not outcome.compared
    assert all("was not answered" in one.reason for one in outcome.replayed)


def test_what_may_not_be_sent_is_not_comparable_and_not_sent(port_fake: FakePort) -> None:
    port = Organisation(wire_to(port_fake.base_url, ReadOnly()), port_fake.credentials)
    made = exchange(2, operation="create-team", method="POST", request={"name": "x"})

    outcome = replay_at(parsed([FIRST, exchange(1), made], name="x"), port)
    port.wire.close()

    assert [one.was_compared for one in outcome.replayed] == [True, False]
    assert "the mode is read-only" in outcome.replayed[1].reason
    written = {one.path for one in port_fake.requests if one.method != "GET"}
    assert written <= {"/v1/auth/access_token"}


def test_any_callable_can_be_asked() -> None:
    asked = []

    def ask(request: Request) -> Response:
        asked.append(request)
        return Response(200, {}, b'{"ok": true, "teams": []}')

    made = exchange(1, operation="create-team", method="POST", request={"name": "x"})
    (first, second) = replay(parsed([FIRST, made, exchange(2)], name="x").exchanges, ask)

    assert [one.body for one in asked] == [b'{"name": "x"}', None]
    assert first.differences == second.differences == []
