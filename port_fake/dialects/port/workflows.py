"""The routes of workflow node runs that Port's agent and Ocean poll: a small working set."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.queues import CLAIM
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import OK, Ok
from port_fake.errors import ConflictError, Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import array, choice, opened, text
from port_fake.surface.values import Document, closed
from port_fake.world.node_runs import NodeRun
from port_fake.world.world import World

TAG: Final = "Workflow node runs (agents and integrations)"

IN_PROGRESS: Final = "IN_PROGRESS"
"""Source: Ocean: a node run that has begun and not ended."""

ACK: Final = opened({"nodeRunIdentifier": text()}, ["nodeRunIdentifier"])
UPDATE: Final = opened(
    {
        "status": choice("IN_PROGRESS", "COMPLETED"),
        "result": choice("SUCCESS", "FAILED", "CANCELLED"),
        "output": opened(),
        "externalRunId": text(),
        "links": array(),
    }
)
LOGS: Final = opened(
    {
        "logs": array(
            opened(
                {"level": choice("INFO", "WARN", "ERROR", "DEBUG"), "message": text()},
                ["level", "message"],
            )
        )
    },
    ["logs"],
)
"""Source: Port's agent and Ocean, for all three."""

ClaimBody: TypeAlias = Annotated[dict[str, Any], Document(CLAIM)]
AckBody: TypeAlias = Annotated[dict[str, Any], Document(ACK)]
UpdateBody: TypeAlias = Annotated[dict[str, Any], Document(UPDATE)]
LogsBody: TypeAlias = Annotated[dict[str, Any], Document(LOGS)]

FIELDS: Final = {
    "status": "status",
    "result": "result",
    "output": "output",
    "externalRunId": "external_id",
    "links": "links",
}


class LookupQuery(TypedDict, total=False):
    """Which node runs; ``include=nodeConfig`` is always given."""

    external_run_id: str
    include: list[str]


@closed
class NodeRunsEnvelope(TypedDict):
    """An answer that holds node runs."""

    ok: Literal[True]
    nodeRuns: list[dict[str, Any]]


@closed
class NodeAckEnvelope(TypedDict):
    """That a node run was acknowledged."""

    ok: Literal[True]
    acked: Literal[True]


def claim_node_runs(world: World, call: Call[Nothing, ClaimBody]) -> NodeRunsEnvelope:
    """Hand out node runs that wait for an installation, and hide them from others for a while.

    Source: Port's agent and Ocean.
    """
    body = call.body
    runs = world.node_runs.claim(
        body["installationId"],
        limit=int(body["limit"]),
        visibility_ms=body.get("visibilityTimeoutMs", world.settings.visibility_timeout_ms),
        exclude=body.get("exclude", ()),
    )
    return {"ok": True, "nodeRuns": [{**_json(run), "config": dict(run.config)} for run in runs]}


def acknowledge_node_run(world: World, call: Call[Nothing, AckBody]) -> NodeAckEnvelope:
    """Take a node run out of its queue for good.

    Raises: NotFoundError, ConflictError.
    Source: Port's agent and Ocean.
    """
    run_id = call.body["nodeRunIdentifier"]
    if not world.node_runs.acknowledge(run_id):
        raise ConflictError(f"node run {run_id!r} has been acknowledged already")
    return {"ok": True, "acked": True}


def update_node_run(world: World, call: Call[Nothing, UpdateBody]) -> Ok:
    """Keep what a backend reports of a node run.

    Raises: NotFoundError.
    Source: Port's agent and Ocean.
    """
    changes = {FIELDS[key]: value for key, value in call.body.items() if key in FIELDS}
    world.node_runs.update(call.path["node_run_id"], changes)
    return OK


def log_node_run(world: World, call: Call[Nothing, LogsBody]) -> Ok:
    """Write lines to the log of a node run.

    Raises: NotFoundError.
    Source: Port's agent and Ocean.
    """
    world.node_runs.log(call.path["node_run_id"], call.body["logs"])
    return OK


def list_node_runs(world: World, call: Call[LookupQuery, Nothing]) -> NodeRunsEnvelope:
    """Answer with the node runs that have an external id.

    Source: Ocean.
    """
    runs = world.node_runs.find(call.query.get("external_run_id"))
    shown = [{**_json(run), "node": {"config": dict(run.config)}} for run in runs]
    return {"ok": True, "nodeRuns": shown}


def _json(run: NodeRun) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "identifier": run.id,
        "nodeUid": run.node,
        "status": run.status,
        "output": run.output,
        "pendingExecution": run.is_queued,
        "installationId": run.installation,
    }
    if run.claimed_until is not None:
        shown["claimedUntil"] = moment(run.claimed_until)
    if run.result is not None:
        shown["result"] = run.result
    if run.external_id is not None:
        shown["externalRunId"] = run.external_id
    return shown


OPERATIONS: Final = (
    Operation(
        name="claim-pending-node-runs",
        tag=TAG,
        route="POST /v1/workflows/runs/claim-pending",
        handler=claim_node_runs,
    ),
    Operation(
        name="acknowledge-node-run",
        tag=TAG,
        route="PATCH /v1/workflows/runs/ack",
        handler=acknowledge_node_run,
        refuses=frozenset({Fault.CONFLICT}),
    ),
    Operation(
        name="update-node-run",
        tag=TAG,
        route="PATCH /v1/workflows/nodes/runs/{node_run_id}",
        handler=update_node_run,
        body_required=False,
    ),
    Operation(
        name="log-node-run",
        tag=TAG,
        route="POST /v1/workflows/nodes/runs/{node_run_id}/logs",
        handler=log_node_run,
    ),
    Operation(
        name="get-node-runs",
        tag=TAG,
        route="GET /v1/workflows/nodes/runs",
        handler=list_node_runs,
    ),
)
