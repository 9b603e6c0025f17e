"""A cluster that is none: for trying things out, and for tests."""

from __future__ import annotations

from collections.abc import Iterator

from deployments.backend import RolloutError
from deployments.orders import Order


class Rehearsal:
    """Remembers what it should have rolled out; once it is *broken*, no rollout succeeds."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.broken: str | None = None

    def roll_out(self, order: Order) -> Iterator[str]:
        """Name the steps."""
        self.orders.append(order)
        yield f"starting {order.replicas} x {order.service} {order.version}"
        if self.broken is not None:
            raise RolloutError(self.broken)
        yield "all healthy"

    def url_of(self, order: Order) -> str:
        """Return where the service would answer."""
        return f"https://{order.service}.{order.environment}.acme.example"
