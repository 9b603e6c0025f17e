"""Leaks between organisations, most of them slow."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from contracts.mutants.memory import Memory, lent
from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, parsed, saying
from contracts.mutants.rows import (
    APPROVERS,
    EXECUTE,
    LIST,
    LOG,
    LOG_IN,
    LOGS,
    READ,
    RULE,
    UPDATE,
)
from port_fake.contracts.proxy import Answered


def _crossing(*operations: str, after: int = 0) -> Alteration:
    """Grant what is not found in one organisation to one that has it.

    An organisation is served properly until it has sent *after* requests.
    """
    memory = Memory()
    asked: Counter[str] = Counter()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        asked[passing.organisation] += 1
        is_meant = passing.operation in operations and answered.status == 404
        if is_meant and passing.organisation and asked[passing.organisation] > after:
            return await lent(passing, answered, memory.foreign(passing.token))
        return answered

    return alter


def _joining(operation: str, key: str, *, when: str = "") -> Alteration:
    """Add the first of another organisation's list to a list, or only where *when* is asked."""
    memory = Memory()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        if passing.operation != operation or answered.status != 200 or not passing.token:
            return answered
        if when and passing.value(when) is None:
            return answered
        document = parsed(answered.body)
        for token in memory.foreign(passing.token):
            found = (await passing.look(passing.asked.target, token=token) or {}).get(key)
            if found:
                return saying(answered, {**document, key: [*document[key], found[0]]})
        return answered

    return alter


def _wrong_token(after: int) -> Alteration:
    """Give the token of another organisation, once the log-ins are many."""
    given: list[Any] = []

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation != LOG_IN or answered.status != 200:
            return answered
        document = parsed(answered.body)
        given.append(document["accessToken"])
        if len(given) > after and len(given) % 3 == 0:
            return saying(answered, {**document, "accessToken": given[-2]})
        return answered

    return alter


ORGANISATIONS: Final = (
    Mutant(
        "organisations.runs-cross", "shows runs of other organisations", lambda: _crossing(READ)
    ),
    Mutant(
        "organisations.runs-cross-slowly",
        "shows runs of other organisations to one that has asked five times",
        lambda: _crossing(READ, after=5),
    ),
    Mutant(
        "organisations.updates-cross",
        "updates runs of other organisations",
        lambda: _crossing(UPDATE),
    ),
    Mutant(
        "organisations.rulings-cross",
        "takes rulings on runs of other organisations",
        lambda: _crossing(RULE),
    ),
    Mutant(
        "organisations.logs-cross",
        "shows log lines of other organisations",
        lambda: _crossing(LOGS),
    ),
    Mutant(
        "organisations.lines-cross",
        "writes log lines to runs of other organisations",
        lambda: _crossing(LOG),
    ),
    Mutant(
        "organisations.approvers-cross",
        "shows approvers of other organisations",
        lambda: _crossing(APPROVERS),
    ),
    Mutant(
        "organisations.actions-cross",
        "executes actions of other organisations",
        lambda: _crossing(EXECUTE),
    ),
    Mutant(
        "organisations.entities-cross",
        "shows entities of other organisations",
        lambda: _crossing("get-entity", "get-entities", "get-blueprint"),
    ),
    Mutant(
        "organisations.lists-join",
        "lists a run of another organisation too",
        lambda: _joining(LIST, "runs"),
    ),
    Mutant(
        "organisations.filtered-lists-join",
        "lists a run of another organisation too, where an action is asked for",
        lambda: _joining(LIST, "runs", when="action"),
    ),
    Mutant(
        "organisations.actions-join",
        "lists an action of another organisation too",
        lambda: _joining("get-actions", "actions"),
    ),
    Mutant(
        "organisations.users-join",
        "lists a user of another organisation too",
        lambda: _joining("get-users", "users"),
    ),
    Mutant(
        "organisations.audits-join",
        "shows a record of another organisation's audit log",
        lambda: _joining("get-audit-logs", "audits"),
    ),
    Mutant(
        "organisations.wrong-token",
        "now and then gives the token of another organisation",
        lambda: _wrong_token(5),
    ),
)
