"""Bounds that are wider or narrower than documented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer
from contracts.mutants.rows import EXECUTE, LIST, LOG, LOGS, READ, UPDATE, asked_by
from port_fake.contracts.proxy import Answered

LARGE: Final = 1_048_576


def _tamed(name: str, tame: Callable[[str], str | None]) -> Callable[[Any], Any]:
    """Take a value of the query for another one, or leave it out."""

    def query(asked: Any) -> Any:
        taken = [(key, tame(value) if key == name else value) for key, value in asked]
        return [pair for pair in taken if pair[1] is not None]

    return query


def _at_most(bound: int) -> Callable[[str], str]:
    return lambda value: str(min(int(value), bound)) if value.isdigit() else value


def _at_least_one(value: str) -> str:
    return "1" if value.lstrip("-").isdigit() and int(value) < 1 else value


def _refusing(operation: str, is_bad: Callable[[Passing], bool], status: int) -> Alteration:
    async def alter(passing: Passing) -> Answered:
        if operation in {passing.operation, ""} and is_bad(passing):
            message = "that is out of bounds"
            return answer(status, {"ok": False, "error": "invalid_request", "message": message})
        return await passing.go()

    return alter


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value[:1000]
    if isinstance(value, list):
        return [_shortened(one) for one in value[:1000]]
    if isinstance(value, dict):
        return {key[:1000]: _shortened(one) for key, one in value.items()}
    return value


async def _any_size(passing: Passing) -> Answered:
    if passing.operation in {EXECUTE, LOG, UPDATE} and len(passing.asked.body) > LARGE:
        return await passing.go(passing.with_body(_shortened(passing.body)))
    return await passing.go()


BOUNDS: Final = (
    asked_by(
        "bounds.limit-above-1000",
        "takes limits above 1000",
        LIST,
        query=_tamed("limit", _at_most(1000)),
    ),
    asked_by(
        "bounds.limit-below-1", "takes limits below 1", LIST, query=_tamed("limit", _at_least_one)
    ),
    asked_by(
        "bounds.logs-above-50",
        "takes limits above 50 for logs",
        LOGS,
        query=_tamed("limit", _at_most(50)),
    ),
    asked_by(
        "bounds.logs-below-1",
        "takes limits below 1 for logs",
        LOGS,
        query=_tamed("limit", _at_least_one),
    ),
    asked_by(
        "bounds.any-limit",
        "takes a limit that is no number",
        LIST,
        query=_tamed("limit", lambda value: value if value.isdigit() else None),
    ),
    asked_by(
        "bounds.any-source",
        "takes sources that do not exist",
        LIST,
        query=_tamed("source", lambda word: word if word in {"UI", "API", "AUTOMATION"} else None),
    ),
    asked_by(
        "bounds.any-version-of-lists",
        "takes versions that do not exist in lists",
        LIST,
        query=_tamed("version", lambda word: word if word in {"v1", "v2"} else "v2"),
    ),
    asked_by(
        "bounds.any-version-of-a-run",
        "takes versions that do not exist for a run",
        READ,
        query=_tamed("version", lambda word: word if word in {"v1", "v2"} else "v1"),
    ),
    asked_by(
        "bounds.any-version-of-updates",
        "takes versions that do not exist in updates",
        UPDATE,
        query=_tamed("version", lambda word: word if word in {"v1", "v2"} else "v1"),
    ),
    asked_by(
        "bounds.any-active",
        "takes anything for active",
        LIST,
        query=_tamed("active", lambda word: word if word in {"true", "false"} else None),
    ),
    Mutant(
        "bounds.limit-999",
        "refuses a limit of 1000",
        lambda: _refusing(LIST, lambda passing: passing.value("limit") == "1000", 422),
    ),
    Mutant(
        "bounds.limit-2",
        "refuses a limit of 1",
        lambda: _refusing(LIST, lambda passing: passing.value("limit") == "1", 422),
    ),
    Mutant(
        "bounds.logs-49",
        "refuses a limit of 50 for logs",
        lambda: _refusing(LOGS, lambda passing: passing.value("limit") == "50", 422),
    ),
    Mutant("bounds.any-size", "takes bodies above 1 MiB", lambda: _any_size),
    Mutant(
        "bounds.half-the-size",
        "refuses bodies above half a MiB",
        lambda: _refusing("", lambda passing: len(passing.asked.body) > LARGE // 2, 413),
    ),
)
