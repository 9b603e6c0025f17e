"""A test as somebody writes it who has nothing but HTTP: no Python, no handle, one address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest

from tests.cli.processes import served
from tests.support.client import Client
from tests.support.control import ControlClient

ANA: Final = "ana@example.com"
NOON: Final = "2026-03-01T12:00:00.000Z"


class Hook(BaseHTTPRequestHandler):
    """The backend under test: it takes whatever comes."""

    def do_POST(self) -> None:
        """Answer 202."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is inherited
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    """The address of the backend."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


def scenario(hook: str) -> dict[str, Any]:
    action = {
        "identifier": "deploy",
        "trigger": {
            "type": "self-service",
            "operation": "CREATE",
            "userInputs": {"properties": {"env": {"type": "string"}}, "required": ["env"]},
        },
        "invocationMethod": {
            "type": "WEBHOOK",
            "url": hook,
            "body": {"run": "{{ .run.id }}", "env": "{{ .inputs.env | ascii_upcase }}"},
        },
    }
    return {"users": [{"email": ANA, "roles": ["Member"]}], "actions": [action]}


def test_a_whole_test_is_arranged_acted_and_checked_over_http(hook: str) -> None:
    with served() as server:
        control = ControlClient(server.url)
        made = control.create(name="checkout tests", settings={"token_lifetime_s": 600})
        shop = "/_fake/organisations/checkout%20tests"

        # Arrange: a scenario by its parts, a user, a time, something that goes wrong once.
        control.post(f"{shop}/scenario", {"parts": scenario(hook)})
        ana = control.post(f"{shop}/users/{ANA}/credentials").json
        control.patch(f"{shop}/clock", {"set": NOON, "frozen": True})
        fault = {"operation": "execute-self-service-action", "status": 404, "message": "later"}
        number = control.post(f"{shop}/faults", fault).json["number"]

        # Act: as the user, with the API of Port.
        log_in = {"clientId": ana["client_id"], "clientSecret": ana["client_secret"]}
        given = Client(made["base_url"]).post("/v1/auth/access_token", log_in)
        client = Client(made["base_url"], given.json["accessToken"])
        press = "/v1/actions/deploy/runs"
        first = client.post(press, {"properties": {"env": "prod"}}, {"version": "v2"})
        second = client.post(press, {"properties": {"env": "prod"}}, {"version": "v2"})
        assert (first.status, first.message, second.status) == (404, "later", 202)
        run = second.json["run"]
        assert run["createdAt"] == NOON

        # Look: what was asked, what has left, how often the fault struck.
        letters = control.post(f"{shop}/deliveries/settle", {"timeout_s": 10}).json["deliveries"]
        assert [one["fate"] for one in letters] == ["sent"]
        assert letters[0]["message"]["body"] == {"run": run["id"], "env": "PROD"}
        assert letters[0]["attempts"][0]["status"] == 202
        asked = control.get(f"{shop}/requests?operation=execute-self-service-action").json
        assert [one["status"] for one in asked["requests"]] == [404, 202]
        assert asked["requests"][0]["fault"] == "status=404 message=later"
        assert control.get(f"{shop}/faults/{number}").json["hits"] == 1

        # Time goes on, and the token of the user has ended.
        control.patch(f"{shop}/clock", {"advance_s": 601})
        assert client.get("/v1/actions/runs").status == 401

        # Keep, begin again, bring back.
        snapshot = control.get(f"{shop}/snapshot").json
        control.post(f"{shop}/reset")
        assert control.get(f"{shop}/requests").json["requests"] == []
        assert control.get(f"{shop}/faults").json["faults"] == []
        assert control.post(f"{shop}/users/{ANA}/credentials").status == 404
        control.put(f"{shop}/snapshot", snapshot)
        again = control.post(f"{shop}/users/{ANA}/credentials").json
        assert again["client_secret"] == ana["client_secret"]
        kept = Client(made["base_url"], again["access_token"]).get(f"/v1/actions/runs/{run['id']}")
        assert kept.json["run"]["id"] == run["id"]

        # Nobody else has noticed.
        assert control.get("/_fake/organisations/default/requests").json["requests"] == []
        control.delete(shop)
        names = [one["name"] for one in control.get("/_fake/organisations").json["organisations"]]
        assert names == ["default"]
