"""Looking at runs and requests, and what a failed `assert_called` says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import pytest
import requests

from port_fake import Exchange, FakePort, MisuseError, RefusedError

RUNS: Final = "/v1/actions/runs"


@pytest.fixture
def port() -> Iterator[FakePort]:
    """A running fake with an action."""
    with FakePort() as fake:
        fake.add_action("deploy", inputs={"env": {"type": "string"}})
        yield fake


def send(port: FakePort, method: str, path: str, **options: Any) -> requests.Response:
    """Send a request with the organisation's token, or with the given one."""
    headers = {"Authorization": f"Bearer {options.pop('token', None) or port.token()}"}
    return requests.request(
        method, f"{port.base_url}{path}", headers=headers, timeout=10, **options
    )


def failure(port: FakePort, method: str, path: str, **wanted: Any) -> list[str]:
    """Return the lines with which an assertion fails."""
    with pytest.raises(AssertionError) as failed:
        port.assert_called(method, path, **wanted)
    return str(failed.value).splitlines()


def test_runs_are_listed_newest_first_and_filtered_as_port_filters(port: FakePort) -> None:
    port.add_action("release", approval=True)
    first, second = port.execute("deploy"), port.execute("release")
    third = port.complete(port.execute("deploy"))

    assert port.runs() == [third, second, first]
    assert port.runs(action="deploy") == [third, first]
    assert port.runs(action="deploy", active=True) == [first]
    assert port.runs(limit=1) == [third]
    assert port.runs(source=["UI"]) == []


def test_a_filter_that_port_refuses_is_refused(port: FakePort) -> None:
    with pytest.raises(RefusedError, match="limit"):
        port.runs(limit=0)


@pytest.mark.parametrize("name", ["status", "actions", "exclude", "version"])
def test_a_filter_that_does_not_exist_is_told_with_those_that_do(port: FakePort, name: str) -> None:
    with pytest.raises(MisuseError, match=rf"no filter '{name}'; there are: action, active"):
        port.runs(**{name: "SUCCESS"})


def test_a_run_that_does_not_exist_is_told(port: FakePort) -> None:
    with pytest.raises(RefusedError, match="r_none"):
        port.run("r_none")


def test_requests_come_in_order_with_what_was_asked_and_answered(port: FakePort) -> None:
    body = {"properties": {"env": "prod"}}
    made = send(port, "POST", "/v1/actions/deploy/runs", json=body)
    send(port, "GET", f"{RUNS}?action=deploy&action=other&source=")

    first, second = port.requests

    assert isinstance(first, Exchange)
    assert (first.method, first.path, first.status) == ("POST", "/v1/actions/deploy/runs", 202)
    assert first.operation == "execute-self-service-action"
    assert first.caller == port.client_id
    assert first.json == body
    assert first.answer_json == made.json()
    assert first.at is not None
    assert (second.json, second.parameters) == (None, {"action": "other", "source": ""})
    assert second.status == 422
    assert str(second) == f"GET {RUNS}?action=deploy&action=other&source= -> 422"


def test_commands_are_no_requests(port: FakePort) -> None:
    port.complete(port.execute("deploy"))

    assert port.requests == []


def test_a_login_is_kept_without_its_secrets(port: FakePort) -> None:
    body = {"clientId": port.client_id, "clientSecret": port.client_secret}

    requests.post(f"{port.base_url}/v1/auth/access_token", json=body, timeout=10)

    (login,) = port.assert_called("POST", "/v1/auth/access_token", status=200)
    assert (login.body, login.answer) == (b"", b"")


def test_assert_called_returns_the_requests_that_match(port: FakePort) -> None:
    for env in ("dev", "prod"):
        send(port, "POST", "/v1/actions/deploy/runs", json={"properties": {"env": env}})

    both = port.assert_called("POST", "/v1/actions/deploy/runs", times=2)
    prod = port.assert_called(
        "post", "/v1/actions/deploy/runs", json={"properties": {"env": "prod"}}, status=202
    )

    assert both == port.requests
    assert prod == both[1:]
    assert port.assert_called("DELETE", RUNS, times=0) == []


def test_query_and_body_need_only_be_contained(port: FakePort) -> None:
    run = port.execute("deploy")
    send(
        port,
        "PATCH",
        f"{RUNS}/{run.id}?version=v2&runId={run.id}",
        json={"status": "SUCCESS", "summary": "ok"},
    )

    found = port.assert_called(
        "PATCH", f"{RUNS}/{run.id}", json={"status": "SUCCESS"}, query={"version": "v2"}
    )

    assert len(found) == 1


def test_a_failure_says_that_nothing_has_come_at_all(port: FakePort) -> None:
    assert failure(port, "GET", RUNS) == [
        f"expected GET {RUNS}, it was not called",
        "no request has come at all",
    ]


def test_a_failure_shows_the_nearest_request_and_how_it_differs(port: FakePort) -> None:
    send(port, "GET", "/v1/organization")
    send(port, "POST", "/v1/actions/deploy/runs", json={"properties": {"env": "dev"}})

    lines = failure(
        port,
        "POST",
        "/v1/actions/deploy/runs",
        json={"properties": {"env": "prod", "force": True}},
        query={"run_as": "ana@example.com"},
        status=202,
    )

    assert lines == [
        "expected POST /v1/actions/deploy/runs, it was not called",
        "the nearest request was POST /v1/actions/deploy/runs -> 202:",
        "  - query.run_as is missing, not 'ana@example.com'",
        "  - body.properties.env is 'dev', not 'prod'",
        "  - body.properties.force is missing, not True",
        "all requests:",
        "  GET /v1/organization -> 200",
        "  POST /v1/actions/deploy/runs -> 202",
    ]


def test_a_failure_tells_another_method_path_and_status(port: FakePort) -> None:
    send(port, "GET", "/v1/teams")

    lines = failure(port, "POST", RUNS, status=201)

    assert lines[2:5] == [
        "  - method is GET, not POST",
        f"  - path is /v1/teams, not {RUNS}",
        "  - status is 200, not 201",
    ]


def test_a_failure_counts(port: FakePort) -> None:
    for _ in range(3):
        send(port, "GET", RUNS)

    lines = failure(port, "GET", RUNS, times=2)

    assert lines[0] == f"expected GET {RUNS} 2 times, got it 3 times"
    assert lines[1:] == ["all requests:", *[f"  GET {RUNS} -> 200"] * 3]


def test_a_failure_shows_requests_that_belong_to_nobody(port: FakePort) -> None:
    send(port, "GET", RUNS, token="wrong")  # noqa: S106 - that is the point
    requests.get(f"{port.base_url}/v1/nowhere", timeout=10)

    assert failure(port, "GET", RUNS) == [
        f"expected GET {RUNS}, it was not called",
        "requests without a valid token, or to unknown routes:",
        f"  GET {RUNS} -> 401",
        "  GET /v1/nowhere -> 404",
    ]


def test_a_path_is_the_decoded_one(port: FakePort) -> None:
    send(port, "GET", "/v1/users/ana%40example.com")

    port.assert_called("GET", "/v1/users/ana@example.com", status=404)


def test_now_is_the_organisations_time_and_asking_does_not_move_it(port: FakePort) -> None:
    before = port.now
    assert port.now == before

    port.advance(90)

    assert (port.now - before).total_seconds() == 90
    run = port.execute("deploy")
    assert datetime.fromisoformat(run.json["createdAt"]) <= port.now
