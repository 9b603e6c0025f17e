"""Commands that look at runs and at what came over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from port_fake.handle.performing import Performing
from port_fake.handle.views import RunView, id_of
from port_fake.http.api import Api
from port_fake.http.recorder import Exchange, Wanted


class Looking(Performing):
    """Runs as they stand, requests as they came."""

    api: Api

    def run(self, run: str | RunView) -> RunView:
        """Return a run as it stands now.

        Raises:
            NotFoundError: There is no such run.
        """
        with self.world.lock:
            return RunView.of(self.world, self.world.runs[id_of(run)])

    def runs(self, **filters: Any) -> list[RunView]:
        """Return runs, newest first; *filters* are the query parameters of the list operation.

        Raises:
            RefusedError: Port would refuse a filter.
        """
        answer = self.perform("get-all-action-runs", query=filters)
        return [self.run(run["id"]) for run in answer["runs"]]

    @property
    def requests(self) -> list[Exchange]:
        """Every request that the organisation has got over HTTP, oldest first."""
        return self.api.recorder(self.world).all()

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

    def advance(self, seconds: float) -> None:
        """Move the organisation's clock forward."""
        with self.world.lock:
            self.world.clock.advance(seconds)

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
