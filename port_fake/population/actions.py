"""The actions of a made-up organisation: what people do all day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.population.catalog import (
    ACCESS,
    ELSEWHERE,
    LANGUAGES,
    PRODUCTION,
    SYSTEMS,
    Document,
    Person,
)

VERSION: Final = {"type": "string", "title": "Version", "minLength": 1}
REASON: Final = {"type": "string", "title": "Reason", "minLength": 3}


def _action(
    identifier: str,
    title: str,
    inputs: Mapping[str, Document],
    *,
    operation: str = "DAY-2",
    blueprint: str | None = "service",
    approval: str | None = None,
) -> Document:
    trigger: Document = {
        "type": "self-service",
        "operation": operation,
        "userInputs": {
            "properties": dict(inputs),
            "required": list(inputs),
            "order": list(inputs),
        },
    }
    if blueprint is not None:
        trigger["blueprintIdentifier"] = blueprint
    body: dict[str, Any] = {name: f"{{{{ .inputs.{name} }}}}" for name in inputs}
    if operation != "CREATE":
        body["service"] = "{{ .entity.identifier }}"
    action: Document = {
        "identifier": identifier,
        "title": title,
        "trigger": trigger,
        "invocationMethod": {
            "type": "WEBHOOK",
            "url": f"https://automation.example.com/{identifier}",
            "body": {**body, "run": "{{ .run.id }}"},
        },
    }
    return action if approval is None else {**action, "requiredApproval": {"type": approval}}


def _choice(title: str, values: tuple[str, ...]) -> Document:
    return {"type": "string", "title": title, "enum": list(values)}


ACTIONS: Final[list[Document]] = [
    _action(
        "create_service",
        "Create a service",
        {
            "name": {"type": "string", "title": "Name", "pattern": "^[a-z][a-z0-9-]*$"},
            "language": _choice("Language", LANGUAGES),
        },
        operation="CREATE",
    ),
    _action(
        "deploy",
        "Deploy",
        {"version": VERSION, "environment": _choice("Environment", ELSEWHERE)},
    ),
    _action(
        "release",
        "Release",
        {"version": VERSION, "environment": _choice("Environment", PRODUCTION)},
        approval="ANY",
    ),
    _action("rollback", "Roll back", {"version": VERSION, "reason": REASON}),
    _action("restart", "Restart", {"reason": REASON}),
    _action(
        "scale",
        "Scale",
        {"replicas": {"type": "number", "title": "Replicas", "minimum": 1, "maximum": 50}},
    ),
    _action(
        "request_access",
        "Request access",
        {
            "system": _choice("System", SYSTEMS),
            "access": _choice("Access", ACCESS),
            "days": {"type": "number", "title": "Days", "minimum": 1, "maximum": 90},
            "reason": REASON,
        },
        operation="CREATE",
        blueprint=None,
        approval="ALL",
    ),
]
GATED: Final = frozenset(one["identifier"] for one in ACTIONS if "requiredApproval" in one)


def approvers(action: str, everybody: list[Person]) -> list[Person]:
    """Return whose approval *action* asks for: leads for production, two of them for access."""
    leads = [one for one in everybody if one.leads]
    return leads[:2] if action == "request_access" else leads


def permission_documents(everybody: list[Person]) -> list[Document]:
    """Return who may approve what, as a scenario names it."""
    return [
        {
            "action": action,
            "approve": {
                "users": [one.email for one in approvers(action, everybody)],
                "roles": [],
                "teams": [],
            },
        }
        for action in sorted(GATED)
    ]
