"""What an execution needs, and that one which is refused makes no run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Button, Scene

EXECUTE = "execute-self-service-action"
UPDATE = "update-action-run"
LOG = "add-log-action-run"
RULE = "approve-action-run"
SOURCE = "OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs"
LIMIT = "OpenAPI 1.0, 413: a body has at most 1 MiB"
MIB = 1024 * 1024
NOBODY = "r_0000000000000000"

WRONG = [
    pytest.param({}, id="empty"),
    pytest.param({"entity": "checkout"}, id="no-properties"),
    pytest.param({"properties": None}, id="properties-null"),
    pytest.param({"properties": []}, id="properties-list"),
    pytest.param({"properties": "x"}, id="properties-text"),
    pytest.param({"properties": {}, "entity": None}, id="entity-null"),
    pytest.param({"properties": {}, "entity": 7}, id="entity-number"),
    pytest.param({"properties": {}, "entity": {"identifier": "x"}}, id="entity-object"),
    pytest.param({"properties": {}, "inputs": {}}, id="unknown-key"),
    pytest.param({"properties": {}, "run_as": "ana@example.com"}, id="run-as-in-the-body"),
    pytest.param({"Properties": {}}, id="key-in-capitals"),
    pytest.param([], id="list"),
    pytest.param("properties", id="text"),
    pytest.param(True, id="flag"),
]


@question("executions.refuses", source=f"{SOURCE}: a closed object", needs={Need.WRITE})
@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_execution_is_refused_and_makes_no_run(button: Button, body: object) -> None:
    path = {"action_identifier": button.action}

    with _no_run(button.scene, button.action):
        button.scene.port.ask(EXECUTE, path=path, body=body).refused(422)


@question(
    "executions.refuses-no-body", source=f"{SOURCE}: the body is required", needs={Need.WRITE}
)
def test_an_execution_without_a_body_is_refused_and_makes_no_run(button: Button) -> None:
    path = {"action_identifier": button.action}

    with _no_run(button.scene, button.action):
        button.scene.port.ask(EXECUTE, path=path).refused(400, 422)


@question("executions.refuses-what-is-no-json", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"properties": {}', id="cut"),
        pytest.param(b"properties={}", id="form"),
        pytest.param(b'{"properties": {}} {}', id="twice"),
    ],
)
def test_what_is_no_json_is_refused_and_makes_no_run(button: Button, content: bytes) -> None:
    port = button.scene.port
    headers = {"Content-Type": "application/json"}

    with _no_run(button.scene, button.action):
        port.send(
            "POST",
            f"/v1/actions/{quote(button.action, safe='')}/runs",
            content=content,
            token=port.token(),
            headers=headers,
        ).refused(400, 422)


@question("executions.unknown-action", source=f"{SOURCE}, 404", needs={Need.FURNISH})
@pytest.mark.parametrize(
    "name", ["contracts_nothing", "é ✓/..", "Deploy"], ids=["free", "odd", "in-capitals"]
)
def test_an_action_that_is_not_there_is_404(scene: Scene, name: str) -> None:
    scene.action("deploy")

    path = {"action_identifier": name}
    reply = scene.port.ask(EXECUTE, path=path, body={"properties": {}}).refused(404)

    assert reply["error"] == "not_found"
    assert isinstance(reply["message"], str)


@question("executions.unknown-run", source="OpenAPI 1.0, 404", needs={Need.FURNISH})
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        pytest.param(UPDATE, {"status": "SUCCESS"}, id="update"),
        pytest.param(LOG, {"message": "x"}, id="log"),
        pytest.param(RULE, {"status": "APPROVE"}, id="rule"),
    ],
)
def test_a_report_on_a_run_that_is_not_there_is_404(
    scene: Scene, operation: str, body: dict[str, Any]
) -> None:
    reply = scene.port.ask(operation, path={"run_id": NOBODY}, body=body).refused(404)

    assert reply["error"] == "not_found"
    assert isinstance(reply["message"], str)
    scene.port.ask("get-action-run-s-details", path={"run_id": NOBODY}).refused(404)


@question("executions.deleted-action", source=f"{SOURCE}, 404", needs={Need.FURNISH})
def test_an_action_that_was_deleted_cannot_be_executed(scene: Scene) -> None:
    action = scene.action()
    scene.port.get("delete-action", path={"action_identifier": action})

    with _no_run(scene, action):
        path = {"action_identifier": action}
        scene.port.ask(EXECUTE, path=path, body={"properties": {}}).refused(404)


@question(
    "executions.automation",
    source="docs: automations run by themselves. Assumed: 422 or 404 to who executes one",
    needs={Need.FURNISH},
)
def test_an_automation_cannot_be_executed(scene: Scene) -> None:
    automation = scene.named("follow")
    body = {
        "identifier": automation,
        "trigger": {
            "type": "automation",
            "event": {"type": "RUN_UPDATED", "actionIdentifier": scene.action()},
        },
        "invocationMethod": {"type": "WEBHOOK", "url": "https://backend.invalid/"},
        "publish": True,
    }
    scene.port.get("create-action", body=body)

    with _no_run(scene, automation):
        path = {"action_identifier": automation}
        scene.port.ask(EXECUTE, path=path, body={"properties": {}}).refused(404, 422)


@question("executions.twice-is-two-runs", source=SOURCE, needs={Need.FURNISH})
def test_the_same_execution_twice_is_two_runs(scene: Scene) -> None:
    action = scene.action()

    one = scene.run(action, properties={"version": "1"})["id"]
    two = scene.run(action, properties={"version": "1"})["id"]

    assert [run.get("id") for run in scene.runs(action=action)] == [two, one]


@question(
    "executions.approval-is-copied",
    source="OpenAPI 1.0, requiredApproval of a run",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize(
    ("approval", "wanted", "status"),
    [
        pytest.param("ANY", {"type": "ANY"}, "WAITING_FOR_APPROVAL", id="any"),
        pytest.param("ALL", {"type": "ALL"}, "WAITING_FOR_APPROVAL", id="all"),
        pytest.param(True, True, "WAITING_FOR_APPROVAL", id="true"),
        pytest.param(False, False, "IN_PROGRESS", id="false"),
    ],
)
def test_a_run_says_which_approval_it_needs(
    scene: Scene, approval: Any, wanted: object, status: str
) -> None:
    made = scene.run(scene.action(approval=approval))

    assert made["status"] == status
    assert made.get("requiredApproval") == wanted
    assert scene.read(made["id"]).get("requiredApproval") == wanted
    assert scene.read(made["id"], "v1")["status"] == status


@question("executions.waiting-is-not-started", source="docs: approvals", needs={Need.FURNISH})
def test_a_waiting_run_has_no_payload_until_it_is_released(scene: Scene) -> None:
    made = scene.run(scene.action(approval="ANY"))
    before = scene.read(made["id"]).get("payload")

    scene.rule(made["id"], "APPROVE").must(201)

    assert made.get("payload") is None
    assert before is None
    assert isinstance(scene.read(made["id"]).get("payload"), dict)


# -- bodies that are too large


@question("executions.too-large", source=LIMIT, needs={Need.WRITE})
def test_an_execution_over_one_mib_is_413_and_makes_no_run(button: Button) -> None:
    body = {"properties": {**button.properties, "version": "x" * MIB}}
    path = {"action_identifier": button.action}

    with _no_run(button.scene, button.action):
        button.scene.port.ask(EXECUTE, path=path, body=body).refused(413)


@question("executions.report-too-large", source=LIMIT, needs={Need.WRITE})
@pytest.mark.parametrize(
    ("operation", "body", "key"),
    [
        pytest.param(UPDATE, {}, "summary", id="update"),
        pytest.param(LOG, {}, "message", id="log"),
        pytest.param(RULE, {"status": "APPROVE"}, "description", id="rule"),
    ],
)
def test_a_report_over_one_mib_is_413_and_changes_nothing(
    button: Button, operation: str, body: dict[str, Any], key: str
) -> None:
    run_id = button.press()["id"]
    before = button.scene.read(run_id)

    whole = {**body, key: "x" * MIB}
    button.scene.port.ask(operation, path={"run_id": run_id}, body=whole).refused(413)

    assert button.scene.read(run_id) == before
    assert button.scene.logs(run_id) == []


@question("executions.just-within-the-limit", source=LIMIT, needs={Need.FURNISH})
def test_a_body_of_exactly_one_mib_is_taken(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]
    port = scene.port
    frame = b'{"summary":"%b"}'
    content = frame % (b"x" * (MIB - len(frame % b"")))

    port.send(
        "PATCH",
        f"/v1/actions/runs/{run_id}",
        content=content,
        token=port.token(),
        headers={"Content-Type": "application/json"},
    ).must(200)

    assert scene.read(run_id).get("summary") == "x" * (MIB - len(frame % b""))


# -- on behalf of somebody


@question(
    "executions.run-as", source="docs: run_as; OpenAPI 1.0: impersonatedBy", needs={Need.FURNISH}
)
def test_a_run_on_behalf_of_a_user_is_the_users(scene: Scene) -> None:
    action, email = scene.action(), scene.user("ana")
    user = scene.port.get("get-user", path={"user_email": email}).object("user")

    made = _run_as(scene, action, email).must(202).object("run")

    machine = scene.port.credentials.client_id
    assert made.get("createdBy") == user.get("id")
    assert made.get("createdBy") != machine
    assert made.get("impersonatedBy") == machine
    assert [one.get("id") for one in scene.runs(user_email=email)] == [made.get("id")]


@question("executions.run-as-nobody", source="docs: run_as names a user", needs={Need.FURNISH})
@pytest.mark.parametrize(
    "email", ["nobody.contracts@example.com", "no email"], ids=["nobody", "none"]
)
def test_nobody_can_be_acted_for(scene: Scene, email: str) -> None:
    action = scene.action()

    with _no_run(scene, action):
        _run_as(scene, action, email).refused(404, 422)


@question(
    "executions.run-as-needs-the-organisation",
    source="docs: run_as works with a token of the organisation only. Assumed: 403",
    needs={Need.FURNISH, Need.PEOPLE},
)
def test_a_user_cannot_act_for_another(scene: Scene) -> None:
    action = scene.action()
    ana, ben = scene.user("ana", roles=["Admin"]), scene.user("ben")

    with _no_run(scene, action):
        _run_as(scene, action, ben, as_user=ana).refused(403)


@question(
    "executions.by-a-user",
    source="docs: createdBy is an actor's id",
    needs={Need.FURNISH, Need.PEOPLE},
)
def test_a_run_of_a_user_is_by_the_user(scene: Scene) -> None:
    action, email = scene.action(), scene.user("ana")
    user = scene.port.get("get-user", path={"user_email": email}).object("user")

    made = scene.run(action, as_user=email)

    assert made.get("createdBy") == user.get("id")
    assert "impersonatedBy" not in made


def _run_as(scene: Scene, action: str, email: str, *, as_user: str | None = None) -> Any:
    return scene.port.ask(
        EXECUTE,
        path={"action_identifier": action},
        query={"run_as": email},
        body={"properties": {}},
        as_user=as_user,
    )


@contextmanager
def _no_run(scene: Scene, action: str) -> Iterator[None]:
    """Let the block make no run of an action.

    Raises:
        AnswerError: It made some.
    """
    before = [run.get("id") for run in scene.runs(action=action)]
    yield
    after = [run.get("id") for run in scene.runs(action=action)]
    if after != before:
        made = [one for one in after if one not in before]
        raise AnswerError(f"a request that was refused must make no run, and made {made}")
