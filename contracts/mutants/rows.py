"""The forms in which most mutants are declared: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, Query, answer, parsed, saying
from port_fake.contracts.proxy import Answered, Asked

Document: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Document], None]
"""Changes an object in place."""

LOG_IN: Final = "create-access-token"
EXECUTE: Final = "execute-self-service-action"
LIST: Final = "get-all-action-runs"
READ: Final = "get-action-run-s-details"
UPDATE: Final = "update-action-run"
RULE: Final = "approve-action-run"
LOG: Final = "add-log-action-run"
LOGS: Final = "get-action-s-run-logs"
APPROVERS: Final = "get-action-run-s-approvers"

RUN: Final = (EXECUTE, READ, UPDATE, RULE)
"""What answers one run."""
RUNS: Final = (*RUN, LIST)
"""What answers runs."""


def code(name: str, does: str, *operations: str, codes: Mapping[int, int]) -> Mutant:
    """Answer other status codes; without operations in all of them."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if operations and passing.operation not in operations:
            return answered
        return replace(answered, status=codes.get(answered.status, answered.status))

    return Mutant(name, does, lambda: alter)


def said(name: str, does: str, *operations: str, change: Change, version: str = "") -> Mutant:
    """Change the object in answers that are no refusals, of all versions or of one."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        meant = passing.operation in operations if operations else bool(passing.operation)
        if not meant or answered.status >= 300 or version not in {"", _version(passing)}:
            return answered
        return changed(answered, change)

    return Mutant(name, does, lambda: alter)


def refusal(name: str, does: str, *statuses: int, change: Change) -> Mutant:
    """Change the object in refusals, of all statuses or of some."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        if answered.status < 400 or (statuses and answered.status not in statuses):
            return answered
        return changed(answered, change)

    return Mutant(name, does, lambda: alter)


def heard(
    name: str, does: str, *operations: str, hear: Callable[[Passing], Asked | None]
) -> Mutant:
    """Take a request for another one, or for itself where *hear* returns None."""

    async def alter(passing: Passing) -> Answered:
        asked = hear(passing) if passing.operation in operations else None
        return await passing.go(asked)

    return Mutant(name, does, lambda: alter)


def asked_by(name: str, does: str, *operations: str, query: Callable[[Query], Query]) -> Mutant:
    """Take the query for another one."""

    def hear(passing: Passing) -> Asked | None:
        taken = query(passing.query)
        return None if list(taken) == list(passing.query) else passing.with_query(taken)

    return heard(name, does, *operations, hear=hear)


def sent(name: str, does: str, *operations: str, body: Callable[[Document], None]) -> Mutant:
    """Take the object in the body for another one."""

    def hear(passing: Passing) -> Asked | None:
        fields = passing.fields
        body(fields)
        return None if fields == passing.fields else passing.with_body(fields)

    return heard(name, does, *operations, hear=hear)


def not_deleted(operation: str, path: str) -> Alteration:
    """Answer a deletion that does not happen."""

    async def alter(passing: Passing) -> Answered:
        if passing.operation != operation:
            return await passing.go()
        found = await passing.look(path.format(**passing.path))
        return await passing.go() if found is None else answer(200, {"ok": True})

    return alter


# -- changes


def changed(answered: Answered, change: Change) -> Answered:
    """Return the answer with its object changed, if it has one."""
    document = parsed(answered.body)
    if not isinstance(document, dict):
        return answered
    change(document)
    return saying(answered, document)


def of_runs(change: Change) -> Change:
    """Change every run of an answer."""

    def each(document: Document) -> None:
        for run in runs_in(document):
            change(run)

    return each


def runs_in(document: Document) -> Iterator[Document]:
    """Go through the runs of an answer."""
    found = document.get("runs", [document.get("run")])
    yield from (run for run in found if isinstance(run, dict))


def of_all(*keys: str, change: Change) -> Change:
    """Change the objects under *keys*, be it one or a list of them."""

    def each(document: Document) -> None:
        for key in keys:
            found = document.get(key)
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, dict):
                    change(one)

    return each


def listed(key: str, order: Callable[[list[Any]], list[Any]]) -> Change:
    """Change the list under *key* as a whole."""

    def change(document: Document) -> None:
        if isinstance(document.get(key), list):
            document[key] = order(document[key])

    return change


def without(*keys: str) -> Change:
    """Lose keys."""

    def change(document: Document) -> None:
        for key in keys:
            document.pop(key, None)

    return change


def renamed(key: str, other: str) -> Change:
    """Call a key otherwise."""

    def change(document: Document) -> None:
        if key in document:
            document[other] = document.pop(key)

    return change


def turned(key: str, turn: Callable[[Any], Any]) -> Change:
    """Change a value, where there is one."""

    def change(document: Document) -> None:
        if key in document:
            document[key] = turn(document[key])

    return change


def put(key: str, value: Any) -> Change:
    """Say something of one's own."""

    def change(document: Document) -> None:
        document[key] = value

    return change


def _version(passing: Passing) -> str:
    """Return the version in which an answer shows runs."""
    return "v2" if passing.operation == EXECUTE else passing.value("version") or "v1"
