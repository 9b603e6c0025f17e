"""Leaves no run behind: what the suites made at a service that is somebody's own is finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.permits import NotPermittedError, Writing
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.wire import UnreachableError, Wire
from port_fake.world.organisations import Credentials

Got = TypeVar("Got")

MARK: Final = "made by port-fake contracts"
"""What every run that is made says of itself."""

TIDYING_S: Final = 600.0
"""How long the end may take, whatever the time limit was: a rate limit may be used up."""

ROUNDS: Final = 2
"""How often a run that could not be ended is tried again."""

ENDED: Final = frozenset({"SUCCESS", "FAILURE", "DECLINED", "CANCELLED"})
WELL: Final = range(200, 300)
TROUBLES: Final = (AnswerError, UnreachableError, TimeIsUpError, NotPermittedError)


class KeptOrganisation(Organisation):
    """An organisation where every run that is made is marked at once, and ended by `finish`."""

    def __init__(self, wire: Wire, credentials: Credentials, *, permit: Writing) -> None:
        super().__init__(wire, credentials)
        self._permit = permit
        self._marked = 0

    def send(
        self,
        method: str,
        target: str,
        *,
        body: Any = None,
        content: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send any request, and mark the run that it may have made."""
        reply = super().send(
            method, target, body=body, content=content, token=token, headers=headers
        )
        fresh = self._permit.made[self._marked :]
        self._marked += len(fresh)  # before they are marked: that is sent from here as well
        for run_id in fresh:
            _tried(lambda run_id=run_id: self._mark(run_id))  # type: ignore[misc]
        return reply

    def finish(self) -> Sequence[str]:
        """End the runs that are still open; return what a person must look after, in sentences."""
        self.wire.pace.extend(TIDYING_S)
        left = list(self._permit.made)
        for _ in range(ROUNDS):
            left = [run_id for run_id in left if not self._is_ended(run_id)]
        notes = []
        if left:
            notes.append(f"runs that could not be ended, end them by hand: {', '.join(left)}")
        if self._permit.lost:
            notes.append(
                f"{self._permit.lost} executions of {self._permit.action!r} were not answered with "
                "a run: look for runs that they made, and end them by hand"
            )
        return notes

    def _is_ended(self, run_id: str) -> bool:
        status = _tried(lambda: self._status(run_id))
        if status in ENDED:
            return True
        if _tried(lambda: self._mark(run_id, status="FAILURE")):
            return True
        return _tried(lambda: self._decline(run_id)) is True

    def _status(self, run_id: str) -> str | None:
        path, query = {"run_id": run_id}, {"version": "v2"}
        run = self.get("get-action-run-s-details", path=path, query=query).object("run")
        status = run.get("status")
        return status if isinstance(status, str) else None

    def _mark(self, run_id: str, **body: str) -> bool:
        body["statusLabel"] = MARK
        return self._is_done("update-action-run", run_id, body)

    def _decline(self, run_id: str) -> bool:
        return self._is_done("approve-action-run", run_id, {"status": "DECLINE"})

    def _is_done(self, operation: str, run_id: str, body: Mapping[str, str]) -> bool:
        reply = self.ask(operation, path={"run_id": run_id}, body={**body})
        return reply.status in WELL


def _tried(what: Callable[[], Got]) -> Got | None:
    """Return what comes of it, or None if the target has none of it."""
    try:
        return what()
    except TROUBLES:
        return None
