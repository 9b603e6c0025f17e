"""What each operator of a search rule means.

An operator either asks about a held value alone, or compares it with a wanted one. Those that say
"not" are the complements of others, so a missing value, which satisfies none of the others, does
satisfy them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from port_fake.world.search.periods import period_of
from port_fake.world.search.values import (
    Check,
    is_list,
    is_number,
    is_scalar,
    moment_of,
    same_as,
)


class Operator(StrEnum):
    """Every operator there is.

    Source: OpenAPI 1.0, components/schemas def-1 and def-7.
    """

    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "doesNotContains"
    CONTAINS_ANY = "containsAny"
    BEGINS_WITH = "beginsWith"
    DOES_NOT_BEGIN_WITH = "doesNotBeginsWith"
    ENDS_WITH = "endsWith"
    DOES_NOT_END_WITH = "doesNotEndsWith"
    IN = "in"
    NOT_IN = "notIn"
    IS_EMPTY = "isEmpty"
    IS_NOT_EMPTY = "isNotEmpty"
    BETWEEN = "between"
    NOT_BETWEEN = "notBetween"
    IS_EXPIRED = "isExpired"
    IS_NOT_EXPIRED = "isNotExpired"
    RELATED_TO = "relatedTo"
    MATCH_ANY = "matchAny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How to compare with a wanted value.

    *takes* tells which values may be wanted; *against* returns the check for a wanted value at
    some time, or None if it is not one of them; *listed* wants a list.
    """

    takes: str
    against: Callable[[Any, datetime], Check | None]
    listed: bool = False


def _equal(wanted: Any, now: datetime) -> Check | None:
    if is_scalar(wanted) or is_list(wanted):
        return same_as(wanted)
    return _between(wanted, now)


def _ordered(holds: Callable[[Any, Any], bool]) -> Callable[[Any, datetime], Check | None]:
    def against(wanted: Any, _now: datetime) -> Check | None:
        if is_number(wanted):
            return lambda held: is_number(held) and holds(held, wanted)
        if instant := moment_of(wanted):
            return lambda held: (moment := moment_of(held)) is not None and holds(moment, instant)
        return None

    return against


def _holding(wanted: object) -> Check:
    same = same_as(wanted)

    def check(held: Any) -> bool:
        if isinstance(held, list):
            return any(map(same, held))
        return isinstance(held, str) and isinstance(wanted, str) and wanted in held

    return check


def _contains(wanted: Any, _now: datetime) -> Check | None:
    if is_scalar(wanted):
        return _holding(wanted)
    if not is_list(wanted):
        return None
    each = [_holding(one) for one in wanted]
    return lambda held: isinstance(held, str | list) and all(check(held) for check in each)


def _contains_any(wanted: Any, _now: datetime) -> Check | None:
    if not is_list(wanted):
        return None
    each = [_holding(one) for one in wanted]
    return lambda held: any(check(held) for check in each)


def _affix(holds: Callable[[str, str], bool]) -> Callable[[Any, datetime], Check | None]:
    def against(wanted: Any, _now: datetime) -> Check | None:
        if not isinstance(wanted, str):
            return None
        return lambda held: isinstance(held, str) and holds(held, wanted)

    return against


def _in(wanted: Any, _now: datetime) -> Check | None:
    if not is_list(wanted):
        return None
    each = [same_as(one) for one in wanted]

    def check(held: Any) -> bool:
        values = held if isinstance(held, list) else [held]
        return any(same(value) for value in values for same in each)

    return check


def _between(wanted: Any, now: datetime) -> Check | None:
    period = period_of(wanted, now)
    if period is None:
        return None
    return lambda held: (moment := moment_of(held)) is not None and moment in period


def _match_any(wanted: Any, now: datetime) -> Check | None:
    values = [wanted] if isinstance(wanted, str) else wanted
    if not is_list(values) or not all(isinstance(one, str) for one in values):
        return None
    return _in(values, now)


_ORDERED: Final = "a number or a date-time"
_LIST: Final = "a list of texts, numbers or booleans"

COMPARISONS: Final[Mapping[Operator, Comparison]] = {
    Operator.EQUAL: Comparison(
        takes="null, a text, a number, a boolean, a list of these or a period", against=_equal
    ),
    Operator.GREATER: Comparison(takes=_ORDERED, against=_ordered(operator.gt)),
    Operator.GREATER_OR_EQUAL: Comparison(takes=_ORDERED, against=_ordered(operator.ge)),
    Operator.LESS: Comparison(takes=_ORDERED, against=_ordered(operator.lt)),
    Operator.LESS_OR_EQUAL: Comparison(takes=_ORDERED, against=_ordered(operator.le)),
    Operator.CONTAINS: Comparison(
        takes="null, a text, a number, a boolean or a list of these", against=_contains
    ),
    Operator.CONTAINS_ANY: Comparison(takes=_LIST, against=_contains_any, listed=True),
    Operator.BEGINS_WITH: Comparison(takes="a text", against=_affix(str.startswith)),
    Operator.ENDS_WITH: Comparison(takes="a text", against=_affix(str.endswith)),
    Operator.IN: Comparison(takes=_LIST, against=_in, listed=True),
    Operator.BETWEEN: Comparison(
        takes="a period: from and to as date-times, or a known preset", against=_between
    ),
    Operator.MATCH_ANY: Comparison(
        takes="a text or a list of texts", against=_match_any, listed=True
    ),
}
"""The operators that compare.

Source: docs, search and query, comparison operators and relation operators.
Assumed: null is equal to what is missing; > and its kin, between and the operators on texts find
nothing in values of another type; contains and containsAny look for a part of a text and for
whole values in a list, contains with a list for every one; in and matchAny find a list that
shares a value.
"""

COMPLEMENTS: Final[Mapping[Operator, Operator]] = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.DOES_NOT_CONTAIN: Operator.CONTAINS,
    Operator.DOES_NOT_BEGIN_WITH: Operator.BEGINS_WITH,
    Operator.DOES_NOT_END_WITH: Operator.ENDS_WITH,
    Operator.NOT_IN: Operator.IN,
    Operator.NOT_BETWEEN: Operator.BETWEEN,
}
"""The operators that hold wherever another does not.

Source: docs, comparison operators: != returns all results that fail to satisfy the check of =.
Assumed: that holds for all of them, and for a missing property as well.
"""


def _is_empty(held: Any) -> bool:
    return held is None or held == []


def _is_expired(held: Any, now: datetime) -> bool:
    moment = moment_of(held)
    return moment is not None and moment <= now


QUESTIONS: Final[Mapping[Operator, Callable[[datetime], Check]]] = {
    Operator.IS_EMPTY: lambda _now: _is_empty,
    Operator.IS_NOT_EMPTY: lambda _now: lambda held: not _is_empty(held),
    Operator.IS_EXPIRED: lambda now: lambda held: _is_expired(held, now),
    Operator.IS_NOT_EXPIRED: lambda now: (
        lambda held: held is not None and not _is_expired(held, now)
    ),
}
"""The operators that want no value.

Source: docs, comparison operators: isEmpty finds null.
Assumed: a list of nothing is empty as well, an empty text is not; a date-time has expired once it
is not after now, another value never has, and a missing one is neither expired nor not.
"""
