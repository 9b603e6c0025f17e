"""Runs that are made otherwise than they were asked for."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed, saying
from contracts.mutants.rows import EXECUTE, LOG, READ, asked_by, sent, turned
from port_fake.contracts.proxy import Answered, Asked


def _once(operation: str, status: int) -> Alteration:
    """Answer a request that says the same as the one before with the answer to that one."""
    last: dict[str, tuple[Asked, Answered]] = {}

    async def alter(passing: Passing) -> Answered:
        if passing.operation != operation:
            return await passing.go()
        asked, answered = last.get(passing.token, (None, None))
        if asked == passing.asked and answered is not None:
            return answered
        answered = await passing.go()
        if answered.status == status:
            last[passing.token] = (passing.asked, answered)
        return answered

    return alter


async def _only_what_was_sent(passing: Passing) -> Answered:
    answered = await passing.go()
    document, given = parsed(answered.body), passing.fields.get("properties")
    if passing.operation != EXECUTE or answered.status != 202 or not isinstance(given, dict):
        return answered
    run = document["run"]
    shown = {key: value for key, value in run["properties"].items() if key in given}
    return saying(answered, {**document, "run": {**run, "properties": shown}})


def _any_case() -> Alteration:
    """Find runs by their id in upper and lower case alike."""
    known: dict[str, str] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation == EXECUTE and answered.status == 202:
            run_id = parsed(answered.body)["run"]["id"]
            known[f"{passing.organisation} {run_id.lower()}"] = run_id
        if passing.operation == READ and answered.status == 404:
            run_id = passing.path["run_id"]
            found = known.get(f"{passing.organisation} {run_id.lower()}")
            if found not in {None, run_id}:
                document = await passing.look(f"/v1/actions/runs/{found}")
                return answered if document is None else answer(200, document)
        return answered

    return alter


def _each_text(value: Any, turn: Any) -> Any:
    """Return a value with every text in it turned."""
    if isinstance(value, str):
        return turn(value)
    if isinstance(value, list):
        return [_each_text(one, turn) for one in value]
    if isinstance(value, dict):
        return {key: _each_text(one, turn) for key, one in value.items()}
    return value


def _trimmed(properties: Any) -> Any:
    return _each_text(properties, str.strip)


def _composed(properties: Any) -> Any:
    return _each_text(properties, lambda text: unicodedata.normalize("NFKC", text))


def _without_nulls(properties: Any) -> Any:
    if not isinstance(properties, dict):
        return properties
    return {key: value for key, value in properties.items() if value is not None}


EXECUTIONS: Final = (
    Mutant(
        "executions.once-only",
        "makes no second run of what is asked for twice in a row",
        lambda: _once(EXECUTE, 202),
    ),
    Mutant(
        "executions.line-once-only",
        "writes no second line of what is sent twice in a row",
        lambda: _once(LOG, 201),
    ),
    Mutant(
        "executions.no-defaults",
        "answers execute without the defaults of inputs",
        lambda: _only_what_was_sent,
    ),
    Mutant("executions.id-in-any-case", "finds runs by their id in any case", _any_case),
    asked_by(
        "executions.run-as-ignored",
        "ignores run_as",
        EXECUTE,
        query=lambda asked: [pair for pair in asked if pair[0] != "run_as"],
    ),
    sent("executions.inputs-trimmed", "trims inputs", EXECUTE, body=turned("properties", _trimmed)),
    sent(
        "executions.inputs-composed",
        "composes the characters of inputs",
        EXECUTE,
        body=turned("properties", _composed),
    ),
    sent(
        "executions.null-inputs",
        "takes null inputs for none",
        EXECUTE,
        body=turned("properties", _without_nulls),
    ),
)
