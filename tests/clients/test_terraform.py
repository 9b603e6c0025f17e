"""What Port's Terraform provider sends, re-enacted: it believes what says ``ok``."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests

from port_fake import FakePort
from tests.clients.sessions import Session

pytestmark = pytest.mark.port_fake(scenario="microservice")

PROVIDER: Final = {"User-Agent": "terraform-provider-port/2.20.0"}
ENTITIES: Final = "/v1/blueprints/microservice/entities"

RESTART: Final[dict[str, Any]] = {
    "identifier": "restart",
    "title": "Restart",
    "icon": "Restart",
    "description": "Turn it off and on",
    "trigger": {
        "type": "self-service",
        "blueprintIdentifier": "microservice",
        "operation": "DAY-2",
        "userInputs": {
            "properties": {"why": {"type": "string", "title": "Why"}},
            "required": ["why"],
            "order": ["why"],
        },
    },
    "invocationMethod": {
        "type": "INTEGRATION_ACTION",
        "installationId": "github-prod",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "acme", "repo": "ops"},
    },
    "requiredApproval": {"type": "ALL"},
    "approvalNotification": {"type": "email"},
    "publish": True,
    "allowAnyoneToViewRuns": True,
}


def told(response: requests.Response) -> dict[str, Any]:
    """Decode an answer as the provider does: by its content type, and only if it says ``ok``."""
    assert response.headers["Content-Type"].startswith("application/json")
    answer: dict[str, Any] = response.json()
    assert answer["ok"] is True, f"the provider would fail with {answer}"
    return answer


@pytest.fixture
def provider(port_fake: FakePort) -> Iterator[Session]:
    """The provider, logged in."""
    with Session(port_fake.base_url, PROVIDER) as session:
        assert session.log_in(port_fake.client_id, port_fake.client_secret)["ok"] is True
        yield session


def test_an_action_comes_back_as_it_was_written(provider: Session) -> None:
    created = told(provider.send("POST", "/v1/actions", RESTART))["action"]
    read = told(provider.send("GET", "/v1/actions/restart"))["action"]

    assert RESTART.items() <= created.items(), "a plan would show differences for ever"
    assert read == created
    assert read["id"]


@pytest.mark.parametrize("approval", [True, False, {"type": "ANY"}])
def test_an_action_is_changed_in_place(provider: Session, approval: object) -> None:
    made = told(provider.send("POST", "/v1/actions", RESTART))["action"]
    changed = {**RESTART, "title": "Start again", "requiredApproval": approval}
    del changed["approvalNotification"]

    answer = told(provider.send("PUT", "/v1/actions/restart", changed))["action"]

    assert changed.items() <= answer.items()
    assert answer["id"] == made["id"]
    assert "approvalNotification" not in answer


def test_an_action_that_is_destroyed_is_gone(provider: Session) -> None:
    told(provider.send("POST", "/v1/actions", RESTART))

    told(provider.send("DELETE", "/v1/actions/restart"))

    assert provider.send("GET", "/v1/actions/restart").status_code == 404


def test_permissions_can_be_read_as_soon_as_the_action_is_there(provider: Session) -> None:
    told(provider.send("POST", "/v1/actions", RESTART))

    permissions = told(provider.send("GET", "/v1/actions/restart/permissions"))["permissions"]

    assert permissions["execute"].keys() >= {"users", "roles", "teams", "ownedByTeam"}
    assert permissions["approve"].keys() >= {"users", "roles", "teams"}


def test_permissions_come_back_as_they_were_written(provider: Session) -> None:
    query = {"rules": [{"property": "$team", "operator": "=", "value": "platform"}]}
    policy = {
        "queries": {"lead": {**query, "combinator": "and"}},
        "conditions": [".results.lead.entities | length > 0"],
    }
    wanted = {
        "execute": {"users": [], "roles": ["Member"], "teams": ["platform"], "ownedByTeam": True},
        "approve": {
            "users": ["lea.lead@example.com"],
            "roles": ["Admin"],
            "teams": [],
            "policy": policy,
        },
    }
    path = "/v1/actions/create_microservice/permissions"

    changed = told(provider.send("PATCH", path, wanted))["permissions"]

    assert changed == wanted
    assert told(provider.send("GET", path))["permissions"] == wanted


def test_an_entity_is_written_with_an_empty_run_id(provider: Session, port_fake: FakePort) -> None:
    entity = {
        "identifier": "billing",
        "title": "Billing",
        "blueprint": "microservice",
        "team": ["payments"],
        "properties": {"region": "us-east-1"},
        "relations": {},
    }

    created = told(provider.send("POST", f"{ENTITIES}?upsert=true&run_id=", entity))["entity"]
    replaced = told(
        provider.send("PUT", f"{ENTITIES}/billing?run_id=", {**entity, "title": "Bills"})
    )["entity"]
    read = told(provider.send("GET", f"{ENTITIES}/billing?exclude_calculated_properties=true"))

    assert entity.items() <= created.items()
    assert {"createdAt", "createdBy", "updatedAt", "updatedBy"} <= created.keys()
    assert (replaced["title"], replaced["createdAt"]) == ("Bills", created["createdAt"])
    assert read["entity"] == replaced
    port_fake.assert_called("PUT", f"{ENTITIES}/billing", query={"run_id": ""}, status=200)


def test_an_entity_that_is_destroyed_is_gone(provider: Session) -> None:
    told(provider.send("DELETE", f"{ENTITIES}/checkout?delete_dependents=false"))

    assert provider.send("GET", f"{ENTITIES}/checkout").status_code == 404


def test_the_organisation_lists_its_feature_flags(provider: Session) -> None:
    assert told(provider.send("GET", "/v1/organization"))["organization"]["featureFlags"] == []


def test_the_provider_can_pace_itself_by_the_rate_headers(provider: Session) -> None:
    first = provider.send("GET", "/v1/organization").headers
    second = provider.send("GET", "/v1/organization").headers

    assert int(first["x-ratelimit-limit"]) > 0
    assert int(second["x-ratelimit-remaining"]) == int(first["x-ratelimit-remaining"]) - 1
    assert int(first["x-ratelimit-reset"]) > 0
