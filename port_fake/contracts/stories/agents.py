"""What agents and integrations do: queues of runs, and nodes of workflows."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.actions import ACTIONS
from port_fake.contracts.stories.runs import RUNS, start
from port_fake.contracts.stories.stage import Stage, action, for_agent, webhook

CLAIM: Final = f"{RUNS}/claim-pending"
ACK: Final = f"{RUNS}/ack"
FLOWS: Final = "/v1/workflows/runs"
NODES: Final = "/v1/workflows/nodes/runs"
LONG: Final[dict[str, Any]] = {
    "installationId": "agent",
    "limit": 10,
    "visibilityTimeoutMs": 600_000,
}
BAD_CLAIMS: Final[tuple[Any, ...]] = (
    {},
    {"installationId": "agent"},
    {"limit": 1},
    {"installationId": 5, "limit": 1},
    {"installationId": "agent", "limit": 0},
    {"installationId": "agent", "limit": 1001},
    {"installationId": "agent", "limit": 1, "visibilityTimeoutMs": 0},
    {"installationId": "agent", "limit": 1, "exclude": "x"},
)


def queues(stage: Stage) -> None:
    """Runs are claimed, acknowledged once, and answered for."""
    stage.post(ACTIONS, action("build"))
    stage.post(ACTIONS, action("other", invocationMethod=for_agent("elsewhere")))
    stage.post(ACTIONS, action("approved", requiredApproval=True))
    stage.post(CLAIM, LONG)
    first, second, third = (start(stage, "build") for _ in range(3))
    start(stage, "other")
    waiting = start(stage, "approved")
    stage.get(f"{RUNS}/{first}", {"version": "v2"})
    stage.post(CLAIM, {**LONG, "limit": 1})
    stage.get(f"{RUNS}/{first}", {"version": "v2"})
    stage.post(CLAIM, {**LONG, "exclude": [second]})
    stage.post(CLAIM, {**LONG, "invocationMethod": "WEBHOOK"})
    stage.post(CLAIM, {**LONG, "invocationMethod": "INTEGRATION_ACTION"})
    stage.post(CLAIM, LONG)
    stage.post(CLAIM, {**LONG, "installationId": "nobody"})
    for body in BAD_CLAIMS:
        stage.post(CLAIM, body)
    stage.patch(ACK, {"runIds": [first, "r_unknown", first]})
    stage.patch(ACK, {"runId": first})
    stage.patch(ACK, {"runId": second})
    stage.patch(ACK, {"runId": waiting})
    stage.patch(ACK, {"runId": "r_unknown"})
    for body in ({}, {"runIds": first}, {"runId": 5}):
        stage.patch(ACK, body)
    stage.get(f"{RUNS}/{first}", {"version": "v2"})
    stage.patch(f"{RUNS}/{third}", {"status": "SUCCESS"})
    stage.get(f"{RUNS}/{third}", {"version": "v2"})
    stage.patch(ACK, {"runIds": [third]})
    stage.patch(f"{RUNS}/{waiting}/approval", {"status": "APPROVE"})
    stage.post(CLAIM, LONG)
    _responses(stage, first)


def _responses(stage: Stage, claimed: str) -> None:
    synchronized = webhook(agent=True, synchronized=True)
    stage.post(ACTIONS, action("asks", invocationMethod=synchronized))
    stage.patch("/v1/organization", {"settings": {"portAgentStreamerName": "POLLING"}})
    run_id = start(stage, "asks")
    stage.post(CLAIM, {**LONG, "installationId": "_PORT_EXEC_AGENT"})
    for response in ({"ok": True}, "text", [1], None):
        stage.patch(f"{RUNS}/{run_id}/response", {"response": response})
        stage.get(f"{RUNS}/{run_id}", {"version": "v2"})
    stage.patch(f"{RUNS}/{run_id}/response", {})
    stage.patch(f"{RUNS}/r_unknown/response", {"response": 1})
    stage.patch(f"{RUNS}/{claimed}/response", {"response": 1})
    stage.patch(f"{RUNS}/{run_id}", {"status": "FAILURE"})
    stage.patch(f"{RUNS}/{run_id}/response", {"response": "late"})


def workflows(stage: Stage) -> None:
    """Runs of nodes are claimed, acknowledged and reported on."""
    names = [
        stage.port.add_node_run("node-1", "agent", config={"type": "WEBHOOK", "url": "x"}),
        stage.port.add_node_run("node-2", "agent", config={"type": "KAFKA"}),
        stage.port.add_node_run("node-3", "elsewhere"),
    ]
    claim = f"{FLOWS}/claim-pending"
    stage.post(claim, {**LONG, "limit": 1})
    stage.post(claim, LONG)
    stage.post(claim, LONG)
    stage.post(claim, {**LONG, "installationId": "elsewhere"})
    stage.post(claim, {**LONG, "installationId": "nobody"})
    for body in BAD_CLAIMS:
        stage.post(claim, body)
    for name in (names[0], names[0], "wfnr_unknown"):
        stage.patch(f"{FLOWS}/ack", {"nodeRunIdentifier": name})
    for body in ({}, {"nodeRunIdentifier": 5}):
        stage.patch(f"{FLOWS}/ack", body)
    one = f"{NODES}/{names[0]}"
    for body in (
        {"externalRunId": "ci-1"},
        {"status": "IN_PROGRESS", "output": {"a": 1}},
        {"output": {"b": [2]}, "links": ["https://ci.example.com/1"]},
        {"status": "COMPLETED", "result": "SUCCESS"},
        {"status": "COMPLETED", "result": "FAILED"},
        {"status": "DONE"},
        {"result": "GREAT"},
        {"output": "text"},
        {"surprise": 1},
        {},
    ):
        stage.patch(one, body)
        stage.get(NODES, {"external_run_id": "ci-1", "include": "nodeConfig"})
    stage.patch(f"{NODES}/wfnr_unknown", {"status": "COMPLETED"})
    stage.patch(f"{NODES}/{names[1]}", {"result": "CANCELLED", "externalRunId": "ci-2"})
    lines = [{"level": level, "message": level} for level in ("INFO", "WARN", "ERROR", "DEBUG")]
    stage.post(f"{one}/logs", {"logs": lines})
    for body in ({}, {"logs": [{"level": "LOUD", "message": "x"}]}, {"logs": [{}]}, {"logs": "x"}):
        stage.post(f"{one}/logs", body)
    stage.post(f"{NODES}/wfnr_unknown/logs", {"logs": lines})
    for query in ({}, {"external_run_id": "ci-2"}, {"external_run_id": "ci-9"}):
        stage.get(NODES, query)
