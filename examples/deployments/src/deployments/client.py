"""A client for pipelines: asks for a deployment and waits until it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from deployments.port import Port

UNDER_WAY = ("WAITING_FOR_APPROVAL", "IN_PROGRESS")
SLOWER = 1.5
SLOWEST_S = 60.0


class NotDeployedError(Exception):
    """A deployment has not happened."""


class DeclinedError(NotDeployedError):
    """A reviewer has said no."""


class FailedError(NotDeployedError):
    """The backend has given up."""


class TooLateError(NotDeployedError):
    """Nobody approved in time, or the backend did not come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment that has happened."""

    run_id: str
    summary: str
    links: tuple[str, ...]

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> Self | None:
        """Read a run: the deployment, or None while it is under way.

        Raises:
            DeclinedError: With the words of the reviewer.
            FailedError: With the summary of the backend.
        """
        status = run["status"]
        if status in UNDER_WAY:
            return None
        if status == "DECLINED":
            raise DeclinedError((run.get("approval") or {}).get("description") or "no reason given")
        summary = run.get("summary") or ""
        if status != "SUCCESS":
            raise FailedError(summary or "the backend gave no reason")
        link = run.get("link") or ()
        links = (link,) if isinstance(link, str) else tuple(link)
        return cls(run_id=run["id"], summary=summary, links=links)


class Deployer:
    """Asks for deployments. Times are in seconds; *clock* and *sleep* are those of `time`."""

    def __init__(
        self,
        port: Port,
        *,
        poll_s: float = 2,
        timeout_s: float = 3600,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._port = port
        self._poll_s = poll_s
        self._timeout_s = timeout_s
        self._clock = clock
        self._sleep = sleep

    def deploy(self, service: str, **inputs: Any) -> Deployment:
        """Ask for a deployment and wait for it.

        Raises:
            PortError: Port refuses the request.
            NotDeployedError: It was declined, has failed, or took too long.
        """
        return self.wait(self.ask(service, **inputs))

    def ask(self, service: str, **inputs: Any) -> str:
        """Ask for a deployment and return the id of its run."""
        return self._port.execute("deploy", inputs, entity=service)

    def wait(self, run_id: str) -> Deployment:
        """Wait for the end of a run; one that nobody approves in time is withdrawn."""
        deadline = self._clock() + self._timeout_s
        for pause_s in self._pauses_s():
            run = self._port.run(run_id)
            found = Deployment.of(run)
            if found is not None:
                return found
            left_s = deadline - self._clock()
            if left_s <= 0:
                self._give_up(run)
            self._sleep(min(pause_s, left_s))
        raise AssertionError("there is always another pause")

    def _give_up(self, run: Mapping[str, Any]) -> None:
        if run["status"] == "WAITING_FOR_APPROVAL":
            self._port.update_run(run["id"], status="FAILURE", summary="withdrawn: nobody approved")
        raise TooLateError(f"run {run['id']} was {run['status']} after {self._timeout_s:g} s")

    def _pauses_s(self) -> Iterator[float]:
        pause_s = self._poll_s
        while True:
            yield pause_s
            pause_s = min(pause_s * SLOWER, SLOWEST_S)
