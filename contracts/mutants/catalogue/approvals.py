"""Approvals that release too early, too often or not at all."""

from __future__ import annotations

from typing import Any, Final

from contracts.mutants.memory import Memory, lent
from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed, saying
from contracts.mutants.rows import (
    APPROVERS,
    EXECUTE,
    READ,
    RULE,
    Document,
    asked_by,
    listed,
    of_all,
    of_runs,
    runs_in,
    said,
    sent,
    turned,
    without,
)
from port_fake.contracts.proxy import Answered

WAITING: Final = "WAITING_FOR_APPROVAL"
RUNNING: Final = "IN_PROGRESS"


def _waiting_no_more(run: Document) -> None:
    if run.get("status") == WAITING:
        run["status"] = RUNNING


def _still_waiting(run: Document) -> None:
    if run.get("status") == RUNNING:
        run["status"] = WAITING


def _status(answered: Answered) -> Any:
    run = (parsed(answered.body) or {}).get("run")
    return run.get("status") if isinstance(run, dict) else None


def _ruled(passing: Passing, word: str) -> bool:
    return passing.operation == RULE and passing.fields.get("status") == word


def _one_vote_for_all() -> Alteration:
    """Show runs as released as soon as one of several has approved."""
    released: set[str] = set()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        document = parsed(answered.body)
        if not isinstance(document, dict) or answered.status >= 300:
            return answered
        if _ruled(passing, "APPROVE"):
            released.add(passing.path["run_id"])
        for run in runs_in(document):
            if run.get("id") in released:
                _waiting_no_more(run)
        return saying(answered, document)

    return alter


def _again() -> Alteration:
    """Grant a ruling on a run that waits no more, as if it did."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation != RULE or answered.status != 422 or not _valid(passing):
            return answered
        query = passing.asked.target.partition("?")[2]
        found = await passing.look(f"/v1/actions/runs/{passing.path['run_id']}?{query}")
        return answered if found is None else answer(201, found)

    return alter


def _valid(passing: Passing) -> bool:
    fields = passing.fields
    return fields.keys() <= {"status", "description"} and (
        fields.get("status") in {"APPROVE", "DECLINE"}
    )


def _anyone() -> Alteration:
    """Let anyone rule whom the organisation has, in the name of one who may."""
    memory = Memory()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        if passing.operation == RULE and answered.status in {403, 422} and _valid(passing):
            return await lent(passing, answered, memory.fellow(passing.token))
        return answered

    return alter


def _double_vote() -> Alteration:
    """Count a second vote of the same approver for one of another, under ALL."""
    memory = Memory()
    voted: set[tuple[str, str]] = set()

    async def alter(passing: Passing) -> Answered:
        vote = (passing.path.get("run_id", ""), passing.token)
        answered = await passing.go()
        memory.learn(passing, answered)
        if not _ruled(passing, "APPROVE"):
            return answered
        if vote in voted:
            return await lent(passing, answered, memory.fellow(passing.token))
        voted.add(vote)
        return answered

    return alter


def _third_needs_none() -> Alteration:
    """Let every third run that should wait begin at once, in what is shown of it."""
    free: set[Any] = set()
    waiting = 0

    async def alter(passing: Passing) -> Answered:
        nonlocal waiting
        answered = await passing.go()
        document = parsed(answered.body)
        if not isinstance(document, dict) or answered.status >= 300:
            return answered
        if passing.operation == EXECUTE and _status(answered) == WAITING:
            waiting += 1
            if waiting % 3 == 0:
                free.add(document["run"].get("id"))
        for run in runs_in(document):
            if run.get("id") in free:
                _waiting_no_more(run)
        return saying(answered, document)

    return alter


async def _no_withdrawal(passing: Passing) -> Answered:
    if passing.operation == "update-action-run" and passing.fields.get("status") == "FAILURE":
        found = await passing.look(f"/v1/actions/runs/{passing.path['run_id']}")
        if (found or {}).get("run", {}).get("status") == WAITING:
            message = "the run waits for approval"
            return answer(422, {"ok": False, "error": "invalid_request", "message": message})
    return await passing.go()


APPROVALS: Final = (
    said(
        "approvals.executes-at-once",
        "answers execute as if no approval was needed",
        EXECUTE,
        change=of_runs(_waiting_no_more),
    ),
    said(
        "approvals.answers-waiting",
        "answers the releasing vote as if the run still waited",
        RULE,
        change=of_runs(_still_waiting),
    ),
    said(
        "approvals.declined-is-failure",
        "says FAILURE of declined runs",
        RULE,
        READ,
        change=of_runs(turned("status", lambda word: "FAILURE" if word == "DECLINED" else word)),
    ),
    said(
        "approvals.declined-is-open",
        "says no endedAt of declined runs",
        RULE,
        READ,
        change=of_runs(
            lambda run: run.pop("endedAt", None) if run.get("status") == "DECLINED" else None
        ),
    ),
    sent(
        "approvals.decline-releases",
        "takes DECLINE for APPROVE",
        RULE,
        body=turned("status", lambda word: "APPROVE" if word == "DECLINE" else word),
    ),
    sent(
        "approvals.approve-declines",
        "takes APPROVE for DECLINE",
        RULE,
        body=turned("status", lambda word: "DECLINE" if word == "APPROVE" else word),
    ),
    sent(
        "approvals.no-description",
        "forgets what the approver said",
        RULE,
        body=without("description"),
    ),
    Mutant(
        "approvals.one-vote-for-all",
        "releases with the first vote where ALL must agree",
        _one_vote_for_all,
    ),
    Mutant("approvals.double-release", "grants a second ruling on the same run", _again),
    Mutant("approvals.anyone", "lets users rule who are no approvers", _anyone),
    Mutant(
        "approvals.double-vote",
        "counts the second vote of one approver for another's",
        _double_vote,
    ),
    Mutant(
        "approvals.third-needs-none", "shows every third waiting run as released", _third_needs_none
    ),
    Mutant(
        "approvals.no-withdrawal", "refuses to withdraw a run that waits", lambda: _no_withdrawal
    ),
    said(
        "approvals.one-approver-lacks",
        "leaves out the last of several approvers",
        APPROVERS,
        change=listed("approvers", lambda found: found[:-1] if len(found) > 1 else found),
    ),
    said(
        "approvals.all-have-approved",
        "says that pending approvers have approved",
        APPROVERS,
        change=of_all("approvers", change=turned("state", lambda _: "APPROVED")),
    ),
    said(
        "approvals.decliner-approved",
        "says that the one who declined has approved",
        APPROVERS,
        change=of_all(
            "approvers",
            change=turned("state", lambda word: "APPROVED" if word == "DECLINED" else word),
        ),
    ),
    said(
        "approvals.nobody-said",
        "loses what approvers said in their list",
        APPROVERS,
        change=of_all("approvers", change=without("description")),
    ),
    said(
        "approvals.same-approver",
        "lists one user for all approvers",
        APPROVERS,
        change=of_all(
            "approvers", change=turned("userId", lambda _: "auth0|0123456789abcdef01234567")
        ),
    ),
    asked_by(
        "approvals.pending-never",
        "never lists pending approvers",
        APPROVERS,
        query=lambda asked: [one for one in asked if one[0] != "include_pending_approvers"],
    ),
    asked_by(
        "approvals.pending-always",
        "lists pending approvers unasked",
        APPROVERS,
        query=lambda _: [("include_pending_approvers", "true")],
    ),
)
