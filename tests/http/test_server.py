"""Starting, stopping, and what a server does whatever it serves."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from port_fake import FakePort, FakePortServer, MisuseError
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document
from tests.support.client import SESSION, Client, assert_refused, client_of
from tests.support.raw import connected, receive, request, send


def threads() -> list[str]:
    return sorted(thread.name for thread in threading.enumerate())


def port_of(url: str) -> int:
    number = urlsplit(url).port
    assert number is not None
    return number


def is_free(number: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", number)) != 0


# Start and stop.


def test_a_server_runs_as_long_as_its_block() -> None:
    before = threads()

    with FakePort() as port:
        running = threads()
        status = client_of(port).get("/v1/actions").status
        number = port_of(port.base_url)

    assert status == 200
    assert len(running) == len(before) + 1
    assert threads() == before
    assert is_free(number)


def test_a_server_may_start_again() -> None:
    port = FakePort()
    urls = []

    for _ in range(3):
        with port:
            urls.append(port.base_url)
            assert client_of(port).get("/v1/actions").status == 200

    assert len(urls) == 3


def test_what_an_organisation_holds_outlives_its_server() -> None:
    port = FakePort()
    with port:
        port.add_action("deploy")
        made = client_of(port).post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]

    with port:
        answer = client_of(port).get(f"/v1/actions/runs/{made['id']}", {"version": "v2"})

    assert answer.json["run"] == made


def test_a_server_that_does_not_run_has_no_address() -> None:
    with pytest.raises(MisuseError, match="not running"):
        _ = FakePort().base_url


def test_a_server_does_not_start_twice() -> None:
    with FakePort() as port, pytest.raises(MisuseError, match="already"), port:
        pass


def test_many_servers_run_side_by_side() -> None:
    with ExitStack() as stack:
        ports = [stack.enter_context(FakePort()) for _ in range(5)]
        urls = {port.base_url for port in ports}
        statuses = [client_of(port).get("/v1/actions").status for port in ports]

    assert len(urls) == 5
    assert statuses == [200] * 5


def test_a_taken_port_is_an_error_and_leaves_nothing_running() -> None:
    before = threads()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        port = FakePort(port=number)

        with pytest.raises(OSError, match="address already in use"), port:
            pass

    assert threads() == before
    with port:
        assert port_of(port.base_url) == number


@pytest.mark.parametrize("number", [-1, 65_536, 1_000_000])
def test_a_port_that_there_is_not_is_a_mistake(number: int) -> None:
    with pytest.raises(MisuseError, match=f"{number} is not a port number"):
        FakePort(port=number)


def test_a_foreign_address_is_an_error_and_leaves_nothing_running() -> None:
    before = threads()

    with pytest.raises(OSError, match=r"assign requested address|could not bind"):
        FakePort(host="192.0.2.1").__enter__()

    assert threads() == before


def test_a_server_may_run_on_the_running_loop() -> None:
    before = threads()

    async def story() -> tuple[int, str]:
        async with FakePort() as port:
            url = port.base_url
            answer = await asyncio.to_thread(client_of(port).get, "/v1/actions")
            return answer.status, url

    status, url = asyncio.run(story())

    assert status == 200
    assert is_free(port_of(url))
    assert [name for name in threads() if name == "port-fake"] == [
        name for name in before if name == "port-fake"
    ]


def test_a_taken_port_is_an_error_on_the_running_loop_as_well() -> None:
    async def story(number: int) -> None:
        async with FakePort(port=number):
            pass

    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="address already in use"),
    ):
        asyncio.run(story(taken.getsockname()[1]))


def test_clients_do_not_hold_up_the_end(caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as stack:
        with FakePort() as port:
            token = port.token()
            idle, keeping, half, waiting = (
                stack.enter_context(connected(port.base_url)) for _ in range(4)
            )
            keeping.sendall(request("/v1/actions", bearer=token))
            receive(keeping)
            half.sendall(b"POST /v1/actions HTTP/1.1\r\nHost:")
            waiting.sendall(request("/v1/actions", method="POST", bearer=token, body=b"{}")[:-1])
            client_of(port).get("/v1/actions")
        ends = [sock.recv(1) for sock in (idle, keeping, half, waiting)]

    assert ends == [b"", b"", b"", b""]
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_joining_a_server_leaves_it_running() -> None:
    with FakePortServer() as server:
        with server.organisation() as port:
            assert client_of(port).get("/v1/actions").status == 200

        answer = Client(server.base_url).get("/openapi.json")

    assert answer.status == 200


# Many clients.


def test_many_connections_are_kept_alive_side_by_side(port_fake: FakePort) -> None:
    token = port_fake.token()
    data = request("/v1/actions", bearer=token)

    with ExitStack() as stack:
        socks = [stack.enter_context(connected(port_fake.base_url)) for _ in range(100)]
        for _ in range(3):
            for sock in socks:
                sock.sendall(data)
            statuses = {receive(sock).status for sock in socks}

    assert statuses == {200}
    assert len(port_fake.requests) == 300


def test_commands_and_requests_from_many_threads_do_not_get_in_each_others_way(
    port_fake: FakePort,
) -> None:
    port_fake.add_action("deploy")
    url, token = port_fake.base_url, port_fake.token()

    def over_http(_: int) -> str:
        path, body = "/v1/actions/deploy/runs", b'{"properties":{}}'
        answer = send(url, request(path, method="POST", bearer=token, body=body))
        run_id: str = answer.json["run"]["id"]
        return run_id

    def by_hand(_: int) -> str:
        return port_fake.execute("deploy").id

    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(over_http, range(40)), *pool.map(by_hand, range(40))]

    listed = client_of(port_fake).get("/v1/actions/runs").json["runs"]
    assert len(set(made)) == 80
    assert {run["id"] for run in listed} == set(made)


# What every server answers.


def test_the_document_is_served_as_it_is(port_fake: FakePort) -> None:
    answer = Client(port_fake.base_url).get("/openapi.json")

    assert answer.status == 200
    assert answer.json == json.loads(json.dumps(document(PORT)))
    assert port_fake.requests == []


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v2/actions", "/v1/actions/", "/v1/action"])
def test_an_unknown_route_is_not_found_and_is_told_to_whoever_reads_the_log(
    client: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    answer = client.get(path)

    assert_refused(answer, 404, f"no route GET {path}", "/openapi.json")
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("WARNING", f"the fake does not have GET {path}")
    ]


def test_what_is_merely_not_there_is_no_matter_for_the_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answers = [client.get("/v1/actions/unknown"), client.delete("/v1/actions")]

    assert [answer.status for answer in answers] == [404, 405]
    assert caplog.records == []


def test_every_answer_has_a_trace_of_its_own(client: Client) -> None:
    answers = [client.get(path) for path in ("/v1/actions", "/nowhere", "/v1/actions/unknown")]

    assert len({answer.headers["x-trace-id"] for answer in answers}) == 3


def test_a_page_may_ask_whatever_it_wants(port_fake: FakePort) -> None:
    asked = {
        "Origin": "https://a.example.com",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    answer = SESSION.options(f"{port_fake.base_url}/v1/actions/x", headers=asked, timeout=10)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    methods = answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert {operation.method for operation in PORT.operations} <= set(methods)
    # A star does not stand for this one.
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert "*" in answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert port_fake.requests == []
