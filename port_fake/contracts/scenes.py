"""What a question needs to be there, made over the API that is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final, Literal

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.permits import Writing
from port_fake.contracts.replies import AnswerError, Reply

NOWHERE: Final = "https://backend.invalid/"
"""Where nobody is: what is sent there never arrives."""

Approval = Literal["ANY", "ALL"]


class Scene:
    """Makes things in an organisation, with names that no other scene gives.

    On a fake the organisation is empty and names are plain; elsewhere they get *suffix*.
    """

    def __init__(self, port: Organisation, *, suffix: str = "") -> None:
        self.port = port
        self._suffix = suffix
        self._numbers = count(1)

    def named(self, name: str) -> str:
        """Return *name* as it is called here."""
        return f"{name}{self._suffix}"

    def blueprint(self, name: str = "service", **schema: Any) -> str:
        """Make a blueprint; *schema* is its properties by name. Return its identifier."""
        identifier = self.named(name)
        properties = schema or {"tier": {"type": "string"}}
        body = {"identifier": identifier, "title": name, "schema": {"properties": properties}}
        self.port.get("create-blueprint", body=body)
        return identifier

    def entity(self, blueprint: str, name: str = "checkout", **properties: Any) -> str:
        """Make an entity of a blueprint; return its identifier."""
        identifier = self.named(name)
        body = {"identifier": identifier, "title": name, "properties": properties}
        path = {"blueprint_identifier": blueprint}
        self.port.get("create-entity", path=path, body=body)
        return identifier

    def user(self, name: str, *, roles: Sequence[str] = ("Member",)) -> str:
        """Invite a user; return the email, with which `Organisation.ask` can act."""
        email = f"{self.named(name)}@example.com"
        self.port.get("invite-user", body={"invitee": {"email": email, "roles": list(roles)}})
        return email

    def action(
        self,
        name: str = "deploy",
        *,
        approval: Approval | bool | None = None,
        approvers: Sequence[str] = (),
        inputs: Mapping[str, Any] | None = None,
        required: Sequence[str] = (),
        blueprint: str | None = None,
        operation: str = "CREATE",
        calls: Mapping[str, Any] | str = NOWHERE,
    ) -> str:
        """Make a self-service action; return its identifier.

        *calls* is the address of a webhook, or a whole invocation method. *approvers* are emails,
        and become the only ones who may approve.
        """
        identifier = self.named(name)
        trigger: dict[str, Any] = {
            "type": "self-service",
            "operation": operation,
            "userInputs": {"properties": dict(inputs or INPUTS), "required": list(required)},
        }
        if blueprint is not None:
            trigger["blueprintIdentifier"] = blueprint
        method = {"type": "WEBHOOK", "url": calls} if isinstance(calls, str) else dict(calls)
        body: dict[str, Any] = {
            "identifier": identifier,
            "title": name,
            "trigger": trigger,
            "invocationMethod": method,
        }
        if approval is not None:
            body["requiredApproval"] = {"type": approval} if isinstance(approval, str) else approval
        self.port.get("create-action", body=body)
        if approvers:
            named = {"users": list(approvers), "roles": [], "teams": []}
            path = {"action_identifier": identifier}
            self.port.get("update-action-permissions", path=path, body={"approve": named})
        return identifier

    def run(
        self,
        action: str,
        *,
        properties: Mapping[str, Any] | None = None,
        entity: str | None = None,
        as_user: str | None = None,
    ) -> dict[str, Any]:
        """Make a run of an action; return it as the answer shows it."""
        body: dict[str, Any] = {"properties": dict(properties or {})}
        if entity is not None:
            body["entity"] = entity
        path = {"action_identifier": action}
        reply = self.port.get("execute-self-service-action", path=path, body=body, as_user=as_user)
        return run_of(reply)

    # -- looking

    def read(self, run_id: str, version: str = "v2") -> dict[str, Any]:
        """Return a run as it stands."""
        path = {"run_id": run_id}
        return run_of(
            self.port.get("get-action-run-s-details", path=path, query={"version": version})
        )

    def runs(self, **query: Any) -> list[dict[str, Any]]:
        """Return the runs of a list, in its order; v2 unless another version is asked for."""
        return self.port.get("get-all-action-runs", query={"version": "v2", **query}).objects(
            "runs"
        )

    def logs(self, run_id: str, **query: Any) -> list[dict[str, Any]]:
        """Return the log lines of a run, in the order of the answer."""
        path = {"run_id": run_id}
        return self.port.get("get-action-s-run-logs", path=path, query=query).objects("runLogs")

    # -- reporting

    def update(self, run_id: str, *, version: str = "v2", **body: Any) -> dict[str, Any]:
        """Report on a run, which must be accepted; return it as the answer shows it."""
        path = {"run_id": run_id}
        query = {"version": version}
        return run_of(self.port.get("update-action-run", path=path, query=query, body=body))

    def log(self, run_id: str, message: str, **body: Any) -> dict[str, Any]:
        """Write a log line, which must be accepted; return it as the answer shows it."""
        path = {"run_id": run_id}
        reply = self.port.get("add-log-action-run", path=path, body={"message": message, **body})
        return reply.object("runLog")

    def rule(self, run_id: str, status: str, *, as_user: str | None = None, **body: Any) -> Reply:
        """Send a ruling, APPROVE or DECLINE; return the answer, whatever it is."""
        path = {"run_id": run_id}
        ruling = {"status": status, **body}
        return self.port.ask("approve-action-run", path=path, body=ruling, as_user=as_user)


INPUTS: Final = {"version": {"type": "string"}, "replicas": {"type": "number"}}


class Button:
    """An action that may be executed on any target where something may be written at all.

    On an organisation that is somebody's own it is the one action that was named; elsewhere it is
    made with the first run.
    """

    def __init__(self, scene: Scene, *, properties: Mapping[str, Any]) -> None:
        self.scene = scene
        permit = scene.port.wire.permit
        self._given = permit.action if isinstance(permit, Writing) else None
        self._made: str | None = None
        self.properties: Mapping[str, Any] = properties if self._given else {"version": "1.0"}

    @property
    def action(self) -> str:
        """The identifier of the action."""
        if self._given is not None:
            return self._given
        if self._made is None:
            self._made = self.scene.action("press")
        return self._made

    def press(self) -> dict[str, Any]:
        """Make a run and return it as the answer shows it."""
        return self.scene.run(self.action, properties=self.properties)


def run_of(reply: Reply) -> dict[str, Any]:
    """Return the run of an answer.

    Raises:
        AnswerError: It holds none, or one without id and status.
    """
    run = reply.object("run")
    if not isinstance(run.get("id"), str) or not isinstance(run.get("status"), str):
        raise AnswerError(f"{reply.told}, and a run must have an id and a status")
    return run
