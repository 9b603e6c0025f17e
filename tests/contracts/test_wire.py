from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from port_fake.contracts.pace import Clock, Pace, TimeIsUpError
from port_fake.contracts.permits import Free, Writing
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import KEPT, KEPT_CHARACTERS, UnreachableError, Wire
from port_fake.delivery.receiver import ScriptedAnswer
from tests.support.recording import Seen, fine, log_in_answer, recording, run_answer

LOG_IN = "/v1/auth/access_token"
TOKEN = "eyJhbGciOi.eyJvcmdJZCI.c2lnbmF0dXJl"  # noqa: S105 - it opens nothing


@contextmanager
def wire_to(url: str, *, pace: Pace | None = None, timeout_s: float = 5) -> Iterator[Wire]:
    """Open a wire on which all may be sent."""
    wire = Wire(url, permit=Free("fake"), veil=Veil(), pace=pace or Pace(), timeout_s=timeout_s)
    try:
        yield wire
    finally:
        wire.close()


@contextmanager
def answering(*answers: bytes, close: bool = True) -> Iterator[str]:
    """Answer one request on each connection with these bytes, whatever they are."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                for answer in answers:
                    taken, _ = server.accept()
                    with taken:
                        taken.recv(65536)
                        taken.sendall(answer)
                        if not close:
                            taken.recv(1)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_nobody_follows_it(status: int) -> None:
    with recording() as elsewhere:

        def lead_away(_: Seen) -> ScriptedAnswer:
            return ScriptedAnswer.of(status, headers={"Location": f"{elsewhere.url}/v1/actions"})

        with recording(lead_away) as server, wire_to(server.url) as wire:
            reply = wire.send("GET", "/v1/actions", headers={"Authorization": "Bearer x"})

        assert (reply.status, len(server.seen)) == (status, 1)
        assert elsewhere.connections == 0


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"])
def test_proxies_of_the_environment_see_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with recording() as proxy, recording() as server, wire_to(server.url) as wire:
        monkeypatch.setenv(name, proxy.url)
        wire.send("GET", "/v1/actions")

        assert (proxy.connections, server.lines) == (0, ["GET /v1/actions"])


def test_a_path_before_the_api_is_kept() -> None:
    with recording() as server, wire_to(f"{server.url}/behind/a/gate/") as wire:
        wire.send("GET", "/v1/actions?version=v2")

        assert server.lines == ["GET /behind/a/gate/v1/actions?version=v2"]


def test_what_is_sent_is_framed_by_the_wire_alone() -> None:
    headers = [
        *(("Host", "other.test"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked")),
        *(("Connection", "close"), ("Expect", "100-continue"), ("X-Own", "1"), ("X-Own", "2")),
    ]
    with recording() as server, wire_to(server.url) as wire:
        for _ in range(2):
            wire.send("POST", "/v1/actions", headers=headers, content=b"GET /x HTTP/1.1\r\n\r\n")

        assert server.connections == 1
        assert server.lines == ["POST /v1/actions"] * 2
        assert server.seen[0].headers == (
            ("Host", server.url.removeprefix("http://")),
            ("User-Agent", "port-fake-contracts"),
            ("Content-Length", "19"),
            ("X-Own", "1"),
            ("X-Own", "2"),
        )


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_a_host_may_be_an_address_of_ipv6() -> None:
    wire = Wire("http://[::1]", permit=Free("fake"), veil=Veil(), pace=Pace())

    connection = wire._connection()  # noqa: SLF001 - port 80 is not ours to listen on

    assert (connection.host, connection.port) == ("::1", 80)


# -- what goes wrong


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"HTTP/1.1", b"nonsense\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\xff\xfe\r\n\r\n"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_none_is_told_and_the_next_one_is_read(answer: bytes) -> None:
    well = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with answering(answer, well) as url, wire_to(url) as wire:
        with pytest.raises(UnreachableError, match=r"GET /v1/actions was not answered: ."):
            wire.send("GET", "/v1/actions")
        reply = wire.send("GET", "/v1/actions")

    assert (reply.status, reply.content) == (200, b"{}")
    assert [one.status for one in wire.evidence] == [None, 200]


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\n\r\n", b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
            b"abc",
        ),
    ],
)
def test_an_answer_is_read_to_its_end_whatever_marks_it(answer: bytes, body: bytes) -> None:
    with answering(answer) as url, wire_to(url) as wire:
        assert wire.send("GET", "/v1/actions").content == body


def test_headers_that_come_twice_are_joined() -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 0\r\n\r\n"

    with answering(answer) as url, wire_to(url) as wire:
        assert wire.send("GET", "/v1/actions").headers["x-one"] == "1, 2"


def test_nobody_at_the_address_is_told_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with (
        wire_to(f"http://127.0.0.1:{port}") as wire,
        pytest.raises(UnreachableError, match="refused"),
    ):
        wire.send("GET", "/v1/actions")


def test_a_target_that_never_ends_its_answer_is_not_waited_for() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"

    with (
        answering(endless, close=False) as url,
        wire_to(url, timeout_s=0.05) as wire,
        pytest.raises(UnreachableError, match="timed out"),
    ):
        wire.send("GET", "/v1/actions")


def test_a_target_that_drips_is_not_waited_for() -> None:
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            taken, _ = server.accept()
            with taken, suppress(OSError):
                taken.recv(65536)
                taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not over.wait(0.01):
                    taken.sendall(b".")

        thread = Thread(target=drip, daemon=True)
        thread.start()
        with (
            wire_to(f"http://127.0.0.1:{server.getsockname()[1]}", timeout_s=0.1) as wire,
            pytest.raises(UnreachableError, match="did not end in time"),
        ):
            wire.send("GET", "/v1/actions")
        over.set()
        thread.join()


def test_a_kept_connection_that_ended_is_opened_again() -> None:
    def answer(_: Seen) -> ScriptedAnswer:
        return ScriptedAnswer.of(200, headers={"Connection": "close"})

    with recording(answer) as server, wire_to(server.url) as wire:
        replies = [wire.send("POST", "/v1/actions").status for _ in range(3)]

        assert (replies, server.connections) == ([200] * 3, 3)


def dropping_second() -> Iterator[ScriptedAnswer]:
    yield ScriptedAnswer.of(200)
    yield ScriptedAnswer.of(200, drop=True)
    while True:
        yield ScriptedAnswer.of(200)


@pytest.mark.parametrize(("method", "times"), [("GET", 3), ("POST", 2), ("PATCH", 2)])
def test_only_what_does_no_harm_twice_is_sent_again_when_a_kept_connection_breaks(
    method: str, times: int
) -> None:
    answers = dropping_second()
    with recording(lambda _: next(answers)) as server, wire_to(server.url) as wire:
        wire.send("GET", "/v1/actions")
        with suppress(UnreachableError):
            wire.send(method, "/v1/actions")

        assert len(server.seen) == times


def test_a_first_connection_that_breaks_is_not_tried_again() -> None:
    def drop(_: Seen) -> ScriptedAnswer:
        return ScriptedAnswer.of(200, drop=True)

    with recording(drop) as server, wire_to(server.url) as wire:
        with pytest.raises(UnreachableError):
            wire.send("GET", "/v1/actions")

        assert len(server.seen) == 1


def test_an_interrupted_request_does_not_spoil_the_next_one() -> None:
    interrupts = iter([True])

    def answer(_: Seen) -> ScriptedAnswer:
        if next(interrupts, False):
            os.kill(os.getpid(), signal.SIGINT)
            return ScriptedAnswer.of(200, json="late", delay_s=0.2)
        return ScriptedAnswer.of(200, json="right")

    with recording(answer) as server, wire_to(server.url) as wire:
        with pytest.raises(KeyboardInterrupt):
            wire.send("GET", "/v1/actions")

        assert wire.send("GET", "/v1/actions").json == "right"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_execution_is_waited_for_even_when_the_process_is_to_end(number: int) -> None:
    ended = []
    before = signal.signal(number, lambda *_: ended.append(number))
    permit = Writing("deploy")

    def answer(_: Seen) -> ScriptedAnswer:
        os.kill(os.getpid(), number)
        assert not ended
        return run_answer("r_1")

    try:
        with recording(answer) as server:
            wire = Wire(server.url, permit=permit, veil=Veil(), pace=Pace(), timeout_s=5)
            wire.send("POST", permit.execution)
            wire.close()
    finally:
        signal.signal(number, before)

    assert permit.made == ("r_1",)
    assert ended == [number]


# -- pace


def test_a_busy_target_is_asked_again_and_every_try_is_evidence() -> None:
    waits: list[float] = []
    answers = iter([ScriptedAnswer.of(429, headers={"Retry-After": "3"}), ScriptedAnswer.of(200)])
    now = [0.0]

    def wait(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(clock=Clock(now=lambda: now[0], wait=wait))
    with recording(lambda _: next(answers)) as server, wire_to(server.url, pace=pace) as wire:
        reply = wire.send("POST", "/v1/actions", content=b"{}")

        assert (reply.status, waits) == (200, [3.0])
        assert server.lines == ["POST /v1/actions"] * 2
        assert [one.status for one in wire.evidence] == [429, 200]


def test_nothing_is_sent_when_the_time_is_up() -> None:
    with recording() as server, wire_to(server.url, pace=Pace(until=1.0)) as wire:
        with pytest.raises(TimeIsUpError):
            wire.send("GET", "/v1/actions")

        assert server.connections == 0


# -- evidence


def test_evidence_is_the_last_exchanges_without_secrets_that_became_known_later() -> None:
    answers = iter([fine(Seen("", "", (), b"")), log_in_answer("not-a-jwt-but-a-token")])
    with recording(lambda _: next(answers)) as server, wire_to(server.url) as wire:
        wire.send("GET", "/v1/x?token=not-a-jwt-but-a-token", headers={"A": "b"})
        wire.send("POST", LOG_IN, content=b'{"x": "not-a-jwt-but-a-token"}')

        first, last = wire.evidence

    assert (first.method, first.path, first.status) == ("GET", "/v1/x?token=***", 200)
    assert (last.path, last.sent) == (LOG_IN, '{"x": "***"}')
    assert json.loads(last.got)["accessToken"] == "***"


def test_evidence_is_bounded_and_can_be_forgotten() -> None:
    with recording() as server, wire_to(server.url) as wire:
        for number in range(KEPT + 5):
            wire.send("GET", f"/v1/{number}", content=b"x" * (KEPT_CHARACTERS + 1))

        assert [one.path for one in wire.evidence] == [f"/v1/{5 + one}" for one in range(KEPT)]
        assert {len(one.sent) for one in wire.evidence} == {KEPT_CHARACTERS + 3}
        wire.begin()
        assert wire.evidence == ()


def test_a_secret_where_a_body_is_cut_is_not_evidence() -> None:
    secret = "0123456789abcdefghij"  # noqa: S105 - it opens nothing

    def answer(_: Seen) -> ScriptedAnswer:
        return ScriptedAnswer.of(200, body="x" * (KEPT_CHARACTERS - 10) + secret)

    with recording(answer) as server, wire_to(server.url) as wire:
        wire.veil.learn(secret)
        wire.send("GET", "/v1/actions")

        assert wire.evidence[0].got.endswith("x***...")


def test_an_error_text_holds_no_secret() -> None:
    with answering(b"") as url, wire_to(url) as wire:
        wire.veil.learn("a-secret-in-a-query")
        with pytest.raises(UnreachableError, match=r"GET /v1/x\?a=\*\*\* was not answered"):
            wire.send("GET", "/v1/x?a=a-secret-in-a-query")


def test_threads_have_connections_of_their_own() -> None:
    with recording() as server, wire_to(server.url) as wire:
        statuses: list[int] = []

        def ask() -> None:
            statuses.extend(wire.send("GET", "/v1/actions").status for _ in range(10))

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert statuses == [200] * 40
        assert server.connections == 4
