"""``port-fake serve`` and the control API."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from port_fake.cli import CLIENT_SECRET
from tests.cli.processes import run, served
from tests.support.client import Client
from tests.support.control import ROOT, ControlClient, assert_refused, named


def test_what_is_served_is_the_default_organisation() -> None:
    with served("--seed", "7") as server:
        control = ControlClient(server.url)
        [one] = control.get(ROOT).json["organisations"]
        made = control.create(name="second")
        credentials = control.post(named("default", "/credentials")).json

        assert (one["name"], one["client_id"]) == ("default", "port-fake-client-id")
        assert one["base_url"] == made["base_url"] == server.url
        assert credentials["client_secret"] == CLIENT_SECRET
        assert_refused(control.delete(named("default")), 409, "'default'", "reset it instead")


def test_the_greeting_names_the_document_of_the_control_api() -> None:
    with served() as server:
        [line] = [line for line in server.greeting if line.startswith("control API:")]

        document = ControlClient(server.url).get(line.split()[-1].removeprefix(server.url)).json

    assert document["info"]["title"] == "Control API of port-fake"


def test_without_control_its_routes_are_unknown_ones() -> None:
    with served("--no-control") as server:
        answer = Client(server.url).get("/_fake/health")

        assert answer.status == 404
        assert "the fake has no route GET /_fake/health" in answer.message
        assert answer.headers["Access-Control-Allow-Origin"] == "*", "not an ordinary answer"
        assert not any("control" in line for line in server.greeting)


def test_a_name_of_the_machine_is_allowed_by_an_option() -> None:
    with served("--control-host", "fake.test") as server:
        control = ControlClient(server.url)

        allowed = control.ask("GET", "/_fake/health", headers={"Host": "fake.test:8080"})
        other = control.ask("GET", "/_fake/health", headers={"Host": "other.test"})

    assert (allowed.status, other.status) == (200, 403)


def test_organisations_that_were_made_do_not_hold_up_the_end() -> None:
    with served() as server:
        ControlClient(server.url).create(name="second", scenario={"name": "microservice"})

        assert server.end(signal.SIGTERM) == (0, "")


def test_a_reset_is_kept_in_the_state_file(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    seen: list[dict[str, Any]] = []
    for _ in range(2):
        with served("--state", str(file)) as server:
            control = ControlClient(server.url)
            seen.append(control.get(named("default", "/snapshot")).json)
            control.post(named("default", "/reset"))
            server.end(signal.SIGTERM)

    assert [len(one["actions"]) for one in seen] == [2, 0]


def test_the_help_explains_both_options() -> None:
    text = " ".join(run("serve", "--help").stdout.split())

    assert "--no-control" in text
    assert "--control-host NAME" in text
