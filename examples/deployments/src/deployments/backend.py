"""The backend: takes Port's letters, deploys, and reports what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, Protocol

from deployments.orders import BadOrderError, Order, is_from_port, run_id_of
from deployments.port import Port, PortError

ALREADY_OVER = 422


class Cluster(Protocol):
    """Where services run."""

    def roll_out(self, order: Order) -> Iterable[str]:
        """Bring a version to life, telling each step.

        Raises:
            RolloutError: The cluster is as it was before.
        """
        ...

    def url_of(self, order: Order) -> str:
        """Return where the service answers."""
        ...


class RolloutError(Exception):
    """A rollout went wrong and was rolled back."""


class Backend:
    """Carries out each order once, however often Port sends it.

    *start* takes a job and runs it some time: an executor's ``submit``.
    """

    def __init__(
        self,
        port: Port,
        cluster: Cluster,
        *,
        start: Callable[[Callable[[], None]], object],
        now: Callable[[], float],
    ) -> None:
        self._port = port
        self._cluster = cluster
        self._start = start
        self._now = now
        self._lock = Lock()
        self._taken: set[str] = set()

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take a letter, leave the work for later, and return the status code to answer with."""
        secret = self._port.client_secret
        if not is_from_port(headers, body, secret=secret, now=self._now()):
            return 401
        try:
            document = json.loads(body)
        except ValueError:
            return 400
        run_id = run_id_of(document)
        if run_id is None:
            return 400
        with self._lock:
            if run_id in self._taken:
                return 200
            self._taken.add(run_id)
        self._start(lambda: self._carry_out(run_id, document))
        return 202

    def _carry_out(self, run_id: str, document: Mapping[str, Any]) -> None:
        if self._port.run(run_id)["status"] != "IN_PROGRESS":
            return  # done before we were started again, or withdrawn
        try:
            order = Order.read(document)
            for step in self._cluster.roll_out(order):
                self._port.log(run_id, step)
        except (BadOrderError, RolloutError) as error:
            self._end(run_id, status="FAILURE", summary=str(error))
            return
        self._record(run_id, order)
        self._end(
            run_id,
            status="SUCCESS",
            link=self._cluster.url_of(order),
            summary=f"{order.service} {order.version} is in {order.environment}",
        )

    def _record(self, run_id: str, order: Order) -> None:
        entity = {
            "identifier": order.identifier,
            "title": f"{order.service} in {order.environment}",
            "properties": {"version": order.version, "replicas": order.replicas},
            "relations": {"service": order.service},
        }
        self._port.upsert("deployment", entity, run_id=run_id)

    def _end(self, run_id: str, *, status: str, **report: Any) -> None:
        try:
            self._port.update_run(run_id, status=status, **report)
        except PortError as error:
            # The answer to an earlier try may have been lost on its way.
            if error.status != ALREADY_OVER or self._port.run(run_id)["status"] != status:
                raise
