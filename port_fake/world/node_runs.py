"""Runs of workflow nodes: as much of them as agents and integrations poll."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from port_fake.world.clock import Clock
from port_fake.world.ids import Ids
from port_fake.world.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRun:
    """One run of one node. *logs* are ``{level, message}`` lines, oldest first."""

    id: str
    node: str
    installation: str
    config: Mapping[str, Any]
    status: str
    result: str | None = None
    output: Mapping[str, Any] | None = None
    external_id: str | None = None
    links: tuple[Any, ...] = ()
    logs: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    is_queued: bool = True
    claimed_until: datetime | None = None


class NodeRuns:
    """Node runs by id; those that are queued wait for their installation."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._rows: Table[NodeRun] = Table("node run")

    def __getitem__(self, run_id: str) -> NodeRun:
        """Return a node run.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[run_id]

    def add(
        self, node: str, installation: str, config: Mapping[str, Any], *, status: str
    ) -> NodeRun:
        """Queue a run of *node*; *status* is the dialect's word for one that has begun."""
        # Source: Port's agent, which tells node runs by this prefix.
        run_id = self._ids.draw("wfnr_")
        return self.take_in(
            NodeRun(id=run_id, node=node, installation=installation, config=config, status=status)
        )

    def take_in(self, run: NodeRun) -> NodeRun:
        """Store a new node run as it is.

        Raises:
            ConflictError: The id is taken.
        """
        self._rows.must_be_free(run.id)
        return self._rows.put(run.id, run)

    def claim(
        self,
        installation: str,
        *,
        limit: int,
        visibility_ms: float,
        exclude: Collection[str] = (),
    ) -> list[NodeRun]:
        """Hand out at most *limit* runs and hide them for *visibility_ms*."""
        now = self._clock.peek()
        until = now + timedelta(milliseconds=visibility_ms)
        free = [
            run
            for run in self._rows
            if run.is_queued
            and run.installation == installation
            and run.node not in exclude
            and (run.claimed_until is None or run.claimed_until <= now)
        ]
        return [self._change(run.id, claimed_until=until) for run in free[:limit]]

    def acknowledge(self, run_id: str) -> bool:
        """Take a run out of its queue for good; return whether it was still there.

        Raises:
            NotFoundError: There is no such run.
        """
        was_queued = self._rows[run_id].is_queued
        self._change(run_id, is_queued=False)
        return was_queued

    def update(self, run_id: str, changes: Mapping[str, Any]) -> NodeRun:
        """Change what a backend reports of a run, by the names of `NodeRun`.

        A run that has a result waits for nobody any more.

        Raises:
            NotFoundError: There is no such run.
        """
        if changes.get("result") is not None:
            changes = {**changes, "is_queued": False}
        return self._change(run_id, **changes)

    def log(self, run_id: str, lines: Iterable[Mapping[str, Any]]) -> NodeRun:
        """Append lines to the log of a run.

        Raises:
            NotFoundError: There is no such run.
        """
        return self._change(run_id, logs=(*self._rows[run_id].logs, *lines))

    def find(self, external_id: str | None) -> list[NodeRun]:
        """Return the runs with that external id; None finds all."""
        return [run for run in self._rows if external_id in {None, run.external_id}]

    def _change(self, run_id: str, **changes: Any) -> NodeRun:
        return self._rows.put(run_id, replace(self._rows[run_id], **changes))
