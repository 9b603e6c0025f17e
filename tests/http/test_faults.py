"""Requests that go wrong on purpose, as clients see them over sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer
from port_fake.http.messages import Answer, Request
from tests.support.client import Client, client_of
from tests.support.plain import Plain

RUNS: Final = "/v1/actions/runs"
DEPLOY: Final = "/v1/actions/deploy/runs"
Ask: TypeAlias = Callable[..., Answer]
PRESSED: Final = json.dumps({"properties": {}}).encode()
EPOCH: Final = 1_767_607_200  # 2026-01-05T10:00:00Z, where every repeatable clock begins


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with an action."""
    port_fake.add_action("deploy")
    return port_fake


@pytest.fixture
def plain(port: FakePort) -> Plain:
    """Such a client with the organisation's token."""
    return Plain(port)


# Statuses.


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (400, "bad_request"),
        (401, "unauthorized"),
        (404, "not_found"),
        (408, "request_timeout"),
        (422, "invalid_request"),
        (429, "too_many_requests"),
        (500, "internal_error"),
        (503, "service_unavailable"),
        (520, "status_520"),
    ],
)
def test_a_status_comes_in_ports_envelope_and_nothing_has_changed(
    port: FakePort, plain: Plain, status: int, word: str
) -> None:
    fault = port.fault("execute-self-service-action", status=status, message="on purpose")

    answer = plain.ask("POST", DEPLOY, PRESSED)

    assert answer[:2] == (status, {"ok": False, "error": word, "message": "on purpose"})
    assert port.runs() == []
    assert fault.hits == 1
    assert plain.press() == 202


def test_a_message_that_nobody_gave_says_that_a_fault_was_set(port: FakePort, plain: Plain) -> None:
    port.fault(status=503)

    _, body, _ = plain.ask("GET", RUNS)

    assert body["message"] == "a fault was set for this request: status=503"


@pytest.mark.parametrize(("retry_after_s", "told"), [(None, 300), (0, 0), (7, 7), (0.2, 1)])
def test_a_429_says_when_to_come_back(
    port: FakePort, plain: Plain, retry_after_s: float | None, told: int
) -> None:
    port.fault(status=429, retry_after_s=retry_after_s)

    status, _, headers = plain.ask("GET", RUNS)

    assert (status, headers["Retry-After"]) == (429, str(told))
    assert headers["x-ratelimit-remaining"] == "0"
    assert int(headers["x-ratelimit-reset"]) in {EPOCH + told, EPOCH + told + 1}
    assert plain.ask("GET", RUNS)[2]["x-ratelimit-remaining"] == "998"


def test_a_503_says_it_only_if_told_to(port: FakePort, plain: Plain) -> None:
    port.fault(status=503)
    port.fault(status=503, retry_after_s=3)

    first, second = plain.ask("GET", RUNS)[2], plain.ask("GET", RUNS)[2]

    assert (first["Retry-After"], second["Retry-After"]) == (None, "3")


def test_a_login_goes_wrong_as_well(port: FakePort) -> None:
    port.fault("create-access-token", status=503)
    body = {"clientId": port.client_id, "clientSecret": port.client_secret}

    first, second = (
        Plain(port).ask("POST", "/v1/auth/access_token", json.dumps(body).encode())
        for _ in range(2)
    )

    assert (first[0], second[0]) == (503, 200)


def test_an_unknown_route_goes_wrong_as_well(port: FakePort, plain: Plain) -> None:
    port.fault(path="/v1/webhooks", status=503)

    assert [plain.get("/v1/webhooks") for _ in range(2)] == [503, 404]


def test_what_the_handle_does_is_spared(port: FakePort) -> None:
    fault = port.fault(status=503, times=None)

    port.execute("deploy")

    assert fault.hits == 0


# Which requests.


@pytest.mark.parametrize(
    ("aim", "struck"),
    [
        ({"operation": "get-all-action-runs"}, [RUNS]),
        ({"path": RUNS}, [RUNS]),
        ({"path": "/v1/actions/*"}, [RUNS, "/v1/actions/deploy"]),
        ({"path": "*"}, [RUNS, "/v1/actions", "/v1/actions/deploy"]),
        ({"path": "/v1/action[s]"}, []),
        ({"method": "get"}, [RUNS, "/v1/actions", "/v1/actions/deploy"]),
        ({"method": "POST"}, []),
        ({"as_user": "ana@example.com"}, []),
        ({}, [RUNS, "/v1/actions", "/v1/actions/deploy"]),
    ],
)
def test_a_fault_strikes_what_it_is_aimed_at(
    port: FakePort, plain: Plain, aim: dict[str, Any], struck: list[str]
) -> None:
    port.add_user("ana@example.com")
    port.fault(**aim, status=503, times=None)

    seen = [path for path in (RUNS, "/v1/actions", "/v1/actions/deploy") if plain.get(path) == 503]

    assert seen == struck


def test_a_fault_of_one_user_spares_everybody_else(port: FakePort, plain: Plain) -> None:
    port.add_user("ana@example.com")
    port.add_user("ben@example.com")
    port.fault(as_user="ana@example.com", status=503)

    seen = [plain.get(), Plain(port, "ben@example.com").get(), Plain(port, "ana@example.com").get()]

    assert seen == [200, 200, 503]


def test_the_oldest_fault_goes_first(port: FakePort, plain: Plain) -> None:
    port.fault(status=503, times=2)
    port.fault(status=429)

    assert [plain.get() for _ in range(4)] == [503, 503, 429, 200]


def test_a_fault_may_strike_always(port: FakePort, plain: Plain) -> None:
    fault = port.fault(status=503, times=None)

    assert {plain.get() for _ in range(20)} == {503}
    assert (fault.hits, fault.is_live) == (20, True)


def test_a_fault_that_is_removed_strikes_no_more(port: FakePort, plain: Plain) -> None:
    fault = port.fault(status=503, times=None)
    first = plain.get()

    fault.remove()

    assert (first, plain.get(), fault.hits) == (503, 200, 1)
    assert port.faults == [fault]


def test_a_fault_may_last_as_long_as_a_block(port: FakePort, plain: Plain) -> None:
    with port.fault(status=503, times=None):
        inside = plain.get()

    assert (inside, plain.get()) == (503, 200)


def test_faults_that_are_cleared_are_forgotten(port: FakePort, plain: Plain) -> None:
    port.fault(status=503)
    port.fault(drop="before")

    port.clear_faults()

    assert (plain.get(), port.faults) == (200, [])


def test_other_organisations_never_see_it(port_fake_server: FakePortServer) -> None:
    with (
        port_fake_server.organisation(name="one") as one,
        port_fake_server.organisation(name="two") as two,
    ):
        one.fault(status=503, times=None)
        one.fault(drop="before", times=None)

        assert client_of(two).get(RUNS).status == 200
        assert Client(one.base_url).get(RUNS).status == 401
        assert Plain(one).get() == 503


WAYS: Final = {
    "runs": ("GET", RUNS, b""),
    "actions": ("GET", "/v1/actions", b""),
    "press": ("POST", DEPLOY, PRESSED),
}


@contextmanager
def asking(server: FakePortServer, **options: Any) -> Iterator[tuple[FakePort, Ask]]:
    """An organisation with an action, and the way to ask it without sockets."""
    with server.organisation(**options) as port:
        port.add_action("deploy")
        token = port.token()

        def ask(method: str, path: str, body: bytes = b"") -> Answer:
            return port.api.answer(
                Request(method=method, path=path, body=body, authorization=token)
            )

        yield port, ask


@given(times=st.integers(1, 5), asked=st.lists(st.sampled_from(sorted(WAYS))))
def test_a_fault_strikes_exactly_as_often_as_it_is_told_whatever_comes_between(
    port_fake_server: FakePortServer, times: int, asked: list[str]
) -> None:
    with asking(port_fake_server) as (port, ask):
        fault = port.fault("get-all-action-runs", status=503, times=times)

        answers = [(each, ask(*WAYS[each]).status) for each in asked]

    runs = [status for each, status in answers if each == "runs"]
    assert runs == [503 if number < times else 200 for number in range(len(runs))]
    assert {status for each, status in answers if each != "runs"} <= {200, 202}
    assert fault.hits == min(times, len(runs))
    assert fault.is_live == (fault.hits < times)


@given(seed=st.integers(), probability=st.floats(0, 1), between=st.integers(0, 3))
def test_chance_is_the_same_for_a_seed_whatever_else_is_asked(
    port_fake_server: FakePortServer, seed: int, probability: float, between: int
) -> None:
    def history(between: int) -> list[int]:
        found = []
        with asking(port_fake_server, seed=seed) as (port, ask):
            port.fault("get-all-action-runs", status=503, times=None, probability=probability)
            for _ in range(8):
                found.append(ask("GET", RUNS).status)
                for _ in range(between):
                    ask("GET", "/v1/actions")
        return found

    alone = history(0)

    assert alone == history(between)
    assert probability not in {0, 1} or set(alone) == {503 if probability else 200}


def test_chance_strikes_about_as_often_as_it_should(port_fake_server: FakePortServer) -> None:
    with asking(port_fake_server) as (port, ask):
        fault = port.fault(status=503, times=None, probability=0.3)
        rare = port.fault(latency_s=1, times=5, probability=0.001)

        for _ in range(1_000):
            ask("GET", RUNS)

    assert 250 < fault.hits < 350
    assert fault.fitting == 1_000
    assert rare.fitting == 1_000 - fault.hits


def test_faults_of_many_threads_strike_as_often_as_they_are_told(
    port_fake_server: FakePortServer,
) -> None:
    with asking(port_fake_server) as (port, ask), ThreadPoolExecutor(8) as pool:
        fault = port.fault(status=503, times=100)

        statuses = list(pool.map(lambda _: ask("GET", RUNS).status, range(400)))

    assert (fault.hits, statuses.count(503), statuses.count(200)) == (100, 100, 300)
