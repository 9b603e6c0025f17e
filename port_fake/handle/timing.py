"""Commands that move the organisation's clock; nobody else's clock is touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from port_fake.errors import MisuseError
from port_fake.handle.performing import Performing


class Timing(Performing):
    """The clock that stamps, tokens, claims, timers and rate limits follow."""

    @property
    def now(self) -> datetime:
        """The organisation's time, in UTC; looking at it takes none."""
        with self.world.lock:
            return self.world.clock.peek()

    def advance(self, seconds: float | timedelta) -> None:
        """Move the clock forward; what was waiting for that time happens.

        Raises:
            MisuseError: That would be backwards: `set_time` does so.
        """
        if isinstance(seconds, timedelta):
            seconds = seconds.total_seconds()
        if seconds < 0:
            raise MisuseError(f"advance() goes forward, not by {seconds:g} s: use set_time()")
        with self.world.lock:
            self.world.begin()
            self.world.clock.advance(seconds)
        self.api.office.dispatch(self.world)

    def set_time(self, time: datetime | str) -> None:
        """Put the clock at a time, also a past one; what was waiting for that time happens.

        *time* may be ISO 8601; without an offset it is UTC.

        Raises:
            MisuseError: The text is no time.
        """
        if isinstance(time, str):
            try:
                time = datetime.fromisoformat(time)
            except ValueError:
                raise MisuseError(f"{time!r} is not a time in ISO 8601") from None
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        with self.world.lock:
            self.world.begin()
            self.world.clock.set(time)
        self.api.office.dispatch(self.world)

    def freeze(self, time: datetime | str | None = None) -> None:
        """Let the clock stand still, at *time* if one is given, until `thaw`.

        `advance` and `set_time` still move it.

        Raises:
            MisuseError: The text is no time.
        """
        if time is not None:
            self.set_time(time)
        with self.world.lock:
            self.world.clock.freeze()

    def thaw(self) -> None:
        """Let the clock go on from where it stands."""
        with self.world.lock:
            self.world.clock.thaw()
        self.api.office.dispatch(self.world)

    @contextmanager
    def frozen(self, time: datetime | str | None = None) -> Iterator[None]:
        """Freeze the clock for a ``with`` statement.

        Raises:
            MisuseError: The text is no time.
        """
        self.freeze(time)
        try:
            yield
        finally:
            self.thaw()
