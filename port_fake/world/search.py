"""The small rule language that picks related entities, identifiers and teams by a search.

It has four operators; the full search language of policies is another, larger one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

Record = Mapping[str, Any]


def _contains(held: object, wanted: object) -> bool:
    if isinstance(held, list):
        return wanted in held
    return isinstance(held, str) and isinstance(wanted, str) and wanted in held


def _is_in(held: object, wanted: object) -> bool:
    return isinstance(wanted, list) and held in wanted


def _contains_any(held: object, wanted: object) -> bool:
    return isinstance(wanted, list) and any(_contains(held, one) for one in wanted)


OPERATORS: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "=": lambda held, wanted: held == wanted,
    "in": _is_in,
    "contains": _contains,
    "containsAny": _contains_any,
}


def matches(record: Record, query: Mapping[str, Any]) -> bool:
    """Whether *record* satisfies *query*, ``{combinator, rules}`` with rules or queries inside.

    *record* holds properties by name and meta properties by ``$name``.
    Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities.
    """
    combine = all if query["combinator"] == "and" else any
    return combine(_holds(record, rule) for rule in query["rules"])


def _holds(record: Record, rule: Mapping[str, Any]) -> bool:
    if "combinator" in rule:
        return matches(record, rule)
    return OPERATORS[rule["operator"]](record.get(rule["property"]), rule["value"])
