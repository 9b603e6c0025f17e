"""Commands that fail a test for what it did not expect."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from port_fake.handle.faulting import Faulting
from port_fake.handle.looking import Looking

if TYPE_CHECKING:
    from port_fake.handle.surprises import Surprise

PATIENCE_S: Final = 5
"""How long strict mode waits for letters that are on their way."""

LAST: Final = 10
"""How many requests a report shows."""


class Verifying(Looking, Faulting):
    """Nothing is left over, and nothing has come that should not."""

    seed: int | None
    strangers_before: int

    def assert_no_unexpected_requests(self) -> None:
        """Fail if a request has come that no client should make, and say what to do.

        Those are unknown routes, wrong methods, requests without a valid token or that are not
        readable, and failures of the fake itself; of this organisation, and of nobody since it is
        in use. What a fault has made of a request is expected, and so is a refusal by Port's rules.

        Raises:
            AssertionError: There are some.
        """
        from port_fake.handle.surprises import told

        surprises = self._surprising_requests()
        if surprises:
            raise AssertionError(told("unexpected requests", surprises))

    def assert_strict(self) -> None:
        """Fail as strict mode does: for an unknown route, an unused fault, an unanswered letter.

        Letters that are on their way get 5 seconds. A method that a known route does not have
        counts as an unknown route, an answer that is not 2xx as none.

        Raises:
            AssertionError: There are some; the text says what to do about each.
        """
        if not self.api.office.courier.thread_is_ours:
            self.api.office.ledger(self.world).wait(PATIENCE_S)
        self._assert_nothing_left()

    async def assert_strict_soon(self) -> None:
        """Fail as `assert_strict` does, without stopping the event loop that delivers.

        Raises:
            AssertionError: As above.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self.settled()
        self._assert_nothing_left()

    def explain_faults(self) -> str:
        """Return what a failure report says: the seed, every fault, and the last requests."""
        lines = [f"seed: {self.seed}", "faults:", *(f"  {one!r}" for one in self.faults)]
        requests = self.requests[-LAST:]
        lines += ["last requests:", *(f"  {one}" for one in requests)] if requests else []
        return "\n".join(lines if requests else [*lines, "no request has come"])

    def _assert_nothing_left(self) -> None:
        from port_fake.handle.surprises import UNREACHED, of_faults, of_letters, told

        surprises = [one for one in self._surprising_requests() if one.kind in UNREACHED]
        surprises += of_faults(self.faults)
        surprises += of_letters(self.deliveries)
        if surprises:
            raise AssertionError(told("strict mode found", surprises))

    def _surprising_requests(self) -> list[Surprise]:
        from port_fake.handle.surprises import of_requests

        strangers = self.api.strangers.since(self.strangers_before)
        return of_requests([*self.requests, *strangers])
