"""JSON values as search rules compare them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

Check: TypeAlias = Callable[[Any], bool]
"""Whether a held value, None where nothing is held, is what a rule wants."""

_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


@lru_cache(4096)
def _read(text: str) -> datetime | None:
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def moment_of(value: object) -> datetime | None:
    """Return the instant that a text of the format date-time names, else None."""
    return _read(value) if isinstance(value, str) else None


@lru_cache(4096)
def written(time: datetime) -> str:
    """Return *time* as a text of the format date-time: UTC, milliseconds and ``Z``."""
    text = time.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def is_number(value: object) -> bool:
    """Whether *value* is a JSON number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_scalar(value: object) -> bool:
    """Whether *value* is null, a text, a number or a boolean."""
    return value is None or isinstance(value, str | int | float)


def is_list(value: object) -> bool:
    """Whether *value* is a list of scalars."""
    return isinstance(value, list) and all(map(is_scalar, value))


def alike(one: object, other: object) -> bool:
    """Whether a value is the same as another, which is a scalar or a list of scalars.

    Unlike Python, JSON tells ``true`` from ``1``.
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def same_as(wanted: object) -> Check:
    """Return the check for what is the same as *wanted*.

    Assumed: texts that name the same instant in different time zones or precisions are the same;
    upper and lower case differ; a list is the same as a list of the same values in that order.
    """
    instant = moment_of(wanted)
    if instant is None:
        return lambda held: alike(held, wanted)
    return lambda held: moment_of(held) == instant
