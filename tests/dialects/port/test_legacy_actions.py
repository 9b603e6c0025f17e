"""The deprecated routes, with the action that the tutorial of 2022 would post today."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused
from tests.support.furniture import add_catalog

ROUTE: Final = "/v1/blueprints/microservice/actions"
HOOK: Final = {"type": "WEBHOOK", "url": "https://hook.example.com/create"}
INPUTS: Final = {
    "properties": {
        "name": {"type": "string", "title": "Name"},
        "region": {"type": "string", "enum": ["eu-west-1", "us-east-1"], "default": "eu-west-1"},
    },
    "required": ["name"],
}
TUTORIAL: Final = {
    "identifier": "create_service",
    "title": "Create a service",
    "icon": "Microservice",
    "description": "Makes a repository and an entity",
    "trigger": "CREATE",
    "userInputs": INPUTS,
    "invocationMethod": HOOK,
}
MODERN: Final = {
    "identifier": "modern",
    "trigger": {"type": "self-service", "operation": "DAY-2", "userInputs": INPUTS},
    "invocationMethod": HOOK,
}


@pytest.fixture(autouse=True)
def _catalog(port_fake: FakePort) -> None:
    add_catalog(port_fake)
    port_fake.add_blueprint("other")


def test_an_action_of_2022_is_taken_and_answered_in_its_form(
    port_fake: FakePort, client: Client
) -> None:
    answer = client.post(ROUTE, TUTORIAL)

    action = answer.json["action"]
    assert answer.status == 201
    assert action == {
        **TUTORIAL,
        "blueprint": "microservice",
        "requiredApproval": False,
        "id": action["id"],
        "createdAt": action["createdAt"],
        "updatedAt": action["createdAt"],
        "createdBy": port_fake.client_id,
        "updatedBy": port_fake.client_id,
    }
    assert client.get(f"{ROUTE}/create_service").json == answer.json


def test_the_same_action_is_seen_in_its_present_form_elsewhere(client: Client) -> None:
    client.post(ROUTE, TUTORIAL)

    answer = client.get("/v1/actions/create_service")

    action = answer.json["action"]
    assert action["trigger"] == {
        "type": "self-service",
        "operation": "CREATE",
        "blueprintIdentifier": "microservice",
        "userInputs": INPUTS,
    }
    assert "userInputs" not in action
    assert action["invocationMethod"] == HOOK


def test_its_runs_are_those_of_any_action(client: Client) -> None:
    client.post(ROUTE, TUTORIAL)

    answer = client.post("/v1/actions/create_service/runs", {"properties": {"name": "a"}})

    run = answer.json["run"]
    assert answer.status == 202
    assert run["properties"] == {"name": "a", "region": "eu-west-1"}
    assert run["blueprint"]["identifier"] == "microservice"


def test_an_action_in_its_present_form_is_taken_as_well(client: Client) -> None:
    answer = client.post(ROUTE, MODERN)

    assert answer.status == 201
    assert answer.json["action"]["trigger"] == "DAY-2"
    trigger = client.get("/v1/actions/modern").json["action"]["trigger"]
    assert trigger["blueprintIdentifier"] == "microservice"


@pytest.mark.parametrize("operation", ["CREATE", "DAY-2", "DELETE"])
def test_the_trigger_of_2022_was_the_operation(client: Client, operation: str) -> None:
    client.post(ROUTE, {**TUTORIAL, "trigger": operation})

    answer = client.get("/v1/actions/create_service")

    assert answer.json["action"]["trigger"]["operation"] == operation


def test_words_that_methods_have_lost_since_are_forgotten(client: Client) -> None:
    method = {"type": "AZURE-DEVOPS", "org": "o", "webhook": "w", "omitPayload": True}

    answer = client.post(ROUTE, {**TUTORIAL, "invocationMethod": method})

    assert answer.json["action"]["invocationMethod"] == {
        "type": "AZURE_DEVOPS",
        "org": "o",
        "webhook": "w",
    }


@pytest.mark.parametrize(
    ("document", "about"),
    [
        (NOTHING, "identifier"),
        ({}, "identifier"),
        ({**TUTORIAL, "identifier": "a b"}, "body/identifier"),
        ({**TUTORIAL, "trigger": "UPDATE"}, "body/trigger"),
        ({**TUTORIAL, "trigger": None}, "body/trigger"),
        ({**TUTORIAL, "userInputs": None}, "body/trigger"),
        ({**TUTORIAL, "userInputs": {}}, "body/trigger"),
        ({**TUTORIAL, "invocationMethod": {}}, "body/invocationMethod"),
        ({**TUTORIAL, "invocationMethod": None}, "body/invocationMethod"),
        ({**TUTORIAL, "invocationMethod": "WEBHOOK"}, "body/invocationMethod"),
        ({**TUTORIAL, "invocationMethod": [HOOK]}, "body/invocationMethod"),
        ({**MODERN, "surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_converted_is_refused(client: Client, document: Any, about: str) -> None:
    answer = client.post(ROUTE, document)

    assert_refused(answer, 422, about)
    assert client.get(ROUTE).json["actions"] == []


def test_an_identifier_is_taken_once_in_the_whole_organisation(client: Client) -> None:
    client.post("/v1/blueprints/other/actions", TUTORIAL)

    answer = client.post(ROUTE, TUTORIAL)

    assert_refused(answer, 409, "'create_service'")


def test_the_actions_of_a_blueprint_are_listed(port_fake: FakePort, client: Client) -> None:
    client.post(ROUTE, TUTORIAL)
    client.post(ROUTE, MODERN)
    client.post("/v1/blueprints/other/actions", {**TUTORIAL, "identifier": "elsewhere"})
    port_fake.add_action("nowhere")

    answer = client.get(ROUTE)

    single = [client.get(f"{ROUTE}/{each}").json["action"] for each in ("create_service", "modern")]
    assert answer.json == {"ok": True, "actions": single}


def test_an_action_may_be_replaced_without_repeating_its_identifier(client: Client) -> None:
    old = client.post(ROUTE, TUTORIAL).json["action"]
    unnamed = {key: value for key, value in TUTORIAL.items() if key != "identifier"}

    answer = client.put(f"{ROUTE}/create_service", {**unnamed, "title": "Anew"})

    new = answer.json["action"]
    assert answer.status == 200
    assert (new["id"], new["identifier"], new["title"]) == (old["id"], "create_service", "Anew")


def test_all_actions_of_a_blueprint_may_be_replaced_at_once(client: Client) -> None:
    kept = client.post(ROUTE, TUTORIAL).json["action"]
    client.post(ROUTE, MODERN)
    client.post("/v1/blueprints/other/actions", {**TUTORIAL, "identifier": "elsewhere"})
    new = {**TUTORIAL, "identifier": "new"}

    answer = client.put(ROUTE, {"actions": [TUTORIAL, new]})

    assert answer.status == 200
    assert [one["identifier"] for one in answer.json["actions"]] == ["create_service", "new"]
    assert answer.json["actions"][0]["id"] == kept["id"]
    assert_refused(client.get("/v1/actions/modern"), 404)
    assert client.get("/v1/actions/elsewhere").status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (NOTHING, 422),
        ({}, 422),
        ({"actions": {}}, 422),
        ({"actions": ["create_service"]}, 422),
        ({"actions": [{**TUTORIAL, "identifier": "new"}, {}]}, 422),
        ({"actions": [{**TUTORIAL, "identifier": "new"}, {**TUTORIAL, "trigger": "?"}]}, 422),
        ({"actions": [{**TUTORIAL, "identifier": "twice"}] * 2}, 409),
        ({"actions": [{**TUTORIAL, "identifier": "elsewhere"}]}, 409),
    ],
)
def test_replacing_all_replaces_none_if_one_is_refused(
    client: Client, body: Any, status: int
) -> None:
    client.post(ROUTE, TUTORIAL)
    client.post("/v1/blueprints/other/actions", {**TUTORIAL, "identifier": "elsewhere"})
    before = client.get("/v1/actions").json

    answer = client.put(ROUTE, body)

    assert_refused(answer, status)
    assert client.get("/v1/actions").json == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_action_is_not_found_under_another_blueprint(client: Client, method: str) -> None:
    client.post(ROUTE, TUTORIAL)
    path = "/v1/blueprints/other/actions/create_service"

    answer = client.ask(method, path, TUTORIAL if method == "PUT" else NOTHING)

    assert_refused(answer, 404, "'create_service'", "'other'")


def test_a_deleted_action_is_gone_everywhere(client: Client) -> None:
    client.post(ROUTE, TUTORIAL)

    answer = client.delete(f"{ROUTE}/create_service")

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get("/v1/actions/create_service"), 404)
