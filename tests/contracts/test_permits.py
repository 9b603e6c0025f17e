from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import (
    Free,
    NotPermittedError,
    Permit,
    ReadOnly,
    Request,
    Writing,
)
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import Wire
from port_fake.errors import MisuseError
from tests.support.recording import Recording, recording

EXECUTE = "/v1/actions/deploy/runs"
RUN = "/v1/actions/runs/r_mine"

METHODS = st.sampled_from(
    ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", "post", "TRACE", "PURGE"]
) | st.text(max_size=6)

TARGETS = (
    st.sampled_from(
        [
            *("/v1/auth/access_token", "/v1/auth/access_token?_method=DELETE", "/v1/actions"),
            *("/v1/auth/access_token/", "/v1/auth/access_token/../../blueprints/service"),
            *("//v1/auth/access_token", "/v1//auth/access_token", "/V1/auth/access_token"),
            *("/v1/auth/access%5ftoken", "/v1/auth/access_token%2f..%2f..%2factions"),
            *("/v1/auth/access_token#", "/v1/auth/access_token\r\nX-A: b", "http://other.test/v1"),
            *(EXECUTE, f"{EXECUTE}?run_as=me@example.com", "/v1/actions/deploy2/runs"),
            *("/v1/actions/deploy%2fruns/runs", "/v1/actions/%64eploy/runs", f"{EXECUTE}/x"),
            *(RUN, f"{RUN}/approval", f"{RUN}/logs", f"{RUN}?version=v2", f"{RUN}/extra"),
            *("/v1/actions/runs/r_theirs", "/v1/actions/runs/%72_mine", f"{RUN}/../r_theirs"),
            *("/v1/actions/runs/r_mine%2f..%2fr_theirs", "/v1/actions/runs/..", f"{RUN}#/logs"),
        ]
    )
    | st.from_regex(r"/[ -~]{0,30}", fullmatch=True)
    | st.text(max_size=20)
)

HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("Accept", "Authorization", "Content-Type", "X-HTTP-Method-Override", "Host"),
                *("X-HTTP-Method", "X-Original-URL", "Transfer-Encoding", "Content-Length"),
                *("Connection", "Upgrade", "Expect", "X-Any", "Bad Name", "X-A\r\nX-B"),
            ]
        ),
        st.sampled_from(["DELETE", "chunked", "0", "400", "a\r\nX-Evil: 1", "close", "\u2603", ""]),
    ),
    max_size=2,
)

CONTENTS = st.none() | st.sampled_from(
    [b"", b'{"clientId": "a"}', b"DELETE /v1/blueprints/service HTTP/1.1\r\nHost: x\r\n\r\n"]
)


@pytest.fixture(scope="module")
def server() -> Iterator[Recording]:
    with recording() as running:
        yield running


def writing() -> Writing:
    permit = Writing("deploy")
    made = Request("POST", EXECUTE)
    permit.note(made, status=201, body=b'{"run": {"id": "r_mine"}}')
    return permit


def send_anything(server: Recording, permit: Permit, data: st.DataObject) -> list[str]:
    """Send what is drawn; return what arrived, held against what was asked."""
    server.seen.clear()
    before = server.connections
    wire = Wire(server.url, permit=permit, veil=Veil(), pace=Pace(), timeout_s=5)
    method, target = data.draw(METHODS, label="method"), data.draw(TARGETS, label="target")
    headers, content = data.draw(HEADERS, label="headers"), data.draw(CONTENTS, label="content")
    try:
        wire.send(method, target, headers=headers, content=content)
    except (NotPermittedError, MisuseError):
        assert server.connections == before
        assert server.seen == []
    else:
        assert server.lines == [f"{method} {target}"]
        assert server.seen[0].body == (content or b"")
        assert dict(server.seen[0].headers)["Host"] == server.url.removeprefix("http://")
        assert not {"Transfer-Encoding", "X-Evil", "X-B"} & dict(server.seen[0].headers).keys()
    finally:
        wire.close()
    return server.lines


@given(data=st.data())
def test_whatever_is_tried_only_get_and_the_log_in_leave_a_read_only_process(
    server: Recording, data: st.DataObject
) -> None:
    send_anything(server, ReadOnly(), data)

    assert all(one.is_read_only for one in server.seen)
    assert not any(name.startswith("X-") for one in server.seen for name, _ in one.headers)


WRITES = {
    ("POST", EXECUTE),
    ("PATCH", RUN),
    ("PATCH", f"{RUN}/approval"),
    ("POST", f"{RUN}/logs"),
}


@given(data=st.data())
def test_whatever_is_tried_only_its_own_runs_are_written_to(
    server: Recording, data: st.DataObject
) -> None:
    send_anything(server, writing(), data)

    others = [one for one in server.seen if not one.is_read_only]
    assert {(one.method, one.path) for one in others} <= WRITES


@given(data=st.data())
@settings(max_examples=50)
def test_even_where_all_is_permitted_a_request_is_one_request(
    server: Recording, data: st.DataObject
) -> None:
    assert len(send_anything(server, Free("throwaway"), data)) <= 1


@pytest.mark.parametrize(("method", "path"), sorted(WRITES))
@pytest.mark.parametrize("query", ["", "?version=v2"])
def test_writing_allows_its_action_and_its_runs(method: str, path: str, query: str) -> None:
    assert writing().allows(Request(method, path + query))


@pytest.mark.parametrize(("method", "path"), sorted(WRITES))
def test_read_only_allows_none_of_them(method: str, path: str) -> None:
    with pytest.raises(NotPermittedError, match="was not sent: the mode is read-only"):
        ReadOnly().check(Request(method, path))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", RUN),
        ("PUT", RUN),
        ("POST", RUN),
        ("PATCH", f"{RUN}/logs"),
        ("POST", f"{RUN}/approval"),
        ("PATCH", "/v1/actions/deploy"),
        ("POST", "/v1/actions"),
        ("POST", "/v1/blueprints"),
        ("DELETE", "/v1/actions/runs"),
    ],
)
def test_writing_does_nothing_else_to_them(method: str, path: str) -> None:
    assert not writing().allows(Request(method, path))


@given(st.text(min_size=1, max_size=12))
def test_an_id_that_could_lead_elsewhere_is_remembered_and_never_written_to(run_id: str) -> None:
    permit = Writing("deploy")
    body = json.dumps({"run": {"id": run_id}}).encode()
    permit.note(Request("POST", EXECUTE), status=201, body=body)

    allowed = permit.allows(Request("PATCH", f"/v1/actions/runs/{run_id}"))

    assert permit.made == (run_id,)
    assert not allowed or run_id.isascii()
    assert not allowed or run_id.replace("-", "_").replace("_", "a").isalnum()


@pytest.mark.parametrize("status", [None, 200, 201, 202, 408, 500, 502, 504])
@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"run": 1}', b'{"run": {"id": 3}}', b"<"])
def test_an_execution_without_a_run_in_its_answer_counts_as_lost(
    status: int | None, body: bytes
) -> None:
    permit = Writing("deploy")

    permit.note(Request("POST", EXECUTE), status=status, body=body)

    assert (permit.lost, permit.made) == (1, ())


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 422, 429])
def test_a_refused_execution_made_nothing(status: int) -> None:
    permit = Writing("deploy")

    permit.note(Request("POST", EXECUTE), status=status, body=b'{"run": {"id": "r_1"}}')

    assert (permit.lost, permit.made) == (0, ())


def test_a_run_that_somebody_else_made_is_not_its_own() -> None:
    permit = writing()

    permit.note(Request("GET", "/v1/actions/runs/r_theirs"), status=200, body=b'{"run":{"id":"a"}}')
    permit.note(Request("POST", "/v1/actions/other/runs"), status=201, body=b'{"run":{"id":"b"}}')

    assert permit.made == ("r_mine",)


@pytest.mark.parametrize("action", ["", ".", "..", "../x", "a/b", "a?b", "a b", "a\n", "a%2fb"])
def test_what_is_no_identifier_of_an_action_is_refused(action: str) -> None:
    with pytest.raises(MisuseError, match="no identifier of an action"):
        Writing(action)


@given(st.from_regex(r"(?!\.{1,2}\Z)[A-Za-z0-9@_.+:=-]{1,10}", fullmatch=True))
@settings(max_examples=30)
def test_an_action_is_executed_whatever_it_is_called(server: Recording, action: str) -> None:
    server.seen.clear()
    permit = Writing(action)
    wire = Wire(server.url, permit=permit, veil=Veil(), pace=Pace(), timeout_s=5)

    with suppress(NotPermittedError):
        wire.send("POST", f"/v1/actions/{action}x/runs")
    wire.send("POST", permit.execution)
    wire.close()

    assert server.lines == [f"POST {permit.execution}"]
