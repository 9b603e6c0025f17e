"""Time comes from outside: the only room that may ask the machine what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

EPOCH: Final = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
"""The first instant of every repeatable clock."""

TICK: Final = timedelta(milliseconds=1)


class Clock(Protocol):
    """An organisation's time, in UTC and whole milliseconds."""

    def now(self) -> datetime:
        """Return the time for a stamp; two stamps of a repeatable clock are never the same."""
        ...

    @property
    def runs(self) -> bool:
        """Whether time goes by without anybody moving it."""
        ...

    def peek(self) -> datetime:
        """Return the time without taking a stamp."""
        ...

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        ...


class RepeatableClock:
    """Starts at *start*, and moves one millisecond with each stamp and when told to."""

    __slots__ = ("_time",)

    runs = False

    def __init__(self, start: datetime = EPOCH) -> None:
        self._time = _whole(start.astimezone(UTC))

    def now(self) -> datetime:
        """Move on by one millisecond and return where the clock stands."""
        self._time += TICK
        return self._time

    def peek(self) -> datetime:
        """Return where the clock stands."""
        return self._time

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._time = _whole(self._time + timedelta(seconds=seconds))


class SystemClock:
    """The machine's time, plus what it was advanced by."""

    __slots__ = ("_offset",)

    runs = True

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the machine's time, in whole milliseconds."""
        return _whole(datetime.now(UTC) + self._offset)

    def peek(self) -> datetime:
        """Return the machine's time."""
        return self.now()

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self._offset += timedelta(seconds=seconds)


def _whole(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
