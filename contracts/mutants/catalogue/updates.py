"""Updates of runs: what is forgotten, merged or shown too late; and finished runs that change."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed, saying
from contracts.mutants.rows import (
    EXECUTE,
    LIST,
    LOG,
    READ,
    RULE,
    UPDATE,
    Document,
    of_runs,
    runs_in,
    said,
    sent,
    without,
)
from port_fake.contracts.proxy import Answered

OPEN: Final = {"IN_PROGRESS", "WAITING_FOR_APPROVAL"}


def _forgetting_beside_status(*keys: str) -> Any:
    """Forget keys of updates that end a run."""

    def body(fields: Document) -> None:
        if "status" in fields:
            without(*keys)(fields)

    return body


def _status_ignored_beside_link(fields: Document) -> None:
    if "link" in fields:
        fields.pop("status", None)


async def _before(passing: Passing) -> Answered:
    """Answer an update with the run as it was before."""
    if passing.operation != UPDATE:
        return await passing.go()
    found = await passing.look(passing.asked.target)
    answered = await passing.go()
    return saying(answered, found) if found and answered.status == 200 else answered


def _late() -> Alteration:
    """Show a run once more as it was, when it is read for the first time after an update."""
    seen: dict[str, Answered] = {}
    stale: set[str] = set()

    async def alter(passing: Passing) -> Answered:
        if passing.operation in {UPDATE, RULE, LOG}:
            stale.add(passing.path["run_id"])
        answered = await passing.go()
        if passing.operation != READ or answered.status != 200:
            return answered
        before = seen.get(passing.asked.target)
        seen[passing.asked.target] = answered
        if passing.path["run_id"] in stale:
            stale.discard(passing.path["run_id"])
            return before or answered
        return answered

    return alter


async def _links_add_up(passing: Passing) -> Answered:
    fields = passing.fields
    if passing.operation != UPDATE or not isinstance(fields.get("link"), (str, list)):
        return await passing.go()
    found = await passing.look(f"/v1/actions/runs/{passing.path['run_id']}?version=v2")
    before = (found or {}).get("run", {}).get("link") or []
    if not before:
        return await passing.go()
    new = fields["link"] if isinstance(fields["link"], list) else [fields["link"]]
    return await passing.go(passing.with_body({**fields, "link": [*before, *new]}))


async def _label_is_reset(passing: Passing) -> Answered:
    if passing.operation == UPDATE and "statusLabel" not in passing.fields and passing.fields:
        return await passing.go(passing.with_body({**passing.fields, "statusLabel": ""}))
    return await passing.go()


def _third_run_is_deaf() -> Alteration:
    """Answer updates of each organisation's third run without an effect."""
    made: Counter[str] = Counter()
    deaf: set[Any] = set()

    async def alter(passing: Passing) -> Answered:
        if passing.operation == UPDATE and passing.path["run_id"] in deaf:
            return await passing.go(passing.with_body({}))
        answered = await passing.go()
        if passing.operation == EXECUTE and answered.status == 202:
            made[passing.organisation] += 1
            if made[passing.organisation] == 3:
                deaf.add(parsed(answered.body)["run"]["id"])
        return answered

    return alter


def _granted_when_finished(grant: Any) -> Alteration:
    """Answer a refused update of a finished run with the run, as *grant* changes it."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation != UPDATE or answered.status != 422:
            return answered
        found = await passing.look(passing.asked.target)
        run = (found or {}).get("run", {})
        if not run or run.get("status") in OPEN or not grant(run, passing.fields):
            return answered
        return answer(200, found)

    return alter


def _label(run: Document, fields: Document) -> bool:
    run.update(fields)
    return bool(fields) and fields.keys() <= {"statusLabel", "summary", "link"}


def _other_end(run: Document, fields: Document) -> bool:
    is_other = fields.get("status") in {"SUCCESS", "FAILURE"} - {run["status"]}
    run.update(fields)
    return is_other


def _same_end(run: Document, fields: Document) -> bool:
    return bool(fields.get("status") == run["status"])


async def _ends_twice_by_log(passing: Passing) -> Answered:
    answered = await passing.go()
    fields = passing.fields
    is_valid = fields.get("terminationStatus") in {"SUCCESS", "FAILURE"} and "message" in fields
    if passing.operation != LOG or answered.status != 422 or not is_valid:
        return answered
    again = await passing.go(passing.with_body({"message": fields["message"]}))
    return again if again.status == 201 else answered


def _moving_end() -> Alteration:
    """Move endedAt on with every read of a run after the first."""
    reads: Counter[Any] = Counter()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        document = parsed(answered.body)
        if passing.operation != READ or answered.status != 200:
            return answered
        for run in runs_in(document):
            end = run.get("endedAt")
            if end:
                reads[run["id"]] += 1
                run["endedAt"] = end if reads[run["id"]] == 1 else f"{end[:-2]}{reads[run['id']]}Z"
        return saying(answered, document)

    return alter


def _reopening() -> Alteration:
    """Show a finished run as in progress from its third read on."""
    reads: Counter[Any] = Counter()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        document = parsed(answered.body)
        if passing.operation != READ or answered.status != 200:
            return answered
        for run in runs_in(document):
            reads[run["id"]] += run["status"] not in OPEN
            if reads[run["id"]] > 2:
                run["status"] = "IN_PROGRESS"
        return saying(answered, document)

    return alter


def _no_end(run: Document) -> None:
    if run.get("status") not in OPEN:
        run.pop("endedAt", None)


UPDATES: Final = (
    sent(
        "updates.summary-forgotten",
        "forgets a summary that comes with the end",
        UPDATE,
        body=_forgetting_beside_status("summary"),
    ),
    sent(
        "updates.link-forgotten",
        "forgets a link that comes with the end",
        UPDATE,
        body=_forgetting_beside_status("link"),
    ),
    sent(
        "updates.external-id-forgotten",
        "forgets the external run id",
        UPDATE,
        body=without("externalRunId"),
    ),
    sent(
        "updates.label-forgotten",
        "forgets labels without a status",
        UPDATE,
        body=lambda fields: None if "status" in fields else fields.pop("statusLabel", None),
    ),
    sent(
        "updates.status-ignored-with-link",
        "ignores a status that comes with a link",
        UPDATE,
        body=_status_ignored_beside_link,
    ),
    sent(
        "updates.failure-is-success",
        "takes FAILURE for SUCCESS",
        UPDATE,
        body=lambda fields: (
            fields.update(status="SUCCESS") if fields.get("status") == "FAILURE" else None
        ),
    ),
    Mutant(
        "updates.answers-as-before", "answers an update with the run as it was", lambda: _before
    ),
    Mutant("updates.seen-late", "shows an update with the second read only", _late),
    Mutant("updates.links-add-up", "adds new links to the old ones", lambda: _links_add_up),
    Mutant("updates.label-is-reset", "clears the label with every update", lambda: _label_is_reset),
    Mutant(
        "updates.third-run-is-deaf",
        "ignores updates of an organisation's third run",
        _third_run_is_deaf,
    ),
    said(
        "finished.no-end",
        "says no endedAt of finished runs",
        READ,
        LIST,
        UPDATE,
        change=of_runs(_no_end),
    ),
    Mutant(
        "finished.takes-labels",
        "grants labels, links and summaries of finished runs",
        lambda: _granted_when_finished(_label),
    ),
    Mutant(
        "finished.ends-otherwise",
        "grants another end of a finished run",
        lambda: _granted_when_finished(_other_end),
    ),
    Mutant(
        "finished.ends-again",
        "grants the same end of a finished run",
        lambda: _granted_when_finished(_same_end),
    ),
    Mutant(
        "finished.ends-again-by-log", "takes a second terminationStatus", lambda: _ends_twice_by_log
    ),
    Mutant("finished.end-moves", "moves endedAt with every read", _moving_end),
    Mutant(
        "finished.opens-again", "shows finished runs in progress from the third read on", _reopening
    ),
)
