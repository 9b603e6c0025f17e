"""What the control API does within one organisation: time, faults, requests, letters."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Final

import pytest

from port_fake import Backend, FakePort, FakePortServer
from tests.support.client import Client, client_of
from tests.support.control import ControlClient, assert_refused, named

LONG_S: Final = 600
ANA: Final = "ana.admin@example.com"
NOON: Final = "2026-03-01T12:00:00.000Z"


@pytest.fixture
def client(control: ControlClient, shop: dict[str, Any]) -> Client:
    """A client of the fake with the credentials of the organisation `shop`."""
    token = control.post(named(shop["name"], "/credentials")).json["access_token"]
    return Client(control.base_url, token)


# The clock.


def test_a_clock_is_set_moved_and_stopped_by_one_request(
    control: ControlClient, shop: dict[str, Any]
) -> None:
    assert shop
    clock = named("shop", "/clock")

    answer = control.patch(clock, {"set": "2026-03-01T12:00:00+00:00", "frozen": True})

    assert answer.json == {"now": NOON, "frozen": True, "running": False}
    assert control.patch(clock, {"advance_s": 0.5}).json["now"] == "2026-03-01T12:00:00.500Z"
    assert control.patch(clock, {"frozen": False}).json["frozen"] is False
    assert control.patch(clock, {}).json == control.get(clock).json


@pytest.mark.parametrize(
    "body",
    [
        {"set": "tomorrow"},
        {"set": NOON, "advance_s": -1},
        {"set": NOON, "advance_s": 1e300},
        {"set": "9999-12-31T00:00:00Z"},
        {"set": "0001-01-01T00:00:00+14:00"},
        {"set": NOON, "frozen": "yes"},
        {"now": NOON},
    ],
)
def test_a_clock_that_cannot_go_there_stays_where_it_is(
    body: dict[str, Any], control: ControlClient, shop: dict[str, Any]
) -> None:
    assert_refused(control.patch(named("shop", "/clock"), body), 422, "body")

    assert control.get(named("shop", "/clock")).json["now"] == shop["now"]


def test_tokens_follow_the_clock(control: ControlClient, client: Client) -> None:
    control.patch(named("shop", "/clock"), {"advance_s": 3 * 3600})

    assert client.get("/v1/actions").status == 401


# Faults.


def test_a_fault_strikes_is_counted_and_is_removed(control: ControlClient, client: Client) -> None:
    fault = {"operation": "get-actions", "status": 404, "message": "not today", "times": 2}
    number = control.post(named("shop", "/faults"), fault).json["number"]
    one = named("shop", f"/faults/{number}")

    assert client.get("/v1/actions").message == "not today"
    assert (control.get(one).json["hits"], control.get(one).json["live"]) == (1, True)
    assert control.delete(one).json["live"] is False
    assert client.get("/v1/actions").status == 200
    assert control.delete(named("shop", "/faults")).json == {"forgotten": 1}
    assert_refused(control.get(one), 404, "'shop'", f"'{number}'", "none")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "effect"),
        ({"status": 200}, "200"),
        ({"status": "503"}, "body/status"),
        ({"status": 503, "drop": "before"}, "contradict"),
        ({"status": 503, "times": 0}, "times"),
        ({"status": 503, "operation": "no-such"}, "'no-such'"),
        ({"status": 503, "as_user": "nobody"}, "'nobody'"),
        ({"latency_s": 1e10}, "latency_s"),
        ({"drop": "later"}, "body/drop"),
    ],
)
def test_a_fault_that_makes_no_sense_is_not_set(
    body: dict[str, Any], told: str, control: ControlClient, shop: dict[str, Any]
) -> None:
    assert shop
    assert_refused(control.post(named("shop", "/faults"), body), 422, told)

    assert control.get(named("shop", "/faults")).json == {"faults": []}


def test_the_control_api_itself_meets_no_faults(
    control: ControlClient, shop: dict[str, Any]
) -> None:
    assert shop
    control.post(named("shop", "/faults"), {"drop": "before", "times": None})

    assert control.get(named("shop", "/faults")).json["faults"][0]["fitting"] == 0


# Requests.


def test_requests_are_shown_with_body_and_answer(control: ControlClient, client: Client) -> None:
    body = {"properties": {"name": "till"}}
    made = client.post("/v1/actions/create_microservice/runs", body, {"version": "v2"})
    client.post("/v1/actions", b"no JSON")
    client.get("/v1/nowhere")

    seen = control.get(named("shop", "/requests")).json["requests"]

    assert [one["number"] for one in seen] == [1, 2, 3]
    assert (seen[0]["body"], seen[0]["answer"]) == (body, made.json)
    assert seen[0]["query"] == {"version": "v2"}
    assert (seen[1]["body"], seen[1]["status"]) == ("no JSON", 400)
    assert (seen[2]["operation"], seen[2]["body"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("method=get", [1, 3, 4]),
        ("path=/v1/actions", [1, 2]),
        ("path=/v1/*", [1, 2, 3, 4]),
        ("path=/v1/b?ueprints", []),
        ("operation=create-action", [2]),
        ("status=404", [4]),
        ("caller=nobody", []),
        ("since=2", [3, 4]),
        ("limit=1", [1]),
        ("since=1&limit=2&method=GET", [3, 4]),
        ("method=GET&status=200", [1, 3]),
        ("since=99", []),
    ],
)
def test_requests_are_found_by_what_they_are(
    query: str, found: list[int], control: ControlClient, client: Client
) -> None:
    client.get("/v1/actions")
    client.post("/v1/actions", {})
    client.get("/v1/blueprints")
    client.get("/v1/actions/no-such")

    answer = control.get(named("shop", f"/requests?{query}"))

    assert [one["number"] for one in answer.json["requests"]] == found


def test_who_goes_on_from_the_last_list_sees_each_request_once(
    control: ControlClient, client: Client
) -> None:
    seen: list[int] = []
    since = 0

    for step in range(7):
        client.get("/v1/actions")
        client.get("/v1/blueprints")
        if step == 3:
            control.delete(named("shop", "/requests"))
        answer = control.get(named("shop", f"/requests?since={since}&limit=1")).json
        seen += [one["number"] for one in answer["requests"]]
        since = answer["next_since"]
    rest = control.get(named("shop", f"/requests?since={since}")).json

    assert seen == [1, 2, 3, 9, 10, 11]
    assert [one["number"] for one in rest["requests"]] == [12, 13, 14]
    assert rest["next_since"] == 14


@pytest.mark.parametrize(
    "query", ["status=x", "status=", "since=-1", "limit=0", "limit=1_0", "status=1e9"]
)
def test_a_filter_that_is_no_number_is_refused(
    query: str, control: ControlClient, shop: dict[str, Any]
) -> None:
    assert shop
    name = query.partition("=")[0]

    assert_refused(control.get(named("shop", f"/requests?{query}")), 422, f"query/{name}")


def test_requests_without_a_valid_token_are_the_servers(control: ControlClient) -> None:
    Client(control.base_url, "nonsense").get("/v1/actions")

    [one] = control.get("/_fake/requests?status=401").json["requests"]

    assert (one["path"], one["caller"], one["at"]) == ("/v1/actions", None, None)


def test_a_dropped_request_has_no_status(control: ControlClient, client: Client) -> None:
    control.post(named("shop", "/faults"), {"drop": "after"})
    with pytest.raises(OSError, match="Connection"):
        client.get("/v1/actions")

    [one] = control.get(named("shop", "/requests")).json["requests"]

    assert one["status"] is None
    assert one["fault"] == "drop=after, the lost answer is 200"


# Letters.


def test_letters_are_waited_for_and_shown(server: FakePortServer, control: ControlClient) -> None:
    with server.organisation(name="shop") as port, Backend(port) as backend:
        port.add_action("deploy", invokes=backend.url)
        run = port.execute("deploy")

        [letter] = control.post(named("shop", "/deliveries/settle")).json["deliveries"]

        assert (letter["kind"], letter["run_id"], letter["fate"]) == ("WEBHOOK", run.id, "sent")
        assert letter["message"]["url"] == backend.url
        assert [one["status"] for one in letter["attempts"]] == [200]
        assert control.get(named("shop", "/deliveries")).json["deliveries"] == [letter]


def test_a_letter_that_takes_too_long_is_told_of(
    server: FakePortServer, control: ControlClient
) -> None:
    with server.organisation(name="shop") as port, Backend(port) as backend:
        run = waiting(port, backend)

        answer = control.post(named("shop", "/deliveries/settle"), {"timeout_s": 0})

        assert_refused(answer, 409, "'shop'", run, "WEBHOOK", "timeout_s")


def test_whoever_waits_for_letters_holds_up_nobody(
    server: FakePortServer, control: ControlClient
) -> None:
    with server.organisation(name="shop") as port, Backend(port) as backend:
        waiting(port, backend)
        many = 40
        before = threading.active_count()
        with ThreadPoolExecutor(many) as pool:
            path = named("shop", "/deliveries/settle")
            answers = [pool.submit(control.post, path, {"timeout_s": 9}) for _ in range(many)]
            until(lambda: threading.active_count() >= before + 2 * many)

            assert client_of(port).get("/v1/actions").status == 200
            assert control.get("/_fake/health").status == 200

            control.post(named("shop", "/reset"))
            assert {one.result().status for one in answers} == {200}


def test_a_server_ends_though_somebody_waits_for_a_letter() -> None:
    server = FakePortServer()
    with ThreadPoolExecutor() as pool, server, server.organisation(name="shop") as port:
        control = ControlClient(server.base_url)
        with Backend(port) as backend:
            waiting(port, backend)
            before = threading.active_count()
            path = named("shop", "/deliveries/settle")
            answer = pool.submit(control.post, path, {"timeout_s": LONG_S})
            until(lambda: threading.active_count() >= before + 2)

            server.__exit__(None, None, None)

            assert answer in wait([answer], timeout=5).done


def waiting(port: FakePort, backend: Backend) -> str:
    """Let a run wait for its backend, which takes its time."""
    backend.answers(delay_s=LONG_S)
    port.add_action("slow", invokes=backend.url)
    return port.execute("slow").id


def until(is_so: Any) -> None:
    """Wait for something that another thread is about to do."""
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        threading.Event().wait(0.001)


# Snapshots and users.


def test_a_snapshot_brings_everything_back_after_a_reset(
    control: ControlClient, client: Client
) -> None:
    client.post("/v1/actions/create_microservice/runs", {"properties": {"name": "till"}})
    runs = client.get("/v1/actions/runs").json
    snapshot = control.get(named("shop", "/snapshot")).json

    control.post(named("shop", "/reset"))
    assert client.get("/v1/actions/runs").json["runs"] == []
    control.put(named("shop", "/snapshot"), snapshot)

    assert client.get("/v1/actions/runs").json == runs
    assert control.get(named("shop", "/snapshot")).json == snapshot


def test_a_user_calls_with_credentials_of_their_own(
    control: ControlClient, shop: dict[str, Any]
) -> None:
    token = control.post(named("shop", f"/users/{ANA}/credentials")).json["access_token"]
    ana = Client(shop["base_url"], token)

    ana.post("/v1/actions/create_microservice/runs", {"properties": {"name": "till"}})

    [one] = control.get(named("shop", "/requests")).json["requests"]
    assert one["caller"] != shop["client_id"]
    assert_refused(control.post(named("shop", "/users/x%40y/credentials")), 404, "'x@y'")


def test_secrets_are_told_only_where_they_are_asked_for(
    control: ControlClient, shop: dict[str, Any], client: Client
) -> None:
    client.post("/v1/organization/secrets", {"secretName": "KEY", "secretValue": "hunter2-etc"})
    client.get("/v1/actions")
    places = ["", "/clock", "/faults", "/requests", "/deliveries"]

    told = [control.get(named("shop", place)).json for place in places]
    told += [control.post(named("shop", "/reset")).json, control.get("/_fake/organisations").json]

    assert shop["client_secret"] not in str(told)
    assert "hunter2" not in str(told)
