"""Commands that make requests go wrong."""

from __future__ import annotations

from typing import Literal

from port_fake.handle.performing import Performing
from port_fake.http.faults import Fault
from port_fake.http.tenants import Tenant


class Faulting(Performing):
    """What goes wrong on purpose, for requests over HTTP."""

    tenant: Tenant

    def fault(
        self,
        operation: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        as_user: str | None = None,
        status: int | None = None,
        message: str | None = None,
        retry_after_s: float | None = None,
        latency_s: float | None = None,
        on_clock: bool = False,
        drop: Literal["before", "after"] | None = None,
        body: Literal["truncated", "malformed"] | None = None,
        stale: bool = False,
        times: int | None = 1,
        probability: float = 1.0,
    ) -> Fault:
        """Let the next request that fits go wrong; return the fault, which counts its hits.

        *operation* is an ``operationId``; in *path*, ``*`` stands for anything; what is not given
        fits everything, the log-in as well. The oldest fault that fits strikes, *times* times
        (None: always), each time with *probability*, the same for the same seed.

        *status* answers that error, with *message*, and nothing has changed; 429 and 503 may say
        when to come back. *latency_s* holds the answer back, after the change; with *on_clock*
        the organisation's clock moves on instead, and nobody waits. *drop* ends the connection
        ``"before"`` or ``"after"`` the state has changed. *body* is cut in half: a
        ``"truncated"`` one ends the connection short of its length, a ``"malformed"`` one is
        broken JSON. *stale* answers a GET as the caller was last answered to the same path and
        query; who has not asked before gets empty lists, and 404 for one thing.

        Raises:
            MisuseError: There is no such operation, user or method, or the effects make no sense.
        """
        return self.tenant.faults.add(
            {
                "operation": operation,
                "method": method,
                "path": path,
                "as_user": as_user,
                "status": status,
                "message": message,
                "retry_after_s": retry_after_s,
                "latency_s": latency_s,
                "on_clock": on_clock,
                "drop": drop,
                "body": body,
                "stale": stale,
                "times": times,
                "probability": probability,
            }
        )

    @property
    def faults(self) -> list[Fault]:
        """Every fault that was set, oldest first, also those that are used up or removed."""
        return self.tenant.faults.all()

    def clear_faults(self) -> None:
        """Remove and forget all faults."""
        self.tenant.faults.clear()
