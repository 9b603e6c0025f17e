"""Runs for agents and integrations: claim, acknowledge, respond.

Port's public document does not have these; its agent and Ocean depend on them.
"""

from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.wire import OK, Ok
from port_fake.dialects.port.wire_v2 import RunsEnvelope, run_v2
from port_fake.engine.states import State
from port_fake.errors import ConflictError, Fault, NotFoundError
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import array, number, opened, text
from port_fake.surface.values import Document, closed
from port_fake.world.world import World

TAG: Final = "Action Runs (agents and integrations)"
CONFLICTS: Final = frozenset({Fault.CONFLICT})

CLAIM: Final = opened(
    {
        "installationId": text(),
        "limit": number(minimum=1, maximum=1000),
        "visibilityTimeoutMs": number(minimum=1, maximum=600_000),
        "exclude": array(text()),
        "invocationMethod": text(),
    },
    ["installationId", "limit"],
)
"""Source: Port's agent and Ocean."""

ACK: Final = opened(
    {"runIds": array(text()), "runId": text()},
    anyOf=[{"required": ["runIds"]}, {"required": ["runId"]}],
)
"""Source: Port's agent (a list), Ocean (one)."""

RESPONSE: Final = opened({"response": {}}, ["response"])
"""Source: Port's agent."""

ClaimBody: TypeAlias = Annotated[dict[str, Any], Document(CLAIM)]
AckBody: TypeAlias = Annotated[dict[str, Any], Document(ACK)]
ResponseBody: TypeAlias = Annotated[dict[str, Any], Document(RESPONSE)]


@closed
class AckEnvelope(TypedDict):
    """How many runs were acknowledged by this call."""

    ok: Literal[True]
    ackedCount: int


def claim_runs(world: World, call: Call[Nothing, ClaimBody]) -> RunsEnvelope:
    """Hand out runs that wait for an installation, and hide them from others for a while.

    Source: Port's agent and Ocean.
    """
    body = call.body
    runs = world.queue.claim(
        body["installationId"],
        limit=int(body["limit"]),
        visibility_ms=body.get("visibilityTimeoutMs", world.settings.visibility_timeout_ms),
        exclude=body.get("exclude", ()),
        kind=body.get("invocationMethod"),
    )
    return {"ok": True, "runs": [run_v2(world, run) for run in runs]}


def acknowledge_runs(world: World, call: Call[Nothing, AckBody]) -> AckEnvelope:
    """Take runs out of their queue for good; the claimer works on them from now on.

    Raises: NotFoundError, ConflictError.
    Source: Port's agent, which reads the count; Ocean, to which 409 says: somebody else's.
    Assumed: an unknown run in a list counts nothing, alone it is a 404.
    """
    if "runIds" in call.body:
        return {"ok": True, "ackedCount": sum(_taken(world, one) for one in call.body["runIds"])}
    run_id = call.body["runId"]
    if not _acknowledged(world, run_id):
        raise ConflictError(f"run {run_id!r} has been acknowledged already, or never waited")
    return {"ok": True, "ackedCount": 1}


def keep_response(world: World, call: Call[Nothing, ResponseBody]) -> Ok:
    """Keep what a synchronized backend answered to an agent.

    Raises: NotFoundError, IllegalTransitionError.
    Source: Port's agent.
    """
    world.respond(call.path["run_id"], call.body["response"], call.caller)
    return OK


def _taken(world: World, run_id: str) -> bool:
    try:
        return _acknowledged(world, run_id)
    except NotFoundError:
        return False


def _acknowledged(world: World, run_id: str) -> bool:
    if not world.queue.acknowledge(run_id):
        return False
    if world.runs[run_id].state is State.QUEUED:
        world.start(run_id)
    return True


OPERATIONS: Final = (
    Operation(
        name="claim-pending-runs",
        tag=TAG,
        route="POST /v1/actions/runs/claim-pending",
        handler=claim_runs,
    ),
    Operation(
        name="acknowledge-runs",
        tag=TAG,
        route="PATCH /v1/actions/runs/ack",
        handler=acknowledge_runs,
        refuses=CONFLICTS,
    ),
    Operation(
        name="keep-run-response",
        tag=TAG,
        route="PATCH /v1/actions/runs/{run_id}/response",
        handler=keep_response,
    ),
)
