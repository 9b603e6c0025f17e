"""POST /v1/actions/{action_identifier}/runs."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, HOOK, LEAD, STRANGER, furnish

CREATE = "/v1/actions/create_microservice/runs"
RESTART = "/v1/actions/restart/runs"


@pytest.fixture(autouse=True)
def _furnished(port_fake: FakePort) -> None:
    furnish(port_fake)


def test_pressing_the_button_makes_a_run_in_the_shape_of_v2(
    port_fake: FakePort, client: Client
) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}})

    assert answer.status == 202
    assert answer.json.keys() == {"ok", "run"}
    assert answer.json["run"]["action"]["identifier"] == "create_microservice"
    assert answer.json["run"] == port_fake.run(answer.json["run"]["id"]).json


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_the_answer_knows_no_versions(client: Client, version: str) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}}, {"version": version})

    assert answer.status == 202
    assert answer.json["run"]["rawProperties"] == {"name": "a"}


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (NOTHING, "body must be object"),
        (None, "body must be object"),
        ([], "body must be object"),
        ("properties", "body must be object"),
        ({}, "body must have required property 'properties'"),
        ({"properties": None}, "body/properties must be object"),
        ({"properties": []}, "body/properties must be object"),
        ({"properties": "name"}, "body/properties must be object"),
        ({"properties": {}, "entity": None}, "body/entity must be string"),
        ({"properties": {}, "entity": 7}, "body/entity must be string"),
        ({"properties": {}, "inputs": {}}, "body must NOT have additional property 'inputs'"),
        ({"properties": {}, "run_as": LEAD}, "additional property 'run_as'"),
    ],
)
def test_the_body_is_closed(port_fake: FakePort, client: Client, body: Any, about: str) -> None:
    answer = client.post(CREATE, body)

    assert_refused(answer, 422, about)
    assert port_fake.runs() == []


def test_an_unknown_action_cannot_be_executed(client: Client) -> None:
    answer = client.post("/v1/actions/unknown/runs", {"properties": {}})

    assert_refused(answer, 404, "unknown")


def test_an_automation_cannot_be_executed(client: Client) -> None:
    event = {"type": "ENTITY_CREATED", "blueprintIdentifier": "microservice"}
    trigger = {"type": "automation", "event": event}
    action = {"identifier": "auto", "trigger": trigger, "invocationMethod": HOOK}
    client.post("/v1/actions", action)

    answer = client.post("/v1/actions/auto/runs", {"properties": {}})

    assert_refused(answer, 422, "automation")


def test_defaults_are_filled_in_and_what_was_sent_is_kept(client: Client) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}})

    run = answer.json["run"]
    assert run["properties"] == {"name": "a", "region": "eu-west-1"}
    assert run["rawProperties"] == {"name": "a"}


@pytest.mark.parametrize(
    ("properties", "about"),
    [
        ({}, "'name' is required"),
        ({"name": None}, "'name'"),
        ({"name": 7}, "'name'"),
        ({"name": "a", "colour": "red"}, "'colour' is not defined"),
    ],
)
def test_inputs_must_fit_the_form(
    port_fake: FakePort, client: Client, properties: dict[str, Any], about: str
) -> None:
    answer = client.post(CREATE, {"properties": properties})

    assert_refused(answer, 422, about)
    assert port_fake.runs() == []


def test_an_entity_input_must_name_an_entity(port_fake: FakePort, client: Client) -> None:
    service = {"type": "string", "format": "entity", "blueprint": "microservice"}
    port_fake.add_action("scale", inputs={"service": service})

    answer = client.post("/v1/actions/scale/runs", {"properties": {"service": "unknown"}})

    assert_refused(answer, 422, "'service'", "'unknown'")


def test_an_action_on_an_entity_takes_it_from_the_body(client: Client) -> None:
    answer = client.post(RESTART, {"properties": {}, "entity": "checkout"})

    assert answer.status == 202
    assert answer.json["run"]["entity"]["identifier"] == "checkout"


def test_an_action_on_an_entity_needs_one(client: Client) -> None:
    answer = client.post(RESTART, {"properties": {}})

    assert_refused(answer, 422, "name it as 'entity'")


def test_an_action_on_an_entity_needs_one_that_exists(client: Client) -> None:
    answer = client.post(RESTART, {"properties": {}, "entity": "unknown"})

    assert_refused(answer, 404, "'unknown'")


def test_an_action_that_creates_something_ignores_an_entity(client: Client) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}, "entity": "unknown"})

    assert answer.status == 202
    assert "entity" not in answer.json["run"]


@pytest.mark.parametrize("user", [ADMIN, BUILDER, LEAD])
def test_everyone_may_execute_a_new_action(port_fake: FakePort, user: str) -> None:
    answer = client_of(port_fake, user).post(CREATE, {"properties": {"name": "a"}})

    assert answer.status == 202
    assert answer.json["run"]["createdBy"] == port_fake.caller(user).id


def test_whom_no_list_names_may_not_execute(port_fake: FakePort) -> None:
    port_fake.permit("create_microservice", execute={"users": [LEAD], "roles": []})

    answer = client_of(port_fake, STRANGER).post(CREATE, {"properties": {"name": "a"}})

    assert_refused(answer, 403, STRANGER, "'create_microservice'")
    assert port_fake.runs() == []


def test_a_team_that_owns_the_entity_may_act_on_it(port_fake: FakePort) -> None:
    port_fake.permit("restart", execute={"roles": [], "ownedByTeam": True})
    body = {"properties": {}, "entity": "checkout"}

    answers = [client_of(port_fake, user).post(RESTART, body) for user in (LEAD, STRANGER)]

    assert answers[0].status == 202
    assert_refused(answers[1], 403)


def test_the_organisation_may_act_for_a_user(port_fake: FakePort, client: Client) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}}, {"run_as": LEAD})

    assert answer.status == 202
    assert answer.json["run"]["createdBy"] == port_fake.caller(LEAD).id
    assert answer.json["run"]["impersonatedBy"] == port_fake.client_id


def test_acting_for_a_user_needs_that_users_permission(port_fake: FakePort, client: Client) -> None:
    port_fake.permit("create_microservice", execute={"users": [LEAD], "roles": []})

    answer = client.post(CREATE, {"properties": {"name": "a"}}, {"run_as": STRANGER})

    assert_refused(answer, 403, STRANGER)


def test_nobody_acts_for_a_user_who_is_not_there(client: Client) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}}, {"run_as": "x@example.com"})

    assert_refused(answer, 404, "x@example.com")


def test_a_user_may_not_act_for_another(port_fake: FakePort) -> None:
    user = client_of(port_fake, ADMIN)

    answer = user.post(CREATE, {"properties": {"name": "a"}}, {"run_as": LEAD})

    assert_refused(answer, 403, "run_as")


def test_one_acts_for_one_user_at_a_time(client: Client) -> None:
    query = [("run_as", LEAD), ("run_as", ADMIN)]

    answer = client.post(CREATE, {"properties": {"name": "a"}}, query)

    assert_refused(answer, 422, "query/run_as must be given once")


def test_parameters_that_nobody_knows_are_tolerated(client: Client) -> None:
    answer = client.post(CREATE, {"properties": {"name": "a"}}, {"runId": "r_x", "page": "1"})

    assert answer.status == 202


def test_an_identifier_may_need_encoding(port_fake: FakePort, client: Client) -> None:
    port_fake.add_action("déployer:prod")

    answer = client.post("/v1/actions/d%C3%A9ployer%3Aprod/runs", {"properties": {}})

    assert answer.status == 202
    assert answer.json["run"]["action"]["identifier"] == "déployer:prod"
