"""How fast a target is asked, and what is done when it says that it was too fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from math import isfinite
from threading import Event, Lock
from typing import Final

EPOCH: Final = 1_000_000_000
"""A reset above this is a moment in seconds since 1970, below it is a number of seconds."""

TRIES: Final = 5
LONGEST_WAIT_S: Final = 330.0
"""A window of five minutes and a little more. Assumed: no limit counts over a longer one."""

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
    Threads that share it wait for each other's turns.
    """

    def __init__(
        self, *, apart_s: float = 0.0, until: float | None = None, clock: Clock | None = None
    ) -> None:
        self._apart_s = apart_s
        self._until = until
        self._clock = clock or Clock()
        self._next = 0.0
        self._guard = Lock()

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return self._until is not None and self._clock.now() >= self._until

    @property
    def left_s(self) -> float | None:
        """How much time is left; None if nobody set a limit."""
        return None if self._until is None else self._until - self._clock.now()

    def extend(self, seconds: float) -> None:
        """Give that much time from now on, or what is left if that is more."""
        self._until = max(self._until or 0.0, self._clock.now() + seconds)

    def before(self) -> None:
        """Wait until the next request may be sent.

        Raises:
            TimeIsUpError: It may not be sent in the time there is.
        """
        while (seconds := self._turn()) > 0:
            self._check(seconds)
            self._clock.wait(seconds)

    def _turn(self) -> float:
        """Take this turn and return 0, or return how long it is until the next one."""
        with self._guard:
            now = self._clock.now()
            if self._until is not None and now >= self._until:
                raise TimeIsUpError("the time was up")
            if now < self._next:
                return self._next - now
            self._next = now + self._apart_s
            return 0.0

    def after(self, headers: Mapping[str, str]) -> None:
        """Heed what an answer says of the requests that are left; names are in lower case.

        Source: docs and clients, rate limits: a reset may be a moment or a number of seconds.
        """
        if headers.get("x-ratelimit-remaining", "").strip() == "0":
            self._put_off(self._seconds(headers))

    def again(self, status: int, headers: Mapping[str, str], *, tries: int) -> bool:
        """Say whether to ask again, where `before` waits as the answer wants.

        Raises:
            TimeIsUpError: The wait is longer than the time there is.
        """
        if status not in BUSY or tries >= TRIES:
            return False
        if status == HTTPStatus.SERVICE_UNAVAILABLE and "retry-after" not in headers:
            return False
        seconds = self._seconds(headers) or USUAL_WAIT_S  # a reset may be past on our clock
        self._check(seconds)
        self._put_off(seconds)
        return True

    def _put_off(self, seconds: float) -> None:
        with self._guard:
            self._next = max(self._next, self._clock.now() + seconds)

    def _check(self, seconds: float) -> None:
        if seconds > LONGEST_WAIT_S:
            raise TimeIsUpError(f"the target asks to wait for {seconds:.0f} s, which is too long")
        if self._until is not None and self._clock.now() + seconds > self._until:
            raise TimeIsUpError(f"the target asks to wait for {seconds:.0f} s: the time was up")

    def _seconds(self, headers: Mapping[str, str]) -> float:
        """Return how long to wait, from whichever header says so."""
        now = self._clock.now()
        for name in ("retry-after", "x-ratelimit-reset"):
            said = _number(headers.get(name, ""))
            if said is not None:
                return max(0.0, said - now if said > EPOCH else said)
        return USUAL_WAIT_S


def _number(text: str) -> float | None:
    """Return a number of seconds, or a moment in seconds since 1970; None for neither."""
    try:
        number = float(text)
    except ValueError:
        try:
            number = parsedate_to_datetime(text).timestamp()
        except (ValueError, TypeError, OverflowError, OSError):
            return None
    return number if isfinite(number) else None
