"""What a `PortMachine` expects of all its runs together: lists and queues, in plain Python."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from port_fake.settings import Settings
from port_fake.strategies.playing.expected import ExpectedRun


class ExpectedWorld:
    """The runs that a machine has made, oldest first, and its queue. Time is in seconds."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.runs: list[ExpectedRun] = []
        self.now_s = 0
        self._queue: list[ExpectedRun] = []

    def __iter__(self) -> Iterator[ExpectedRun]:
        """Walk the runs, oldest first."""
        return iter(self.runs)

    def find(self, run_id: str) -> ExpectedRun | None:
        """Return the run of that id, None if the machine has not made it."""
        return next((run for run in self.runs if run.id == run_id), None)

    def add(self, run: ExpectedRun) -> None:
        """Expect one run more, the newest."""
        self.runs.append(run)

    def follow(self, run: ExpectedRun) -> None:
        """Let a run join its queue if it has been released: then, not when it was made."""
        if run.place == "waiting" and run not in self._queue:
            self._queue.append(run)

    def listed(self, filters: Mapping[str, Any]) -> list[ExpectedRun]:
        """Return the runs that a list with those filters holds, newest first, before its limit."""
        return [run for run in reversed(self.runs) if self._fits(run, filters)]

    def claimable(self, installation: str, exclude: Collection[str] = ()) -> list[ExpectedRun]:
        """Return the runs that a claim may hand out now, in order."""
        return [
            run
            for run in self._queue
            if run.place == "waiting"
            and not run.has_ended
            and run.button.installation == installation
            and run.button.identifier not in exclude
            and (run.hidden_until_s is None or run.hidden_until_s <= self.now_s)
        ]

    def hide(self, run: ExpectedRun, visibility_s: int | None) -> None:
        """Expect a claimed run to be hidden; None is the usual time."""
        usual = self.settings.visibility_timeout_ms // 1000
        run.hidden_until_s = self.now_s + (usual if visibility_s is None else visibility_s)

    def _fits(self, run: ExpectedRun, filters: Mapping[str, Any]) -> bool:
        active = {"IN_PROGRESS"}
        if self.settings.active_includes_waiting:
            active.add("WAITING_FOR_APPROVAL")
        facts = {
            "action": run.button.identifier,
            "blueprint": run.button.blueprint,
            "entity": run.entity,
            "user_email": run.by.email,
            "user_id": run.by.id,
            "external_run_id": run.notes.get("externalRunId"),
        }
        return (
            all(filters.get(key, value) == value for key, value in facts.items())
            and (not filters.get("active") or run.status in active)
            and "API" in filters.get("source", ["API"])
        )
