"""Filters, limits and the order of lists of runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, Query, answer, parsed, saying
from contracts.mutants.rows import (
    LIST,
    Document,
    asked_by,
    listed,
    of_runs,
    said,
)
from port_fake.contracts.proxy import Answered

FILTERS: Final = (
    "action", "active", "blueprint", "entity", "exclude", "external_run_id",
    "limit", "source", "user_email", "user_id",
)  # fmt: skip


def _without(*names: str) -> Callable[[Query], Query]:
    return lambda asked: [pair for pair in asked if pair[0] not in names]


def _one_of_each(name: str) -> Callable[[Query], Query]:
    """Take the first of several values of a name."""

    def query(asked: Query) -> Query:
        first = next((pair for pair in asked if pair[0] == name), None)
        return [pair for pair in asked if pair[0] != name or pair is first]

    return query


def _second_filter_ignored(asked: Query) -> Query:
    filters = [pair for pair in asked if pair[0] not in {"version", "limit", "exclude"}]
    return [pair for pair in asked if pair not in filters[1:]]


def _active_ignored_beside_action(asked: Query) -> Query:
    names = {key for key, _ in asked}
    return _without("active")(asked) if {"active", "action"} <= names else asked


def _one_more(asked: Query) -> Query:
    return [
        (key, str(int(value) + 1) if key == "limit" and value.isdigit() else value)
        for key, value in asked
    ]


def _matching(name: str, matches: Callable[[Document, str], bool]) -> Alteration:
    """Filter in a way of one's own."""

    async def alter(passing: Passing) -> Answered:
        wanted = passing.value(name) if passing.operation == LIST else None
        if not wanted:
            return await passing.go()
        answered = await passing.go(passing.with_query(_without(name)(passing.query)))
        document = parsed(answered.body)
        if answered.status == 200:
            found = [run for run in document["runs"] if matches(run, wanted)]
            return saying(answered, {**document, "runs": found})
        return answered

    return alter


def _action_of(run: Document) -> str:
    action = run.get("action")
    return str(action.get("identifier") if isinstance(action, dict) else action)


def _as_before() -> Alteration:
    """Answer every second time what was answered last."""
    kept: dict[tuple[str, str], Answered] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if passing.operation != LIST or answered.status != 200:
            return answered
        key = (passing.token, passing.asked.target)
        return kept.pop(key) if key in kept else kept.setdefault(key, answered)

    return alter


async def _nothing_is_not_found(passing: Passing) -> Answered:
    answered = await passing.go()
    if passing.operation == LIST and (parsed(answered.body) or {}).get("runs") == []:
        return answer(404, {"ok": False, "error": "not_found", "message": "there are no runs"})
    return answered


def _by_update(runs: list[Any]) -> list[Any]:
    return sorted(runs, key=lambda run: str(run.get("updatedAt")), reverse=True)


def _hiding(status: str) -> Callable[[list[Any]], list[Any]]:
    return lambda runs: [run for run in runs if run.get("status") != status]


def _excluded_is_null(passing: Passing, answered: Answered) -> Answered:
    document = parsed(answered.body)
    for run in document["runs"]:
        run.update(dict.fromkeys(value for key, value in passing.query if key == "exclude"))
    return saying(answered, document)


async def _null_for_excluded(passing: Passing) -> Answered:
    answered = await passing.go()
    if passing.operation == LIST and passing.value("exclude") and answered.status == 200:
        return _excluded_is_null(passing, answered)
    return answered


LISTS: Final = (
    *(
        asked_by(
            f"lists.{name.replace('_', '-')}-ignored",
            f"ignores {name} in lists of runs",
            LIST,
            query=_without(name),
        )
        for name in FILTERS
    ),
    asked_by(
        "lists.active-ignored-with-action",
        "ignores active where action is given too",
        LIST,
        query=_active_ignored_beside_action,
    ),
    asked_by(
        "lists.first-filter-only",
        "heeds only the first of several filters",
        LIST,
        query=_second_filter_ignored,
    ),
    asked_by(
        "lists.first-source-only",
        "heeds only the first of several sources",
        LIST,
        query=_one_of_each("source"),
    ),
    asked_by(
        "lists.first-exclude-only",
        "leaves out only the first of several fields",
        LIST,
        query=_one_of_each("exclude"),
    ),
    asked_by("lists.limit-is-one-more", "lists one run more than the limit", LIST, query=_one_more),
    Mutant(
        "lists.action-in-any-case",
        "finds actions in upper and lower case alike",
        lambda: _matching("action", lambda run, name: _action_of(run).lower() == name.lower()),
    ),
    Mutant(
        "lists.action-by-prefix",
        "finds actions by the beginning of their name",
        lambda: _matching("action", lambda run, name: _action_of(run).startswith(name)),
    ),
    Mutant(
        "lists.active-means-waiting",
        "lists only waiting runs as active",
        lambda: _matching("active", lambda run, _: run["status"] == "WAITING_FOR_APPROVAL"),
    ),
    Mutant(
        "lists.user-by-last-hand",
        "finds runs by who updated them last",
        lambda: _matching("user_id", lambda run, id_: run.get("updatedBy") == id_),
    ),
    said(
        "lists.ten-at-most",
        "lists ten runs at most",
        LIST,
        change=listed("runs", lambda runs: runs[:10]),
    ),
    said(
        "lists.oldest-first",
        "lists the oldest run first",
        LIST,
        change=listed("runs", lambda runs: runs[::-1]),
    ),
    said(
        "lists.by-update",
        "orders runs by their last update",
        LIST,
        change=listed("runs", _by_update),
    ),
    said(
        "lists.last-is-lost",
        "loses the last of three or more runs",
        LIST,
        change=listed("runs", lambda runs: runs[:-1] if len(runs) > 2 else runs),
    ),
    said(
        "lists.one-twice",
        "lists the newest of three or more runs twice",
        LIST,
        change=listed("runs", lambda runs: [*runs[:1], *runs] if len(runs) > 2 else runs),
    ),
    said(
        "lists.declined-are-gone",
        "does not list declined runs",
        LIST,
        change=listed("runs", _hiding("DECLINED")),
    ),
    said(
        "lists.waiting-are-gone",
        "does not list waiting runs",
        LIST,
        change=listed("runs", _hiding("WAITING_FOR_APPROVAL")),
    ),
    said(
        "lists.failed-are-successful",
        "lists failures as successes",
        LIST,
        change=of_runs(
            lambda run: run.update(status="SUCCESS") if run.get("status") == "FAILURE" else None
        ),
    ),
    Mutant(
        "lists.null-for-excluded",
        "sets fields that are excluded to null",
        lambda: _null_for_excluded,
    ),
    Mutant("lists.as-before", "answers every second list as the one before", _as_before),
    Mutant(
        "lists.nothing-is-not-found",
        "answers 404 in place of an empty list",
        lambda: _nothing_is_not_found,
    ),
)
