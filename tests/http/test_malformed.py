"""What is no proper request gets a proper answer, and the server lives on without a word.

aiohttp answers much of this by itself, before any handler runs; the hooks that make its answers
ours are private to it, and these tests are what watches over them.
"""

from __future__ import annotations

import base64
import gzip
import logging
from collections.abc import Iterator
from typing import Final

import pytest

from port_fake import FakePort
from tests.support.client import ERRORS, client_of
from tests.support.raw import RawAnswer, request, send

RUNS: Final = "/v1/actions/deploy/runs"
LINES: Final = b"Host: port-fake\r\nAuthorization: Bearer TOKEN\r\n"
GET: Final = b"GET /v1/actions HTTP/1.1\r\n" + LINES
POST: Final = b"POST /v1/actions/deploy/runs HTTP/1.1\r\n" + LINES
CHUNKED: Final = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def asking(target: str, *, method: str = "GET") -> bytes:
    return request(target, method=method, bearer="TOKEN")


def posting(body: bytes, *headers: str) -> bytes:
    return request(RUNS, *headers, method="POST", bearer="TOKEN", body=body)


def token_of(*parts: bytes) -> bytes:
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def showing(token: bytes) -> bytes:
    return GET.replace(b"TOKEN", token) + b"\r\n"


UNREADABLE: Final = {
    "bytes that are no text": b"\x00\x01\x02\x03\r\n\r\n",
    "a greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a greeting of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a method in small letters": b"get /v1/actions HTTP/1.1\r\n" + LINES + b"\r\n",
    "a method nobody knows": b"BREW /v1/actions HTTP/1.1\r\n" + LINES + b"\r\n",
    "no method": b"/v1/actions HTTP/1.1\r\n" + LINES + b"\r\n",
    "no target": b"GET  HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target without a slash": b"GET v1/actions HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target that is a star": b"GET * HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target with a blank": b"GET /v1/ac tions HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target with a NUL": b"GET /v1/\x00 HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target with a raw byte": b"GET /v1/\xff HTTP/1.1\r\n" + LINES + b"\r\n",
    "a query with a raw byte": b"GET /v1/actions?a=\xff HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target with an impossible port": b"GET http://a:99999/ HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target with half an address": b"GET http://[::1/ HTTP/1.1\r\n" + LINES + b"\r\n",
    "a target that is too long": asking("/v1/actions?" + "x" * 9_000),
    "a version nobody speaks": b"GET /v1/actions HTTP/3.0\r\n" + LINES + b"\r\n",
    "a version between": b"GET /v1/actions HTTP/1.9\r\n" + LINES + b"\r\n",
    "a version that is no number": b"GET /v1/actions HTTP/x\r\n" + LINES + b"\r\n",
    "another protocol": b"GET /v1/actions SMTP/1.1\r\n" + LINES + b"\r\n",
    "lines that end in LF": GET.replace(b"\r\n", b"\n") + b"\n",
    "no Host": b"GET /v1/actions HTTP/1.1\r\nAccept: */*\r\n\r\n",
    "two Hosts": GET + b"Host: other\r\n\r\n",
    "a header without a colon": GET + b"nonsense\r\n\r\n",
    "a header without a name": GET + b": value\r\n\r\n",
    "a blank in a header's name": GET + b"X Y: z\r\n\r\n",
    "a blank before the colon": GET + b"X : z\r\n\r\n",
    "a folded header": GET + b" folded\r\n\r\n",
    "a NUL in a header": GET + b"X: a\x00b\r\n\r\n",
    "a bare CR in a header": GET + b"X: a\rInjected: b\r\n\r\n",
    "a bare LF in a header": GET + b"X: a\nInjected\r\n\r\n",
    "a header that is too long": GET + b"X: " + b"x" * 9_000 + b"\r\n\r\n",
    "too many headers": GET + b"".join(b"X%d: x\r\n" % n for n in range(5_000)) + b"\r\n",
    "a length below zero": POST + b"Content-Length: -1\r\n\r\n{}",
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "a length that is no number": POST + b"Content-Length: two\r\n\r\n{}",
    "a length in hexadecimal": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "a length beyond all memory": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "the same length twice": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a length and chunks": POST
    + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a transfer nobody knows": POST + b"Transfer-Encoding: magic\r\n\r\n{}",
    "chunks in chunks": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a chunk of no size": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk below zero": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "a chunk that is too short": CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
    "a chunk beyond all memory": CHUNKED + b"f" * 20 + b"\r\n{}\r\n0\r\n\r\n",
    "gzip that is none": posting(b"nothing that was packed", "Content-Encoding: gzip"),
    "half of what was packed": posting(
        gzip.compress(b'{"properties":{}}')[:12], "Content-Encoding: gzip"
    ),
    "deflate that is none": posting(b"nothing that was packed", "Content-Encoding: deflate"),
    "no JSON": posting(b"properties"),
    "JSON that is cut": posting(b'{"properties":{'),
    "JSON and more": posting(b'{"properties":{}}{}'),
    "JSON with a comment": posting(b'{"properties":{}} // done'),
    "JSON with a last comma": posting(b'{"properties":{},}'),
    "JSON in single quotes": posting(b"{'properties':{}}"),
    "blanks": posting(b"  \r\n "),
    "a mark of byte order": posting(b'\xef\xbb\xbf{"properties":{}}'),
    "UTF-16": posting('{"properties":{}}'.encode("utf-16")),
    "Latin-1": posting('{"properties":{"é":1}}'.encode("latin-1")),
    "a text with a bare control character": posting(b'{"properties":{"a":"\n"}}'),
    "half a surrogate pair": posting(b'{"properties":{"a":"\\ud800"}}'),
    "the other half": posting(b'{"properties":{"a":"\\udc00"}}'),
    "a surrogate in UTF-8": posting(b'{"properties":{"a":"\xed\xa0\x80"}}'),
    "NaN": posting(b'{"properties":{"a":NaN}}'),
    "Infinity": posting(b'{"properties":{"a":Infinity}}'),
    "-Infinity": posting(b'{"properties":{"a":-Infinity}}'),
    "1e999": posting(b'{"properties":{"a":1e999}}'),
    "-1e999": posting(b'{"properties":{"a":-1e999}}'),
    "1E+400": posting(b'{"properties":{"a":[1E+400]}}'),
    "0.1e310": posting(b'{"properties":{"a":{"b":0.1e310}}}'),
    "four hundred digits and a fraction": posting(b'{"properties":{"a":' + b"1" * 400 + b".0}}"),
    "ten thousand digits": posting(b'{"properties":{"a":' + b"1" * 10_000 + b"}}"),
    "a leading zero": posting(b'{"properties":{"a":01}}'),
    "a thousand brackets": posting(b'{"properties":{"a":' + b"[" * 1_000 + b"]" * 1_000 + b"}}"),
    "brackets without end": posting(b'{"properties":{"a":' + b"[" * 500_000),
}
"""What cannot be read: 400, all of it."""

REFUSED: Final = {
    "a token of raw bytes": (401, showing(b"\xff\xfe")),
    "a token with a raw byte in it": (401, showing(b"a.\xff.c")),
    "a token of brackets without end": (401, showing(token_of(b"{}", b"[" * 4_000, b"x"))),
    "a token with a head of brackets": (401, showing(token_of(b"[" * 4_000, b"{}", b"x"))),
    "a token with an odd algorithm": (401, showing(token_of(b'{"alg":[1]}', b"{}", b"x"))),
    "a token about nobody": (401, showing(token_of(b'{"alg":"HS256"}', b"[]", b"x"))),
    "a NUL in an identifier": (404, asking("/v1/actions/%00")),
    "bytes that are no UTF-8 in an identifier": (404, asking("/v1/actions/%ff%fe")),
    "a surrogate in an identifier": (404, asking("/v1/actions/%ED%A0%80")),
    "half an escape in an identifier": (404, asking("/v1/actions/%f")),
    "dots for an identifier": (404, asking("/v1/actions/..")),
    "an encoded slash in an identifier": (404, asking("/v1/actions/a%2fb")),
    "no identifier": (404, asking("/v1/actions/")),
    "two slashes": (404, asking("//v1/actions")),
    "a route nobody has": (404, asking("/v2/actions")),
    "a star for all options": (404, asking("*", method="OPTIONS")),
    "a tunnel": (404, asking("a:443", method="CONNECT")),
    "TRACE": (405, asking("/v1/actions", method="TRACE")),
    "DELETE": (405, asking("/v1/actions", method="DELETE")),
    "OPTIONS without a purpose": (405, asking("/v1/actions", method="OPTIONS")),
    "a byte too many": (413, posting(b'{"properties":{}}'.ljust(1024 * 1024 + 1))),
    "far too many bytes": (413, posting(b"x" * (3 * 1024 * 1024))),
    "a byte too many in a chunk": (
        413,
        CHUNKED + b"100001\r\n" + b" " * (1024 * 1024 + 1) + b"\r\n0\r\n\r\n",
    ),
    "a bomb": (
        413,
        posting(gzip.compress(b" " * (8 * 1024 * 1024)), "Content-Encoding: gzip"),
    ),
    "an expectation nobody meets": (417, posting(b"{}", "Expect: magic")),
    "an expectation before the body": (
        417,
        POST + b"Expect: magic\r\nContent-Length: 17\r\n\r\n",
    ),
    "a query that says it twice": (422, asking("/v1/actions/runs?limit=1&limit=2")),
    "a query of nonsense": (422, asking("/v1/actions/runs?&&=&a;b&%=%zz&limit=%00")),
    "no body": (422, posting(b"")),
    "JSON that is no object": (422, posting(b"[]")),
}
"""What can be read and is refused nevertheless."""


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with one action."""
    port_fake.add_action("deploy")
    return port_fake


@pytest.fixture(autouse=True)
def _silence(
    port: FakePort, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    """Afterwards a good request is served as ever, and nobody has complained meanwhile."""
    caplog.set_level(logging.DEBUG, "port_fake")
    yield
    answer = client_of(port).post(RUNS, {"properties": {}})
    assert answer.status == 202
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert not any(each.exc_info for each in caplog.records)
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


def ask(port: FakePort, data: bytes) -> RawAnswer:
    return send(port.base_url, data.replace(b"TOKEN", port.token().encode()))


def assert_envelope(answer: RawAnswer, status: int) -> None:
    assert (answer.status, answer.json["error"]) == (status, ERRORS[status])
    assert answer.json.keys() == {"ok", "error", "message"}
    assert answer.json["ok"] is False
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(answer.headers["x-trace-id"]) == 32
    assert "\n" not in answer.json["message"]


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_is_a_bad_request(port: FakePort, what: str) -> None:
    answer = ask(port, UNREADABLE[what])

    assert_envelope(answer, 400)
    assert port.runs() == []


@pytest.mark.parametrize("what", REFUSED)
def test_what_can_be_read_is_refused_for_what_it_is(port: FakePort, what: str) -> None:
    status, data = REFUSED[what]

    answer = ask(port, data)

    assert_envelope(answer, status)
    assert port.runs() == []


def test_a_refusal_repeats_no_token(port: FakePort, caplog: pytest.LogCaptureFixture) -> None:
    token = port.token()

    answers = [ask(port, GET[:-2] + bad) for bad in (b"\x00\r\n\r\n", b"\n\r\n", b"x" * 9_000)]

    for answer in answers:
        assert_envelope(answer, 400)
        assert token[:40] not in answer.json["message"]
    assert token[:40] not in caplog.text
