"""Bodies before two judges: the fake over HTTP, and the document that it gives of itself."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from port_fake import FakePort, MisuseError
from port_fake.strategies import (
    BrokenBody,
    actions,
    approval_bodies,
    execute_bodies,
    invalid_approval_bodies,
    invalid_execute_bodies,
    invalid_log_bodies,
    invalid_update_bodies,
    log_bodies,
    update_bodies,
)
from tests.strategies.kinds import KNOWN, MIXED, action
from tests.support.client import Client, assert_refused, compiled, operation_named

OVER_HTTP: Final = settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SIMPLEST: Final = settings(phases=[Phase.generate, Phase.shrink])

ACTION: Final = action(*MIXED[:6], **action(*MIXED[6:])["trigger"]["userInputs"]["properties"])
"""Six inputs that are required and six that are not."""

ON_ENTITY: Final = {
    **action("text", "slug"),
    "identifier": "restart",
}
ON_ENTITY["trigger"] = {
    **ON_ENTITY["trigger"],
    "operation": "DAY-2",
    "blueprintIdentifier": "service",
}
WAITING: Final = {
    **action(),
    "identifier": "release",
    "requiredApproval": True,
    # Nobody answers and nothing fails: the run stays as it is.
    "invocationMethod": {"type": "KAFKA"},
}
NAMES: Final = count()


def documented(operation: str, body: Any) -> bool:
    """Whether the document allows a body."""
    content = operation_named(operation)["requestBody"]["content"]
    return bool(compiled(content["application/json"]["schema"]).is_valid(body))


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with the actions, the entities and the people that they ask for."""
    port_fake.add_blueprint("service")
    for identifier in KNOWN["entities"]["service"]:
        port_fake.add_entity("service", identifier)
    for one in (ACTION, ON_ENTITY, WAITING):
        port_fake.perform("create-action", body=one)
    return port_fake


# To execute.


@pytest.mark.parametrize("asked", [ACTION, ON_ENTITY], ids=["create", "on an entity"])
def test_an_execute_body_is_accepted(port: FakePort, client: Client, asked: dict[str, Any]) -> None:
    @OVER_HTTP
    @given(execute_bodies(asked, **KNOWN))
    def accepted(body: dict[str, Any]) -> None:
        answer = client.post(f"/v1/actions/{asked['identifier']}/runs", body)

        assert answer.status == 202, answer
        assert documented("execute-self-service-action", body)
        assert port.run(answer.json["run"]["id"]).properties == body["properties"]

    accepted()


@pytest.mark.parametrize("asked", [ACTION, ON_ENTITY], ids=["create", "on an entity"])
def test_an_invalid_execute_body_is_refused_and_makes_no_run(
    port: FakePort, client: Client, asked: dict[str, Any]
) -> None:
    @OVER_HTTP
    @given(invalid_execute_bodies(asked, **KNOWN))
    def refused(broken: BrokenBody) -> None:
        answer = client.post(f"/v1/actions/{asked['identifier']}/runs", broken.body)

        assert_refused(answer, 422)
        assert port.runs() == []
        is_about_the_action = broken.rule.startswith("properties/") and broken.rule.count("/") > 1
        is_about_the_action |= broken.rule == "entity/required"
        assert documented("execute-self-service-action", broken.body) is is_about_the_action

    refused()


@settings(OVER_HTTP, max_examples=30)
@given(st.data())
def test_any_action_that_is_drawn_can_be_executed(
    port: FakePort, client: Client, data: st.DataObject
) -> None:
    identifiers = st.builds("action-{}".format, st.builds(lambda: next(NAMES)))
    asked = data.draw(actions(identifiers=identifiers, blueprints=["service"]))
    made = client.post("/v1/actions", asked)

    body = data.draw(execute_bodies(made.json["action"], **KNOWN))
    answer = client.post(f"/v1/actions/{asked['identifier']}/runs", body)

    assert (made.status, answer.status) == (201, 202), answer
    assert documented("create-action", asked)
    assert port.run(answer.json["run"]["id"]).action == asked["identifier"]


def test_an_action_on_an_entity_without_known_ones_is_a_mistake_that_says_what_to_pass() -> None:
    with pytest.raises(MisuseError, match=r"'restart' acts on an entity of blueprint 'service'"):
        execute_bodies(ON_ENTITY)


def test_an_execute_body_of_the_action_as_the_handle_returns_it(port_fake: FakePort) -> None:
    added = port_fake.add_action("a", inputs={"name": {"type": "string"}}, required=["name"])

    assert find(execute_bodies(added), lambda _: True) == {"properties": {"name": ""}}


# To report, to rule, to log.


def waiting(port: FakePort) -> str:
    """A run that waits for approval."""
    return port.execute("release").id


def under_way(port: FakePort) -> str:
    """A run whose backend nobody can ask, and which so waits for a report."""
    run = waiting(port)
    port.approve(run)
    return run


@OVER_HTTP
@given(update_bodies())
def test_an_update_body_is_accepted_and_written_down(
    port: FakePort, client: Client, body: dict[str, Any]
) -> None:
    run = under_way(port)

    answer = client.patch(f"/v1/actions/runs/{run}", body)

    assert answer.status == 200, answer
    assert documented("update-action-run", body)
    told = port.run(run)
    assert told.status == body.get("status", "IN_PROGRESS")
    assert told.label == body.get("statusLabel")
    assert told.summary == body.get("summary")
    assert told.link == body.get("link")


@OVER_HTTP
@given(approval_bodies())
def test_an_approval_body_is_accepted_and_rules(
    port: FakePort, client: Client, body: dict[str, Any]
) -> None:
    run = waiting(port)

    answer = client.patch(f"/v1/actions/runs/{run}/approval", body)

    assert answer.status == 201, answer
    assert documented("approve-action-run", body)
    rulings = {"APPROVE": "IN_PROGRESS", "DECLINE": "DECLINED"}
    assert port.run(run).status == rulings[body["status"]]


@OVER_HTTP
@given(log_bodies())
def test_a_log_body_is_accepted_and_logged(
    port: FakePort, client: Client, body: dict[str, Any]
) -> None:
    run = under_way(port)

    answer = client.post(f"/v1/actions/runs/{run}/logs", body)

    assert answer.status == 201, answer
    assert documented("add-log-action-run", body)
    assert port.run(run).logs == (body["message"],)
    assert port.run(run).status == body.get("terminationStatus", "IN_PROGRESS")


INVALID: Final = {
    "update-action-run": ("PATCH", "", invalid_update_bodies(), under_way),
    "approve-action-run": ("PATCH", "/approval", invalid_approval_bodies(), waiting),
    "add-log-action-run": ("POST", "/logs", invalid_log_bodies(), under_way),
}


@pytest.mark.parametrize("operation", INVALID)
def test_an_invalid_body_is_refused_and_leaves_the_run_as_it_was(
    port: FakePort, client: Client, operation: str
) -> None:
    method, path, bodies, made = INVALID[operation]
    run = made(port)
    before = port.run(run)

    @OVER_HTTP
    @given(bodies)
    def refused(broken: BrokenBody) -> None:
        answer = client.ask(method, f"/v1/actions/runs/{run}{path}", broken.body)

        assert_refused(answer, 422)
        assert not documented(operation, broken.body)
        assert port.run(run) == before

    refused()


@given(update_bodies(ends=True), log_bodies(ends=True))
def test_bodies_that_end_a_run_say_how(update: dict[str, Any], log: dict[str, Any]) -> None:
    assert {update["status"], log["terminationStatus"]} <= {"SUCCESS", "FAILURE"}


@given(update_bodies(ends=False), log_bodies(ends=False))
def test_bodies_that_end_no_run_say_nothing_of_it(
    update: dict[str, Any], log: dict[str, Any]
) -> None:
    assert "status" not in update
    assert "terminationStatus" not in log


# What they shrink to.

SIMPLE: Final[list[tuple[st.SearchStrategy[Any], Any]]] = [
    (update_bodies(), {}),
    (update_bodies(ends=True), {"status": "SUCCESS"}),
    (approval_bodies(), {"status": "DECLINE"}),
    (log_bodies(), {"message": ""}),
    (log_bodies(ends=True), {"message": "", "terminationStatus": "SUCCESS"}),
    (
        execute_bodies(ON_ENTITY, **KNOWN),
        {"properties": {"text": "", "slug": "a00"}, "entity": "web"},
    ),
    (invalid_execute_bodies(ON_ENTITY, **KNOWN), BrokenBody(rule="type", body=0)),
    (invalid_update_bodies(), BrokenBody(rule="type", body=0)),
    (invalid_approval_bodies(), BrokenBody(rule="type", body=0)),
    (invalid_log_bodies(), BrokenBody(rule="type", body=0)),
]


@pytest.mark.parametrize(("bodies", "simplest"), SIMPLE)
def test_bodies_shrink_to_what_must_be_there(bodies: st.SearchStrategy[Any], simplest: Any) -> None:
    assert find(bodies, lambda _: True, settings=SIMPLEST) == simplest
