"""Log lines that are lost, changed or out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, Query, answer, parsed, saying
from contracts.mutants.rows import (
    LOG,
    LOGS,
    UPDATE,
    asked_by,
    listed,
    of_all,
    put,
    said,
    sent,
    turned,
    without,
)
from port_fake.contracts.proxy import Answered


def _without(name: str) -> Callable[[Query], Query]:
    return lambda asked: [pair for pair in asked if pair[0] != name]


def _moved(name: str, by: int) -> Callable[[Query], Query]:
    def query(asked: Query) -> Query:
        return [
            (key, str(max(int(value) + by, 0)) if key == name and value.isdigit() else value)
            for key, value in asked
        ]

    return query


def _text(turn: Callable[[str], str]) -> Callable[[dict[str, Any]], None]:
    return turned("message", lambda text: turn(text) if isinstance(text, str) else text)


def _losing(which: int) -> Alteration:
    """Lose a line of each run: it is answered as if it was there, and never listed."""
    written: Counter[str] = Counter()
    lost: set[str] = set()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        document = parsed(answered.body)
        if passing.operation == LOG and answered.status == 201:
            run_id = passing.path["run_id"]
            written[run_id] += 1
            if written[run_id] == which:
                lost.add(document["runLog"]["id"])
        if passing.operation == LOGS and answered.status == 200:
            kept = [one for one in document["runLogs"] if one["id"] not in lost]
            return saying(answered, {**document, "runLogs": kept})
        return answered

    return alter


def _gone_when_finished() -> Alteration:
    finished: set[str] = set()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation == UPDATE and answered.status == 200 and "status" in passing.fields:
            finished.add(passing.path["run_id"])
        if passing.operation == LOGS and passing.path["run_id"] in finished:
            return saying(answered, {"ok": True, "runLogs": []})
        return answered

    return alter


def _of_all_runs() -> Alteration:
    """List the last line of another run of the organisation with those of a run."""
    last: dict[str, tuple[str, Any]] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        document = parsed(answered.body)
        if passing.operation == LOG and answered.status == 201:
            last[passing.organisation] = (passing.path["run_id"], document["runLog"])
        if passing.operation == LOGS and answered.status == 200:
            run_id, line = last.get(passing.organisation, (passing.path["run_id"], None))
            if run_id != passing.path["run_id"]:
                return saying(answered, {**document, "runLogs": [*document["runLogs"], line]})
        return answered

    return alter


async def _twice(passing: Passing) -> Answered:
    if passing.operation == LOG and "terminationStatus" not in passing.fields:
        await passing.go()
    return await passing.go()


async def _finished_is_closed(passing: Passing) -> Answered:
    if passing.operation == LOG:
        found = await passing.look(f"/v1/actions/runs/{passing.path['run_id']}")
        if (found or {}).get("run", {}).get("endedAt"):
            return answer(422, {"ok": False, "error": "invalid_request", "message": "it is over"})
    return await passing.go()


LOG_LINES: Final = (
    Mutant("logs.first-is-lost", "loses the first line of a run", lambda: _losing(1)),
    Mutant("logs.third-is-lost", "loses the third line of a run", lambda: _losing(3)),
    Mutant("logs.fifty-first-is-lost", "loses the 51st line of a run", lambda: _losing(51)),
    Mutant(
        "logs.gone-when-finished", "forgets the lines of runs that have ended", _gone_when_finished
    ),
    Mutant("logs.of-other-runs", "lists a line of another run too", _of_all_runs),
    Mutant("logs.written-twice", "writes lines twice", lambda: _twice),
    Mutant(
        "logs.none-after-the-end",
        "refuses a plain line after the end of a run",
        lambda: _finished_is_closed,
    ),
    said(
        "logs.newest-first",
        "lists the newest line first",
        LOGS,
        change=listed("runLogs", lambda lines: lines[::-1]),
    ),
    said(
        "logs.ten-at-most",
        "lists ten lines at most",
        LOGS,
        change=listed("runLogs", lambda lines: lines[:10]),
    ),
    said(
        "logs.by-text",
        "orders lines by their text",
        LOGS,
        change=listed("runLogs", lambda lines: sorted(lines, key=lambda one: one["message"])),
    ),
    said(
        "logs.cut",
        "cuts lines after 256 characters",
        LOGS,
        change=of_all("runLogs", change=_text(lambda text: text[:256])),
    ),
    sent("logs.trimmed", "trims lines", LOG, body=_text(str.strip)),
    sent(
        "logs.first-line-only",
        "keeps the first of several lines in a text",
        LOG,
        body=_text(lambda text: text.partition("\n")[0]),
    ),
    sent(
        "logs.ascii-only",
        "writes ? for what is not ASCII",
        LOG,
        body=_text(lambda text: text.encode("ascii", "replace").decode()),
    ),
    said(
        "logs.same-id",
        "gives all lines the same id",
        LOGS,
        change=of_all("runLogs", change=put("id", "log_0")),
    ),
    said(
        "logs.no-writer",
        "loses who wrote a line",
        LOGS,
        change=of_all("runLogs", change=without("createdBy")),
    ),
    said(
        "logs.no-run",
        "loses the run id of lines",
        LOGS,
        change=of_all("runLogs", change=without("runId")),
    ),
    said(
        "logs.answer-without-id",
        "answers a new line without an id",
        LOG,
        change=lambda document: document["runLog"].pop("id"),
    ),
    sent(
        "logs.never-ends-a-run",
        "ignores the terminationStatus of lines",
        LOG,
        body=without("terminationStatus"),
    ),
    sent(
        "logs.always-successful",
        "takes every terminationStatus for SUCCESS",
        LOG,
        body=turned("terminationStatus", lambda word: "SUCCESS" if word == "FAILURE" else word),
    ),
    sent("logs.no-label", "ignores the label of lines", LOG, body=without("statusLabel")),
    asked_by("logs.limit-ignored", "ignores the limit of lines", LOGS, query=_without("limit")),
    asked_by("logs.offset-ignored", "ignores the offset of lines", LOGS, query=_without("offset")),
    asked_by(
        "logs.offset-is-one-less",
        "begins pages one line too early",
        LOGS,
        query=_moved("offset", -1),
    ),
    asked_by(
        "logs.offset-is-one-more", "begins pages one line too late", LOGS, query=_moved("offset", 1)
    ),
    asked_by(
        "logs.limit-is-one-less",
        "lists one line less than the limit",
        LOGS,
        query=lambda asked: [
            (key, str(max(int(value) - 1, 1)) if key == "limit" and value.isdigit() else value)
            for key, value in asked
        ],
    ),
)
