"""What came over HTTP, as a test may look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from port_fake import FakePort
from tests.support.client import Client, client_of
from tests.support.furniture import LEAD
from tests.support.raw import request, send


@pytest.fixture
def port() -> Iterator[FakePort]:
    """An organisation with one action, alone on its server: what nobody owns is kept there."""
    with FakePort() as port:
        port.add_action("deploy", inputs={"env": {"type": "string"}})
        yield port


RUNS = "/v1/actions/deploy/runs"


def test_a_request_is_kept_with_its_answer(port: FakePort) -> None:
    query = {"run_as": LEAD, "x": ["1", "2"], "empty": ""}
    port.add_user(LEAD)

    answer = client_of(port).post(RUNS, {"properties": {"env": "prod"}}, query)

    (kept,) = port.requests
    assert (kept.method, kept.path, kept.status) == ("POST", RUNS, 202)
    assert (kept.operation, kept.caller) == ("execute-self-service-action", port.client_id)
    assert kept.query == "run_as=lea.lead%40example.com&x=1&x=2&empty="
    assert kept.parameters == {"run_as": LEAD, "x": "2", "empty": ""}
    assert kept.json == {"properties": {"env": "prod"}}
    assert kept.answer_json == answer.json
    assert kept.at == datetime(2026, 1, 5, 10, 0, 0, 3000, tzinfo=UTC)
    assert str(kept) == f"POST {RUNS}?{kept.query} -> 202"


def test_a_path_is_kept_decoded(port: FakePort) -> None:
    client_of(port).get("/v1/actions/d%C3%A9ploy%20it")

    (kept,) = port.requests
    assert kept.path == "/v1/actions/déploy it"
    assert port.assert_called("GET", "/v1/actions/déploy it") == [kept]


def test_requests_are_kept_in_order_with_who_asked(port: FakePort) -> None:
    port.add_user(LEAD)

    client_of(port).get("/v1/users")
    client_of(port, LEAD).get("/v1/teams")
    client_of(port).get("/v1/actions/unknown")

    assert [(str(each), each.caller) for each in port.requests] == [
        ("GET /v1/users -> 200", port.client_id),
        ("GET /v1/teams -> 200", port.caller(LEAD).id),
        ("GET /v1/actions/unknown -> 404", port.client_id),
    ]


def test_a_body_that_is_no_json_is_kept_as_it_came(port: FakePort) -> None:
    client_of(port).post(RUNS, b"{\xff")

    (kept,) = port.requests
    assert (kept.body, kept.json, kept.status) == (b"{\xff", None, 400)
    assert kept.answer_json["error"] == "bad_request"


def test_a_body_that_is_too_large_is_not_kept(port: FakePort) -> None:
    client_of(port).post(RUNS, b"x" * (1024 * 1024 + 1))

    (kept,) = port.requests
    assert (kept.status, kept.body) == (413, b"")


def test_commands_are_not_requests(port: FakePort) -> None:
    port.execute("deploy")

    assert port.requests == []


def test_requests_of_nobody_are_nobodys(port: FakePort) -> None:
    Client(port.base_url).get("/v1/actions")
    Client(port.base_url).get("/nowhere")

    assert port.requests == []


def test_a_request_to_an_unknown_route_is_its_callers(port: FakePort) -> None:
    port.add_user("ana@example.com")
    client_of(port, "ana@example.com").post("/nowhere", {"a": 1})
    client_of(port).delete("/v1/organization")

    by_ana, other = port.requests

    assert by_ana.caller == port.caller("ana@example.com").id
    assert (by_ana.operation, by_ana.status, by_ana.json) == (None, 404, {"a": 1})
    assert (other.operation, other.status) == (None, 405)


def test_a_record_is_a_copy(port: FakePort) -> None:
    client_of(port).get("/v1/users")

    port.requests.clear()

    assert len(port.requests) == 1


# Asking what has been called.


def test_calls_are_found_by_what_they_contain(port: FakePort) -> None:
    client = client_of(port)
    client.post(RUNS, {"properties": {"env": "prod"}}, {"x": "1", "y": "2"})
    client.post(RUNS, {"properties": {"env": "test"}})
    one, two = port.requests

    assert port.assert_called("POST", RUNS) == [one, two]
    assert port.assert_called("post", RUNS, json={"properties": {"env": "test"}}) == [two]
    assert port.assert_called("POST", RUNS, json={"properties": {}}, times=2) == [one, two]
    assert port.assert_called("POST", RUNS, query={"y": "2"}) == [one]
    assert port.assert_called("POST", RUNS, status=202, times=2) == [one, two]
    assert port.assert_called("DELETE", RUNS, times=0) == []


def test_the_nearest_miss_is_explained(port: FakePort) -> None:
    client = client_of(port)
    client.get("/v1/users")
    client.post(RUNS, {"properties": {"env": "test"}}, {"x": "1"})

    with pytest.raises(AssertionError) as failure:
        port.assert_called(
            "POST",
            RUNS,
            json={"properties": {"env": "prod"}, "entity": "cart"},
            query={"x": "2", "y": "3"},
            status=422,
        )

    assert str(failure.value).splitlines() == [
        f"expected POST {RUNS}, it was not called",
        f"the nearest request was POST {RUNS}?x=1 -> 202:",
        "  - status is 202, not 422",
        "  - query.x is '1', not '2'",
        "  - query.y is missing, not '3'",
        "  - body.properties.env is 'test', not 'prod'",
        "  - body.entity is missing, not 'cart'",
        "all requests:",
        "  GET /v1/users -> 200",
        f"  POST {RUNS}?x=1 -> 202",
    ]


def test_a_wrong_method_and_a_wrong_path_are_misses_as_well(port: FakePort) -> None:
    client_of(port).get("/v1/users")

    with pytest.raises(AssertionError) as failure:
        port.assert_called("POST", "/v1/teams")

    assert "  - method is GET, not POST\n  - path is /v1/users, not /v1/teams" in str(failure.value)


@pytest.mark.parametrize("times", [0, 2])
def test_a_wrong_number_of_calls_is_told(port: FakePort, times: int) -> None:
    client_of(port).get("/v1/users")

    with pytest.raises(AssertionError) as failure:
        port.assert_called("GET", "/v1/users", times=times)

    assert str(failure.value).splitlines() == [
        f"expected GET /v1/users {times} times, got it 1 times",
        "all requests:",
        "  GET /v1/users -> 200",
    ]


def test_no_call_at_all_is_told(port: FakePort) -> None:
    with pytest.raises(AssertionError) as failure:
        port.assert_called("GET", "/v1/users")

    assert str(failure.value).splitlines() == [
        "expected GET /v1/users, it was not called",
        "no request has come at all",
    ]


def test_calls_without_a_token_and_to_unknown_routes_are_told(port: FakePort) -> None:
    Client(port.base_url).get("/v1/users")
    send(port.base_url, request("/v2/users"))

    with pytest.raises(AssertionError) as failure:
        port.assert_called("GET", "/v1/users")

    assert str(failure.value).splitlines() == [
        "expected GET /v1/users, it was not called",
        "requests without a valid token, or to unknown routes:",
        "  GET /v1/users -> 401",
        "  GET /v2/users -> 404",
    ]
