"""What holds for all operations, told as one table: how each is asked so that it succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from port_fake import FakePort, FakePortServer
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.operation import Nothing, Operation
from tests.support.client import NOTHING, Client, Query, assert_refused, client_of
from tests.support.furniture import ADMIN, HOOK, LEAD, furnish

BUTTON: Final = {"type": "self-service", "operation": "CREATE", "userInputs": {"properties": {}}}
ACTION: Final = {"identifier": "new", "trigger": BUTTON, "invocationMethod": HOOK}
LEGACY: Final = {"identifier": "new", "trigger": "CREATE", "invocationMethod": HOOK}
BLUEPRINT: Final = {"identifier": "new", "title": "New", "schema": {"properties": {}}}
SERVICES: Final = "/v1/blueprints/microservice"
SECRETS: Final = "/v1/organization/secrets"
CLAIM: Final = {"installationId": "agent", "limit": 10}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How to ask an operation, and what it answers: a status and the key beside ``ok``."""

    path: str
    body: Any = NOTHING
    query: Query = ()
    status: int = 200
    key: str | None = None


ASKED: Final = {
    "create-access-token": Asked(
        path="/v1/auth/access_token", body="the credentials", key="accessToken"
    ),
    "get-organization": Asked(path="/v1/organization", key="organization"),
    "get-kafka-credentials": Asked(path="/v1/kafka-credentials", key="credentials"),
    "replace-organization": Asked(path="/v1/organization", body={"name": "Mine"}),
    "change-organization": Asked(path="/v1/organization", body={"name": "Mine"}),
    "execute-self-service-action": Asked(
        path="/v1/actions/deploy/runs", body={"properties": {}}, status=202, key="run"
    ),
    "get-all-action-runs": Asked(path="/v1/actions/runs", key="runs"),
    "get-action-run-s-details": Asked(path="/v1/actions/runs/{run}", key="run"),
    "update-action-run": Asked(path="/v1/actions/runs/{run}", body={}, key="run"),
    "approve-action-run": Asked(
        path="/v1/actions/runs/{run}/approval", body={"status": "APPROVE"}, status=201, key="run"
    ),
    "add-log-action-run": Asked(
        path="/v1/actions/runs/{run}/logs", body={"message": "a"}, status=201, key="runLog"
    ),
    "get-action-s-run-logs": Asked(path="/v1/actions/runs/{run}/logs", key="runLogs"),
    "get-action-run-s-approvers": Asked(
        path="/v1/actions/runs/{run}/approvers",
        query={"include_pending_approvers": "true"},
        key="approvers",
    ),
    "create-action": Asked(path="/v1/actions", body=ACTION, status=201, key="action"),
    "get-actions": Asked(path="/v1/actions", key="actions"),
    "get-action": Asked(path="/v1/actions/deploy", key="action"),
    "replace-action": Asked(path="/v1/actions/deploy", body=ACTION, key="action"),
    "delete-action": Asked(path="/v1/actions/deploy"),
    "get-action-permissions": Asked(path="/v1/actions/deploy/permissions", key="permissions"),
    "update-action-permissions": Asked(
        path="/v1/actions/deploy/permissions", body={}, key="permissions"
    ),
    "get-own-permissions": Asked(path="/v1/auth/permissions", key="permissions"),
    "create-blueprint-action": Asked(
        path=f"{SERVICES}/actions", body=LEGACY, status=201, key="action"
    ),
    "replace-blueprint-actions": Asked(
        path=f"{SERVICES}/actions", body={"actions": [LEGACY]}, key="actions"
    ),
    "get-blueprint-actions": Asked(path=f"{SERVICES}/actions", key="actions"),
    "replace-blueprint-action": Asked(
        path=f"{SERVICES}/actions/restart", body=LEGACY, key="action"
    ),
    "get-blueprint-action": Asked(path=f"{SERVICES}/actions/restart", key="action"),
    "delete-blueprint-action": Asked(path=f"{SERVICES}/actions/restart"),
    "create-blueprint": Asked(path="/v1/blueprints", body=BLUEPRINT, status=201, key="blueprint"),
    "get-blueprints": Asked(path="/v1/blueprints", key="blueprints"),
    "get-blueprint": Asked(path=SERVICES, key="blueprint"),
    "replace-blueprint": Asked(path=SERVICES, body=BLUEPRINT, key="blueprint"),
    "change-blueprint": Asked(path=SERVICES, body={"title": "Svc"}, key="blueprint"),
    "delete-blueprint": Asked(path="/v1/blueprints/empty"),
    "create-entity": Asked(path=f"{SERVICES}/entities", body={}, status=201, key="entity"),
    "get-entities": Asked(path=f"{SERVICES}/entities", key="entities"),
    "get-entity": Asked(path=f"{SERVICES}/entities/checkout", key="entity"),
    "replace-entity": Asked(path=f"{SERVICES}/entities/checkout", body={}, key="entity"),
    "change-entity": Asked(path=f"{SERVICES}/entities/checkout", body={}, key="entity"),
    "delete-entity": Asked(path=f"{SERVICES}/entities/checkout"),
    "count-entities": Asked(path=f"{SERVICES}/entities-count", key="count"),
    "search-entities": Asked(
        path="/v1/entities/search", body={"combinator": "and", "rules": []}, key="entities"
    ),
    "search-blueprint-entities": Asked(path=f"{SERVICES}/entities/search", body={}, key="entities"),
    "write-entities": Asked(
        path=f"{SERVICES}/entities/bulk", body={"entities": [{}]}, key="entities"
    ),
    "delete-entities": Asked(
        path=f"{SERVICES}/bulk/entities/delete",
        body={"entities": ["checkout"]},
        key="deletedEntities",
    ),
    "delete-all-entities": Asked(path=f"{SERVICES}/all-entities"),
    "get-audit-logs": Asked(path="/v1/audit-log", query={"run_id": "r_x"}, key="audits"),
    "get-users": Asked(path="/v1/users", key="users"),
    "get-user": Asked(path=f"/v1/users/{LEAD}", key="user"),
    "invite-user": Asked(path="/v1/users/invite", body={"invitee": {"email": "new@example.com"}}),
    "change-user": Asked(path=f"/v1/users/{LEAD}", body={"roles": ["Admin"]}, key="email"),
    "delete-user": Asked(path=f"/v1/users/{ADMIN}"),
    "get-teams": Asked(path="/v1/teams", key="teams"),
    "get-team": Asked(path="/v1/teams/payments", key="team"),
    "create-team": Asked(path="/v1/teams", body={"name": "new"}, key="team"),
    "change-team": Asked(path="/v1/teams/payments", body={}, key="team"),
    "replace-team": Asked(path="/v1/teams/payments", body={"name": "payers"}, key="team"),
    "delete-team": Asked(path="/v1/teams/payments"),
    "get-organization-secrets": Asked(path=SECRETS, key="secrets"),
    "create-organization-secret": Asked(
        path=SECRETS, body={"secretName": "new", "secretValue": "x"}, status=201, key="secret"
    ),
    "get-organization-secret": Asked(path=f"{SECRETS}/token", key="secret"),
    "change-organization-secret": Asked(path=f"{SECRETS}/token", body={}, key="secret"),
    "delete-organization-secret": Asked(path=f"{SECRETS}/token"),
    "claim-pending-runs": Asked(path="/v1/actions/runs/claim-pending", body=CLAIM, key="runs"),
    "acknowledge-runs": Asked(
        path="/v1/actions/runs/ack", body={"runIds": ["r_x"]}, key="ackedCount"
    ),
    "keep-run-response": Asked(path="/v1/actions/runs/{run}/response", body={"response": "x"}),
    "claim-pending-node-runs": Asked(
        path="/v1/workflows/runs/claim-pending", body=CLAIM, key="nodeRuns"
    ),
    "acknowledge-node-run": Asked(
        path="/v1/workflows/runs/ack", body={"nodeRunIdentifier": "{node run}"}, key="acked"
    ),
    "update-node-run": Asked(path="/v1/workflows/nodes/runs/{node run}", body={}),
    "log-node-run": Asked(
        path="/v1/workflows/nodes/runs/{node run}/logs",
        body={"logs": [{"level": "INFO", "message": "a"}]},
    ),
    "get-node-runs": Asked(path="/v1/workflows/nodes/runs", key="nodeRuns"),
}

BY_NAME: Final = {operation.name: operation for operation in PORT.operations}
KNOWN: Final = [operation for operation in PORT.operations if operation.name in ASKED]
NAMES: Final = [operation.name for operation in KNOWN]
PRIVATE: Final = [operation.name for operation in KNOWN if not operation.public]
WITH_BODY: Final = [one.name for one in KNOWN if one.shapes.body is not Nothing]
WITH_PATH: Final = [operation.name for operation in KNOWN if "{" in operation.path]
QUERIED: Final = [
    (operation.name, name) for operation in KNOWN for name in operation.shapes.query.__annotations__
]


def ask(port: FakePort, name: str, client: Client, **changes: Any) -> Any:
    """Ask an operation as the table says, in an organisation that has what it needs."""
    asked = ASKED[name]
    path, body = changes.pop("path", asked.path), changes.pop("body", asked.body)
    if "{run}" in path:
        action, entity = ("restart", "checkout") if "response" in path else ("deploy", None)
        path = path.replace("{run}", port.execute(action, entity=entity).id)
    if "{node run}" in path or "{node run}" in str(body):
        node_run = port.add_node_run("node", "agent", config={"type": "WEBHOOK"})
        path = path.replace("{node run}", node_run)
        if isinstance(body, dict) and "nodeRunIdentifier" in body:
            body = {"nodeRunIdentifier": node_run}
    if body == "the credentials":
        body = {"clientId": port.client_id, "clientSecret": port.client_secret}
    query = changes.pop("query", asked.query)
    return client.ask(BY_NAME[name].method, path, body, query=query, **changes)


def furnish_whole(port: FakePort) -> FakePort:
    furnish(port)
    port.add_blueprint("empty")
    secret = {"secretName": "token", "secretValue": "x"}
    port.perform("create-organization-secret", body=secret)
    return port


@pytest.fixture
def furnished(port_fake: FakePort) -> FakePort:
    """An organisation in which everything that the table names exists."""
    return furnish_whole(port_fake)


@pytest.fixture(scope="module")
def standing(port_fake_server: FakePortServer) -> Iterator[FakePort]:
    """The same, for all the tests of this file whose requests are refused."""
    with port_fake_server.organisation(name="every operation") as port:
        yield furnish_whole(port)


def test_the_table_knows_every_operation() -> None:
    assert set(BY_NAME) - set(ASKED) == set()


@pytest.mark.parametrize("name", NAMES)
def test_it_succeeds(furnished: FakePort, client: Client, name: str) -> None:
    answer = ask(furnished, name, client)

    asked = ASKED[name]
    assert answer.status == asked.status == BY_NAME[name].success
    assert answer.json["ok"] is True
    assert asked.key is None or asked.key in answer.json
    assert furnished.requests[-1].operation == name


@pytest.mark.parametrize("name", PRIVATE)
def test_it_needs_a_token(standing: FakePort, name: str) -> None:
    answer = ask(standing, name, Client(standing.base_url))

    assert_refused(answer, 401, "Authorization: Bearer")


@pytest.mark.parametrize("name", NAMES)
def test_a_body_over_one_mebibyte_is_too_large(standing: FakePort, name: str) -> None:
    answer = ask(standing, name, client_of(standing), body=b" " * (1024 * 1024 + 1))

    assert_refused(answer, 413, "1048576")


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize("body", [b"{", b'{"a":1e999}'])
def test_a_body_that_is_no_json_is_not_readable(standing: FakePort, name: str, body: bytes) -> None:
    answer = ask(standing, name, client_of(standing), body=body)

    assert_refused(answer, 400, "JSON")


@pytest.mark.parametrize("name", WITH_BODY)
@pytest.mark.parametrize("body", [None, []])
def test_a_body_that_is_no_object_is_refused(standing: FakePort, name: str, body: Any) -> None:
    answer = ask(standing, name, client_of(standing), body=body)

    assert_refused(answer, 422, "body")


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_BODY)))
def test_a_body_that_nobody_reads_may_be_anything(
    furnished: FakePort, client: Client, name: str
) -> None:
    answer = ask(furnished, name, client, body=b"\xff{")

    assert answer.status == ASKED[name].status


@pytest.mark.parametrize("name", WITH_PATH)
def test_what_does_not_exist_is_not_found(standing: FakePort, name: str) -> None:
    path = "/".join(
        "nothing" if segment.startswith("{") else segment
        for segment in BY_NAME[name].path.split("/")
    )

    answer = ask(standing, name, client_of(standing), path=path)

    assert_refused(answer, 404, "'nothing'")


@pytest.mark.parametrize("name", NAMES)
def test_parameters_that_it_does_not_know_are_tolerated(
    furnished: FakePort, client: Client, name: str
) -> None:
    query = {**dict(ASKED[name].query), "surprise": "1", "runId": "", "page[]": "2"}

    answer = ask(furnished, name, client, query=query)

    assert answer.status == ASKED[name].status


@pytest.mark.parametrize(("name", "parameter"), QUERIED)
def test_a_single_parameter_is_given_once(standing: FakePort, name: str, parameter: str) -> None:
    is_list = "list[" in str(BY_NAME[name].shapes.query.__annotations__[parameter])
    query = [(parameter, "name"), (parameter, "name")]

    answer = ask(standing, name, client_of(standing), query=query)

    assert is_list != ("given once" in str(answer.json))


@pytest.mark.parametrize("name", NAMES)
def test_a_method_that_the_route_does_not_have_is_refused(standing: FakePort, name: str) -> None:
    operation = BY_NAME[name]
    allowed = sorted(one.method for one in PORT.operations if _same_route(one, operation))
    missing = next(verb for verb in ("PATCH", "DELETE", "PUT", "HEAD") if verb not in allowed)
    before = len(standing.requests)
    path = ASKED[name].path.replace("{run}", "x").replace("{node run}", "x")

    answer = client_of(standing).ask(missing, path)

    assert answer.status == 405
    assert answer.headers["Allow"].split(", ") == allowed
    assert [one.operation for one in standing.requests[before:]] == [None]


def _same_route(one: Operation, other: Operation) -> bool:
    return one.path == other.path
