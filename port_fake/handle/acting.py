"""Commands that do what people and backends do with runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from port_fake.handle.performing import Performing
from port_fake.handle.views import RunView, id_of


class Acting(Performing):
    """Press, approve, report."""

    def execute(
        self,
        action: str,
        properties: Mapping[str, Any] | None = None,
        *,
        entity: str | None = None,
        as_user: str | None = None,
    ) -> RunView:
        """Press the button.

        Raises:
            RefusedError: Port would refuse it.
        """
        body: dict[str, Any] = {"properties": dict(properties or {})}
        if entity is not None:
            body["entity"] = entity
        answer = self.perform(
            "execute-self-service-action",
            path={"action_identifier": action},
            body=body,
            as_user=as_user,
        )
        return self._seen(answer["run"]["id"])

    def approve(
        self, run: str | RunView, *, as_user: str | None = None, description: str | None = None
    ) -> RunView:
        """Vote for a run.

        Raises:
            RefusedError: Port would refuse the vote.
        """
        return self._rule(run, "APPROVE", as_user, description)

    def decline(
        self, run: str | RunView, *, as_user: str | None = None, description: str | None = None
    ) -> RunView:
        """Vote against a run.

        Raises:
            RefusedError: Port would refuse the vote.
        """
        return self._rule(run, "DECLINE", as_user, description)

    def complete(
        self,
        run: str | RunView,
        status: str = "SUCCESS",
        *,
        link: str | list[str] | None = None,
        summary: str | None = None,
        label: str | None = None,
    ) -> RunView:
        """End a run as its backend would: ``SUCCESS`` or ``FAILURE``.

        Raises:
            RefusedError: Port would refuse the update.
        """
        given = {"status": status, "link": link, "summary": summary, "statusLabel": label}
        body = {key: value for key, value in given.items() if value is not None}
        self.perform("update-action-run", path={"run_id": id_of(run)}, body=body)
        return self._seen(run)

    def log(
        self,
        run: str | RunView,
        message: str,
        *,
        status: str | None = None,
        label: str | None = None,
    ) -> RunView:
        """Write a line to a run's log as its backend would; *status* ends the run with it.

        Raises:
            RefusedError: Port would refuse the line.
        """
        given = {"message": message, "terminationStatus": status, "statusLabel": label}
        body = {key: value for key, value in given.items() if value is not None}
        self.perform("add-log-action-run", path={"run_id": id_of(run)}, body=body)
        return self._seen(run)

    def _rule(
        self, run: str | RunView, status: str, as_user: str | None, description: str | None
    ) -> RunView:
        body = {"status": status}
        if description is not None:
            body["description"] = description
        self.perform("approve-action-run", path={"run_id": id_of(run)}, body=body, as_user=as_user)
        return self._seen(run)

    def _seen(self, run: str | RunView) -> RunView:
        with self.world.lock:
            return RunView.of(self.world, self.world.runs[id_of(run)])
