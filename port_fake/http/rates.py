"""The rate limit of an organisation: headers that tell, and a refusal where it is enforced."""

from __future__ import annotations

from math import ceil

from port_fake.world.world import World


class RateMeter:
    """Counts the requests of the current period of the organisation's clock."""

    __slots__ = ("_period", "_used", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._period = -1
        self._used = 0

    def count(self) -> bool:
        """Count one request and return whether it is one that the period allows."""
        settings = self._world.settings
        period = int(self._world.clock.peek().timestamp() // settings.rate_limit_period_s)
        if period != self._period:
            self._period, self._used = period, 0
        self._used += 1
        return self._used <= settings.rate_limit

    def headers(self) -> dict[str, str]:
        """Return the headers of an answer.

        Source: docs, rate limits, for the names.
        """
        return self._told(max(0, self._world.settings.rate_limit - self._used), self._left_s())

    def refusal(self, retry_after_s: float | None = None) -> dict[str, str]:
        """Return the headers of a 429, by default until the end of the period.

        Source: Ocean, which waits for as long as ``Retry-After`` says.
        Assumed: it is told in whole seconds, and by the same number as the reset.
        """
        left_s = self._left_s() if retry_after_s is None else retry_after_s
        return {**self._told(0, left_s), "Retry-After": _whole(left_s)}

    def _told(self, remaining: int, left_s: float) -> dict[str, str]:
        settings = self._world.settings
        now = self._world.clock.peek().timestamp()
        reset = now + left_s if settings.rate_limit_reset == "epoch" else left_s
        return {
            "x-ratelimit-limit": str(settings.rate_limit),
            "x-ratelimit-period": str(settings.rate_limit_period_s),
            "x-ratelimit-remaining": str(remaining),
            "x-ratelimit-reset": _whole(reset),
        }

    def _left_s(self) -> float:
        length_s = self._world.settings.rate_limit_period_s
        return length_s - self._world.clock.peek().timestamp() % length_s


def _whole(seconds: float) -> str:
    # Up, so that nobody comes back too early; but not for what a float is off by.
    return str(ceil(round(seconds, 3)))
