"""Actions: made, listed, read, replaced, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import (
    must_be_restamped,
    must_be_stamped,
    said,
    text,
    thing,
    things,
    whole,
)

MAKE = "OpenAPI 1.0, POST /v1/actions"
LIST = "OpenAPI 1.0, GET /v1/actions"
ONE = "OpenAPI 1.0, GET /v1/actions/{action_identifier}"
REPLACE = "OpenAPI 1.0, PUT /v1/actions/{action_identifier}"
DELETE = "OpenAPI 1.0, DELETE /v1/actions/{action_identifier}"
NEEDS = {Need.FURNISH}


def definition(scene: Scene, name: str = "deploy", **changes: Any) -> dict[str, Any]:
    """Return the body of an action that uses every key it may."""
    trigger = {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {
            "properties": {
                "version": {"type": "string", "title": "Version", "pattern": "^v", "default": "v1"},
                "count": {"type": "number", "minimum": 1, "maximum": 9},
            },
            "required": ["version"],
            "order": ["version", "count"],
        },
    }
    return {
        "identifier": scene.named(name),
        "title": 'Größe "x" \U0001f680',
        "icon": "Microservice",
        "description": "what it does",
        "trigger": trigger,
        "invocationMethod": {
            "type": "WEBHOOK",
            "url": "https://backend.invalid/{{ .run.id }}",
            "agent": False,
            "synchronized": True,
            "method": "PUT",
            "headers": {"RUN_ID": "{{ .run.id }}"},
            "body": {"inputs": "{{ .inputs }}", "nested": [1, {"a": None}]},
        },
        "requiredApproval": {"type": "ALL"},
        "approvalNotification": {"type": "email"},
        "publish": True,
        "allowAnyoneToViewRuns": True,
        **changes,
    }


def plain(scene: Scene, name: str, trigger: dict[str, Any] | None = None) -> dict[str, Any]:
    trigger = trigger or {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {}},
    }
    return {
        "identifier": scene.named(name),
        "trigger": trigger,
        "invocationMethod": {"type": "KAFKA"},
    }


def make(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    return thing(scene.port.get("create-action", body=body), "action")


def read(scene: Scene, identifier: str) -> dict[str, Any]:
    return thing(scene.port.get("get-action", path={"action_identifier": identifier}), "action")


def listed(scene: Scene, **query: Any) -> list[str]:
    found = things(scene.port.get("get-actions", query=query), "actions")
    return [text(one, "identifier") for one in found]


@question("actions.made.is-answered-as-sent", source=f"{MAKE}; Assumed: 201", needs=NEEDS)
def test_a_new_action_is_answered_as_it_was_sent(scene: Scene) -> None:
    body = definition(scene)

    made = make(scene, body)

    assert said(made) == body
    must_be_stamped(made, by=scene.port.credentials.client_id)
    assert text(made, "id") != body["identifier"]


@question("actions.made.is-read-back", source=ONE, needs=NEEDS)
def test_a_new_action_is_read_as_it_was_answered(scene: Scene) -> None:
    made = make(scene, definition(scene))

    assert read(scene, scene.named("deploy")) == made
    assert things(scene.port.get("get-actions"), "actions")[-1:] == [made]


@question("actions.made.ids-differ", source="docs: action structure", needs=NEEDS)
def test_actions_have_ids_of_their_own(scene: Scene) -> None:
    made = [make(scene, plain(scene, name)) for name in ("a", "b", "c")]

    assert len({text(one, "id") for one in made}) == len(made)


METHODS: dict[str, Any] = {
    "webhook": {"type": "WEBHOOK", "url": "https://backend.invalid/"},
    "kafka": {"type": "KAFKA", "payload": {"a": 1}},
    "github": {
        "type": "GITHUB",
        "org": "o",
        "repo": "r",
        "workflow": "w.yml",
        "workflowInputs": {"a": "{{ .inputs }}"},
        "reportWorkflowStatus": True,
    },
    "gitlab": {"type": "GITLAB", "projectName": "p", "groupName": "g", "defaultRef": "main"},
    "azure": {"type": "AZURE_DEVOPS", "webhook": "w", "org": "o", "payload": {"a": 1}},
    "upsert": {
        "type": "UPSERT_ENTITY",
        "blueprintIdentifier": "service",
        "mapping": {"identifier": "x", "properties": {"tier": "gold"}},
    },
    "integration": {
        "type": "INTEGRATION_ACTION",
        "installationId": "i",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "o"},
    },
}


@question("actions.made.every-method", source=f"{MAKE}, invocationMethod", needs=NEEDS)
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
def test_every_method_of_invocation_is_kept_as_sent(scene: Scene, method: Any) -> None:
    made = make(scene, {**plain(scene, "deploy"), "invocationMethod": method})

    assert read(scene, scene.named("deploy")).get("invocationMethod") == method
    assert made.get("invocationMethod") == method


IDENTIFIERS = {"symbols": "a@_.+:=-", "letters": "größe日本", "digits": "0", "long": "a" * 200}


@question("actions.made.identifiers", source=f"{MAKE}, identifier", needs=NEEDS)
@pytest.mark.parametrize("name", IDENTIFIERS.values(), ids=IDENTIFIERS.keys())
def test_identifiers_of_any_script_are_read_back(scene: Scene, name: str) -> None:
    made = make(scene, plain(scene, name))

    assert read(scene, scene.named(name)) == made


@question("actions.made.case-matters", source=ONE, needs=NEEDS)
def test_identifiers_that_differ_in_case_are_two(scene: Scene) -> None:
    lower, upper = make(scene, plain(scene, "deploy")), make(scene, plain(scene, "DEPLOY"))

    assert read(scene, scene.named("deploy")) == lower
    assert read(scene, scene.named("DEPLOY")) == upper


@question("actions.made.twice-conflicts", source="Assumed: 409, as for entities", needs=NEEDS)
def test_an_identifier_is_taken_once(scene: Scene) -> None:
    made = make(scene, definition(scene))

    scene.port.ask("create-action", body=plain(scene, "deploy")).refused(409)

    assert read(scene, scene.named("deploy")) == made
    assert listed(scene).count(scene.named("deploy")) == 1


WEBHOOK = METHODS["webhook"]
SELF_SERVICE = {"type": "self-service", "operation": "CREATE", "userInputs": {"properties": {}}}
BAD: dict[str, dict[str, Any]] = {
    "no-identifier": {"identifier": None},
    "empty-identifier": {"identifier": ""},
    "slash-in-identifier": {"identifier": "a/b"},
    "blank-in-identifier": {"identifier": "a b"},
    "dot-as-identifier": {"identifier": "."},
    "identifier-number": {"identifier": 5},
    "no-trigger": {"trigger": None},
    "unknown-trigger": {"trigger": {**SELF_SERVICE, "type": "manual"}},
    "unknown-operation": {"trigger": {**SELF_SERVICE, "operation": "UPDATE"}},
    "trigger-without-inputs": {"trigger": {"type": "self-service", "operation": "CREATE"}},
    "trigger-extra-key": {"trigger": {**SELF_SERVICE, "extra": 1}},
    "input-of-unknown-type": {
        "trigger": {**SELF_SERVICE, "userInputs": {"properties": {"a": {"type": "integer"}}}}
    },
    "long-button": {"trigger": {**SELF_SERVICE, "executeActionButtonText": "x" * 16}},
    "no-method": {"invocationMethod": None},
    "unknown-method": {"invocationMethod": {"type": "CARRIER_PIGEON"}},
    "webhook-without-url": {"invocationMethod": {"type": "WEBHOOK"}},
    "method-extra-key": {"invocationMethod": {**WEBHOOK, "extra": 1}},
    "header-number": {"invocationMethod": {**WEBHOOK, "headers": {"a": 1}}},
    "unknown-approval": {"requiredApproval": {"type": "SOME"}},
    "approval-lower-case": {"requiredApproval": {"type": "any"}},
    "approval-text": {"requiredApproval": "ANY"},
    "notification-without-url": {"approvalNotification": {"type": "webhook"}},
    "publish-text": {"publish": "yes"},
    "view-text": {"allowAnyoneToViewRuns": "yes"},
    "title-number": {"title": 5},
    "unknown-key": {"colour": "red"},
}


@question("actions.bad-body.refused", source=MAKE, needs=NEEDS)
@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_a_definition_that_makes_no_sense_is_refused(scene: Scene, changes: dict[str, Any]) -> None:
    body = {**plain(scene, "deploy"), **changes}
    body = {key: value for key, value in body.items() if value is not None}
    make(scene, plain(scene, "other"))

    scene.port.ask("create-action", body=body).refused(422)
    scene.port.ask(
        "replace-action", path={"action_identifier": scene.named("other")}, body=body
    ).refused(422)

    scene.port.ask("get-action", path={"action_identifier": scene.named("deploy")}).refused(404)
    assert said(read(scene, scene.named("other"))) == said(plain(scene, "other"))


@question("actions.replaced.whole", source=REPLACE, needs=NEEDS)
def test_a_replacement_leaves_nothing_of_the_old(scene: Scene) -> None:
    before = make(scene, definition(scene))
    path = {"action_identifier": scene.named("deploy")}
    body = plain(scene, "deploy")

    after = thing(scene.port.get("replace-action", path=path, body=body), "action")

    assert said(after) == body
    assert read(scene, scene.named("deploy")) == after
    assert after.get("id") == before.get("id")
    must_be_restamped(after, before, by=scene.port.credentials.client_id)


@question("actions.replaced.others-stay", source=REPLACE, needs=NEEDS)
def test_a_replacement_changes_one_action_only(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        make(scene, plain(scene, name))
    before = [read(scene, scene.named(name)) for name in ("a", "c")]
    path = {"action_identifier": scene.named("b")}

    scene.port.get("replace-action", path=path, body=definition(scene, "b"))

    assert [read(scene, scene.named(name)) for name in ("a", "c")] == before
    assert listed(scene)[-3:] == [scene.named(name) for name in ("a", "b", "c")]


@question("actions.replaced.runs-keep-their-approval", source=REPLACE, needs=NEEDS)
def test_a_run_that_waits_still_waits_when_its_action_is_replaced(scene: Scene) -> None:
    run = scene.run(scene.action(approval="ANY"))
    path = {"action_identifier": scene.named("deploy")}

    scene.port.get("replace-action", path=path, body=plain(scene, "deploy"))

    assert scene.read(run["id"])["status"] == "WAITING_FOR_APPROVAL"
    assert scene.run(scene.named("deploy"))["status"] == "IN_PROGRESS"


@question(
    "actions.unknown.not-found", source=f"{ONE}, 404; {REPLACE}, 404; {DELETE}, 404", needs=NEEDS
)
def test_an_action_that_does_not_exist_is_not_found(scene: Scene) -> None:
    path = {"action_identifier": scene.named("nothing")}
    body = plain(scene, "nothing")

    replies = [
        scene.port.ask("get-action", path=path).refused(404),
        scene.port.ask("replace-action", path=path, body=body).refused(404),
        scene.port.ask("delete-action", path=path).refused(404),
        scene.port.ask("get-action-permissions", path=path).refused(404),
        scene.port.ask("update-action-permissions", path=path, body={}).refused(404),
        scene.port.ask("execute-self-service-action", path=path, body={"properties": {}}).refused(
            404
        ),
    ]

    assert {reply["error"] for reply in replies} == {"not_found"}
    assert scene.named("nothing") not in listed(scene)


@question("actions.deleted.is-gone", source=DELETE, needs=NEEDS)
def test_a_deleted_action_is_gone_and_no_other(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        make(scene, plain(scene, name))
    path = {"action_identifier": scene.named("b")}

    whole(scene.port.get("delete-action", path=path))

    scene.port.ask("get-action", path=path).refused(404)
    scene.port.ask("delete-action", path=path).refused(404)
    scene.port.ask("execute-self-service-action", path=path, body={"properties": {}}).refused(404)
    assert [one for one in listed(scene) if one in map(scene.named, "abc")] == [
        scene.named("a"),
        scene.named("c"),
    ]


@question("actions.deleted.runs-stay", source="OpenAPI 1.0, a run's action: deleted", needs=NEEDS)
def test_the_runs_of_a_deleted_action_stay_and_say_so(scene: Scene) -> None:
    run = scene.run(scene.action())
    path = {"action_identifier": scene.named("deploy")}

    scene.port.get("delete-action", path=path)
    found = scene.read(run["id"])

    assert found.get("action") == {
        "identifier": scene.named("deploy"),
        "title": "deploy",
        "icon": None,
        "deleted": True,
    }
    assert {**found, "action": run.get("action")} == run | {"payload": found.get("payload")}
    assert scene.runs(action=scene.named("deploy")) == [found]


@question("actions.deleted.may-come-back", source=f"{MAKE}; {DELETE}", needs=NEEDS)
def test_an_identifier_is_free_again_once_its_action_is_deleted(scene: Scene) -> None:
    old = make(scene, definition(scene))
    scene.port.get("delete-action", path={"action_identifier": scene.named("deploy")})

    new = make(scene, plain(scene, "deploy"))

    assert new.get("id") != old.get("id")
    assert said(read(scene, scene.named("deploy"))) == said(plain(scene, "deploy"))
