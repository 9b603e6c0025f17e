"""Spans of time that a rule names by its ends, or by a preset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from port_fake.world.search.values import moment_of

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From *start* to *end*; both belong to it."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def _day(offset: int) -> Callable[[datetime], Period]:
    def around(now: datetime) -> Period:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + offset * _DAY
        return Period(midnight, midnight + _DAY - timedelta.resolution)

    return around


def _past(days: int) -> Callable[[datetime], Period]:
    return lambda now: Period(now - days * _DAY, now)


PRESETS: Final[Mapping[str, Callable[[datetime], Period]]] = {
    "today": _day(0),
    "tomorrow": _day(1),
    "yesterday": _day(-1),
    "lastDay": _past(1),
    "lastWeek": _past(7),
    "last2Weeks": _past(14),
    "lastMonth": _past(30),
    "last3Months": _past(90),
    "last6Months": _past(180),
    "last12Months": _past(365),
}
"""What each preset means at some time.

Source: docs, comparison operators, between: a month is 30 days, twelve months are 365.
Assumed: days begin and end in UTC; a past span ends now.
"""


def period_of(value: object, now: datetime) -> Period | None:
    """Return the span that *value* names at the time *now*, or None if it names none."""
    if not isinstance(value, Mapping):
        return None
    preset = value.get("preset")
    if isinstance(preset, str) and preset in PRESETS:
        return PRESETS[preset](now)
    start, end = moment_of(value.get("from")), moment_of(value.get("to"))
    return Period(start, end) if start and end else None
