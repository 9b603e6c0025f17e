"""Runs that agents and integrations fetch by themselves: claimed for a while, then acknowledged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from port_fake.engine.runs import Run
from port_fake.engine.states import UNDER_WAY
from port_fake.world.clock import Clock
from port_fake.world.runs import Runs


class RunQueue:
    """The queue of each installation, oldest run first.

    A claimed run is hidden from other claimers until its time is up by the organisation's clock;
    an acknowledged one is gone from the queue for good.
    """

    def __init__(self, clock: Clock, runs: Runs) -> None:
        self._clock = clock
        self._runs = runs
        self._waiting: dict[str, dict[str, None]] = {}

    def waiting(self) -> Mapping[str, tuple[str, ...]]:
        """Return the ids of the runs that are queued, by installation, oldest first."""
        return {name: tuple(queue) for name, queue in self._waiting.items() if queue}

    def add(self, run: Run) -> None:
        """Queue a run for its installation."""
        self._waiting.setdefault(run.installation or "", {})[run.id] = None

    def claim(
        self,
        installation: str,
        *,
        limit: int,
        visibility_ms: float,
        exclude: Collection[str] = (),
        kind: str | None = None,
    ) -> list[Run]:
        """Hand out at most *limit* runs and hide them for *visibility_ms*.

        *exclude* names actions to pass over, *kind* the only type of invocation to hand out.
        """
        queue = self._waiting.get(installation, {})
        now = self._clock.peek()
        until = now + timedelta(milliseconds=visibility_ms)
        claimed: list[Run] = []
        for run_id in list(queue):
            if len(claimed) == limit:
                break
            run = self._runs[run_id]
            if run.state not in UNDER_WAY:
                del queue[run_id]  # ended by somebody who did not claim it
                self._runs.change(replace(run, is_queued=False))
                continue
            hidden = run.claimed_until is not None and run.claimed_until > now
            other = kind is not None and self._runs.payloads.get(run_id, {}).get("type") != kind
            if not hidden and not other and run.action.identifier not in exclude:
                claimed.append(self._runs.change(replace(run, claimed_until=until)))
        return claimed

    def acknowledge(self, run_id: str) -> bool:
        """Take a run out of its queue for good; return whether it was still there.

        Raises:
            NotFoundError: There is no such run.
        """
        run = self._runs[run_id]
        queue = self._waiting.get(run.installation or "", {})
        if run_id not in queue:
            return False
        del queue[run_id]
        self._runs.change(replace(run, is_queued=False))
        return True
