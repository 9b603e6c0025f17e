"""What an organisation holds: how each kind of thing is listed, and how one of it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.scenes import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of thing: *many* lists under *key*, *one* reads by *parameter* under *word*.

    *identity* is the key that names a thing in its list.
    """

    name: str
    many: str
    key: str
    one: str
    word: str
    parameter: str
    identity: str


RESOURCES: Final = (
    Resource(
        name="runs",
        many="get-all-action-runs",
        key="runs",
        one="get-action-run-s-details",
        word="run",
        parameter="run_id",
        identity="id",
    ),
    Resource(
        name="actions",
        many="get-actions",
        key="actions",
        one="get-action",
        word="action",
        parameter="action_identifier",
        identity="identifier",
    ),
    Resource(
        name="blueprints",
        many="get-blueprints",
        key="blueprints",
        one="get-blueprint",
        word="blueprint",
        parameter="identifier",
        identity="identifier",
    ),
    Resource(
        name="users",
        many="get-users",
        key="users",
        one="get-user",
        word="user",
        parameter="user_email",
        identity="email",
    ),
    Resource(
        name="teams",
        many="get-teams",
        key="teams",
        one="get-team",
        word="team",
        parameter="name",
        identity="name",
    ),
    Resource(
        name="secrets",
        many="get-organization-secrets",
        key="secrets",
        one="get-organization-secret",
        word="secret",
        parameter="secret_name",
        identity="secretName",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """The names of what `furnish` made; every free text in it is its *mark*."""

    mark: str
    blueprint: str
    entity: str
    action: str
    run: str
    waiting: str
    user: str
    team: str
    secret: str

    @property
    def reads(self) -> tuple[tuple[str, Mapping[str, str]], ...]:
        """Operations that read it, each with its path: first those that name a thing."""
        blueprint = {"blueprint_identifier": self.blueprint}
        action = {"action_identifier": self.action}
        run = {"run_id": self.run}
        return (
            ("get-action-run-s-details", run),
            ("get-action-s-run-logs", run),
            ("get-action-run-s-approvers", {"run_id": self.waiting}),
            ("get-action", action),
            ("get-action-permissions", action),
            ("get-blueprint", {"identifier": self.blueprint}),
            ("get-entities", blueprint),
            ("count-entities", blueprint),
            ("get-entity", {**blueprint, "entity_identifier": self.entity}),
            ("get-user", {"user_email": self.user}),
            ("get-team", {"name": self.team}),
            ("get-organization-secret", {"secret_name": self.secret}),
            *((one.many, {}) for one in RESOURCES),
            ("get-own-permissions", {}),
            ("get-audit-logs", {}),
            ("get-organization", {}),
        )


def furnish(scene: Scene, mark: str) -> Furniture:
    """Put one thing of every kind into an organisation, with *mark* wherever text is free."""
    port = scene.port
    blueprint, entity = scene.named("service"), scene.named("checkout")
    team, secret, action = scene.named("platform"), scene.named("TOKEN"), scene.named("deploy")
    described = {"title": mark, "description": mark}
    kind = {"identifier": blueprint, **described, "schema": {"properties": TIER}}
    port.get("create-blueprint", body=kind)
    port.get(
        "create-entity",
        path={"blueprint_identifier": blueprint},
        body={"identifier": entity, "title": mark, "properties": {"tier": mark}},
    )
    user = scene.user("ana", roles=["Admin"])
    scene.user(mark)
    port.get("change-organization", body={"name": mark})
    port.get("create-team", body={"name": team, "description": mark, "users": [user]})
    port.get(
        "create-organization-secret",
        body={"secretName": secret, "secretValue": mark, "description": mark},
    )
    port.get("create-action", body={"identifier": action, **described, **QUEUED})
    run = scene.run(action, properties={"version": mark})
    scene.log(run["id"], mark)
    waiting = scene.run(scene.action("release", approval="ANY"), properties={"version": mark})
    return Furniture(
        mark=mark,
        blueprint=blueprint,
        entity=entity,
        action=action,
        run=run["id"],
        waiting=waiting["id"],
        user=user,
        team=team,
        secret=secret,
    )


def everything(port: Organisation, furniture: Furniture) -> Mapping[str, Any]:
    """Return all that can be read of furniture, by the operation that reads it."""
    return {
        operation: port.get(operation, path=path, query=_query(operation)).json
        for operation, path in furniture.reads
    }


UNMARKED: Final = frozenset(
    {
        "get-action-run-s-approvers",
        "get-action-permissions",
        "count-entities",
        "get-user",
        "get-own-permissions",
    }
)
"""Reads of furniture in whose answers no text is free."""


def _query(operation: str) -> Mapping[str, Any]:
    return {"version": "v2"} if "action-run" in operation else {}


TIER: Final = {"tier": {"type": "string"}}

INSTALLATION: Final = "contracts-installation"
"""In whose queue the runs of furniture wait."""

QUEUED: Final = {
    "trigger": {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {"version": {"type": "string"}}},
    },
    "invocationMethod": {
        "type": "INTEGRATION_ACTION",
        "installationId": INSTALLATION,
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "o", "repo": "r", "workflow": "w.yml"},
    },
}
"""An action whose runs wait to be claimed."""
