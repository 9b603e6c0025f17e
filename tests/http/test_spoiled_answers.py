"""Answers that come late, cut, broken, out of date, or not at all, byte by byte."""

from __future__ import annotations

import asyncio
import json
import logging
from time import perf_counter
from typing import Final

import aiohttp
import pytest

from port_fake import FakePort
from port_fake.http.messages import Request
from tests.support.plain import Plain
from tests.support.raw import connected, receive, request

RUNS: Final = "/v1/actions/runs"
DEPLOY: Final = "/v1/actions/deploy/runs"
PRESSED: Final = json.dumps({"properties": {}}).encode()


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with an action."""
    port_fake.add_action("deploy")
    return port_fake


@pytest.fixture
def plain(port: FakePort) -> Plain:
    """A client with the organisation's token."""
    return Plain(port)


def received(port: FakePort, target: str = RUNS, body: bytes | None = None) -> bytes:
    """Return every byte that comes until the server ends the connection."""
    data = b""
    method = "GET" if body is None else "POST"
    with connected(port.base_url) as sock:
        sock.sendall(request(target, method=method, bearer=port.token(), body=body))
        while more := sock.recv(65_536):
            data += more
    return data


# Connections that end.


@pytest.mark.parametrize(("when", "runs"), [("before", 0), ("after", 1)])
def test_a_connection_is_dropped_before_or_after_the_state_has_changed(
    port: FakePort, when: str, runs: int
) -> None:
    port.fault("execute-self-service-action", drop=when)  # type: ignore[arg-type]  # a parameter

    assert received(port, DEPLOY, PRESSED) == b""
    assert len(port.runs()) == runs


def test_a_dropped_connection_is_in_the_record_without_an_answer(port: FakePort) -> None:
    port.fault(drop="after")

    received(port, DEPLOY, PRESSED)

    (kept,) = port.requests
    assert (kept.status, kept.answer, kept.json) == (0, b"", {"properties": {}})
    assert kept.operation == "execute-self-service-action"
    assert str(kept) == f"POST {DEPLOY} -> no answer (fault: drop=after, the lost answer is 202)"


def test_an_answer_that_never_was_is_not_lost(port: FakePort) -> None:
    port.fault(drop="before")

    received(port)

    assert str(port.requests[0]) == f"GET {RUNS} -> no answer (fault: drop=before)"


def test_a_drop_ends_a_connection_that_was_kept_alive(port: FakePort) -> None:
    port.fault("get-all-action-runs", drop="before")
    with connected(port.base_url) as sock:
        sock.sendall(request("/v1/actions", bearer=port.token()))
        first = receive(sock)

        sock.sendall(request(RUNS, bearer=port.token()))

        assert (first.status, sock.recv(1)) == (200, b"")


def test_a_drop_is_not_logged_as_a_defect(port: FakePort, caplog: pytest.LogCaptureFixture) -> None:
    port.fault(drop="before")
    port.fault(drop="after")
    port.fault(body="truncated")

    with caplog.at_level(logging.INFO):
        for _ in range(3):
            received(port)

    assert caplog.records == []


# Bodies.


def test_a_truncated_body_ends_short_of_its_length(port: FakePort) -> None:
    port.fault(body="truncated")
    whole = b'{"ok":true,"runs":[]}'

    head, _, body = received(port).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"\r\nContent-Length: {len(whole)}\r\n".encode() in head
    assert body == whole[: len(whole) // 2]


def test_a_truncated_answer_has_changed_the_state(port: FakePort) -> None:
    port.fault(body="truncated")

    assert b"202 Accepted" in received(port, DEPLOY, PRESSED)
    assert len(port.runs()) == 1


def test_a_malformed_body_is_whole_for_http_and_broken_as_json(port: FakePort) -> None:
    port.fault("get-all-action-runs", body="malformed")

    with connected(port.base_url) as sock:
        sock.sendall(request(RUNS, bearer=port.token()))
        answer = receive(sock)
        sock.sendall(request(RUNS, bearer=port.token()))
        next_one = receive(sock)

    assert answer.status == 200
    with pytest.raises(ValueError, match="Expecting"):
        answer.json  # noqa: B018 - that is what breaks
    assert next_one.json == {"ok": True, "runs": []}


def test_an_error_may_be_malformed(port: FakePort) -> None:
    port.fault(status=502, body="malformed")

    head, _, body = received_once(port)

    assert head.startswith(b"HTTP/1.1 502")
    assert body.startswith(b'{"ok":false,')
    assert not body.endswith(b"}")


def received_once(port: FakePort) -> tuple[bytes, bytes, bytes]:
    """Return head and body of one answer."""
    with connected(port.base_url) as sock:
        sock.sendall(request(RUNS, "Connection: close", bearer=port.token()))
        data = b""
        while more := sock.recv(65_536):
            data += more
    return data.partition(b"\r\n\r\n")


# Time.


def test_latency_holds_up_nobody_else(port: FakePort) -> None:
    port.fault("get-all-action-runs", latency_s=0.3)
    order = []

    async def ask(session: aiohttp.ClientSession, path: str) -> None:
        async with session.get(path) as response:
            await response.json()
        order.append(path)

    async def both() -> float:
        headers = {"Authorization": port.token()}
        async with aiohttp.ClientSession(port.base_url, headers=headers) as session:
            started = perf_counter()
            slow = asyncio.create_task(ask(session, RUNS))
            await ask(session, "/v1/actions")
            await slow
            return perf_counter() - started

    elapsed_s = asyncio.run(both())

    assert order == ["/v1/actions", RUNS]
    assert elapsed_s >= 0.3


def test_who_gives_up_waiting_has_changed_the_state_all_the_same(port: FakePort) -> None:
    port.fault(latency_s=30)

    async def press() -> None:
        timeout = aiohttp.ClientTimeout(total=0.2)
        headers = {"Authorization": port.token()}
        async with (
            aiohttp.ClientSession(port.base_url, headers=headers, timeout=timeout) as session,
            session.post(DEPLOY, json={"properties": {}}),
        ):
            pass

    with pytest.raises(TimeoutError):
        asyncio.run(press())
    assert len(port.runs()) == 1


def test_latency_comes_with_any_other_effect(port: FakePort) -> None:
    token = port.token()
    port.fault(latency_s=2, status=503)
    port.fault(latency_s=3, drop="after")

    first, second = (
        port.api.answer(Request(method="GET", path=RUNS, authorization=token)) for _ in range(2)
    )

    assert (first.status, first.delay_s) == (503, 2)
    assert (second.is_dropped, second.delay_s, second.body) == (True, 3, b"")


def test_latency_on_the_clock_moves_the_clock_and_nobody_waits(
    port: FakePort, plain: Plain
) -> None:
    before = port.world.clock.peek()
    port.fault(latency_s=3_600, on_clock=True)

    started = perf_counter()
    status = plain.press()

    assert status == 202
    assert perf_counter() - started < 5
    assert 3_600 <= (port.world.clock.peek() - before).total_seconds() < 3_601
    created = port.runs()[0].json["createdAt"]
    assert created.startswith("2026-01-05T10:00:00"), "the run was made before the answer was late"


def test_latency_on_the_clock_lets_tokens_expire(port: FakePort, plain: Plain) -> None:
    port.fault(latency_s=10_800, on_clock=True)

    assert [plain.get(), plain.get()] == [200, 401]


def test_latency_on_the_clock_lets_timers_ring(port: FakePort, plain: Plain) -> None:
    port.add_blueprint("lease", properties={"ends": {"type": "string", "format": "timer"}})
    port.add_automation(
        "over",
        event={
            "type": "TIMER_PROPERTY_EXPIRED",
            "blueprintIdentifier": "lease",
            "propertyIdentifier": "ends",
        },
    )
    port.add_entity("lease", "one", properties={"ends": "2026-01-05T11:00:00Z"})
    port.fault(status=503, latency_s=3_601, on_clock=True)

    plain.get()

    assert [run.action for run in port.runs()] == ["over"]


# What is out of date.


def ids(plain: Plain, query: str = "") -> list[str]:
    """Return the runs that a list tells of."""
    return [run["id"] for run in plain.ask("GET", RUNS + query)[1]["runs"]]


def test_a_stale_list_is_the_one_that_was_answered_before(port: FakePort, plain: Plain) -> None:
    first = port.execute("deploy").id
    seen = ids(plain)
    second = port.execute("deploy").id
    port.fault(stale=True, times=2)

    answers = [ids(plain) for _ in range(3)]

    assert seen == [first]
    assert answers == [[first], [first], [second, first]]


def test_a_stale_run_stands_as_it_stood(port: FakePort, plain: Plain) -> None:
    run = port.execute("deploy")
    path = f"{RUNS}/{run.id}"
    plain.get(path)
    port.complete(run)
    port.fault("get-action-run-s-details", stale=True)

    answers = [plain.ask("GET", path)[1]["run"]["status"] for _ in range(2)]

    assert answers == ["IN_PROGRESS", "SUCCESS"]


def test_who_has_not_asked_before_sees_nothing_yet(port: FakePort, plain: Plain) -> None:
    run = port.execute("deploy")
    port.fault(stale=True, times=3)

    listed = ids(plain)
    status, body, _ = plain.ask("GET", f"{RUNS}/{run.id}")
    organisation = plain.get("/v1/organization")

    assert listed == []
    assert (status, body["error"]) == (404, "not_found")
    assert organisation == 200, "there has always been one"


def test_another_question_or_another_caller_is_not_the_same(port: FakePort, plain: Plain) -> None:
    port.add_user("ana@example.com", roles=["Admin"])
    run = port.execute("deploy").id
    assert ids(plain) == [run]
    port.fault(stale=True, times=3)

    assert ids(plain, "?limit=5") == []
    assert ids(Plain(port, "ana@example.com")) == []
    assert ids(plain) == [run]


def test_what_a_client_never_got_is_not_what_it_was_answered(port: FakePort, plain: Plain) -> None:
    port.execute("deploy")
    port.fault(drop="after")
    port.fault(body="truncated")
    port.fault(stale=True)
    received(port)
    received(port)

    assert ids(plain) == []


def test_writing_is_never_stale(port: FakePort, plain: Plain) -> None:
    fault = port.fault(stale=True)

    assert plain.press() == 202
    assert fault.hits == 0


def test_a_refusal_is_never_stale(port: FakePort, plain: Plain) -> None:
    port.fault(stale=True)

    assert plain.get(f"{RUNS}?limit=0") == 422
