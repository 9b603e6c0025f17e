"""Who may see a run, and whom an action's policy lets approve it."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.actions import ACTIONS
from port_fake.contracts.stories.catalog import BLUEPRINTS, ENTITIES
from port_fake.contracts.stories.runs import RUNS, start
from port_fake.contracts.stories.stage import (
    ADMIN,
    BUILDER,
    LEAD,
    STRANGE,
    Stage,
    action,
    blueprint,
    button,
    invite,
)

APPROVE: Final = {"status": "APPROVE"}
USERS: Final[dict[str, Any]] = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "_user"}],
}


def visibility(stage: Stage) -> None:
    """Hidden runs are for Admins, approvers and whoever made them."""
    invite(stage, ADMIN, BUILDER, LEAD, STRANGE)
    for name, approval in (("open", False), ("hidden", True), ("quiet", False)):
        hides = {"allowAnyoneToViewRuns": name == "open", "requiredApproval": approval}
        stage.post(ACTIONS, action(name, **hides))
        lists = {"users": [LEAD], "roles": [], "teams": []}
        stage.patch(f"{ACTIONS}/{name}/permissions", {"approve": lists})
    made = [start(stage, name, caller=BUILDER) for name in ("open", "hidden", "quiet")]
    for caller in (ADMIN, BUILDER, LEAD, STRANGE):
        stage.get(RUNS, {"version": "v2"}, caller=caller)
        for run_id in made:
            stage.get(f"{RUNS}/{run_id}", caller=caller)
        stage.get("/v1/audit-log", {"identifier": made[1]}, caller=caller)
    hidden = f"{RUNS}/{made[1]}"
    for path in ("logs", "approvers"):
        stage.get(f"{hidden}/{path}", caller=STRANGE)
    stage.patch(hidden, {"summary": "x"}, caller=STRANGE)
    stage.patch(f"{hidden}/approval", APPROVE, caller=STRANGE)
    stage.post(f"{hidden}/logs", {"message": "x"}, caller=STRANGE)
    stage.patch(f"{hidden}/approval", APPROVE, caller=LEAD)
    stage.get(hidden, caller=LEAD)


def judges(stage: Stage) -> None:
    """Approvers come from lists, roles, teams, or a policy."""
    invite(stage, ADMIN, BUILDER, LEAD, STRANGE)
    stage.post("/v1/teams", {"name": "payments", "users": [LEAD]})
    stage.post(ACTIONS, action("deploy", requiredApproval={"type": "ALL"}))
    one = f"{ACTIONS}/deploy/permissions"
    names = f'["{LEAD}", "{BUILDER}", "nobody@example.com"]'
    policy = {"queries": {"users": USERS}, "conditions": [names]}
    for lists in (
        {"users": [], "roles": ["Member"], "teams": []},
        {"users": [], "roles": [], "teams": ["payments"]},
        {"users": [], "roles": [], "teams": [], "policy": policy},
    ):
        stage.patch(one, {"approve": lists})
        run = f"{RUNS}/{start(stage, 'deploy', caller=STRANGE)}"
        stage.get(f"{run}/approvers", {"include_pending_approvers": "true"})
        for caller in (LEAD, BUILDER, STRANGE, ADMIN):
            stage.patch(f"{run}/approval", APPROVE, caller=caller)
            stage.get(f"{run}/approvers", {"include_pending_approvers": "true"}, caller=caller)
        stage.get(run, {"version": "v2"})
    stage.post(ACTIONS, action("asks", requiredApproval=True, approvalNotification=_hook()))
    stage.get(f"{RUNS}/{start(stage, 'asks')}", {"version": "v2"})


def _hook() -> dict[str, Any]:
    return {"type": "webhook", "format": "slack", "url": "https://hook.example.com/approve"}


INPUTS: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string", "minLength": 2, "maxLength": 4},
    "url": {"type": "string", "format": "url"},
    "email": {"type": "string", "format": "email"},
    "time": {"type": "string", "format": "date-time"},
    "ip": {"type": "string", "format": "ipv4"},
    "number": {"type": "number", "minimum": 1, "maximum": 3},
    "list": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
    "object": {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]},
    "user": {"type": "string", "format": "user"},
    "team": {"type": "string", "format": "team"},
    "entity": {"type": "string", "format": "entity", "blueprint": "service"},
    "entities": {
        "type": "array",
        "items": {"type": "string", "format": "entity", "blueprint": "service"},
    },
    "default": {"type": "string", "default": "as it was"},
}

GOOD: Final[tuple[dict[str, Any], ...]] = (
    {"text": "abc", "url": "https://example.com/x", "email": "a@example.com"},
    {"time": "2026-01-01T00:00:00Z", "ip": "127.0.0.1", "number": 2.5},
    {"list": ["a"], "object": {"a": 1, "b": 2}},
    {"user": "a@example.com", "team": "payments"},
    {"entity": "cart", "entities": ["cart", "shop"]},
    {"entity": {"identifier": "cart"}, "default": "other"},
    {"default": ""},
    {},
)
WRONG: Final[tuple[dict[str, Any], ...]] = (
    {"text": "a"},
    {"text": "abcde"},
    {"text": None},
    {"url": "no url"},
    {"email": "no email"},
    {"time": "noon"},
    {"ip": "300.1.1.1"},
    {"number": 0.5},
    {"number": 4},
    {"number": True},
    {"list": []},
    {"list": ["a", "b", "c"]},
    {"list": "a"},
    {"object": {}},
    {"object": {"a": "1"}},
    {"entity": "nothing"},
    {"entity": 5},
    {"entities": ["cart", "nothing"]},
)


def inputs(stage: Stage) -> None:
    """Each input takes what its schema says, and says what is wrong with the rest."""
    stage.post(BLUEPRINTS, blueprint("service"))
    for name in ("cart", "shop"):
        stage.post(ENTITIES, {"identifier": name, "title": name.title()})
    stage.post(ACTIONS, action("deploy", trigger=button(inputs=INPUTS)))
    where = f"{ACTIONS}/deploy/runs"
    for properties in GOOD:
        run = stage.post(where, {"properties": properties})["run"]
        stage.get(f"{RUNS}/{run['id']}")
    for properties in WRONG:
        stage.post(where, {"properties": properties})
    broken = {"text": {"type": "string", "pattern": "("}}
    stage.post(ACTIONS, action("broken", trigger=button(inputs=broken)))
    stage.delete(f"{ENTITIES}/cart")
    stage.get(RUNS, {"version": "v2", "exclude": "payload"})
    stage.delete(f"{ENTITIES}/shop")
    on_service = button("DAY-2", blueprint="service")
    stage.post(ACTIONS, action("restart", trigger=on_service))
    stage.post(ENTITIES, {"identifier": "late"})
    run_id = start(stage, "restart", entity="late")
    stage.delete(f"{ENTITIES}/late")
    for version in ("v1", "v2"):
        stage.get(f"{RUNS}/{run_id}", {"version": version})
    stage.delete(f"{BLUEPRINTS}/service", query={"delete_actions": "true"})
    for version in ("v1", "v2"):
        stage.get(f"{RUNS}/{run_id}", {"version": version})
