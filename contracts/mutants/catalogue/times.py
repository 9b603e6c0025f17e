"""Times that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.rows import (
    EXECUTE,
    LIST,
    LOG,
    LOGS,
    READ,
    RUNS,
    UPDATE,
    Change,
    Document,
    of_all,
    of_runs,
    said,
    turned,
)

STAMPS: Final = ("createdAt", "updatedAt", "endedAt")
LONG_AGO: Final = "2020-01-01T00:00:00.000Z"


def _stamps(turn: Callable[[str], Any]) -> Change:
    def change(run: Document) -> None:
        for key in STAMPS:
            if isinstance(run.get(key), str):
                run[key] = turn(run[key])

    return change


def _ended_before(run: Document) -> None:
    if run.get("endedAt"):
        run["endedAt"] = LONG_AGO


def _made_last(run: Document) -> None:
    if run.get("endedAt") and run.get("updatedAt"):
        run["createdAt"] = run["updatedAt"]


def _ends_while_open(run: Document) -> None:
    if run.get("status") == "IN_PROGRESS":
        run["endedAt"] = run.get("updatedAt")


def _never_updated(run: Document) -> None:
    run["updatedAt"] = run.get("createdAt")


TIMES: Final = (
    said(
        "times.ended-before",
        "says that runs ended before they began",
        READ,
        UPDATE,
        change=of_runs(_ended_before),
    ),
    said(
        "times.made-at-the-end",
        "says that finished runs were made as they ended",
        READ,
        change=of_runs(_made_last),
    ),
    said(
        "times.open-has-ended",
        "says endedAt of runs in progress after an update",
        UPDATE,
        change=of_runs(_ends_while_open),
    ),
    said("times.never-updated", "never moves updatedAt", *RUNS, change=of_runs(_never_updated)),
    said(
        "times.other-zone",
        "writes +00:00 for Z",
        *RUNS,
        change=of_runs(_stamps(lambda text: text.replace("Z", "+00:00"))),
    ),
    said(
        "times.no-zone",
        "leaves the zone out of lists",
        LIST,
        change=of_runs(_stamps(lambda text: text.removesuffix("Z"))),
    ),
    said(
        "times.seconds",
        "writes no milliseconds after execute",
        EXECUTE,
        change=of_runs(_stamps(lambda text: text.partition(".")[0] + "Z")),
    ),
    said(
        "times.numbers",
        "writes times as numbers when a run is read",
        READ,
        change=of_runs(_stamps(lambda _: 1767607200000)),
    ),
    said(
        "times.log-before-run",
        "says that log lines are older than their run",
        LOGS,
        change=of_all("runLogs", change=turned("createdAt", lambda _: LONG_AGO)),
    ),
    said(
        "times.log-answer-differs",
        "answers a new log line with another time than it lists",
        LOG,
        change=lambda document: document["runLog"].update(createdAt=LONG_AGO),
    ),
)
