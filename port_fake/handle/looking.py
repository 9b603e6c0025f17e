"""Commands that look at runs and at what came over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from port_fake.errors import MisuseError
from port_fake.handle.performing import BINDINGS, Performing
from port_fake.handle.views import RunView, id_of
from port_fake.http.recorder import Exchange, Recorder, Wanted
from port_fake.surface.letters import Delivery, Fate

LISTING: Final = "get-all-action-runs"
AUDIT: Final = "get-audit-logs"
SHAPING: Final = frozenset({"exclude", "version"})
"""Parameters that choose what is shown of a run: a view shows everything."""


class Looking(Performing):
    """Runs as they stand, requests as they came."""

    recorder: Recorder

    def run(self, run: str | RunView) -> RunView:
        """Return a run as it stands now.

        Raises:
            NotFoundError: There is no such run.
        """
        with self.world.lock:
            return RunView.of(self.world, self.world.runs[id_of(run)])

    def runs(self, **filters: Any) -> list[RunView]:
        """Return runs, newest first; *filters* are those of the list operation.

        Raises:
            RefusedError: Port would refuse a filter.
            MisuseError: There is no such filter; over HTTP it would be ignored.
        """
        _must_know(LISTING, filters)
        answer = self.perform(LISTING, query=filters)
        return [self.run(run["id"]) for run in answer["runs"]]

    def audits(self, **filters: Any) -> list[dict[str, Any]]:
        """Return records of the audit log, newest first; *filters* are those of the operation.

        Raises:
            RefusedError: Port would refuse a filter.
            MisuseError: There is no such filter; over HTTP it would be ignored.
        """
        _must_know(AUDIT, filters)
        records: list[dict[str, Any]] = self.perform(AUDIT, query=filters)["audits"]
        return records

    @property
    def requests(self) -> list[Exchange]:
        """Every request that the organisation has got over HTTP, oldest first."""
        return self.recorder.all()

    def assert_called(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        query: Mapping[str, str] | None = None,
        status: int | None = None,
        times: int | None = None,
    ) -> list[Exchange]:
        """Return the requests that are like this; fail, showing the nearest miss, if none is.

        *json* and *query* must be contained in the request's, *times* is an exact number.

        Raises:
            AssertionError: No request, or another number of them, is like this.
        """
        wanted = Wanted(method=method, path=path, json=json, query=query, status=status)
        found = [exchange for exchange in self.requests if not wanted.differences(exchange)]
        if len(found) == times or (times is None and found):
            return found
        raise AssertionError(self._explained(wanted, len(found), times))

    @property
    def deliveries(self) -> list[Delivery]:
        """Every letter that has left, or should have, oldest first, with what became of it."""
        return self.api.office.ledger(self.world).all()

    def settle(self, *, timeout_s: float = 60) -> list[Delivery]:
        """Wait until no letter is on its way and nothing is set off any more; return them all.

        Raises:
            MisuseError: Called on the event loop that delivers: ``await settled()`` there.
            TimeoutError: Something is still on its way after *timeout_s* seconds.
        """
        if self.api.office.courier.thread_is_ours:
            raise MisuseError("settle() would stop the event loop that delivers: await settled()")
        if not self.api.office.ledger(self.world).wait(timeout_s):
            waiting = [one for one in self.deliveries if one.fate is Fate.WAITING]
            raise TimeoutError(f"after {timeout_s:g} s these are still on their way: {waiting}")
        return self.deliveries

    async def settled(self) -> list[Delivery]:
        """Wait, without stopping the event loop, until nothing is on its way."""
        loop = asyncio.get_running_loop()
        quiet = asyncio.Event()
        ledger = self.api.office.ledger(self.world)

        def tell() -> None:
            loop.call_soon_threadsafe(quiet.set)

        ledger.when_quiet(tell)
        await quiet.wait()
        return self.deliveries

    @property
    def now(self) -> datetime:
        """The time of the organisation's clock, in UTC, for code under test that asks for it."""
        with self.world.lock:
            return self.world.clock.peek()

    def advance(self, seconds: float) -> None:
        """Move the organisation's clock forward; what was waiting for that time happens."""
        with self.world.lock:
            self.world.clock.advance(seconds)
        self.api.office.dispatch(self.world)

    def _explained(self, wanted: Wanted, found: int, times: int | None) -> str:
        title = f"expected {wanted.method} {wanted.path}"
        if times is not None:
            title += f" {times} times, got it {found} times"
        requests = self.requests
        lines = [title if times is not None else f"{title}, it was not called"]
        if not found and requests:
            nearest = min(requests, key=lambda one: len(wanted.differences(one)))
            lines += [f"the nearest request was {nearest}:"]
            lines += [f"  - {difference}" for difference in wanted.differences(nearest)]
        lines += ["all requests:", *(f"  {one}" for one in requests)] if requests else []
        strangers = self.api.strangers.all()
        if strangers:
            lines += ["requests without a valid token, or to unknown routes:"]
            lines += [f"  {one}" for one in strangers[-10:]]
        return "\n".join(lines if requests or strangers else [*lines, "no request has come at all"])


def _must_know(operation: str, filters: Mapping[str, Any]) -> None:
    known = BINDINGS[operation][0].shapes.query.__annotations__.keys() - SHAPING
    for name in filters.keys() - known:
        raise MisuseError(f"no filter {name!r}; there are: {', '.join(sorted(known))}")
