"""What the handle gives away is the receiver's: nothing that is done to it reaches the world."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from port_fake import FakePort, RunView


@pytest.fixture
def port() -> FakePort:
    """An organisation with an action that takes a list."""
    fake = FakePort()
    fake.add_action("deploy", inputs={"hosts": {"type": "array"}})
    return fake


def test_a_view_is_how_the_run_stood_when_it_was_looked_at(port: FakePort) -> None:
    before = port.execute("deploy")
    kept = deepcopy(before)

    after = port.complete(before, link="https://ci.example.com")

    assert before == kept
    assert (before.status, after.status) == ("IN_PROGRESS", "SUCCESS")
    assert port.run(before) == after


def test_a_view_cannot_be_changed(port: FakePort) -> None:
    run = port.execute("deploy")

    with pytest.raises(FrozenInstanceError):
        run.status = "SUCCESS"  # type: ignore[misc]  # that is what is refused


def test_a_view_shows_itself_in_one_readable_line(port: FakePort) -> None:
    shown = repr(port.execute("deploy", {"hosts": ["a"]}))

    assert shown.startswith("RunView(id='r_")
    assert "status='IN_PROGRESS'" in shown
    assert "json=" not in shown


def spoil(value: Any) -> None:
    """Change whatever can be changed in *value*."""
    if isinstance(value, dict):
        for one in value.values():
            spoil(one)
        value["spoiled"] = True
    elif isinstance(value, list):
        for one in value:
            spoil(one)
        value.append("spoiled")


def test_spoiling_a_view_spoils_no_run(port: FakePort) -> None:
    run = port.execute("deploy", {"hosts": ["a"]})
    port.complete(run, link=["https://a.example.com"])
    kept = deepcopy(port.run(run))

    for view in (port.run(run), *port.runs()):
        for part in (view.properties, view.json, view.link):
            spoil(part)

    assert port.run(run) == kept


def test_what_was_handed_in_may_be_used_again(port: FakePort) -> None:
    hosts, links = ["a"], ["https://a.example.com"]
    run = port.complete(port.execute("deploy", {"hosts": hosts}), link=links)

    spoil(hosts)
    spoil(links)

    assert port.run(run) == run
    assert (run.properties, run.link) == ({"hosts": ["a"]}, ["https://a.example.com"])


def test_definitions_that_were_handed_in_or_out_may_be_spoiled(port: FakePort) -> None:
    inputs = {"env": {"type": "string", "enum": ["dev"]}}
    properties = {"tier": {"type": "number"}}
    answers = [
        port.add_action("release", inputs=inputs),
        port.add_blueprint("service", properties=properties),
        port.add_entity("service", "checkout", properties={"tier": 1}),
        port.permit("release"),
        port.add_user("ana@example.com", teams=["ops"]),
    ]

    for value in (inputs, properties, *answers):
        spoil(value)

    at_service = {"blueprint_identifier": "service"}
    whole = [
        port.perform("get-actions"),
        port.perform("get-blueprints"),
        port.perform("get-entities", path=at_service),
        port.perform("get-action-permissions", path={"action_identifier": "release"}),
        port.perform("get-users"),
    ]
    assert "spoiled" not in str(whole)
    assert port.execute("release", {"env": "dev"}).status == "IN_PROGRESS"


def test_a_run_is_named_by_its_id_or_by_a_view(port: FakePort) -> None:
    run = port.execute("deploy")

    assert isinstance(run, RunView)
    assert port.run(run) == port.run(run.id) == run
