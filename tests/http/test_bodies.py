"""Bodies that are large, deep, packed, slow or never arrive."""

from __future__ import annotations

import gzip
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any, Final

import pytest

from port_fake import FakePort
from port_fake.http import server
from tests.support.client import Client, assert_refused, client_of
from tests.support.raw import RawAnswer, connected, receive, request, send

MEBIBYTE: Final = 1024 * 1024
RUNS: Final = "/v1/actions/deploy/runs"
HUGE: Final = int("1234567890" * 40)


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with one action, whose inputs may be anything."""
    kinds = {"text": "string", "number": "number", "tree": "object"}
    port_fake.add_action("deploy", inputs={name: {"type": kind} for name, kind in kinds.items()})
    return port_fake


@pytest.fixture(autouse=True)
def _silence(port: FakePort, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is worth a warning, and the server lives."""
    yield
    assert client_of(port).get("/v1/actions").status == 200
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def posting(port: FakePort, body: bytes, *headers: str) -> bytes:
    return request(RUNS, *headers, method="POST", bearer=port.token(), body=body)


# Large.


@pytest.mark.parametrize(("size", "status"), [(MEBIBYTE, 202), (MEBIBYTE + 1, 413)])
def test_a_body_of_one_mebibyte_is_taken_and_not_a_byte_more(
    port: FakePort, size: int, status: int
) -> None:
    empty = len(b'{"properties":{"text":""}}')
    body = b'{"properties":{"text":"' + b"x" * (size - empty) + b'"}}'

    answer = client_of(port).post(RUNS, body)

    assert len(body) == size
    assert answer.status == status
    assert len(port.runs()) == (1 if status == 202 else 0)


def test_without_a_token_the_size_of_a_body_does_not_matter(port: FakePort) -> None:
    answer = Client(port.base_url).post(RUNS, b"x" * (MEBIBYTE + 1))

    assert_refused(answer, 401)


def test_what_was_packed_is_measured_unpacked(port: FakePort) -> None:
    small = gzip.compress(b'{"properties":{}}')
    bomb = gzip.compress(b'{"properties":{' + b" " * MEBIBYTE + b"}}")

    answers = [
        send(port.base_url, posting(port, body, "Content-Encoding: gzip")) for body in (small, bomb)
    ]

    assert [answer.status for answer in answers] == [202, 413]


# Deep, and huge.


def nested(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(depth):
        tree = {"a": tree}
    return tree


@pytest.mark.parametrize("depth", [100, 180, 190, 195, 196, 197, 198, 199, 200, 250, 300])
def test_what_is_not_too_deep_to_read_is_not_too_deep_to_answer(port: FakePort, depth: int) -> None:
    client, tree = client_of(port), nested(depth)

    answer = client.post(RUNS, {"properties": {"tree": tree}})

    assert answer.status in {202, 400}
    if answer.status == 202:
        path = f"/v1/actions/runs/{answer.json['run']['id']}"
        for version in ("v1", "v2"):
            run = client.get(path, {"version": version}).json["run"]
            assert run["properties"] == {"tree": tree}


@pytest.mark.parametrize("depth", [150, 190, 195, 200])
def test_deep_documents_are_stored_or_refused_wherever_they_are_sent(
    port: FakePort, depth: int
) -> None:
    port.add_blueprint("service", properties={"tree": {"type": "object"}})
    client, tree = client_of(port), nested(depth)
    trigger = {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {"a": {"type": "object", "properties": tree}}},
    }
    method = {"type": "KAFKA", "payload": tree}
    group: dict[str, Any] = {"combinator": "and", "rules": []}
    for _ in range(depth // 2):
        group = {"combinator": "and", "rules": [group]}

    statuses = {
        client.post("/v1/blueprints/service/entities", {"properties": {"tree": tree}}).status,
        client.post("/v1/blueprints/service/entities", {"identifier": group}).status,
        client.post(
            "/v1/actions", {"identifier": "a", "trigger": trigger, "invocationMethod": method}
        ).status,
        client.patch("/v1/organization", {"settings": tree}).status,
        client.put("/v1/blueprints/service/actions", {"actions": [tree]}).status,
        client.patch(f"/v1/actions/runs/{port.execute('deploy').id}", {"message": tree}).status,
    }

    assert statuses <= {200, 201, 400, 409, 422}


@pytest.mark.parametrize("number", [HUGE, -HUGE, 2**63, 2**64, 10**4000, 0.1, 1e308, -0.0])
def test_a_number_comes_back_as_it_went(port: FakePort, number: float) -> None:
    client = client_of(port)

    answer = client.post(RUNS, {"properties": {"number": number, "tree": {"deep": [number]}}})

    run = answer.json["run"]
    assert answer.status == 202
    assert run["properties"] == run["rawProperties"]
    assert run["properties"] == {"number": number, "tree": {"deep": [number]}}


def test_a_huge_number_may_stand_in_any_document(port: FakePort) -> None:
    client = client_of(port)
    rules = {"type": "number", "maximum": HUGE, "default": HUGE}
    trigger = {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {"a": rules}},
    }
    action = {"identifier": "a", "trigger": trigger, "invocationMethod": {"type": "KAFKA"}}
    blueprint = {"identifier": "b", "title": "B", "schema": {"properties": {"n": rules}}}

    answers = [
        client.post("/v1/actions", action),
        client.post("/v1/actions/a/runs", {"properties": {}}),
        client.post("/v1/blueprints", blueprint),
        client.post("/v1/blueprints/b/entities", {"properties": {"n": HUGE - 1}}),
    ]

    assert [answer.status for answer in answers] == [201, 202, 201, 201]
    assert answers[1].json["run"]["properties"] == {"a": HUGE}
    assert answers[3].json["entity"]["properties"] == {"n": HUGE - 1}


@pytest.mark.parametrize("text", ["", "\x00", "\u2028", "é", "🚀", "\ufeff", "\uffff", '"\\/'])
def test_a_text_comes_back_as_it_went(port: FakePort, text: str) -> None:
    answer = client_of(port).post(RUNS, {"properties": {"text": text}})

    assert answer.json["run"]["properties"] == {"text": text}


# In pieces.


def test_a_body_may_come_in_chunks(port: FakePort) -> None:
    head = request(RUNS, "Transfer-Encoding: chunked", method="POST", bearer=port.token())

    answer = send(port.base_url, head + b'5\r\n{"pro\r\nC\r\nperties":{}}\r\n0\r\n\r\n')

    assert answer.status == 202


def test_a_body_may_come_byte_by_byte(port: FakePort) -> None:
    data = posting(port, b'{"properties":{}}')

    with connected(port.base_url) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for index in range(len(data)):
            sock.sendall(data[index : index + 1])
        answer = receive(sock)

    assert answer.status == 202


def test_a_body_may_wait_for_leave_to_come(port: FakePort) -> None:
    body = b'{"properties":{}}'
    data = posting(port, body, "Expect: 100-continue").removesuffix(body)

    with connected(port.base_url) as sock:
        sock.sendall(data)
        leave = sock.recv(len(b"HTTP/1.1 100 Continue\r\n\r\n"))
        sock.sendall(body)
        answer = receive(sock)

    assert leave == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.status == 202


def test_a_chunk_may_turn_out_bad_after_the_others(port: FakePort) -> None:
    head = request(RUNS, "Transfer-Encoding: chunked", method="POST", bearer=port.token())

    with connected(port.base_url) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(head + b"2\r\n{}\r\n")
        ask_something_else(port)
        sock.sendall(b"zz\r\n")
        answer = receive(sock)

    assert (answer.status, answer.json["error"]) == (400, "bad_request")


def ask_something_else(port: FakePort) -> RawAnswer:
    """Wait until the server has read what was sent before, without sleeping."""
    return send(port.base_url, request("/openapi.json"))


def test_a_body_that_does_not_come_is_not_waited_for_for_ever(
    port: FakePort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "BODY_TIMEOUT_S", 0.01)
    data = posting(port, b'{"properties":{}}')

    answer = send(port.base_url, data[:-1])

    assert (answer.status, answer.json["error"]) == (400, "bad_request")
    assert "in time" in answer.json["message"]


@pytest.mark.parametrize("cut", [-1, -10, -17, -40])
def test_a_client_that_leaves_in_the_middle_leaves_no_trace(port: FakePort, cut: int) -> None:
    data = posting(port, b'{"properties":{}}')

    with connected(port.base_url) as sock:
        sock.sendall(data[:cut])
        ask_something_else(port)
    ask_something_else(port)

    assert port.runs() == []
    assert port.requests == []


def test_a_client_that_breaks_off_leaves_no_trace(port: FakePort) -> None:
    data = posting(port, b'{"properties":{}}')

    with connected(port.base_url) as sock:
        sock.sendall(data[:-3])
        ask_something_else(port)
        # No farewell but a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    ask_something_else(port)

    assert port.runs() == []
    assert port.requests == []


def test_a_client_that_does_not_wait_for_the_answer_has_asked_nevertheless(
    port: FakePort,
) -> None:
    with connected(port.base_url) as sock:
        sock.sendall(posting(port, b'{"properties":{}}'))
        ask_something_else(port)

    assert [run.status for run in port.runs()] == ["IN_PROGRESS"]


# One after the other on one connection.


def test_requests_are_answered_in_the_order_in_which_they_were_written(port: FakePort) -> None:
    token = port.token()
    targets = ["/v1/actions/deploy", "/v1/actions/unknown", "/v1/users"]

    with connected(port.base_url) as sock:
        sock.sendall(b"".join(request(target, bearer=token) for target in targets))
        sock.sendall(posting(port, json.dumps({"properties": {}}).encode()))
        answers = [receive(sock) for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 404, 200, 202]
    assert answers[2].json.keys() == {"ok", "users"}


def test_a_refusal_does_not_end_the_connection(port: FakePort) -> None:
    too_large = posting(port, b"x" * (MEBIBYTE + 1))
    statuses = []

    with connected(port.base_url) as sock:
        for data in (
            posting(port, b"{"),
            posting(port, b"{}"),
            too_large,
            posting(port, b'{"properties":{}}'),
        ):
            sock.sendall(data)
            statuses.append(receive(sock).status)

    assert statuses == [400, 422, 413, 202]


def test_an_answer_to_head_has_no_body(port: FakePort) -> None:
    with connected(port.base_url) as sock:
        sock.sendall(request("/v1/actions", method="HEAD", bearer=port.token()))
        head = sock.recv(65_536)
        sock.sendall(request("/v1/actions", bearer=port.token()))
        answer = receive(sock)

    assert head.startswith(b"HTTP/1.1 405 ")
    assert head.endswith(b"\r\n\r\n")
    assert answer.status == 200
