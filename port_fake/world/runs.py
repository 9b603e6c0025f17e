"""The runs of an organisation and their logs."""

from __future__ import annotations

from collections.abc import Sequence

from port_fake.engine.runs import LogLine, Run
from port_fake.world.queries import RunFilter, RunIndex
from port_fake.world.tables import Table


class Runs:
    """Runs by id, indexed for lists, each with its log."""

    def __init__(self) -> None:
        self._rows: Table[Run] = Table("run")
        self._index = RunIndex()
        self._logs: dict[str, list[LogLine]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[run_id]

    def add(self, run: Run) -> Run:
        """Store a new run."""
        self._index.add(run)
        return self._rows.put(run.id, run)

    def change(self, run: Run) -> Run:
        """Store the next value of a run."""
        self._index.update(self._rows[run.id], run)
        return self._rows.put(run.id, run)

    def find(self, wanted: RunFilter, limit: int) -> list[Run]:
        """Return at most *limit* runs that match, newest first."""
        return [self._rows[run_id] for run_id in self._index.find(wanted, limit)]

    def log(self, line: LogLine) -> LogLine:
        """Append a line to the log of its run."""
        self._logs.setdefault(line.run_id, []).append(line)
        return line

    def logs(self, run_id: str) -> Sequence[LogLine]:
        """Return the log of a run, oldest line first.

        Raises:
            NotFoundError: There is no such run.
        """
        return self._logs.get(self._rows[run_id].id, ())
