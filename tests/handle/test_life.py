"""The life of a handle: `with`, `async with`, several at once, in threads, and misuse of it."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread, active_count
from typing import Any

import aiohttp
import pytest
import requests

from port_fake import FakePort, FakePortServer, MisuseError
from port_fake.threaded import ServerThread


def status_of(port: FakePort, token: str) -> int:
    """Return how the fake answers a request with *token*."""
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{port.base_url}/v1/actions/runs", headers=headers, timeout=10).status_code


def log_in(port: FakePort) -> requests.Response:
    """Exchange the organisation's credentials for a token."""
    body = {"clientId": port.client_id, "clientSecret": port.client_secret}
    return requests.post(f"{port.base_url}/v1/auth/access_token", json=body, timeout=10)


async def status_on_this_loop(port: FakePort) -> int:
    """Return how the fake answers a request from the running event loop."""
    headers = {"Authorization": f"Bearer {port.token()}"}
    async with aiohttp.ClientSession(port.base_url, headers=headers) as session:
        response = await session.get("/v1/actions/runs")
        return response.status


@pytest.fixture
def thread() -> Iterator[ServerThread]:
    """A server that runs already."""
    with ServerThread() as server:
        yield server


def test_with_serves_until_its_end() -> None:
    with FakePort() as port:
        url = port.base_url
        assert status_of(port, log_in(port).json()["accessToken"]) == 200

    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_with_leaves_no_thread_behind() -> None:
    before = active_count()

    with FakePort(), FakePort():
        assert active_count() == before + 2

    assert active_count() == before


def test_with_ends_although_a_client_holds_its_connection() -> None:
    with requests.Session() as session:
        with FakePort() as port:
            url = f"{port.base_url}/openapi.json"
            assert session.get(url, timeout=10).ok

        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=10)


def test_async_with_serves_on_the_running_loop() -> None:
    async def story() -> tuple[int, str]:
        before = active_count()
        async with FakePort() as port:
            assert active_count() == before, "no thread is needed"
            return await status_on_this_loop(port), port.base_url

    status, url = asyncio.run(story())

    assert status == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_async_with_is_a_server_for_blocking_code_in_threads() -> None:
    async def story() -> int:
        async with FakePort() as port:
            return await asyncio.to_thread(status_of, port, port.token())

    assert asyncio.run(story()) == 200


def test_async_code_may_call_a_fake_that_runs_on_a_thread() -> None:
    with FakePort() as port:
        assert asyncio.run(status_on_this_loop(port)) == 200


def test_async_with_joins_a_server_that_runs_already(thread: ServerThread) -> None:
    async def story() -> tuple[int, str]:
        async with FakePort(server=thread) as port:
            return await status_on_this_loop(port), port.base_url

    assert asyncio.run(story()) == (200, thread.base_url)


def test_nested_fakes_know_nothing_of_each_other() -> None:
    with FakePort(name="outer") as outer, FakePort(name="inner") as inner:
        outer.add_action("deploy")
        run = outer.execute("deploy")

        assert inner.runs() == []
        assert outer.base_url != inner.base_url
        assert status_of(inner, outer.token()) == 401
        assert status_of(outer, outer.token()) == 200

    assert run.status == "IN_PROGRESS"


def test_fakes_on_one_server_know_nothing_of_each_other(thread: ServerThread) -> None:
    with FakePort(name="one", server=thread) as one, FakePort(name="two", server=thread) as two:
        one.add_action("deploy")
        two.add_action("deploy")
        run = one.execute("deploy")
        url = f"{thread.base_url}/v1/actions/runs/{run.id}"

        answers = [
            requests.get(url, headers={"Authorization": port.token()}, timeout=10)
            for port in (one, two)
        ]

        assert [answer.status_code for answer in answers] == [200, 404]
        assert [len(port.requests) for port in (one, two)] == [1, 1]


def test_a_token_is_worth_nothing_once_its_organisation_is_gone(thread: ServerThread) -> None:
    with FakePort(name="short", server=thread) as short:
        token = log_in(short).json()["accessToken"]
        assert status_of(short, token) == 200

    with FakePort(name="long", server=thread) as long:
        assert status_of(long, token) == 401
    assert log_in(short).status_code == 401


def test_a_second_organisation_of_the_same_kind_starts_afresh(thread: ServerThread) -> None:
    tokens = []
    for _ in range(2):
        with FakePort(name="same", server=thread) as port:
            for _ in range(2):
                tokens.append(port.token())
                assert status_of(port, tokens[-1]) == 200
                port.advance(4 * 60 * 60)

    assert tokens[:2] == tokens[2:], "the same name and seed give the same tokens"


def test_a_handle_may_be_used_again_and_keeps_its_world() -> None:
    port = FakePort()
    with port:
        port.add_action("deploy")
        run = port.execute("deploy")

    with port:
        assert port.run(run).status == "IN_PROGRESS"
        assert status_of(port, port.token()) == 200


def test_commands_work_before_and_after_the_server_runs() -> None:
    port = FakePort()
    port.add_action("deploy")
    port.add_user("ana@example.com")
    own = port.credentials_of("ana@example.com")
    with port:
        body = {"clientId": own.client_id, "clientSecret": own.client_secret}
        answer = requests.post(f"{port.base_url}/v1/auth/access_token", json=body, timeout=10)

    run = port.execute("deploy", as_user="ana@example.com")

    assert answer.status_code == 200
    assert port.complete(run).status == "SUCCESS"


def test_requests_can_be_looked_at_after_the_end() -> None:
    with FakePort() as port:
        status_of(port, port.token())

    assert [exchange.status for exchange in port.requests] == [200]
    port.assert_called("GET", "/v1/actions/runs", times=1)


def test_commands_from_many_threads_lose_nothing() -> None:
    def press(_: int) -> list[str]:
        return [port.complete(port.log(port.execute("deploy"), "built")).id for _ in range(10)]

    with FakePort() as port, ThreadPoolExecutor(8) as pool:
        port.add_action("deploy")
        ids = [run_id for batch in pool.map(press, range(8)) for run_id in batch]

        runs = port.runs()

    assert sorted(run.id for run in runs) == sorted(ids)
    assert len(set(ids)) == 80
    assert {(run.status, run.logs) for run in runs} == {("SUCCESS", ("built",))}


def test_commands_and_requests_go_side_by_side() -> None:
    def report(run_id: str) -> int:
        url = f"{port.base_url}/v1/actions/runs/{run_id}"
        headers = {"Authorization": f"Bearer {port.token()}"}
        body = {"status": "SUCCESS"}
        return requests.patch(url, json=body, headers=headers, timeout=10).status_code

    with FakePort() as port, ThreadPoolExecutor(4) as pool:
        port.add_action("deploy")
        pending = [pool.submit(report, port.execute("deploy").id) for _ in range(20)]
        statuses = [one.result() for one in pending]

    assert statuses == [200] * 20
    assert {run.status for run in port.runs()} == {"SUCCESS"}


def test_handles_may_live_and_die_in_threads_of_their_own() -> None:
    def live(name: str) -> tuple[int, int]:
        with FakePort(name=name) as port:
            return status_of(port, port.token()), len(port.requests)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(live, (f"org-{number}" for number in range(8))))

    assert outcomes == [(200, 1)] * 8


@pytest.mark.parametrize("port", [FakePort(), FakePort(server=ServerThread())])
def test_a_base_url_that_does_not_exist_yet_is_explained(port: FakePort) -> None:
    with pytest.raises(MisuseError, match="not running: use it in a with statement"):
        assert port.base_url
    with pytest.raises(MisuseError, match="not running"):
        assert port.env


def test_entering_a_handle_twice_is_refused_and_leaves_the_first_alone() -> None:
    with FakePort() as port:
        with pytest.raises(MisuseError, match="in use already"):
            port.__enter__()

        assert status_of(port, port.token()) == 200


def test_entering_a_joined_handle_twice_is_refused_and_leaves_the_first_alone(
    thread: ServerThread,
) -> None:
    with FakePort(server=thread) as port:
        with pytest.raises(MisuseError, match="in use already"):
            port.__enter__()

        assert status_of(port, port.token()) == 200


def test_entering_a_handle_on_a_loop_as_well_is_refused_and_leaves_the_first_alone() -> None:
    async def enter(port: FakePort) -> None:
        async with port:
            pytest.fail("it must not come so far")

    with FakePort() as port:
        with pytest.raises(MisuseError, match="in use already"):
            asyncio.run(enter(port))

        assert status_of(port, port.token()) == 200


def test_users_whose_credentials_are_taken_are_refused_whole(thread: ServerThread) -> None:
    twins = [FakePort(name="twin", client_id=name, server=thread) for name in ("one", "two")]
    for twin in twins:
        twin.add_user("ana@example.com")
        twin.credentials_of("ana@example.com")

    with twins[0] as first:
        with pytest.raises(MisuseError, match="in use on this server"), twins[1]:
            pytest.fail("it must not come so far")
        assert log_in(first).status_code == 200
        assert log_in(twins[1]).status_code == 401


def test_a_client_id_that_is_taken_is_refused_and_the_server_stays_as_it_was(
    thread: ServerThread,
) -> None:
    second = FakePort(name="second", client_id="taken", server=thread)
    second.add_user("ana@example.com")
    second.credentials_of("ana@example.com")

    with FakePort(name="first", client_id="taken", server=thread) as first:
        with pytest.raises(MisuseError, match="'taken' is in use"), second:
            pytest.fail("it must not come so far")
        assert log_in(first).status_code == 200

    with second:
        assert log_in(second).status_code == 200


def test_starting_a_server_on_a_taken_port_raises_and_leaves_no_thread() -> None:
    before = active_count()

    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = FakePort(port=other.getsockname()[1])
        with pytest.raises(OSError, match="in use"), taken:
            pytest.fail("it must not come so far")

    assert active_count() == before


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"host": "a..b"}, "label"), ({"host": "203.0.113.7"}, "assign|could not bind")],
)
def test_starting_a_server_on_a_host_that_makes_no_sense_raises(
    options: dict[str, Any], reason: str
) -> None:
    with pytest.raises((OSError, UnicodeError), match=reason), FakePort(**options):
        pytest.fail("it must not come so far")


def test_a_server_that_is_left_twice_stays_left() -> None:
    server = FakePortServer()

    with server, server.organisation() as port:
        assert status_of(port, port.token()) == 200
    server.__exit__(None, None, None)

    with pytest.raises(MisuseError, match="not running"):
        assert server.base_url


def test_a_fake_that_is_started_in_a_thread_may_be_stopped_in_another() -> None:
    port = FakePort()
    starter = Thread(target=port.__enter__)
    starter.start()
    starter.join()

    assert status_of(port, port.token()) == 200
    port.__exit__(None, None, None)
    with pytest.raises(MisuseError):
        assert port.base_url
