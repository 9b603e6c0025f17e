"""Actions: made, read, replaced, deleted, listed."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import Client, Query, assert_refused
from tests.support.furniture import HOOK, furnish

ACTIONS: Final = "/v1/actions"
INPUTS: Final = {"properties": {"name": {"type": "string"}}, "required": ["name"]}
BUTTON: Final = {"type": "self-service", "operation": "CREATE", "userInputs": INPUTS}
ACTION: Final = {"identifier": "scale", "trigger": BUTTON, "invocationMethod": HOOK}
WHOLE: Final = {
    **ACTION,
    "title": "Scale",
    "icon": "Kubernetes",
    "description": "More of the same",
    "requiredApproval": {"type": "ALL"},
    "approvalNotification": {"type": "webhook", "url": "https://a.example.com", "format": "json"},
    "allowAnyoneToViewRuns": False,
}


def without_stamps(action: dict[str, Any]) -> dict[str, Any]:
    stamps = {"id", "createdAt", "createdBy", "updatedAt", "updatedBy"}
    return {key: value for key, value in action.items() if key not in stamps}


@pytest.mark.parametrize("document", [ACTION, WHOLE])
def test_a_new_action_is_answered_as_it_was_sent_with_id_and_stamps(
    port_fake: FakePort, client: Client, document: dict[str, Any]
) -> None:
    answer = client.post(ACTIONS, document)

    action = answer.json["action"]
    assert answer.status == 201
    assert action == {
        **document,
        "id": action["id"],
        "createdAt": action["createdAt"],
        "updatedAt": action["createdAt"],
        "createdBy": port_fake.client_id,
        "updatedBy": port_fake.client_id,
    }
    assert re.fullmatch(r"action_[A-Za-z0-9]{16}", action["id"])


def test_an_action_is_read_as_it_was_answered(client: Client) -> None:
    made = client.post(ACTIONS, WHOLE).json

    answer = client.get(f"{ACTIONS}/scale")

    assert (answer.status, answer.json) == (200, made)


def test_an_identifier_is_taken_once(client: Client) -> None:
    made = client.post(ACTIONS, ACTION).json

    answer = client.post(ACTIONS, {**ACTION, "title": "Another"})

    assert_refused(answer, 409, "'scale'")
    assert client.get(f"{ACTIONS}/scale").json == made


@pytest.mark.parametrize(
    ("document", "about"),
    [
        ({"trigger": BUTTON, "invocationMethod": HOOK}, "identifier"),
        ({"identifier": "a", "invocationMethod": HOOK}, "trigger"),
        ({"identifier": "a", "trigger": BUTTON}, "invocationMethod"),
        ({**ACTION, "identifier": "a b"}, "body/identifier"),
        ({**ACTION, "identifier": ".."}, "body/identifier"),
        ({**ACTION, "identifier": ""}, "body/identifier"),
        ({**ACTION, "identifier": None}, "body/identifier"),
        ({**ACTION, "title": None}, "body/title"),
        ({**ACTION, "title": 7}, "body/title"),
        ({**ACTION, "trigger": None}, "body/trigger"),
        ({**ACTION, "trigger": "CREATE"}, "body/trigger"),
        ({**ACTION, "trigger": {**BUTTON, "operation": "UPDATE"}}, "body/trigger"),
        ({**ACTION, "trigger": {**BUTTON, "surprise": 1}}, "body/trigger"),
        ({**ACTION, "invocationMethod": {"type": "WEBHOOK"}}, "body/invocationMethod"),
        ({**ACTION, "invocationMethod": {"type": "CARRIER_PIGEON"}}, "body/invocationMethod"),
        ({**ACTION, "requiredApproval": "ANY"}, "body/requiredApproval"),
        ({**ACTION, "requiredApproval": None}, "body/requiredApproval"),
        ({**ACTION, "publish": "yes"}, "body/publish"),
        ({**ACTION, "surprise": 1}, "surprise"),
    ],
)
def test_the_document_of_an_action_is_closed(
    client: Client, document: dict[str, Any], about: str
) -> None:
    answers = [client.post(ACTIONS, document), client.put(f"{ACTIONS}/scale", document)]

    for answer in answers:
        assert_refused(answer, 422, about)
    assert client.get(ACTIONS).json["actions"] == []


def test_an_input_must_make_sense(client: Client) -> None:
    inputs = {"properties": {"name": {"type": "string", "pattern": "("}}}

    answer = client.post(ACTIONS, {**ACTION, "trigger": {**BUTTON, "userInputs": inputs}})

    assert_refused(answer, 422, "'name'")


@pytest.mark.parametrize("method", ["SLACK", "JENKINS"])
def test_methods_of_the_guides_are_taken(client: Client, method: str) -> None:
    document = {**ACTION, "invocationMethod": {"type": method, "url": "https://a.example.com"}}

    answer = client.post(ACTIONS, document)

    assert answer.status == 201


def test_another_action_takes_the_place_of_one_with_its_id_and_its_maker(
    port_fake: FakePort, client: Client
) -> None:
    old = client.post(ACTIONS, WHOLE).json["action"]
    port_fake.permit("scale", execute={"roles": ["Admin"]})

    answer = client.put(f"{ACTIONS}/scale", ACTION)

    new = answer.json["action"]
    assert answer.status == 200
    assert without_stamps(new) == ACTION
    assert {key: new[key] for key in ("id", "createdAt", "createdBy")} == {
        key: old[key] for key in ("id", "createdAt", "createdBy")
    }
    assert new["updatedAt"] > old["updatedAt"]
    permissions = client.get(f"{ACTIONS}/scale/permissions").json["permissions"]
    assert permissions["execute"]["roles"] == ["Admin"]


def test_an_action_may_get_another_identifier(client: Client) -> None:
    client.post(ACTIONS, ACTION)

    answer = client.put(f"{ACTIONS}/scale", {**ACTION, "identifier": "grow"})

    assert answer.json["action"]["identifier"] == "grow"
    assert client.get(f"{ACTIONS}/grow").status == 200
    assert_refused(client.get(f"{ACTIONS}/scale"), 404)


def test_an_action_may_not_take_anothers_identifier(client: Client) -> None:
    client.post(ACTIONS, ACTION)
    client.post(ACTIONS, {**ACTION, "identifier": "grow"})

    answer = client.put(f"{ACTIONS}/scale", {**ACTION, "identifier": "grow"})

    assert_refused(answer, 409, "'grow'")
    assert client.get(f"{ACTIONS}/scale").status == 200


def test_an_action_that_is_not_there_is_not_made_by_replacing(client: Client) -> None:
    answer = client.put(f"{ACTIONS}/scale", ACTION)

    assert_refused(answer, 404, "'scale'")
    assert client.get(ACTIONS).json["actions"] == []


def test_a_deleted_action_leaves_its_runs(port_fake: FakePort, client: Client) -> None:
    client.post(ACTIONS, ACTION)
    run = port_fake.execute("scale", {"name": "a"})

    answer = client.delete(f"{ACTIONS}/scale")

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get(f"{ACTIONS}/scale"), 404)
    assert_refused(client.post(f"{ACTIONS}/scale/runs", {"properties": {"name": "b"}}), 404)
    assert client.get(f"{ACTIONS}/runs/{run.id}").json["run"]["status"] == "IN_PROGRESS"


def test_a_run_keeps_the_action_that_it_was_made_of(port_fake: FakePort, client: Client) -> None:
    client.post(ACTIONS, {**ACTION, "requiredApproval": True})
    run = port_fake.execute("scale", {"name": "a"})

    client.put(f"{ACTIONS}/scale", {**ACTION, "requiredApproval": False})

    assert (
        client.get(f"{ACTIONS}/runs/{run.id}", {"version": "v2"}).json["run"]["requiredApproval"]
        is True
    )


# The list.


@pytest.fixture
def listed(port_fake: FakePort, client: Client) -> list[str]:
    """Three buttons and two automations, one of which is not published: their identifiers."""
    furnish(port_fake)
    entity = {"type": "ENTITY_CREATED", "blueprintIdentifier": "microservice"}
    run = {"type": "RUN_UPDATED", "actionIdentifier": "deploy"}
    for name, event, publish in (("on_entity", entity, True), ("on_run", run, False)):
        trigger = {"type": "automation", "event": event}
        document = {"identifier": name, "trigger": trigger, "invocationMethod": HOOK}
        client.post(ACTIONS, {**document, "publish": publish})
    return ["create_microservice", "restart", "deploy", "on_entity", "on_run"]


def identifiers(client: Client, query: Query = ()) -> list[str]:
    return [action["identifier"] for action in client.get(ACTIONS, query).json["actions"]]


def test_actions_are_listed_oldest_first_as_they_are_read(
    client: Client, listed: list[str]
) -> None:
    answer = client.get(ACTIONS)

    single = [client.get(f"{ACTIONS}/{each}").json["action"] for each in listed]
    assert answer.json == {"ok": True, "actions": single}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action_identifier": "deploy"}, ["deploy"]),
        ({"action_identifier": ["deploy", "restart"]}, ["restart", "deploy"]),
        ({"action_identifier": "deploy,restart,unknown"}, ["restart", "deploy"]),
        ({"action_identifier[]": ["deploy", "unknown"]}, ["deploy"]),
        ({"action_identifier": "unknown"}, []),
        (
            {"blueprint_identifier": "microservice"},
            ["create_microservice", "restart", "on_entity"],
        ),
        ({"blueprint_identifier": "unknown"}, []),
        ({"operation": "CREATE"}, ["create_microservice", "deploy"]),
        ({"operation": "DAY-2"}, ["restart"]),
        ({"operation": "DELETE"}, []),
        ({"operation": ["CREATE", "DAY-2"]}, ["create_microservice", "restart", "deploy"]),
        ({"published": "true"}, ["create_microservice", "restart", "deploy", "on_entity"]),
        ({"published": "false"}, ["on_run"]),
        ({"trigger_type": "self-service"}, ["create_microservice", "restart", "deploy"]),
        ({"trigger_type": "automation"}, ["on_entity", "on_run"]),
        ({"trigger_event": "ENTITY_CREATED"}, ["on_entity"]),
        ({"trigger_event": ["ENTITY_CREATED", "RUN_UPDATED"]}, ["on_entity", "on_run"]),
        ({"trigger_event": "ANY_RUN_CHANGE"}, []),
        ({"trigger_event_action_identifier": "deploy"}, ["on_run"]),
        ({"trigger_event_action_identifier": "unknown"}, []),
        ({"trigger_type": "automation", "published": "true"}, ["on_entity"]),
        ({"trigger_type": "automation", "operation": "CREATE"}, []),
    ],
)
@pytest.mark.usefixtures("listed")
def test_a_filter_leaves_what_matches(client: Client, query: Query, expected: list[str]) -> None:
    found = identifiers(client, query)

    assert found == expected


@pytest.mark.parametrize("query", [{"version": "v1"}, {"version": "v2"}, {"page": "7"}])
def test_versions_and_unknown_parameters_change_nothing(
    client: Client, listed: list[str], query: Query
) -> None:
    found = identifiers(client, query)

    assert found == listed


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ({"operation": "UPDATE"}, "query/operation/0"),
        ({"operation": ""}, "query/operation/0"),
        ({"published": "yes"}, "query/published must be boolean"),
        ({"published": ["true", "false"]}, "query/published must be given once"),
        ({"trigger_type": "manual"}, "query/trigger_type must be 'self-service' or 'automation'"),
        ({"trigger_event": "ENTITY_EATEN"}, "query/trigger_event/0"),
        ({"version": "v3"}, "query/version"),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_refused(client: Client, query: Query, about: str) -> None:
    answer = client.get(ACTIONS, query)

    assert_refused(answer, 422, about)
