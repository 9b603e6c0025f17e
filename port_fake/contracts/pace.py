"""How fast a target is asked, and what is done when it says that it was too fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Event
from typing import Final

EPOCH: Final = 1_000_000_000
"""A reset above this is a moment in seconds since 1970, below it is a number of seconds."""

TRIES: Final = 5
LONGEST_WAIT_S: Final = 120.0
USUAL_WAIT_S: Final = 1.0
BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class TimeIsUpError(Exception):
    """There is no time left to ask."""


def _rest(seconds: float) -> None:
    Event().wait(seconds)


@dataclass(frozen=True, slots=True)
class Clock:
    """The machine's time, or a test's."""

    now: Callable[[], float] = time.time
    """Seconds since 1970."""

    wait: Callable[[float], None] = _rest


class Pace:
    """Waits where the target says so, and never past the end of the time there is.

    *apart_s* is the least time between two requests; *until* a moment in seconds since 1970.
    """

    def __init__(
        self, *, apart_s: float = 0.0, until: float | None = None, clock: Clock | None = None
    ) -> None:
        self._apart_s = apart_s
        self._until = until
        self._clock = clock or Clock()
        self._next = 0.0

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return self._until is not None and self._clock.now() >= self._until

    def extend(self, seconds: float) -> None:
        """Allow that much time from now on, for what must be put in order at the end."""
        if self._until is not None:
            self._until = max(self._until, self._clock.now() + seconds)

    def before(self) -> None:
        """Wait until the next request may be sent.

        Raises:
            TimeIsUpError: It may not be sent in the time there is.
        """
        if self.is_over:
            raise TimeIsUpError("the time is up")
        if self._next or self._apart_s:
            now = self._clock.now()
            if now < self._next:
                self._wait(self._next - now)
            self._next = max(self._next, now) + self._apart_s

    def after(self, headers: Mapping[str, str]) -> None:
        """Heed what an answer says of the requests that are left; names are in lower case.

        Source: docs and clients, rate limits: a reset may be a moment or a number of seconds.
        """
        if headers.get("x-ratelimit-remaining") == "0":
            self._next = max(self._next, self._clock.now() + self._seconds(headers))

    def again(self, status: int, headers: Mapping[str, str], *, tries: int) -> bool:
        """Say whether to ask again, after the wait that the answer wants.

        Raises:
            TimeIsUpError: The wait is longer than the time there is.
        """
        if status not in BUSY or tries >= TRIES:
            return False
        if status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" not in headers:
            return False
        self._wait(self._seconds(headers))
        return True

    def _wait(self, seconds: float) -> None:
        if seconds > LONGEST_WAIT_S:
            raise TimeIsUpError(f"the target asks to wait for {seconds:.0f} s")
        if self._until is not None and self._clock.now() + seconds > self._until:
            raise TimeIsUpError(f"the target asks to wait for {seconds:.0f} s: the time is up")
        self._clock.wait(seconds)

    def _seconds(self, headers: Mapping[str, str]) -> float:
        """Return how long to wait, from whichever header says so."""
        now = self._clock.now()
        for name in ("retry-after", "x-ratelimit-reset"):
            text = headers.get(name)
            if text is None:
                continue
            try:
                seconds = float(text)
            except ValueError:
                try:
                    seconds = parsedate_to_datetime(text).timestamp()
                except ValueError:
                    continue
            return max(0.0, seconds - now if seconds > EPOCH else seconds)
        return USUAL_WAIT_S
