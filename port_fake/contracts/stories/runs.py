"""Runs: from the button to the end, by every way."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.actions import ACTIONS
from port_fake.contracts.stories.catalog import BLUEPRINTS, ENTITIES
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

RUNS: Final = "/v1/actions/runs"
VERSIONS: Final[tuple[dict[str, str], ...]] = ({}, {"version": "v1"}, {"version": "v2"})


def start(stage: Stage, name: str, **body: Any) -> str:
    """Press a button, and return the id of the run."""
    caller = body.pop("caller", None)
    sent = {"properties": {}, **body}
    where = f"{ACTIONS}/{name}/runs"
    answer = stage.post(where, sent, caller=caller) if caller else stage.post(where, sent)
    run_id: str = answer["run"]["id"]
    return run_id


def _furnish(stage: Stage) -> None:
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(ENTITIES, {"identifier": "cart", "title": "Cart"})
    inputs = {
        "name": {"type": "string", "pattern": "^[a-z]+$"},
        "size": {"type": "number", "minimum": 1, "default": 2},
        "sure": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "more": {"type": "object"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "of": {"type": "string", "format": "entity", "blueprint": "service"},
    }
    trigger = button(inputs=inputs, required=["name"])
    stage.post(ACTIONS, action("deploy", trigger=trigger))
    stage.post(ACTIONS, action("restart", trigger=button("DAY-2", blueprint="service")))


def runs(stage: Stage) -> None:
    """A run is started, reported on and ended, and then stays as it is."""
    _furnish(stage)
    where = f"{ACTIONS}/deploy/runs"
    full = {"name": "cart", "size": 3, "sure": True, "tags": ["x"], "more": {"a": [1]}}
    run_id = stage.post(where, {"properties": {**full, "kind": "a", "of": "cart"}})["run"]["id"]
    for properties in (
        {},
        {"name": "UPPER"},
        {"name": 5},
        {"name": "a", "size": 0},
        {"name": "a", "sure": "yes"},
        {"name": "a", "tags": [5]},
        {"name": "a", "kind": "c"},
        {"name": "a", "of": "nothing"},
        {"name": "a", "unknown": 1},
        None,
    ):
        stage.post(where, {"properties": properties})
    stage.post(where, {"properties": {"name": "a"}, "surprise": 1})
    stage.post(where, {})
    stage.post(f"{ACTIONS}/nothing/runs", {"properties": {}})
    day_2 = f"{ACTIONS}/restart/runs"
    for entity in ("cart", "nothing", None, 5):
        stage.post(day_2, {"properties": {}, "entity": entity})
    stage.post(day_2, {"properties": {}})
    one = f"{RUNS}/{run_id}"
    for query in (*VERSIONS, {"version": "v3"}):
        stage.get(one, query)
    stage.get(f"{RUNS}/r_unknown")
    _report(stage, one)
    for status in ("SUCCESS", "FAILURE"):
        _end(stage, status)
    stage.delete(f"{ACTIONS}/deploy")
    stage.delete(f"{ENTITIES}/cart")
    for query in VERSIONS:
        stage.get(one, query)
    stage.post(where, {"properties": {"name": "late"}})


def _report(stage: Stage, one: str) -> None:
    for body in (
        {"statusLabel": "Half way"},
        {"link": "https://ci.example.com/1"},
        {"link": ["https://ci.example.com/1", "https://ci.example.com/2"]},
        {"message": {"step": 1}},
        {"summary": "Going well"},
        {"externalRunId": "ci-1"},
        {"statusLabel": "Both", "summary": "At once"},
        {},
        {"status": "IN_PROGRESS"},
        {"status": "DECLINED"},
        {"statusLabel": 5},
        {"link": 5},
        {"message": "text"},
        {"surprise": 1},
        {"statusLabel": None},
    ):
        stage.patch(one, body)
    stage.patch(one)
    stage.patch(one, {"summary": "Again"}, query={"version": "v2"})
    stage.patch(one, {"summary": "Again"}, query={"version": "v3"})
    stage.patch(f"{RUNS}/r_unknown", {"summary": "x"})
    stage.get(one, {"version": "v2"})
    stage.get(one)


def _end(stage: Stage, status: str) -> None:
    one = f"{RUNS}/{start(stage, 'deploy', properties={'name': 'a'})}"
    stage.patch(one, {"status": status, "summary": "Done"}, query={"version": "v2"})
    stage.get(one)
    for later in ("SUCCESS", "FAILURE"):
        stage.patch(one, {"status": later})
    stage.patch(one, {"statusLabel": "After the end"})
    stage.patch(f"{one}/approval", {"status": "APPROVE"})
    stage.get(one, {"version": "v2"})


def listing(stage: Stage) -> None:
    """Lists of runs, by every filter."""
    _furnish(stage)
    invite(stage, ADMIN, BUILDER)
    user = stage.get(f"/v1/users/{BUILDER}")["user"]["id"]
    stage.get(RUNS)
    stage.post(ACTIONS, action("approved", requiredApproval={"type": "ANY"}))
    first = start(stage, "deploy", properties={"name": "one"})
    stage.patch(f"{RUNS}/{first}", {"status": "SUCCESS", "externalRunId": "ci-1"})
    second = start(stage, "deploy", properties={"name": "two"}, caller=BUILDER)
    stage.patch(f"{RUNS}/{second}", {"externalRunId": "ci-2"})
    start(stage, "restart", entity="cart")
    start(stage, "approved", caller=BUILDER)
    run_as = {"run_as": BUILDER}
    stage.post(f"{ACTIONS}/restart/runs", {"properties": {}, "entity": "cart"}, query=run_as)
    for query in (
        {},
        {"version": "v1"},
        {"version": "v2"},
        {"limit": 2},
        {"limit": 1, "version": "v2"},
        {"active": "true"},
        {"active": "false"},
        {"action": "deploy"},
        {"action": "nothing"},
        {"blueprint": "service"},
        {"entity": "cart"},
        {"entity": "cart", "blueprint": "other"},
        {"user_email": BUILDER},
        {"user_email": "nobody@example.com"},
        {"user_id": user},
        {"user_id": user, "action": "deploy"},
        {"external_run_id": "ci-1"},
        {"external_run_id": "ci-9"},
        {"source": "API"},
        {"source": ["UI", "AUTOMATION"]},
        {"exclude": "properties", "version": "v2"},
        {"exclude": ["status", "id"]},
        {"limit": 0},
        {"limit": 1001},
        {"limit": "many"},
        {"active": "yes"},
        {"source": "MOON"},
        {"version": "v3"},
        [("action", "deploy"), ("action", "restart")],
    ):
        stage.get(RUNS, query)
    stage.get(RUNS, {"version": "v2"}, caller=BUILDER)
    stage.post(f"{ACTIONS}/deploy/runs", {"properties": {"name": "a"}}, query={"run_as": "x"})
    stage.post(f"{ACTIONS}/deploy/runs", {"properties": {"name": "a"}}, query=run_as, caller=ADMIN)
    stage.get(RUNS, {"limit": 1, "version": "v2"})


def logs(stage: Stage) -> None:
    """Lines are written and read page by page; one of them may end the run."""
    _furnish(stage)
    one = f"{RUNS}/{start(stage, 'deploy', properties={'name': 'a'})}"
    where = f"{one}/logs"
    stage.get(where)
    for number in range(4):
        stage.post(where, {"message": f"line {number}"})
    stage.post(where, {"message": "labelled", "statusLabel": "Half way"})
    stage.get(one, {"version": "v2"})
    for query in (
        {},
        {"limit": 2},
        {"limit": 2, "offset": 1},
        {"offset": 4},
        {"offset": 50},
        {"offset": -1},
        {"limit": 0},
        {"limit": 51},
        {"offset": "x"},
    ):
        stage.get(where, query)
    for body in ({}, {"message": 5}, {"message": "x", "terminationStatus": "DECLINED"}, None):
        stage.post(where, body)
    stage.post(where, {"message": "x", "surprise": 1})
    stage.post(where, {"message": "", "statusLabel": 5})
    stage.post(f"{RUNS}/r_unknown/logs", {"message": "x"})
    stage.get(f"{RUNS}/r_unknown/logs")
    end = {"message": "the end", "terminationStatus": "SUCCESS", "statusLabel": "Done"}
    stage.post(where, end)
    stage.get(one, {"version": "v2"})
    stage.post(where, end)
    stage.post(where, {"message": "a closing line"})
    stage.get(where)
    other = f"{RUNS}/{start(stage, 'deploy', properties={'name': 'b'})}"
    stage.post(f"{other}/logs", {"message": "broken", "terminationStatus": "FAILURE"})
    stage.get(other)
    stage.get(f"{other}/logs")


def approvals(stage: Stage) -> None:
    """Runs wait for one approver, or for all, and those who may not vote are refused."""
    invite(stage, ADMIN, BUILDER, LEAD, STRANGE)
    for name, kind in (("any", "ANY"), ("all", "ALL")):
        stage.post(ACTIONS, action(name, requiredApproval={"type": kind}))
        lists = {"users": [LEAD, ADMIN], "roles": [], "teams": []}
        stage.patch(f"{ACTIONS}/{name}/permissions", {"approve": lists})
    for name, voters in (("any", (LEAD,)), ("all", (LEAD, ADMIN))):
        one = f"{RUNS}/{start(stage, name, caller=BUILDER)}"
        _who(stage, one)
        for query in VERSIONS:
            stage.get(one, query)
        stage.get(one, {"version": "v2"}, caller=BUILDER)
        stage.get(one, {"version": "v2"}, caller=STRANGE)
        stage.patch(f"{one}/approval", {"status": "APPROVE"}, caller=STRANGE)
        stage.patch(f"{one}/approval", {"status": "APPROVE"}, caller=BUILDER)
        for voter in voters:
            vote = {"status": "APPROVE", "description": f"fine by {voter[:3]}"}
            stage.patch(f"{one}/approval", vote, caller=voter)
            _who(stage, one)
        stage.patch(f"{one}/approval", {"status": "APPROVE"}, caller=LEAD)
        stage.get(one, {"version": "v2"})
    for name in ("any", "all"):
        one = f"{RUNS}/{start(stage, name)}"
        vote = {"status": "DECLINE", "description": "not today"}
        stage.patch(f"{one}/approval", vote, query={"version": "v2"}, caller=ADMIN)
        _who(stage, one)
        for query in VERSIONS:
            stage.get(one, query)
        stage.patch(one, {"status": "SUCCESS"})
        stage.patch(f"{one}/approval", {"status": "APPROVE"}, caller=LEAD)
    one = f"{RUNS}/{start(stage, 'any', caller=BUILDER)}"
    for body in ({}, {"status": "PERHAPS"}, {"status": "APPROVE", "description": 5}, {"x": 1}):
        stage.patch(f"{one}/approval", body)
    stage.patch(f"{RUNS}/r_unknown/approval", {"status": "APPROVE"})
    stage.get(f"{RUNS}/r_unknown/approvers")
    stage.get(f"{one}/approvers", {"include_pending_approvers": "perhaps"})
    stage.patch(one, {"status": "SUCCESS"})
    stage.patch(one, {"statusLabel": "Waits"})
    stage.post(f"{one}/logs", {"message": "patience"})
    stage.patch(one, {"status": "FAILURE"}, caller=STRANGE)
    stage.patch(one, {"status": "FAILURE", "summary": "Withdrawn"}, caller=BUILDER)
    stage.get(one, {"version": "v2"})
    last = f"{RUNS}/{start(stage, 'any')}"
    stage.patch(f"{last}/approval", {"status": "APPROVE"})
    stage.patch(last, {"status": "SUCCESS"})
    stage.get(last)
    stage.get(RUNS, {"version": "v2", "exclude": "payload"})


def _who(stage: Stage, one: str) -> None:
    stage.get(f"{one}/approvers")
    for pending in ("true", "false"):
        stage.get(f"{one}/approvers", {"include_pending_approvers": pending})
