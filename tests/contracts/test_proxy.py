from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake import FakePort
from port_fake.contracts.proxy import Answered, Asked, Forward, Proxy, UnreachableError, refused
from port_fake.delivery.receiver import Arrival, Receiver, ScriptedAnswer
from port_fake.errors import MisuseError
from tests.support.raw import request, send

NOBODY = "http://127.0.0.1:9"


async def mirror(asked: Asked, _: Forward) -> Answered:
    """Answer what was asked, as it came."""
    seen = {
        "method": asked.method,
        "target": asked.target,
        "headers": asked.headers,
        "body": asked.body.hex(),
    }
    return Answered(200, (("Content-Type", "application/json"),), json.dumps(seen).encode())


@pytest.fixture(scope="module")
def mirrored() -> Iterator[Proxy]:
    """A proxy before a server that answers what it was asked."""
    with Proxy(NOBODY, between=mirror) as upstream, Proxy(upstream.base_url) as proxy:
        yield proxy


def test_the_fake_behind_it_answers_as_without_it(port_fake: FakePort) -> None:
    with Proxy(port_fake.base_url) as proxy:
        headers = {"Authorization": f"Bearer {port_fake.token()}"}
        got = requests.get(f"{proxy.base_url}/v1/actions", headers=headers, timeout=10)
        straight = requests.get(f"{port_fake.base_url}/v1/actions", headers=headers, timeout=10)

    assert (got.status_code, got.json()) == (200, straight.json())
    assert "x-ratelimit-limit" in got.headers


@settings(max_examples=30)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"]),
    target=st.from_regex(
        r"/[A-Za-z0-9%._~:/+@-]{0,30}(\?[a-z0-9%&=\[\]+./:-]{1,30})?", fullmatch=True
    ),
    body=st.binary(max_size=200),
)
def test_method_target_and_body_arrive_as_they_were_sent(
    mirrored: Proxy, method: str, target: str, body: bytes
) -> None:
    answer = send(mirrored.base_url, request(target, "Accept: */*", method=method, body=body))

    assert answer.status == 200
    seen = answer.json
    assert (seen["method"], seen["target"], seen["body"]) == (method, target, body.hex())


def test_a_body_of_several_megabytes_passes(mirrored: Proxy) -> None:
    body = b"0123456789abcdef" * 200_000

    answer = requests.post(f"{mirrored.base_url}/v1/actions", data=body, timeout=10)

    assert answer.json()["body"] == body.hex()


def test_an_encoded_body_is_not_touched(mirrored: Proxy) -> None:
    body = zlib.compress(b'{"identifier": "deploy"}')

    answer = requests.post(
        mirrored.base_url, data=body, headers={"Content-Encoding": "deflate"}, timeout=10
    )

    assert answer.json()["body"] == body.hex()
    assert ["Content-Encoding", "deflate"] in answer.json()["headers"]


def test_headers_pass_but_for_those_of_the_connection(mirrored: Proxy) -> None:
    raw = request("/", "X-Own: 1", "X-Own: 2", "X-Hop: 3", "Connection: X-Hop", "TE: trailers")

    names = [tuple(pair) for pair in send(mirrored.base_url, raw).json["headers"]]

    assert ("X-Own", "1") in names
    assert ("X-Own", "2") in names
    assert not {"x-hop", "te", "connection", "host"} & {name.lower() for name, _ in names}


def test_upstream_is_called_by_its_own_name_and_its_redirects_are_handed_back() -> None:
    hosts = []

    def take(arrival: Arrival) -> None:
        hosts.append(arrival.headers["Host"])
        arrival.give(ScriptedAnswer.of(302, headers={"Location": "/elsewhere"}))

    upstream = Receiver(take)
    try:
        with Proxy(upstream.url) as proxy:
            answer = requests.get(f"{proxy.base_url}/v1/x", allow_redirects=False, timeout=10)
    finally:
        upstream.end()

    assert (answer.status_code, answer.headers["Location"]) == (302, "/elsewhere")
    assert hosts == [upstream.url.removeprefix("http://")]


def test_an_encoded_answer_is_decoded_and_says_so() -> None:
    async def packed(_: Asked, __: Forward) -> Answered:
        return Answered(200, (("Content-Encoding", "deflate"),), zlib.compress(b"plain"))

    with Proxy(NOBODY, between=packed) as upstream, Proxy(upstream.base_url) as proxy:
        answer = requests.get(proxy.base_url, timeout=10)

    assert answer.content == b"plain"
    assert "Content-Encoding" not in answer.headers


def test_what_stands_between_may_alter_ask_again_and_not_ask(port_fake: FakePort) -> None:
    async def between(asked: Asked, forward: Forward) -> Answered:
        if asked.target == "/v1/never":
            return refused(418, "teapot", "not asked")
        answered = [await forward(replace(asked, target="/v1/nowhere")) for _ in range(2)]
        return replace(answered[1], status=answered[0].status + 5)

    with Proxy(port_fake.base_url, between=between) as proxy:
        before = port_fake.api.strangers.count
        never = requests.get(f"{proxy.base_url}/v1/never", timeout=10)
        twice = requests.get(f"{proxy.base_url}/v1/actions", timeout=10)

    assert (never.status_code, never.json()["error"]) == (418, "teapot")
    assert twice.status_code == 409
    assert port_fake.api.strangers.count - before == 2


def test_an_upstream_that_cannot_be_reached_is_named() -> None:
    with Proxy(NOBODY) as proxy:
        answer = requests.get(f"{proxy.base_url}/v1/actions", timeout=10)

    assert (answer.status_code, answer.json()["ok"]) == (502, False)
    assert NOBODY in answer.json()["message"]


def test_what_stands_between_hears_of_an_upstream_that_is_gone() -> None:
    async def between(asked: Asked, forward: Forward) -> Answered:
        try:
            return await forward(asked)
        except UnreachableError as error:
            return Answered(200, (), str(error).encode())

    with Proxy(NOBODY, between=between) as proxy:
        assert NOBODY in requests.get(proxy.base_url, timeout=10).text


@pytest.mark.filterwarnings("default")
def test_a_failure_in_between_is_answered_and_the_proxy_goes_on() -> None:
    failures = iter([ZeroDivisionError("secret of the mutant")])

    async def between(asked: Asked, forward: Forward) -> Answered:
        for failure in failures:
            raise failure
        return await mirror(asked, forward)

    with Proxy(NOBODY, between=between) as proxy:
        failed = requests.get(proxy.base_url, timeout=10)
        again = requests.get(proxy.base_url, timeout=10)

    assert (failed.status_code, again.status_code) == (500, 200)
    assert "secret of the mutant" not in failed.text


def test_a_port_that_is_taken_is_said_at_the_start() -> None:
    with Proxy(NOBODY) as first:
        port = int(first.base_url.rpartition(":")[2])

        with pytest.raises(OSError, match="address already in use"):
            Proxy(NOBODY, port=port).start()


@pytest.mark.parametrize(
    "url", ["", "api.getport.io", "ftp://x", "http://", "http://me:pass@x", "http://x/?a=1"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(MisuseError, match="without user and query"):
        Proxy(url)


def test_it_has_an_address_only_while_it_runs() -> None:
    proxy = Proxy(NOBODY)
    with proxy:
        assert proxy.base_url.startswith("http://127.0.0.1:")

    with pytest.raises(MisuseError, match="not running"):
        _ = proxy.base_url
