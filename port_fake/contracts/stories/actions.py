"""Actions, in both forms, and who may do what with them."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.catalog import BLUEPRINTS, ENTITIES
from port_fake.contracts.stories.stage import (
    ADMIN,
    BUILDER,
    LEAD,
    Stage,
    action,
    blueprint,
    button,
    for_agent,
    invite,
    webhook,
)

ACTIONS: Final = "/v1/actions"
OF_SERVICE: Final = f"{BLUEPRINTS}/service/actions"

METHODS: Final[tuple[dict[str, Any], ...]] = (
    webhook(),
    webhook(agent=True, synchronized=False, method="PUT", headers={"X-A": "{{ .run.id }}"}),
    {"type": "KAFKA", "payload": {"run": "{{ .run.id }}"}},
    {"type": "GITHUB", "org": "acme", "repo": "shop", "workflow": "x.yml", "workflowInputs": {}},
    {"type": "GITLAB", "projectName": "shop", "groupName": "acme", "defaultRef": "main"},
    {"type": "AZURE_DEVOPS", "webhook": "w", "org": "acme", "payload": {"a": 1}},
    {"type": "UPSERT_ENTITY", "blueprintIdentifier": "service", "mapping": {"identifier": "x"}},
    {"type": "WEBHOOK"},
    {"type": "PIGEON", "url": "x"},
)

BAD: Final[tuple[dict[str, Any], ...]] = (
    {"identifier": "with space"},
    {"identifier": ".."},
    {"identifier": 5},
    {"title": 5},
    {"surprise": 1},
    {"trigger": {"type": "self-service", "operation": "CREATE"}},
    {"trigger": button("DANCE")},
    {"trigger": {**button(), "actionCardButtonText": " padded "}},
    {"trigger": button("DAY-2", blueprint="nowhere")},
    {"trigger": button(inputs={"bad name": {"type": "string"}})},
    {"trigger": button(inputs={"x": {"type": "colour"}})},
    {"requiredApproval": {"type": "SOME"}},
    {"approvalNotification": {"type": "webhook"}},
    {"publish": "yes"},
)


def actions(stage: Stage) -> None:
    """Actions are made, listed by every filter, replaced and removed."""
    stage.get(ACTIONS)
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(ACTIONS, action("deploy", icon="Deploy", description="Ships", requiredApproval=True))
    stage.post(ACTIONS, action("deploy"))
    on_service = button("DAY-2", blueprint="service", inputs={"reason": {"type": "string"}})
    stage.post(ACTIONS, action("restart", trigger=on_service, requiredApproval={"type": "ALL"}))
    stage.post(ACTIONS, action("drop", trigger=button("DELETE", blueprint="service")))
    for number, method in enumerate(METHODS):
        stage.post(ACTIONS, action(f"m{number}", invocationMethod=method))
    event = {"type": "RUN_CREATED", "actionIdentifier": "deploy"}
    hears = {"type": "automation", "event": event}
    stage.post(ACTIONS, action("hears", trigger=hears, publish=False))
    wakes = {
        "type": "automation",
        "event": {"type": "ENTITY_CREATED", "blueprintIdentifier": "service"},
    }
    condition = {"type": "JQ", "expressions": [".diff.after != null"], "combinator": "and"}
    stage.post(ACTIONS, action("wakes", trigger={**wakes, "condition": condition}, publish=True))
    stage.post(ACTIONS, action("deaf", trigger={"type": "automation", "event": {"type": "X"}}))
    mail = {"type": "email"}
    stage.post(ACTIONS, action("seen", allowAnyoneToViewRuns=True, approvalNotification=mail))
    for changes in BAD:
        stage.post(ACTIONS, action("bad", **changes))
    stage.post(ACTIONS, {"identifier": "bare"})
    _list(stage)
    stage.get(f"{ACTIONS}/deploy")
    stage.get(f"{ACTIONS}/nothing")
    stage.put(f"{ACTIONS}/deploy", action("deploy", title="Deploy it", requiredApproval=False))
    stage.put(f"{ACTIONS}/deploy", action("ship"))
    stage.put(f"{ACTIONS}/ship", action("restart"))
    stage.put(f"{ACTIONS}/ship", action("ship", title=5))
    stage.put(f"{ACTIONS}/nothing", action("nothing"))
    stage.get(f"{ACTIONS}/ship")
    stage.get(f"{ACTIONS}/deploy")
    stage.delete(f"{ACTIONS}/ship")
    stage.delete(f"{ACTIONS}/ship")
    stage.post(ACTIONS, action("ship"))
    stage.get(ACTIONS)


def _list(stage: Stage) -> None:
    for query in (
        {},
        {"action_identifier": "deploy"},
        {"action_identifier": ["deploy", "restart"]},
        {"blueprint_identifier": "service"},
        {"operation": "DAY-2"},
        {"operation": ["CREATE", "DELETE"]},
        {"published": "true"},
        {"published": "false"},
        {"trigger_type": "automation"},
        {"trigger_type": "self-service"},
        {"trigger_event": "RUN_CREATED"},
        {"trigger_event_action_identifier": "deploy"},
        {"version": "v1"},
        {"version": "v2", "operation": "DELETE"},
        {"operation": "DANCE"},
        {"published": "maybe"},
        {"trigger_type": "wish"},
        {"version": "v3"},
    ):
        stage.get(ACTIONS, query)


LEGACY: Final[dict[str, Any]] = {
    "identifier": "create_service",
    "title": "Create a service",
    "icon": "Microservice",
    "description": "Makes a repository",
    "trigger": "CREATE",
    "userInputs": {"properties": {"name": {"type": "string"}}, "required": ["name"]},
    "invocationMethod": webhook(),
}


def legacy(stage: Stage) -> None:
    """The routes of 2022 know actions by blueprint."""
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(BLUEPRINTS, blueprint("other"))
    stage.get(OF_SERVICE)
    stage.post(OF_SERVICE, LEGACY)
    stage.post(OF_SERVICE, LEGACY)
    modern = action("modern", trigger=button("DAY-2"))
    stage.post(OF_SERVICE, modern)
    stage.post(OF_SERVICE, {**LEGACY, "identifier": "bad", "trigger": "DANCE"})
    stage.post(OF_SERVICE, {"identifier": "bare"})
    stage.post(f"{BLUEPRINTS}/nothing/actions", LEGACY)
    stage.get(OF_SERVICE)
    stage.get(f"{BLUEPRINTS}/nothing/actions")
    stage.get(f"{OF_SERVICE}/create_service")
    stage.get(f"{OF_SERVICE}/modern")
    stage.get(f"{OF_SERVICE}/nothing")
    stage.get(f"{BLUEPRINTS}/other/actions/modern")
    stage.get(f"{ACTIONS}/create_service")
    stage.put(f"{OF_SERVICE}/create_service", {**LEGACY, "title": "Changed"})
    stage.put(f"{OF_SERVICE}/create_service", {**LEGACY, "identifier": "modern"})
    stage.put(f"{OF_SERVICE}/create_service", {"title": "Less"})
    stage.put(f"{OF_SERVICE}/nothing", LEGACY)
    stage.put(OF_SERVICE, {"actions": [LEGACY, {**LEGACY, "identifier": "second"}]})
    stage.put(OF_SERVICE, {"actions": [LEGACY, LEGACY]})
    stage.put(OF_SERVICE, {"actions": LEGACY})
    stage.put(OF_SERVICE, {})
    stage.put(f"{BLUEPRINTS}/nothing/actions", {"actions": [LEGACY]})
    stage.get(OF_SERVICE)
    stage.delete(f"{OF_SERVICE}/second")
    stage.delete(f"{OF_SERVICE}/second")
    stage.delete(f"{BLUEPRINTS}/other/actions/create_service")
    stage.put(OF_SERVICE, {"actions": []})
    stage.get(OF_SERVICE)


EVERYBODY: Final[dict[str, Any]] = {"combinator": "and", "rules": []}


def permissions(stage: Stage) -> None:
    """Lists and policies say who may execute, and who is shown what."""
    invite(stage, ADMIN, BUILDER, LEAD)
    stage.post("/v1/teams", {"name": "payments", "users": [LEAD]})
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(ENTITIES, {"identifier": "cart", "team": ["payments"]})
    stage.post(ENTITIES, {"identifier": "shop"})
    stage.post(ACTIONS, action("deploy", requiredApproval=True))
    stage.post(ACTIONS, action("restart", trigger=button("DAY-2", blueprint="service")))
    one = f"{ACTIONS}/deploy/permissions"
    stage.get(one)
    stage.get(f"{ACTIONS}/nothing/permissions")
    bodies: tuple[dict[str, Any], ...] = (
        {"execute": {"users": [LEAD], "roles": []}},
        {"approve": {"roles": ["Moderator"], "teams": ["payments"]}},
        {"execute": {"ownedByTeam": True}},
        {"approve": {"ownedByTeam": True}},
        {"execute": {"users": LEAD}},
        {"execute": {"policy": {"queries": {}, "conditions": ["true"]}}},
        {"execute": {"policy": {"queries": {"all": EVERYBODY}, "conditions": []}}},
        {"surprise": {}},
        {},
    )
    for body in bodies:
        stage.patch(one, body)
    stage.patch(f"{ACTIONS}/nothing/permissions", {})
    stage.get(one)
    for caller in (LEAD, BUILDER, ADMIN):
        stage.get("/v1/auth/permissions", caller=caller)
        stage.post(f"{ACTIONS}/deploy/runs", {"properties": {}}, caller=caller)
    of_team = {"execute": {"users": [], "roles": [], "teams": [], "ownedByTeam": True}}
    stage.patch(f"{ACTIONS}/restart/permissions", of_team)
    for caller in (LEAD, BUILDER):
        stage.get("/v1/auth/permissions", caller=caller)
        for entity in ("cart", "shop"):
            wish: dict[str, Any] = {"properties": {}, "entity": entity}
            stage.post(f"{ACTIONS}/restart/runs", wish, caller=caller)
    _policy(stage)


def _policy(stage: Stage) -> None:
    policy = {
        "queries": {"all": EVERYBODY},
        "conditions": ['.inputs.why == "because" and (.results.all.entities | length > 1)'],
    }
    stage.post(ACTIONS, action("judged"))
    stage.patch(f"{ACTIONS}/judged/permissions", {"execute": {"policy": policy}})
    stage.get(f"{ACTIONS}/judged/permissions")
    for why in ("because", "just so"):
        body = {"properties": {"why": why}}
        stage.post(f"{ACTIONS}/judged/runs", body, caller=BUILDER)
    stage.patch(f"{ACTIONS}/judged/permissions", {"execute": {"policy": None}})
    stage.post(f"{ACTIONS}/judged/runs", {"properties": {"why": "x"}}, caller=BUILDER)


def other_backends(stage: Stage) -> None:
    """Each kind of invocation shows what was rendered for it."""
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(ENTITIES, {"identifier": "cart", "title": "Cart"})
    templates = {"run": "{{ .run.id }}", "why": "{{ .inputs.why }}", "who": "{{ .trigger.by }}"}
    upsert = {"identifier": "{{ .inputs.why }}", "title": "Made", "properties": {"replicas": 1}}
    methods = {
        "hook": webhook(body=templates, headers={"X-Why": "{{ .inputs.why }}"}),
        "plain": webhook(),
        "kafka": {"type": "KAFKA", "payload": templates},
        "agent": for_agent("agent", workflowInputs=templates),
        "github": {
            "type": "GITHUB",
            "org": "a",
            "repo": "b",
            "workflow": "c.yml",
            "workflowInputs": templates,
        },
        "gitlab": {
            "type": "GITLAB",
            "projectName": "p",
            "groupName": "g",
            "pipelineVariables": {"why": "{{ .inputs.why }}"},
        },
        "azure": {"type": "AZURE_DEVOPS", "webhook": "w", "org": "o", "payload": templates},
        "upsert": {"type": "UPSERT_ENTITY", "blueprintIdentifier": "service", "mapping": upsert},
    }
    for name, method in methods.items():
        stage.post(ACTIONS, action(name, invocationMethod=method))
        body = {"properties": {"why": "because"}}
        run = stage.post(f"{ACTIONS}/{name}/runs", body)["run"]
        stage.get(f"{ACTIONS}/runs/{run['id']}", {"version": "v2"})
    stage.get(f"{ENTITIES}/because")
    stage.get(ENTITIES)
