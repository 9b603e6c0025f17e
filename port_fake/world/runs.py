"""The runs of an organisation and their logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from port_fake.engine.catalog import EntityKey
from port_fake.engine.changes import Change
from port_fake.engine.runs import LogLine, Run, touch
from port_fake.engine.states import UNDER_WAY
from port_fake.errors import InvalidError
from port_fake.world.queries import RunFilter, RunIndex
from port_fake.world.tables import Table


class Runs:
    """Runs by id, indexed for lists, each with its log."""

    def __init__(self, changes: list[Change] | None = None) -> None:
        """Start with none; every run that is made or changed is told to *changes*."""
        self._changes: list[Change] = [] if changes is None else changes
        self._rows: Table[Run] = Table("run")
        self._index = RunIndex()
        self._logs: dict[str, list[LogLine]] = {}
        self.payloads: dict[str, Mapping[str, Any]] = {}
        """The rendered invocation of each run that has been invoked, by its id."""

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._rows)

    def __getitem__(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[run_id]

    def add(self, run: Run) -> Run:
        """Store a new run."""
        self._index.add(run)
        self._changes.append(Change(None, run))
        return self._rows.put(run.id, run)

    def take_in(self, run: Run) -> Run:
        """Store a new run as it is; nobody is told.

        Raises:
            ConflictError: The id is taken.
        """
        self._rows.must_be_free(run.id)
        self._index.add(run)
        return self._rows.put(run.id, run)

    def change(self, run: Run) -> Run:
        """Store the next value of a run."""
        old = self._rows[run.id]
        self._index.update(old, run)
        self._changes.append(Change(old, run))
        return self._rows.put(run.id, run)

    def must_be_under_way(self, run_id: str) -> Run:
        """Let entities be tied to a run, and return it.

        Source: docs: entities can be tied to a run while it is in progress.

        Raises:
            NotFoundError: There is no such run.
            InvalidError: The run is not under way.
        """
        run = self._rows[run_id]
        if run.state not in UNDER_WAY:
            raise InvalidError(
                f"run {run_id!r} is {run.state}; "
                "entities can be tied to a run only while it is in progress"
            )
        return run

    def touch(self, run_id: str, entities: Iterable[EntityKey]) -> Run:
        """Note that a run has affected *entities*.

        Raises:
            NotFoundError: There is no such run.
        """
        run = self._rows[run_id]
        for entity in entities:
            run = touch(run, entity)
        return self.change(run)

    def find(self, wanted: RunFilter, limit: int) -> list[Run]:
        """Return at most *limit* runs that match, newest first."""
        return [self._rows[run_id] for run_id in self._index.find(wanted, limit)]

    def log(self, line: LogLine) -> LogLine:
        """Append a line to the log of its run."""
        self._logs.setdefault(line.run_id, []).append(line)
        return line

    def all_logs(self) -> dict[str, tuple[LogLine, ...]]:
        """Return the log of each run that has one, by its id."""
        return {run_id: tuple(log) for run_id, log in self._logs.items()}

    def logs(self, run_id: str) -> Sequence[LogLine]:
        """Return the log of a run, oldest line first.

        Raises:
            NotFoundError: There is no such run.
        """
        return self._logs.get(self._rows[run_id].id, ())
