"""What is written down of everything, and what follows from it by itself."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.actions import ACTIONS
from port_fake.contracts.stories.catalog import BLUEPRINTS, ENTITIES
from port_fake.contracts.stories.runs import RUNS, start
from port_fake.contracts.stories.stage import (
    ADMIN,
    BUILDER,
    Stage,
    action,
    blueprint,
    button,
    invite,
)

AUDIT: Final = "/v1/audit-log"


def audit(stage: Stage) -> None:
    """The log is read by every filter, by who may."""
    stage.get(AUDIT)
    invite(stage, ADMIN, BUILDER)
    stage.post(BLUEPRINTS, blueprint("service"))
    made = stage.post(ENTITIES, {"identifier": "cart", "properties": {"replicas": 1}})["entity"]
    stage.patch(f"{ENTITIES}/cart", {"properties": {"replicas": 2}}, caller=BUILDER)
    stage.post(ENTITIES, {"identifier": "gone"})
    stage.delete(f"{ENTITIES}/gone")
    stage.post(ACTIONS, action("deploy", trigger=button("DAY-2", blueprint="service")))
    stage.patch(f"{ACTIONS}/deploy/permissions", {"execute": {"users": [BUILDER]}})
    run_id = start(stage, "deploy", entity="cart", caller=BUILDER)
    stage.patch(f"{ENTITIES}/cart", {"title": "By the run"}, query={"run_id": run_id})
    done = stage.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS"})["run"]
    stage.patch(f"{ENTITIES}/cart", {"title": "Too late"}, query={"run_id": run_id})
    stage.delete(f"{ACTIONS}/deploy")
    queries: tuple[Any, ...] = (
        {},
        {"identifier": "cart"},
        {"identifier": run_id},
        {"entity": "cart"},
        {"blueprint": "service"},
        {"run_id": run_id},
        {"run_id": "r_unknown"},
        {"include_deleted_entities": "false"},
        {"include_deleted_entities": "true", "resources": "entity"},
        {"resources": "run"},
        [("resources", "action"), ("resources", "blueprint")],
        {"includes": ["action", "diff"], "limit": 3},
        {"includes": ["context", "trigger", "status", "message"], "limit": 2},
        {"from": done["endedAt"]},
        {"to": made["createdAt"]},
        {"from": made["createdAt"], "to": done["endedAt"], "resources": "entity"},
        {"action": "CREATE"},
        {"action": "UPDATE"},
        {"action": "DELETE"},
        {"status": "SUCCESS", "limit": 1},
        {"status": "FAILURE"},
        {"actionType": "self-service"},
        {"actionType": "automation"},
        {"origin": "API", "limit": 2},
        {"origin": "UI"},
        {"InstallationId": "agent"},
        {"webhookId": "x"},
        {"webhookEventId": "x"},
        {"limit": 0},
        {"limit": -1},
        {"limit": "x"},
        {"resources": "planet"},
        {"status": "PERHAPS"},
        {"from": "noon"},
        {"includes": "everything"},
    )
    for query in queries:
        stage.get(AUDIT, query)
    stage.get(AUDIT, {"limit": 2}, caller=ADMIN)
    stage.get(AUDIT, caller=BUILDER)
    stage.get(AUDIT, {"entity": "cart", "limit": 2}, caller=BUILDER)


def automations(stage: Stage) -> None:
    """One thing leads to another: runs that nobody started."""
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(BLUEPRINTS, blueprint("record"))
    identifier = "{{ .event.action }}-{{ .event.context.entityIdentifier }}"
    writes = {
        "type": "UPSERT_ENTITY",
        "blueprintIdentifier": "record",
        "mapping": {"identifier": identifier, "title": "Written"},
    }
    event = {"type": "ANY_ENTITY_CHANGE", "blueprintIdentifier": "service"}
    condition = {"type": "JQ", "expressions": ['.diff.after.title != "Quiet"'], "combinator": "and"}
    trigger = {"type": "automation", "event": event, "condition": condition}
    writer = action("writer", trigger=trigger, invocationMethod=writes, publish=True)
    stage.post(ACTIONS, writer)
    stage.post(ACTIONS, action("deploy"))
    hears = {"type": "automation", "event": {"type": "RUN_UPDATED", "actionIdentifier": "deploy"}}
    stage.post(ACTIONS, action("hears", trigger=hears, publish=True))
    stage.post(ENTITIES, {"identifier": "cart"})
    stage.get(f"{BLUEPRINTS}/record/entities")
    stage.patch(f"{ENTITIES}/cart", {"title": "Loud"})
    stage.patch(f"{ENTITIES}/cart", {"title": "Quiet"})
    stage.get(f"{BLUEPRINTS}/record/entities")
    stage.get(RUNS, {"version": "v2"})
    run_id = start(stage, "deploy")
    stage.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS"})
    stage.get(RUNS, {"source": "AUTOMATION", "version": "v2"})
    stage.get(RUNS, {"action": "hears"})
    stage.post(f"{ACTIONS}/writer/runs", {"properties": {}})
    stage.put(f"{ACTIONS}/writer", {**writer, "publish": False})
    stage.delete(f"{ENTITIES}/cart")
    stage.get(f"{BLUEPRINTS}/record/entities")
    stage.get(AUDIT, {"actionType": "automation"})
