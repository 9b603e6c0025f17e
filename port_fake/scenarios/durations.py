"""How long something takes, as people write it."""

from __future__ import annotations

import re
from datetime import timedelta
from math import isfinite
from typing import Final

WRITTEN: Final = re.compile(
    r"(?:(?P<weeks>\d{1,6})w)? ?(?:(?P<days>\d{1,6})d)? ?(?:(?P<hours>\d{1,6})h)? ?"
    r"(?:(?P<minutes>\d{1,8})m)? ?(?:(?P<seconds>\d{1,10})s)?",
    re.ASCII,
)
LONGEST: Final = timedelta(weeks=5200)
EXPECTED: Final = "expected seconds, or a text such as '3d 4h 20m 5s'"


def duration(value: object) -> timedelta:
    """Return what *value* says: a number of seconds, or a text such as ``3d 4h 20m``.

    Raises:
        ValueError: It says no duration, a negative one, or more than a century.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        if 0 <= value <= LONGEST.total_seconds():
            return timedelta(seconds=value)
    elif isinstance(value, str) and value.strip() and (found := WRITTEN.fullmatch(value.strip())):
        length = timedelta(**{unit: int(text) for unit, text in found.groupdict("0").items()})
        if length <= LONGEST:
            return length
    raise ValueError(EXPECTED)


def written(length: timedelta) -> str:
    """Return *length*, in whole seconds, as a text that `duration` reads."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    figures = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return " ".join(f"{figure}{unit}" for figure, unit in figures if figure) or "0s"
