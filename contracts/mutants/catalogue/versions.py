"""The two versions of a run, mixed up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.passing import Query
from contracts.mutants.rows import (
    EXECUTE,
    LIST,
    READ,
    RULE,
    UPDATE,
    Document,
    asked_by,
    of_runs,
    put,
    said,
    turned,
    without,
)


def _by_default(version: str) -> Callable[[Query], Query]:
    def query(asked: Query) -> Query:
        named = any(key == "version" for key, _ in asked)
        return asked if named else [*asked, ("version", version)]

    return query


def _always(version: str) -> Callable[[Query], Query]:
    def query(asked: Query) -> Query:
        return [*((key, one) for key, one in asked if key != "version"), ("version", version)]

    return query


def _by_name(action: Any) -> Any:
    return action["identifier"] if isinstance(action, dict) else action


def _as_object(action: Any) -> Any:
    return {"identifier": action} if isinstance(action, str) else action


def _second_by_name(document: Document) -> None:
    for run in document.get("runs", [])[1:2]:
        run["action"] = _by_name(run.get("action"))


VERSIONS: Final = (
    asked_by("versions.reads-v2", "reads a run as v2 unless asked", READ, query=_by_default("v2")),
    asked_by("versions.lists-v2", "lists runs as v2 unless asked", LIST, query=_by_default("v2")),
    asked_by(
        "versions.updates-v2", "answers updates as v2 unless asked", UPDATE, query=_by_default("v2")
    ),
    asked_by(
        "versions.rules-v2", "answers rulings as v2 unless asked", RULE, query=_by_default("v2")
    ),
    asked_by("versions.updates-v1", "answers updates as v1 always", UPDATE, query=_always("v1")),
    asked_by("versions.rules-v1", "answers rulings as v1 always", RULE, query=_always("v1")),
    asked_by("versions.lists-v1", "lists runs as v1 always", LIST, query=_always("v1")),
    said(
        "versions.executes-v1",
        "names the action by text after execute",
        EXECUTE,
        change=of_runs(turned("action", _by_name)),
    ),
    said(
        "versions.v1-action-is-object",
        "lists v1 runs with an action object",
        LIST,
        version="v1",
        change=of_runs(turned("action", _as_object)),
    ),
    said(
        "versions.v2-of-before",
        "says relatedEntityExists in v2",
        READ,
        version="v2",
        change=of_runs(put("relatedEntityExists", value=False)),
    ),
    said(
        "versions.v1-cannot-tell",
        "loses relatedBlueprintExists in v1",
        READ,
        version="v1",
        change=of_runs(without("relatedBlueprintExists")),
    ),
    said(
        "versions.second-is-v1",
        "lists the second run as v1",
        LIST,
        version="v2",
        change=_second_by_name,
    ),
    said(
        "versions.v1-of-later",
        "says rawProperties in v1",
        READ,
        version="v1",
        change=of_runs(put("rawProperties", {})),
    ),
)
