"""Time comes from outside: the only room that may ask the machine what time it is."""

from __future__ import annotations

from dataclasses import dataclass
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

    def set(self, time: datetime) -> None:
        """Put the clock at *time*, which may be in the past; it goes on from there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where a clock stands; *ahead* is how far that is ahead of the machine's, if it follows it."""

    time: datetime
    ahead: timedelta | None = None


def reading(clock: Clock) -> Reading:
    """Return where *clock* stands, for `resume`."""
    return Reading(time=clock.peek(), ahead=clock.ahead if isinstance(clock, SystemClock) else None)


def resume(clock: Clock, noted: Reading) -> None:
    """Let *clock* go on from a reading.

    One that follows the machine's time is as far ahead of it as it was; after a reading of
    another kind of clock it never shows an earlier time than that.
    """
    if not isinstance(clock, SystemClock):
        clock.set(noted.time)
    elif noted.ahead is not None:
        clock.ahead = noted.ahead
    elif clock.peek() < noted.time:
        clock.set(noted.time)


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

    def set(self, time: datetime) -> None:
        """Put the clock at *time*."""
        self._time = _whole(time.astimezone(UTC))


class SystemClock:
    """The machine's time, plus how far it is *ahead* of that."""

    __slots__ = ("ahead",)

    runs = True

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """Return the machine's time, in whole milliseconds."""
        return _whole(datetime.now(UTC) + self.ahead)

    def peek(self) -> datetime:
        """Return the machine's time."""
        return self.now()

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.ahead += timedelta(seconds=seconds)

    def set(self, time: datetime) -> None:
        """Put the clock at *time*; it goes on as fast as the machine's."""
        self.ahead = time.astimezone(UTC) - datetime.now(UTC)


def _whole(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
