"""Where a story is told: short ways to ask, each answered with the JSON that came back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from port_fake.contracts.exchanges.asking import Asker, Request
from port_fake.contracts.exchanges.lines import ORGANISATION
from port_fake.fake import FakePort

Query: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, str]]

NOTHING: Final = object()

ADMIN: Final = "ana.admin@example.com"
BUILDER: Final = "ben.builder@example.com"
LEAD: Final = "lea.lead@example.com"
STRANGE: Final = "sam.stranger@example.com"


class Stage:
    """A fake behind a recorder. *port* is for what the API cannot arrange."""

    def __init__(self, port: FakePort, ask: Asker) -> None:
        self.port = port
        self._ask = ask

    def get(self, path: str, query: Query = (), *, caller: str = ORGANISATION) -> Any:
        """Read."""
        return self.ask("GET", path, query=query, caller=caller)

    def post(
        self, path: str, body: Any = NOTHING, *, query: Query = (), caller: str = ORGANISATION
    ) -> Any:
        """Make, or carry out."""
        return self.ask("POST", path, body, query=query, caller=caller)

    def put(
        self, path: str, body: Any = NOTHING, *, query: Query = (), caller: str = ORGANISATION
    ) -> Any:
        """Replace."""
        return self.ask("PUT", path, body, query=query, caller=caller)

    def patch(
        self, path: str, body: Any = NOTHING, *, query: Query = (), caller: str = ORGANISATION
    ) -> Any:
        """Change."""
        return self.ask("PATCH", path, body, query=query, caller=caller)

    def delete(
        self, path: str, body: Any = NOTHING, *, query: Query = (), caller: str = ORGANISATION
    ) -> Any:
        """Remove."""
        return self.ask("DELETE", path, body, query=query, caller=caller)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        query: Query = (),
        caller: str = ORGANISATION,
    ) -> Any:
        """Ask, and return the JSON of the answer; a body of bytes goes out as it is."""
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        target = path + (f"?{urlencode(pairs, doseq=True)}" if pairs else "")
        data = None
        if body is not NOTHING:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self._ask(Request(method, target, caller, data))
        # What an answer sets off is over before the next question, so that stamps repeat.
        self.port.settle()
        return json.loads(response.body) if response.body else None

    def log_in(self, caller: str = ORGANISATION, **changes: Any) -> Any:
        """Exchange the credentials of a caller for a token, some of them changed."""
        who = self._ask.credentials_of(caller)
        body = {"clientId": who.client_id, "clientSecret": who.client_secret, **changes}
        return self.post("/v1/auth/access_token", body)


Tell: TypeAlias = Callable[[Stage], None]


def invite(stage: Stage, *people: str) -> None:
    """Invite an Admin and some Members, and look who they are."""
    for email in people:
        roles = ["Admin"] if email == ADMIN else ["Member"]
        stage.post("/v1/users/invite", {"invitee": {"email": email, "roles": roles}})
    stage.get("/v1/users")


def action(identifier: str, /, **changes: Any) -> dict[str, Any]:
    """Return an action whose runs wait for an agent, so that nothing happens by itself."""
    return {
        "identifier": identifier,
        "title": identifier.title(),
        "trigger": button(),
        "invocationMethod": for_agent("agent"),
        **changes,
    }


def button(
    operation: str = "CREATE",
    *,
    blueprint: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    required: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the trigger of a self-service action."""
    form: dict[str, Any] = {"properties": dict(inputs or {"why": {"type": "string"}})}
    if required:
        form["required"] = list(required)
    trigger: dict[str, Any] = {"type": "self-service", "operation": operation, "userInputs": form}
    return trigger if blueprint is None else {**trigger, "blueprintIdentifier": blueprint}


def for_agent(installation: str, **properties: Any) -> dict[str, Any]:
    """Return an invocation that waits in the queue of an installation."""
    execution = properties or {"org": "acme", "repo": "shop", "workflow": "deploy.yml"}
    return {
        "type": "INTEGRATION_ACTION",
        "installationId": installation,
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": execution,
    }


def webhook(**changes: Any) -> dict[str, Any]:
    """Return an invocation of a host that the fake never calls."""
    return {"type": "WEBHOOK", "url": "https://hook.example.com/run", **changes}


def blueprint(identifier: str, /, **changes: Any) -> dict[str, Any]:
    """Return a blueprint with properties of several kinds."""
    properties = {
        "region": {"type": "string"},
        "replicas": {"type": "number"},
        "public": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "spec": {"type": "object"},
        "owner": {"type": "string", "format": "user"},
        "since": {"type": "string", "format": "date-time"},
    }
    return {
        "identifier": identifier,
        "title": identifier.title(),
        "icon": "Microservice",
        "schema": {"properties": properties},
        **changes,
    }
