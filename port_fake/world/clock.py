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

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still, but for being moved."""
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

    def freeze(self) -> None:
        """Let time stand still, but for being moved."""
        ...

    def thaw(self) -> None:
        """Let time go on from where it stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where a clock stands; *ahead* is how far that is ahead of the machine's, if it follows it."""

    time: datetime
    ahead: timedelta | None = None


def reading(clock: Clock) -> Reading:
    """Return where *clock* stands, for `resume`."""
    ahead = clock.ahead if isinstance(clock, SystemClock) and clock.runs else None
    return Reading(time=clock.peek(), ahead=ahead)


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

    __slots__ = ("_step", "_time")

    runs = False

    def __init__(self, start: datetime = EPOCH) -> None:
        self._time = _whole(start.astimezone(UTC))
        self._step = TICK

    @property
    def is_frozen(self) -> bool:
        """Whether all stamps have the same time."""
        return not self._step

    def now(self) -> datetime:
        """Move on by one millisecond, unless frozen, and return where the clock stands."""
        self._time += self._step
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

    def freeze(self) -> None:
        """Give every stamp the same time from now on."""
        self._step = timedelta()

    def thaw(self) -> None:
        """Give every stamp a time of its own again."""
        self._step = TICK


class SystemClock:
    """The machine's time, plus how far it is *ahead* of that, until it is frozen."""

    __slots__ = ("_stopped", "ahead")

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._stopped: datetime | None = None

    @property
    def runs(self) -> bool:
        """Whether it follows the machine's time."""
        return self._stopped is None

    @property
    def is_frozen(self) -> bool:
        """Whether it has stopped."""
        return self._stopped is not None

    def now(self) -> datetime:
        """Return the machine's time, in whole milliseconds."""
        return self._stopped or _whole(datetime.now(UTC) + self.ahead)

    def peek(self) -> datetime:
        """Return the machine's time."""
        return self.now()

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        if self._stopped is None:
            self.ahead += timedelta(seconds=seconds)
        else:
            self._stopped = _whole(self._stopped + timedelta(seconds=seconds))

    def set(self, time: datetime) -> None:
        """Put the clock at *time*; unless frozen, it goes on as fast as the machine's."""
        if self._stopped is None:
            self.ahead = time.astimezone(UTC) - datetime.now(UTC)
        else:
            self._stopped = _whole(time.astimezone(UTC))

    def freeze(self) -> None:
        """Stop."""
        self._stopped = self.now()

    def thaw(self) -> None:
        """Follow the machine's time again, from where it stands."""
        if self._stopped is not None:
            time, self._stopped = self._stopped, None
            self.set(time)


def _whole(time: datetime) -> datetime:
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
