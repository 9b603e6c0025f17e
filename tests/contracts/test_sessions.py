from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.core.transport import Response

from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free, NotPermittedError, Permit, ReadOnly
from port_fake.contracts.proxy import Answered
from port_fake.contracts.sessions import ElsewhereError, WireSession
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError, Wire
from tests.contracts.recording import Recording, recording


@pytest.fixture
def server() -> Iterator[Recording]:
    with recording() as server:
        yield server


@contextmanager
def session(url: str, permit: Permit | None = None) -> Iterator[WireSession]:
    wire = Wire(url, permit=permit or Free("test"), veil=Veil(), pace=Pace())
    try:
        yield WireSession(wire)
    finally:
        wire.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_what_is_not_permitted_is_never_sent(server: Recording, method: str) -> None:
    with (
        session(server.url, ReadOnly()) as reading,
        pytest.raises(NotPermittedError, match=f"{method} /v1/actions was not sent"),
    ):
        reading.request(method, f"{server.url}/v1/actions")

    assert server.asked == []


@pytest.mark.parametrize("url", ["http://elsewhere.invalid/v1", "http://127.0.0.1:9/v1"])
def test_another_server_is_never_asked(server: Recording, url: str) -> None:
    with session(server.url) as asking, pytest.raises(ElsewhereError, match="was not asked"):
        asking.get(url)

    assert server.asked == []


def test_a_server_whose_address_only_begins_alike_is_never_asked(server: Recording) -> None:
    with session(server.url[:-1]) as asking, pytest.raises(ElsewhereError):
        asking.get(f"{server.url}/v1/actions")


@settings(max_examples=20)
@given(body=st.binary(min_size=1, max_size=300))
def test_a_body_of_any_bytes_arrives_as_it_is(body: bytes) -> None:
    with recording() as server, session(server.url) as asking:
        asking.post(f"{server.url}/v1/x?a=1&a=2", data=body)

    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("POST", "/v1/x?a=1&a=2", body)


def test_a_redirect_is_an_answer_like_any_other(server: Recording) -> None:
    server.answer = Answered(302, (("Location", "http://elsewhere.invalid/"),))

    with session(server.url) as asking:
        answer = asking.get(f"{server.url}/v1/x", allow_redirects=True)

    assert answer.status_code == 302
    assert len(server.asked) == 1


def test_cookies_and_netrc_take_no_part(server: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answer = Answered(200, (("Set-Cookie", "a=b"),))

    with session(server.url) as asking:
        asking.get(f"{server.url}/v1/x")
        asking.get(f"{server.url}/v1/x")

    assert len(server.asked) == 2
    assert not any(name.lower() == "cookie" for one in server.asked for name, _ in one.headers)


def test_schemathesis_reads_status_headers_and_body(server: Recording) -> None:
    headers = (("Content-Type", "application/json"), ("X-Twice", "one"), ("X-Twice", "two"))
    server.answer = Answered(404, headers, b'{"ok": false}')

    with session(server.url) as asking:
        answer = Response.from_requests(asking.get(f"{server.url}/v1/x"), verify=True)

    assert (answer.status_code, answer.message) == (404, "Not Found")
    assert answer.headers["x-twice"] == ["one, two"]
    assert answer.json() == {"ok": False}
    assert answer.http_version == "1.1"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", "\u00e4".encode("latin-1")])
def test_an_answer_of_any_bytes_can_be_read(server: Recording, body: bytes) -> None:
    server.answer = Answered(200, (), body)

    with session(server.url) as asking:
        answer = asking.get(f"{server.url}/v1/x")

    assert answer.content == body


def test_a_server_that_is_gone_is_unreachable_and_no_fault_of_requests() -> None:
    with session("http://127.0.0.1:9") as asking, pytest.raises(UnreachableError) as caught:
        asking.get("http://127.0.0.1:9/v1/x")

    assert not isinstance(caught.value, requests.RequestException)
