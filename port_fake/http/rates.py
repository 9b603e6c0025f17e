"""The rate-limit headers of an organisation. They tell; nothing is refused."""

from __future__ import annotations

from port_fake.world.world import World


class RateMeter:
    """Counts the requests of the current period of the organisation's clock."""

    __slots__ = ("_period", "_used", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._period = -1
        self._used = 0

    def headers(self) -> dict[str, str]:
        """Count one request and return the headers of its answer.

        Source: docs, rate limits, for the names.
        """
        settings = self._world.settings
        now = self._world.clock.peek().timestamp()
        period = int(now // settings.rate_limit_period_s)
        if period != self._period:
            self._period, self._used = period, 0
        self._used += 1
        end = (period + 1) * settings.rate_limit_period_s
        reset = end if settings.rate_limit_reset == "epoch" else end - now
        return {
            "x-ratelimit-limit": str(settings.rate_limit),
            "x-ratelimit-period": str(settings.rate_limit_period_s),
            "x-ratelimit-remaining": str(max(0, settings.rate_limit - self._used)),
            "x-ratelimit-reset": str(int(reset)),
        }
