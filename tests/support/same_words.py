"""How every route is asked by organisations that call all their things alike.

Only the free texts differ, and the ids that the fake gives. A route without a row here is one of
which nobody has shown that it keeps organisations apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from port_fake import FakePort
from tests.support.client import NOTHING

ANA: Final = "ana.admin@example.com"
BEN: Final = "ben.builder@example.com"
NEW: Final = "new@example.com"

MARK: Final = "<mark>"
"""A text that only one organisation has."""
RUN: Final = "<run>"
NODE_RUN: Final = "<node run>"
CLIENT_ID: Final = "<client id>"
CLIENT_SECRET: Final = "<client secret>"  # noqa: S105  a placeholder

AGENT: Final = {
    "type": "INTEGRATION_ACTION",
    "installationId": "agent",
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"org": MARK, "repo": "x", "workflow": "x.yml"},
}
TO_ITSELF: Final = {
    "type": "WEBHOOK",
    "url": "https://api.getport.io/v1/actions/runs/{{ .event.diff.after.id }}/logs",
    "body": {"message": MARK},
    "synchronized": True,
}
INPUTS: Final = {"properties": {"why": {"type": "string"}}}
BUTTON: Final = {"type": "self-service", "operation": "CREATE", "userInputs": INPUTS}


def action(identifier: str, **changes: Any) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "title": MARK,
        "description": MARK,
        "trigger": BUTTON,
        "invocationMethod": AGENT,
        **changes,
    }


def automation(identifier: str, event: Mapping[str, str], method: Any) -> dict[str, Any]:
    trigger = {"type": "automation", "event": event}
    return action(identifier, trigger=trigger, invocationMethod=method, publish=True)


def blueprint(identifier: str) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "title": MARK,
        "description": MARK,
        "schema": {"properties": {"text": {"type": "string", "title": MARK}}},
        "changelogDestination": {"type": "KAFKA"},
    }


def entity(**keys: Any) -> dict[str, Any]:
    return {"title": MARK, "team": ["payments"], "properties": {"text": MARK}, **keys}


ON_SERVICE: Final = {**BUTTON, "operation": "DAY-2", "blueprintIdentifier": "service"}
LEGACY: Final = {
    "identifier": "restart",
    "title": MARK,
    "trigger": "DAY-2",
    "userInputs": INPUTS,
    "invocationMethod": {"type": "KAFKA"},
}
DEPLOY: Final = action("deploy", requiredApproval={"type": "ANY"})
CREATED: Final = {"type": "RUN_CREATED", "actionIdentifier": "deploy"}
CHANGED: Final = {"type": "ANY_ENTITY_CHANGE", "blueprintIdentifier": "service"}
SEARCH: Final = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "service"}],
}
POLICY: Final = {"queries": {"all": SEARCH}, "conditions": [".inputs"]}


@dataclass(frozen=True, kw_only=True)
class Row:
    """How to ask a route so that it succeeds where `furnish_alike` has been."""

    path: str
    body: Any = NOTHING
    query: Mapping[str, Any] = field(default_factory=dict)


SERVICE: Final = "/v1/blueprints/service"
CHECKOUT: Final = f"{SERVICE}/entities/checkout"
ONE_RUN: Final = f"/v1/actions/runs/{RUN}"
SECRETS: Final = "/v1/organization/secrets"
CLAIM: Final = {"installationId": "agent", "limit": 10}

ROWS: Final[Mapping[str, Row]] = {
    "POST /v1/auth/access_token": Row(
        path="/v1/auth/access_token",
        body={"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET},
    ),
    "GET /v1/auth/permissions": Row(path="/v1/auth/permissions"),
    "GET /v1/organization": Row(path="/v1/organization"),
    "PUT /v1/organization": Row(path="/v1/organization", body={"name": MARK}),
    "PATCH /v1/organization": Row(path="/v1/organization", body={"name": MARK}),
    "GET /v1/kafka-credentials": Row(path="/v1/kafka-credentials"),
    "GET /v1/organization/secrets": Row(path=SECRETS),
    "POST /v1/organization/secrets": Row(
        path=SECRETS, body={"secretName": "new", "secretValue": MARK, "description": MARK}
    ),
    "GET /v1/organization/secrets/{secret_name}": Row(path=f"{SECRETS}/token"),
    "PATCH /v1/organization/secrets/{secret_name}": Row(
        path=f"{SECRETS}/token", body={"secretValue": MARK, "description": MARK}
    ),
    "DELETE /v1/organization/secrets/{secret_name}": Row(path=f"{SECRETS}/token"),
    # Blueprints and entities.
    "POST /v1/blueprints": Row(path="/v1/blueprints", body=blueprint("new")),
    "GET /v1/blueprints": Row(path="/v1/blueprints"),
    "GET /v1/blueprints/{identifier}": Row(path=SERVICE),
    "PUT /v1/blueprints/{identifier}": Row(path=SERVICE, body=blueprint("service")),
    "PATCH /v1/blueprints/{identifier}": Row(path=SERVICE, body={"title": MARK}),
    "DELETE /v1/blueprints/{identifier}": Row(path="/v1/blueprints/empty"),
    "POST /v1/blueprints/{blueprint_identifier}/entities": Row(
        path=f"{SERVICE}/entities", body=entity(identifier="new"), query={"upsert": "true"}
    ),
    "GET /v1/blueprints/{blueprint_identifier}/entities": Row(path=f"{SERVICE}/entities"),
    "GET /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": Row(path=CHECKOUT),
    "PUT /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": Row(
        path=CHECKOUT, body=entity()
    ),
    "PATCH /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": Row(
        path=CHECKOUT, body={"title": MARK}
    ),
    "GET /v1/blueprints/{blueprint_identifier}/entities-count": Row(
        path=f"{SERVICE}/entities-count"
    ),
    "POST /v1/blueprints/{blueprint_identifier}/entities/bulk": Row(
        path=f"{SERVICE}/entities/bulk", body={"entities": [entity(identifier="bulky")]}
    ),
    "POST /v1/blueprints/{blueprint_identifier}/entities/search": Row(
        path=f"{SERVICE}/entities/search", body={"query": SEARCH}
    ),
    "POST /v1/entities/search": Row(path="/v1/entities/search", body=SEARCH),
    "POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete": Row(
        path=f"{SERVICE}/bulk/entities/delete", body={"entities": ["bulky"]}
    ),
    # Actions.
    "POST /v1/actions": Row(path="/v1/actions", body=action("new")),
    "GET /v1/actions": Row(path="/v1/actions"),
    "GET /v1/actions/{action_identifier}": Row(path="/v1/actions/deploy"),
    "PUT /v1/actions/{action_identifier}": Row(path="/v1/actions/deploy", body=DEPLOY),
    "GET /v1/actions/{action_identifier}/permissions": Row(path="/v1/actions/deploy/permissions"),
    "PATCH /v1/actions/{action_identifier}/permissions": Row(
        path="/v1/actions/doomed/permissions",
        body={"execute": {"users": [f"{MARK}@example.com"], "policy": POLICY}},
    ),
    "POST /v1/blueprints/{blueprint_identifier}/actions": Row(
        path=f"{SERVICE}/actions", body={**LEGACY, "identifier": "newer"}
    ),
    "GET /v1/blueprints/{blueprint_identifier}/actions": Row(path=f"{SERVICE}/actions"),
    "PUT /v1/blueprints/{blueprint_identifier}/actions": Row(
        path=f"{SERVICE}/actions", body={"actions": [LEGACY]}
    ),
    "GET /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}": Row(
        path=f"{SERVICE}/actions/restart"
    ),
    "PUT /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}": Row(
        path=f"{SERVICE}/actions/restart", body=LEGACY
    ),
    # Runs.
    "POST /v1/actions/{action_identifier}/runs": Row(
        path="/v1/actions/deploy/runs", body={"properties": {"why": MARK}}
    ),
    "GET /v1/actions/runs": Row(path="/v1/actions/runs", query={"version": "v2"}),
    "GET /v1/actions/runs/{run_id}": Row(path=ONE_RUN, query={"version": "v2"}),
    "GET /v1/actions/runs/{run_id}/approvers": Row(
        path=f"{ONE_RUN}/approvers", query={"include_pending_approvers": "true"}
    ),
    "PATCH /v1/actions/runs/{run_id}/approval": Row(
        path=f"{ONE_RUN}/approval", body={"status": "APPROVE", "description": MARK}
    ),
    "POST /v1/actions/runs/{run_id}/logs": Row(
        path=f"{ONE_RUN}/logs", body={"message": MARK, "statusLabel": MARK}
    ),
    "GET /v1/actions/runs/{run_id}/logs": Row(path=f"{ONE_RUN}/logs"),
    "POST /v1/actions/runs/claim-pending": Row(path="/v1/actions/runs/claim-pending", body=CLAIM),
    "PATCH /v1/actions/runs/ack": Row(path="/v1/actions/runs/ack", body={"runIds": [RUN]}),
    "PATCH /v1/actions/runs/{run_id}/response": Row(
        path=f"{ONE_RUN}/response", body={"response": MARK}
    ),
    "PATCH /v1/actions/runs/{run_id}": Row(
        path=ONE_RUN,
        body={"status": "SUCCESS", "summary": MARK, "link": f"https://{MARK}.example.com/"},
    ),
    "POST /v1/workflows/runs/claim-pending": Row(
        path="/v1/workflows/runs/claim-pending", body=CLAIM
    ),
    "PATCH /v1/workflows/runs/ack": Row(
        path="/v1/workflows/runs/ack", body={"nodeRunIdentifier": NODE_RUN}
    ),
    "POST /v1/workflows/nodes/runs/{node_run_id}/logs": Row(
        path=f"/v1/workflows/nodes/runs/{NODE_RUN}/logs",
        body={"logs": [{"level": "INFO", "message": MARK}]},
    ),
    "PATCH /v1/workflows/nodes/runs/{node_run_id}": Row(
        path=f"/v1/workflows/nodes/runs/{NODE_RUN}", body={"output": {"text": MARK}}
    ),
    "GET /v1/workflows/nodes/runs": Row(path="/v1/workflows/nodes/runs"),
    "GET /v1/audit-log": Row(path="/v1/audit-log", query={"limit": 20}),
    # People.
    "GET /v1/users": Row(path="/v1/users"),
    "GET /v1/users/{user_email}": Row(path=f"/v1/users/{ANA}"),
    "POST /v1/users/invite": Row(path="/v1/users/invite", body={"invitee": {"email": NEW}}),
    "PATCH /v1/users/{user_email}": Row(path=f"/v1/users/{BEN}", body={"teams": ["payments"]}),
    "GET /v1/teams": Row(path="/v1/teams"),
    "GET /v1/teams/{name}": Row(path="/v1/teams/payments"),
    "POST /v1/teams": Row(path="/v1/teams", body={"name": "new", "description": MARK}),
    "PATCH /v1/teams/{name}": Row(path="/v1/teams/payments", body={"description": MARK}),
    "PUT /v1/teams/{name}": Row(
        path="/v1/teams/payments", body={"name": "payments", "users": [BEN], "description": MARK}
    ),
    # What takes something away that others need goes last.
    "DELETE /v1/blueprints/{blueprint_identifier}/actions/{action_identifier}": Row(
        path=f"{SERVICE}/actions/restart"
    ),
    "DELETE /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}": Row(path=CHECKOUT),
    "DELETE /v1/blueprints/{blueprint_identifier}/all-entities": Row(
        path=f"{SERVICE}/all-entities"
    ),
    "DELETE /v1/actions/{action_identifier}": Row(path="/v1/actions/doomed"),
    "DELETE /v1/users/{user_email}": Row(path=f"/v1/users/{BEN}"),
    "DELETE /v1/teams/{name}": Row(path="/v1/teams/payments"),
}
"""By route, in an order in which all of them succeed."""


def filled(template: Any, words: Mapping[str, str]) -> Any:
    """Return *template* with each placeholder that *words* has replaced, at every depth."""
    if isinstance(template, str):
        for placeholder, word in words.items():
            template = template.replace(placeholder, word)
        return template
    if isinstance(template, Mapping):
        return {key: filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, words) for value in template]
    return template


def furnish_alike(port: FakePort, mark: str) -> dict[str, str]:
    """Add all that the rows name, with *mark* as every free text; return what placeholders mean."""
    words = {MARK: mark, CLIENT_ID: port.client_id, CLIENT_SECRET: port.client_secret}
    port.add_team("payments")
    port.add_user(ANA, roles=["Admin"])
    port.add_user(BEN, teams=["payments"])
    secret = {"secretName": "token", "secretValue": mark, "description": mark}
    port.perform("create-organization-secret", body=secret)
    for name in ("service", "empty"):
        port.perform("create-blueprint", body=filled(blueprint(name), words))
    port.add_entity("service", "checkout", **filled(entity(), words))
    for each in (
        DEPLOY,
        action("doomed"),
        action("restart", trigger=ON_SERVICE),
        automation("on-run", CREATED, TO_ITSELF),
        automation("on-entity", CHANGED, {"type": "KAFKA", "payload": {"text": MARK}}),
    ):
        port.perform("create-action", body=filled(each, words))
    words[RUN] = port.execute("deploy", {"why": mark}).id
    words[NODE_RUN] = port.add_node_run("node", "agent", config={"text": mark})
    port.settle()
    return words
