"""The script of Port's first tutorial, as it was written: no error handling, no ``version``."""

from typing import Any, Final

import pytest
import requests

from port_fake import FakePort

TIMEOUT_S: Final = 10

BLUEPRINT: Final[dict[str, Any]] = {
    "identifier": "microservice",
    "title": "Service",
    "icon": "Microservice",
    "formulaProperties": {},
    "schema": {"properties": {"region": {"type": "string", "title": "Region"}}, "required": []},
    "relations": {},
}
ACTION: Final[dict[str, Any]] = {
    "identifier": "create_microservice",
    "title": "Create Microservice",
    "icon": "Microservice",
    "description": "Make a new microservice",
    "trigger": "CREATE",
    "invocationMethod": {"type": "WEBHOOK", "url": "https://example.com"},
    "userInputs": {
        "properties": {
            "name": {"type": "string", "title": "Name"},
            "region": {
                "type": "string",
                "title": "AWS Region",
                "enum": ["eu-west-1", "eu-west-2", "us-west-1", "us-east-1"],
            },
        },
        "required": ["name"],
    },
}


def get_token(api_url: str, client_id: str, client_secret: str) -> str:
    """Log in as the tutorial does."""
    credentials = {"clientId": client_id, "clientSecret": client_secret}
    response = requests.post(f"{api_url}/auth/access_token", json=credentials, timeout=TIMEOUT_S)
    token: str = response.json()["accessToken"]
    return token


def report(api_url: str, token: str, run_id: str) -> dict[str, Any]:
    """Do what the tutorial's backend does with a run, and return the run that it prints."""
    headers = {"Authorization": f"Bearer {token}"}
    run = requests.get(
        f"{api_url}/actions/runs/{run_id}", headers=headers, timeout=TIMEOUT_S
    ).json()["run"]
    entity = {
        "identifier": run["properties"]["name"],
        "title": run["properties"]["name"],
        "properties": {"region": run["properties"]["region"]},
    }
    made = requests.post(
        f"{api_url}/blueprints/microservice/entities?run_id={run_id}&upsert=true",
        json=entity,
        headers=headers,
        timeout=TIMEOUT_S,
    ).json()
    body = {
        "status": "SUCCESS",
        "link": f"https://ci.example.com/{made['entity']['identifier']}",
        "message": {"run_status": "Run completed successfully!"},
    }
    answer = requests.patch(
        f"{api_url}/actions/runs/{run_id}", json=body, headers=headers, timeout=TIMEOUT_S
    ).json()
    reported: dict[str, Any] = answer["run"]
    return reported


@pytest.mark.port_fake(scenario="microservice")
def test_the_tutorials_backend_ends_the_run_and_makes_the_entity(port_fake: FakePort) -> None:
    api_url = f"{port_fake.base_url}/v1"
    pressed = port_fake.execute(
        "create_microservice",
        {"name": "billing", "region": "us-east-1"},
        as_user="ana.admin@example.com",
    )

    run = report(
        api_url, get_token(api_url, port_fake.client_id, port_fake.client_secret), pressed.id
    )

    ana = port_fake.caller("ana.admin@example.com").id
    assert run == {
        "id": pressed.id,
        "status": "SUCCESS",
        "blueprint": {"identifier": "microservice", "title": "Service"},
        "action": "create_microservice",
        "endedAt": run["updatedAt"],
        "source": "API",
        "relatedEntityExists": False,
        "relatedBlueprintExists": True,
        "properties": {"name": "billing", "region": "us-east-1"},
        "link": "https://ci.example.com/billing",
        "message": {"run_status": "Run completed successfully!"},
        "createdAt": run["createdAt"],
        "updatedAt": run["updatedAt"],
        "createdBy": ana,
        "updatedBy": port_fake.client_id,
    }
    assert [key.identifier for key in port_fake.run(pressed).affected_entities] == ["billing"]


def test_the_tutorial_from_its_first_step_over_the_routes_of_2022(port_fake: FakePort) -> None:
    api_url = f"{port_fake.base_url}/v1"
    token = get_token(api_url, port_fake.client_id, port_fake.client_secret)
    headers = {"Authorization": f"Bearer {token}"}
    blueprint = requests.post(
        f"{api_url}/blueprints", json=BLUEPRINT, headers=headers, timeout=TIMEOUT_S
    )
    action = requests.post(
        f"{api_url}/blueprints/microservice/actions",
        json=ACTION,
        headers=headers,
        timeout=TIMEOUT_S,
    )
    pressed = port_fake.execute("create_microservice", {"name": "billing", "region": "eu-west-1"})

    run = report(api_url, token, pressed.id)

    assert (blueprint.status_code, action.status_code) == (201, 201)
    assert ACTION.items() <= action.json()["action"].items()
    assert (run["status"], run["link"]) == ("SUCCESS", "https://ci.example.com/billing")
    assert run["endedAt"] is not None


@pytest.mark.port_fake(scenario="microservice")
def test_running_the_backend_again_updates_the_entity_but_not_the_run(port_fake: FakePort) -> None:
    api_url = f"{port_fake.base_url}/v1"
    token = get_token(api_url, port_fake.client_id, port_fake.client_secret)
    first = port_fake.execute("create_microservice", {"name": "billing"})
    second = port_fake.execute("create_microservice", {"name": "billing", "region": "us-east-1"})
    report(api_url, token, first.id)

    run = report(api_url, token, second.id)

    with pytest.raises(KeyError, match="entity"):
        report(api_url, token, first.id)
    entity = port_fake.perform(
        "get-entity",
        path={"blueprint_identifier": "microservice", "entity_identifier": "billing"},
    )["entity"]
    assert run["status"] == "SUCCESS"
    assert entity["properties"] == {"region": "us-east-1"}
