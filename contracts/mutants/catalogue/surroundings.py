"""Actions, people, the audit log and the queue of agents."""

from __future__ import annotations

from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed, saying
from contracts.mutants.rows import (
    asked_by,
    code,
    listed,
    not_deleted,
    of_all,
    put,
    renamed,
    said,
    sent,
    turned,
    without,
)
from port_fake.contracts.proxy import Answered


def _without_effect(*operations: str) -> Alteration:
    """Answer a write with what is there."""

    async def alter(passing: Passing) -> Answered:
        if passing.operation not in operations:
            return await passing.go()
        found = await passing.look(passing.asked.target.partition("?")[0])
        return await passing.go() if found is None else answer(200, found)

    return alter


def _handed_out_again() -> Alteration:
    """Hand out with every claim what the one before has handed out too."""
    before: dict[str, list[Any]] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation != "claim-pending-runs" or answered.status != 200:
            return answered
        document = parsed(answered.body)
        again = before.get(passing.organisation, [])
        before[passing.organisation] = document["runs"]
        known = {run["id"] for run in document["runs"]}
        more = [run for run in again if run["id"] not in known]
        return saying(answered, {**document, "runs": [*document["runs"], *more]})

    return alter


SURROUNDINGS: Final = (
    Mutant(
        "actions.not-deleted",
        "answers the deletion of an action and keeps it",
        lambda: not_deleted("delete-action", "/v1/actions/{action_identifier}"),
    ),
    Mutant(
        "actions.not-replaced",
        "answers the replacement of an action and keeps the old",
        lambda: _without_effect("replace-action"),
    ),
    Mutant(
        "actions.permissions-stay",
        "answers a change of permissions without effect",
        lambda: _without_effect("update-action-permissions"),
    ),
    code(
        "actions.same-is-422",
        "answers 422 to an action that exists",
        "create-action",
        codes={409: 422},
    ),
    said(
        "actions.no-trigger",
        "loses the trigger of actions",
        "get-action",
        "get-actions",
        change=of_all("action", "actions", change=without("trigger")),
    ),
    said(
        "actions.last-is-lost",
        "lists all actions but the last",
        "get-actions",
        change=listed("actions", lambda found: found[:-1] if len(found) > 1 else found),
    ),
    said(
        "people.users-by-name",
        "calls the list of users people",
        "get-users",
        change=renamed("users", "people"),
    ),
    said(
        "people.no-email",
        "lists users without their email",
        "get-users",
        change=of_all("users", change=without("email")),
    ),
    said(
        "people.last-is-lost",
        "lists all users but the last",
        "get-users",
        change=listed("users", lambda found: found[:-1] if len(found) > 1 else found),
    ),
    said(
        "people.teams-are-empty",
        "shows teams without their users",
        "get-teams",
        "get-team",
        change=of_all("team", "teams", change=put("users", [])),
    ),
    said(
        "organisation.id-backwards",
        "says the id of the organisation backwards",
        "get-organization",
        change=lambda document: document["organization"].update(
            id=document["organization"]["id"][::-1]
        ),
    ),
    asked_by(
        "audit.run-ignored",
        "ignores run_id in the audit log",
        "get-audit-logs",
        query=lambda asked: [pair for pair in asked if pair[0] != "run_id"],
    ),
    asked_by(
        "audit.limit-ignored",
        "ignores limit in the audit log",
        "get-audit-logs",
        query=lambda asked: [pair for pair in asked if pair[0] != "limit"],
    ),
    said("audit.empty", "has an empty audit log", "get-audit-logs", change=put("audits", [])),
    said(
        "audit.no-diff",
        "says nothing of before and after in the audit log",
        "get-audit-logs",
        change=of_all("audits", change=turned("diff", lambda _: {})),
    ),
    said(
        "queue.always-empty",
        "never hands out a run that waits to be claimed",
        "claim-pending-runs",
        change=put("runs", []),
    ),
    code(
        "queue.taken-by-two",
        "lets two workers acknowledge one run",
        "acknowledge-runs",
        codes={409: 200},
    ),
    said(
        "queue.counts-nothing",
        "counts no acknowledged runs",
        "acknowledge-runs",
        change=put("ackedCount", 0),
    ),
    Mutant("queue.hands-out-again", "hands out twice what was claimed", _handed_out_again),
    sent(
        "queue.exclude-ignored",
        "ignores exclude in claims",
        "claim-pending-runs",
        body=without("exclude"),
    ),
    sent(
        "queue.one-by-one",
        "hands out one run at a time",
        "claim-pending-runs",
        body=turned("limit", lambda limit: 1 if isinstance(limit, int) and limit > 1 else limit),
    ),
    sent(
        "queue.visible-too-soon",
        "hides claimed runs for a second",
        "claim-pending-runs",
        body=turned(
            "visibilityTimeoutMs",
            lambda time: 1000 if isinstance(time, int) and time > 1000 else time,
        ),
    ),
    Mutant(
        "teams.unchanged",
        "answers a change of a team without effect",
        lambda: _without_effect("change-team"),
    ),
    said(
        "secrets.value-shown",
        "shows a value of secrets",
        "get-organization-secret",
        "get-organization-secrets",
        change=of_all("secret", "secrets", change=put("secretValue", "hush")),
    ),
    sent(
        "people.invited-as-member",
        "invites everybody as a Member",
        "invite-user",
        body=turned(
            "invitee",
            lambda one: (
                {**one, "roles": ["Member"]} if isinstance(one, dict) and "roles" in one else one
            ),
        ),
    ),
)
