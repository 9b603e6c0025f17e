"""For every operation a request that must succeed, made of things that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from port_fake.contracts.schema.stock import AGENT, INTEGRATION, SECRET_VALUE, Made, Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that must succeed. *names* are the keys of the body that name things.

    What *path* and *query* hold, and what the body holds under *names*, also takes the place of
    what was generated, so that most generated requests meet something.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    names: tuple[str, ...] = ()


Row: TypeAlias = Callable[[Any], Wanted]


def _plain(stock: Stock) -> Wanted:
    del stock
    return Wanted()


def _body(body: Any) -> Row:
    return lambda _: Wanted(body=body)


def _new(key: str, word: str, **body: Any) -> Row:
    """Return a row that makes something with a new name under *key*."""
    return lambda made: Wanted(body={key: made.name(word), **body})


def _named(parameter: str, kind: str, *, fresh: bool = False, body: Any = None) -> Row:
    """Return a row whose path names one thing of the stock."""
    return lambda stock: Wanted(path={parameter: getattr(stock, kind)(fresh=fresh)}, body=body)


def _entity(*, fresh: bool = False, body: Any = None) -> Row:
    def row(stock: Stock) -> Wanted:
        path = {
            "blueprint_identifier": stock.blueprint(),
            "entity_identifier": stock.entity(fresh=fresh),
        }
        return Wanted(path=path, body=body)

    return row


def _legacy(*, fresh: bool = False, body: Any = None) -> Row:
    def row(stock: Stock) -> Wanted:
        path = {
            "blueprint_identifier": stock.blueprint(),
            "action_identifier": stock.legacy_action(fresh=fresh),
        }
        named = None if body is None else {**body, "identifier": path["action_identifier"]}
        return Wanted(path=path, body=named)

    return row


def _log_in(made: Made) -> Wanted:
    who = made.port.credentials
    return Wanted(body={"clientId": who.client_id, "clientSecret": who.client_secret})


def _approval(made: Made) -> Wanted:
    return Wanted(
        path={"run_id": made.waiting_run()},
        query={"version": "v2"},
        body={"status": "APPROVE", "description": "looks good"},
    )


def _update(made: Made) -> Wanted:
    body = {
        "status": "SUCCESS",
        "statusLabel": "done",
        "summary": "all went well",
        "link": ["https://ci.example.com/1", "https://ci.example.com/2"],
        "externalRunId": made.name("external"),
    }
    return Wanted(path={"run_id": made.run(fresh=True)}, query={"version": "v2"}, body=body)


def _acknowledge(made: Made) -> Wanted:
    run = made.run(fresh=True)
    claimed = {"installationId": AGENT, "limit": 1000}
    made.port.get("claim-pending-runs", body=claimed)
    return Wanted(body={"runIds": [run]}, names=("runIds",))


def _claim(made: Made) -> Wanted:
    made.run(fresh=True)
    return Wanted(body={"installationId": AGENT, "limit": 10}, names=("installationId",))


def _replace_action(made: Made) -> Wanted:
    identifier = made.action(fresh=True)
    return Wanted(
        path={"action_identifier": identifier},
        body={"identifier": identifier, **ACTION},
        names=("identifier",),
    )


def _blueprint(*, body: Any) -> Row:
    def row(made: Made) -> Wanted:
        identifier = made.blueprint(fresh=True)
        named = {"identifier": identifier, **body} if "schema" in body else body
        return Wanted(path={"identifier": identifier}, body=named, names=("identifier",))

    return row


def _doomed_entities(made: Made) -> Wanted:
    path = {"blueprint_identifier": made.blueprint()}
    return Wanted(path=path, body={"entities": [made.entity(fresh=True)]}, names=("entities",))


def _new_entity(made: Made) -> Wanted:
    return Wanted(
        path={"blueprint_identifier": made.blueprint()},
        query={"upsert": "false"},
        body={"identifier": made.name("new"), **ENTITY},
    )


def _new_entities(made: Made) -> Wanted:
    entities = [{"identifier": made.name("bulk"), **ENTITY} for _ in range(2)]
    return Wanted(
        path={"blueprint_identifier": made.blueprint()},
        query={"upsert": "false"},
        body={"entities": entities},
    )


def _new_legacy(made: Made) -> Wanted:
    return Wanted(
        path={"blueprint_identifier": made.blueprint()},
        body={"identifier": made.name("legacy"), **LEGACY},
    )


def _legacy_actions(made: Made) -> Wanted:
    path = {"blueprint_identifier": made.blueprint(fresh=True)}
    return Wanted(path=path, body={"actions": [{"identifier": made.name("legacy"), **LEGACY}]})


def _invitation(made: Made) -> Wanted:
    invitee = {"email": f"{made.name('invited')}@example.com", "roles": ["Member"]}
    return Wanted(query={"notify": "false"}, body={"invitee": invitee})


def _renamed_team(made: Made) -> Wanted:
    name = made.team(fresh=True)
    return Wanted(path={"name": name}, body={"name": name, **TEAM}, names=("name",))


def _search(stock: Stock) -> Wanted:
    return Wanted(body=_of_blueprint(stock))


def _search_blueprint(stock: Stock) -> Wanted:
    body = {"query": _of_blueprint(stock), "limit": 10}
    return Wanted(path={"blueprint_identifier": stock.blueprint()}, body=body)


def _of_blueprint(stock: Stock) -> dict[str, Any]:
    rule = {"property": "$blueprint", "operator": "=", "value": stock.blueprint()}
    return {"combinator": "and", "rules": [rule]}


def _execute(made: Made) -> Wanted:
    return Wanted(
        path={"action_identifier": made.action()},
        body={"properties": {"version": "1.0", "replicas": 3}},
    )


def _runs(stock: Stock) -> Wanted:
    if stock.can_make:
        stock.run()
    return Wanted(query={"version": "v2", "limit": 5})


ACTION: Final = {
    "title": "Ship it",
    "trigger": {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {"version": {"type": "string"}}, "required": []},
    },
    "invocationMethod": INTEGRATION,
}
LEGACY: Final = {
    "title": "Restart",
    "trigger": "DAY-2",
    "userInputs": {"properties": {}},
    "invocationMethod": {"type": "KAFKA"},
}
SCHEMA: Final = {"properties": {"tier": {"type": "string", "title": "Tier"}}}
ENTITY: Final = {"title": "Checkout", "properties": {"tier": "silver"}}
TEAM: Final = {"description": "those who pay"}
PERMISSIONS: Final = {"execute": {"roles": ["Admin", "Member"]}}

ROWS: Final[Mapping[str, Row]] = {
    "create-access-token": _log_in,
    "get-organization": _plain,
    "replace-organization": _body({"name": "Acme"}),
    "change-organization": _body({"name": "Acme again"}),
    "get-kafka-credentials": _plain,
    "get-organization-secrets": _plain,
    "create-organization-secret": _new(
        "secretName", "secret", secretValue=SECRET_VALUE, description="new"
    ),
    "get-organization-secret": _named("secret_name", "secret"),
    "change-organization-secret": _named(
        "secret_name", "secret", body={"secretValue": SECRET_VALUE, "description": "changed"}
    ),
    "delete-organization-secret": _named("secret_name", "secret", fresh=True),
    "execute-self-service-action": _execute,
    "get-all-action-runs": _runs,
    "get-action-run-s-details": _named("run_id", "run"),
    "update-action-run": _update,
    "approve-action-run": _approval,
    "add-log-action-run": _named(
        "run_id", "run", fresh=True, body={"message": "half way", "statusLabel": "building"}
    ),
    "get-action-s-run-logs": _named("run_id", "run"),
    "get-action-run-s-approvers": lambda stock: Wanted(
        path={"run_id": stock.run()}, query={"include_pending_approvers": "true"}
    ),
    "claim-pending-runs": _claim,
    "acknowledge-runs": _acknowledge,
    "keep-run-response": _named("run_id", "run", body={"response": {"said": "hello"}}),
    "claim-pending-node-runs": _body({"installationId": AGENT, "limit": 10}),
    "get-node-runs": _plain,
    "create-action": _new("identifier", "ship", **ACTION),
    "get-actions": _plain,
    "get-action": _named("action_identifier", "action"),
    "replace-action": _replace_action,
    "delete-action": _named("action_identifier", "action", fresh=True),
    "get-action-permissions": _named("action_identifier", "action"),
    "update-action-permissions": _named("action_identifier", "action", body=PERMISSIONS),
    "get-own-permissions": _plain,
    "create-blueprint-action": _new_legacy,
    "replace-blueprint-actions": _legacy_actions,
    "get-blueprint-actions": _named("blueprint_identifier", "blueprint"),
    "replace-blueprint-action": _legacy(fresh=True, body=LEGACY),
    "get-blueprint-action": _legacy(),
    "delete-blueprint-action": _legacy(fresh=True),
    "create-blueprint": _new("identifier", "made", title="Made", schema=SCHEMA),
    "get-blueprints": _plain,
    "get-blueprint": _named("identifier", "blueprint"),
    "replace-blueprint": _blueprint(body={"title": "Replaced", "schema": SCHEMA}),
    "change-blueprint": _blueprint(body={"title": "Changed"}),
    "delete-blueprint": _named("identifier", "blueprint", fresh=True),
    "create-entity": _new_entity,
    "get-entities": _named("blueprint_identifier", "blueprint"),
    "get-entity": _entity(),
    "replace-entity": _entity(fresh=True, body=ENTITY),
    "change-entity": _entity(fresh=True, body={"title": "Changed"}),
    "delete-entity": _entity(fresh=True),
    "count-entities": _named("blueprint_identifier", "blueprint"),
    "write-entities": _new_entities,
    "delete-entities": _doomed_entities,
    "delete-all-entities": _named("blueprint_identifier", "blueprint", fresh=True),
    "search-entities": _search,
    "search-blueprint-entities": _search_blueprint,
    "get-users": _plain,
    "get-user": _named("user_email", "user"),
    "change-user": _named("user_email", "user", fresh=True, body={"roles": ["Member"]}),
    "delete-user": _named("user_email", "user", fresh=True),
    "invite-user": _invitation,
    "get-teams": _plain,
    "create-team": _new("name", "team", **TEAM),
    "get-team": _named("name", "team"),
    "change-team": _named("name", "team", fresh=True, body={"description": "changed"}),
    "replace-team": _renamed_team,
    "delete-team": _named("name", "team", fresh=True),
    "get-audit-logs": lambda _: Wanted(query={"limit": 5}),
}
"""By operation."""
