"""The eight operations on action runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.dialects.port.run_shapes import (
    ApprovalBody,
    ApproverJson,
    ApproversEnvelope,
    ApproversQuery,
    ExecuteBody,
    ExecuteQuery,
    ListQuery,
    LogBody,
    LogsQuery,
    RunLog,
    RunLogEnvelope,
    RunLogsEnvelope,
    UpdateBody,
    VersionQuery,
)
from port_fake.dialects.port.vocabulary import (
    ENDINGS,
    PENDING,
    RULINGS,
    VERDICTS,
    moment,
)
from port_fake.dialects.port.wire_v1 import RunEnvelopeV1, RunsEnvelopeV1, run_v1
from port_fake.dialects.port.wire_v2 import RunEnvelope, RunsEnvelope, run_v2
from port_fake.engine.runs import Annotations, LogLine, Run, Source
from port_fake.engine.states import UNDER_WAY, State
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Later, Nothing, Operation
from port_fake.world.access import Approver
from port_fake.world.queries import RunFilter
from port_fake.world.world import World

TAG: Final = "Action Runs"


def execute_action(
    world: World, call: Call[ExecuteQuery, ExecuteBody]
) -> RunEnvelope | Later[RunEnvelope]:
    """Make a run of an action and answer with it, always in the shape of v2.

    Raises: NotFoundError, ForbiddenError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs.
    """
    run = world.execute(
        call.path["action_identifier"],
        call.body["properties"],
        call.caller,
        entity=call.body.get("entity"),
        run_as=call.query.get("run_as"),
    )
    hidden = bool(run.action.encrypted)
    recorded = {**call.body, "properties": run.submitted} if hidden else None
    return Later(lambda: {"ok": True, "run": run_v2(world, world.runs[run.id])}, recorded=recorded)


def has_encrypted_inputs(world: World, path: Mapping[str, str]) -> bool:
    """Whether an execute call of that path may carry what nobody is to see."""
    action = world.actions.get(path["action_identifier"])
    return action is not None and bool(action.encrypted)


def list_runs(world: World, call: Call[ListQuery, Nothing]) -> RunsEnvelope | RunsEnvelopeV1:
    """Answer with the runs that match, newest first.

    Source: OpenAPI 1.0, GET /v1/actions/runs.
    Assumed: the order; ``active=false`` filters nothing; ``exclude`` may take away any field.
    """
    query = call.query
    limit = int(query.get("limit", world.settings.list_limit))
    runs = world.runs.find(_filter(world, call), limit)
    if query.get("version") == "v2":
        shown: list[Any] = [run_v2(world, run) for run in runs]
    else:
        shown = [run_v1(world, run) for run in runs]
    excluded = set(query.get("exclude", ()))
    if excluded:
        shown = [{key: value for key, value in run.items() if key not in excluded} for run in shown]
    return {"ok": True, "runs": shown}


def get_run(world: World, call: Call[VersionQuery, Nothing]) -> RunEnvelope | RunEnvelopeV1:
    """Answer with a run.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/actions/runs/{run_id}.
    """
    return _envelope(world, world.seen(call.path["run_id"], call.caller), call.query)


def update_run(world: World, call: Call[VersionQuery, UpdateBody]) -> RunEnvelope | RunEnvelopeV1:
    """Write what a backend reports on a run, and answer with the run as it then stands.

    Raises: NotFoundError, ForbiddenError, IllegalTransitionError.
    Source: OpenAPI 1.0, PATCH /v1/actions/runs/{run_id}.
    """
    body = call.body
    notes = Annotations(
        label=body.get("statusLabel"),
        link=body.get("link"),
        message=body.get("message"),
        summary=body.get("summary"),
        external_id=body.get("externalRunId"),
    )
    ending = ENDINGS[body["status"]] if "status" in body else None
    run = world.update(call.path["run_id"], ending, notes, call.caller)
    return _envelope(world, run, call.query)


def rule_on_run(
    world: World, call: Call[VersionQuery, ApprovalBody]
) -> RunEnvelope | Later[RunEnvelope | RunEnvelopeV1]:
    """Record the caller's ruling, and answer with the run as it then stands.

    Raises: NotFoundError, ForbiddenError, IllegalTransitionError.
    Source: OpenAPI 1.0, PATCH /v1/actions/runs/{run_id}/approval.
    """
    run = world.rule(
        call.path["run_id"],
        RULINGS[call.body["status"]],
        call.caller,
        because=call.body.get("description"),
    )
    return Later(lambda: _envelope(world, world.runs[run.id], call.query))


def add_log(world: World, call: Call[Nothing, LogBody]) -> RunLogEnvelope:
    """Write a line to the log of a run, and with a termination status end the run.

    Raises: NotFoundError, IllegalTransitionError.
    Source: OpenAPI 1.0, POST /v1/actions/runs/{run_id}/logs.
    """
    body = call.body
    line = world.log(
        call.path["run_id"],
        body["message"],
        call.caller,
        ending=ENDINGS[body["terminationStatus"]] if "terminationStatus" in body else None,
        label=body.get("statusLabel"),
    )
    return {"ok": True, "runLog": _line(line)}


def list_logs(world: World, call: Call[LogsQuery, Nothing]) -> RunLogsEnvelope:
    """Answer with a page of a run's log, oldest line first.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/actions/runs/{run_id}/logs.
    Assumed: the order; an offset below zero counts as zero.
    """
    lines = world.runs.logs(world.seen(call.path["run_id"], call.caller).id)
    start = max(0, int(call.query.get("offset", 0)))
    limit = int(call.query.get("limit", world.settings.log_limit))
    return {"ok": True, "runLogs": [_line(line) for line in lines[start : start + limit]]}


def list_approvers(world: World, call: Call[ApproversQuery, Nothing]) -> ApproversEnvelope:
    """Answer with those who have voted, and on request with those who have yet to.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/actions/runs/{run_id}/approvers.
    Assumed: a run that needs no approval has none; users are named by their ids.
    """
    run = world.seen(call.path["run_id"], call.caller)
    pending = call.query.get("include_pending_approvers", False)
    approvers = world.access.approvers(run, pending=pending)
    return {"ok": True, "approvers": [_approver(one) for one in approvers]}


def _envelope(world: World, run: Run, query: VersionQuery) -> RunEnvelope | RunEnvelopeV1:
    if query.get("version") == "v2":
        return {"ok": True, "run": run_v2(world, run)}
    return {"ok": True, "run": run_v1(world, run)}


def _filter(world: World, call: Call[ListQuery, Nothing]) -> RunFilter:
    query = call.query
    creator = query.get("user_id")
    if "user_email" in query:
        user = world.people.users.get(query["user_email"])
        found = user.id if user is not None else ""
        # Two filters on the same field that disagree match nothing.
        creator = found if creator in {None, found} else ""
    active = set(UNDER_WAY)
    if world.settings.active_includes_waiting:
        active.add(State.AWAITING_APPROVAL)
    return RunFilter(
        action=query.get("action"),
        blueprint=query.get("blueprint"),
        entity=query.get("entity"),
        creator=creator,
        external_id=query.get("external_run_id"),
        sources=frozenset(map(Source, query["source"])) if "source" in query else None,
        states=frozenset(active) if query.get("active") else None,
        sight=world.access.sight(call.caller),
    )


def _line(line: LogLine) -> RunLog:
    return {
        "id": line.id,
        "runId": line.run_id,
        "message": line.message,
        "createdBy": line.created_by,
        "createdAt": moment(line.created_at),
    }


def _approver(approver: Approver) -> ApproverJson:
    ballot = approver.ballot
    if ballot is None:
        return {"userId": approver.actor, "state": PENDING}
    shown: ApproverJson = {"userId": approver.actor, "state": VERDICTS[ballot.ruling]}
    if ballot.because is not None:
        shown["description"] = ballot.because
    return shown


FORBIDS: Final = frozenset({Fault.FORBIDDEN})

OPERATIONS: Final = (
    Operation(
        name="execute-self-service-action",
        tag=TAG,
        route="POST /v1/actions/{action_identifier}/runs",
        handler=execute_action,
        success=202,
        hides=has_encrypted_inputs,
        nonempty=("action_identifier",),
        refuses=FORBIDS,
    ),
    Operation(
        name="get-all-action-runs",
        tag=TAG,
        route="GET /v1/actions/runs",
        handler=list_runs,
        scopes=("read:runs",),
        v1=RunsEnvelopeV1,
    ),
    Operation(
        name="get-action-run-s-details",
        tag=TAG,
        route="GET /v1/actions/runs/{run_id}",
        handler=get_run,
        scopes=("read:runs",),
        v1=RunEnvelopeV1,
    ),
    Operation(
        name="update-action-run",
        tag=TAG,
        route="PATCH /v1/actions/runs/{run_id}",
        handler=update_run,
        body_required=False,
        refuses=FORBIDS,
        v1=RunEnvelopeV1,
    ),
    Operation(
        name="approve-action-run",
        tag=TAG,
        route="PATCH /v1/actions/runs/{run_id}/approval",
        handler=rule_on_run,
        success=201,
        refuses=FORBIDS,
        v1=RunEnvelopeV1,
    ),
    Operation(
        name="add-log-action-run",
        tag=TAG,
        route="POST /v1/actions/runs/{run_id}/logs",
        handler=add_log,
        success=201,
    ),
    Operation(
        name="get-action-s-run-logs",
        tag=TAG,
        route="GET /v1/actions/runs/{run_id}/logs",
        handler=list_logs,
    ),
    Operation(
        name="get-action-run-s-approvers",
        tag=TAG,
        route="GET /v1/actions/runs/{run_id}/approvers",
        handler=list_approvers,
        scopes=("read:runs",),
    ),
)
