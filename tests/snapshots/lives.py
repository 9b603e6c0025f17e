"""An organisation with something of everything, what may happen to it, and all that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st

from port_fake import FakePort, RefusedError
from port_fake.dialects.port.dialect import PORT

ADMIN: Final = "ana.admin@example.com"
LEAD: Final = "lea.lead@example.com"
EMAILS: Final = (ADMIN, "ben.builder@example.com", LEAD)
SECRET: Final = "hunter2-and-more"  # noqa: S105 - made up
POLLED: Final = {
    "type": "INTEGRATION_ACTION",
    "installationId": "ocean",
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"repo": "a", "org": "b", "workflow": "c"},
}
ENCRYPTED: Final = {"type": "string", "encryption": "aes256-gcm"}


def stocked(**options: Any) -> FakePort:
    """Return an organisation with something in every table; it needs no server."""
    port = FakePort(scenario="microservice", **options)
    stock(port)
    return port


def stock(port: FakePort) -> None:
    """Put something into every table of an organisation that has the scenario."""
    port.add_secret("TOKEN", SECRET)
    port.add_action(
        "sealed",
        inputs={"password": ENCRYPTED, "where": {"type": "string", "format": "entity"}},
        invokes={"type": "WEBHOOK", "url": "https://example.com", "agent": True},
    )
    port.add_action("poll", invokes=POLLED)
    port.perform("change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}})
    port.add_node_run("build", "ocean")
    waiting = port.execute("deploy_to_production", {"version": "1"}, entity="checkout")
    port.log(waiting, "hello")
    port.execute("create_microservice", {"name": "till"}, as_user=LEAD)
    port.execute("sealed", {"password": SECRET})
    port.execute("poll")


@dataclass(frozen=True)
class Step:
    """Something that happens, by its name."""

    name: str
    act: Callable[[FakePort], object]

    def __repr__(self) -> str:
        return self.name

    def attempt(self, port: FakePort) -> str | None:
        """Let it happen, and return why it was refused, if it was."""
        try:
            self.act(port)
        except RefusedError as refusal:
            return str(refusal)
        return None


def nth_run(port: FakePort, number: int) -> str:
    """Return the id of a run, counted from the newest."""
    runs = port.runs()
    return runs[number % len(runs)].id


def step(name: str, act: Callable[[FakePort, Any], object], *values: Any) -> list[Step]:
    return [Step(f"{name} {value!r}", partial(_acted, act, value)) for value in values]


def _acted(act: Callable[[FakePort, Any], object], value: Any, port: FakePort) -> object:
    return act(port, value)


def claim(port: FakePort, installation: str) -> object:
    return port.perform("claim-pending-runs", body={"installationId": installation, "limit": 1})


STEPS: Final = [
    *step(
        "deploy",
        lambda port, email: port.execute(
            "deploy_to_production", {"version": "2"}, entity="checkout", as_user=email
        ),
        *EMAILS,
    ),
    *step("seal", lambda port, text: port.execute("sealed", {"password": text}), "a", "ü"),
    *step("poll", lambda port, _: port.execute("poll"), 0),
    *step("approve", lambda port, n: port.approve(nth_run(port, n), as_user=LEAD), 0, 1, 2),
    *step("decline", lambda port, n: port.decline(nth_run(port, n), description="no"), 0, 3),
    *step("log", lambda port, n: port.log(nth_run(port, n), "line", label="busy"), 0, 1, 4),
    *step("end", lambda port, n: port.complete(nth_run(port, n), link=["https://a"]), 0, 1, 2),
    *step("fail", lambda port, n: port.complete(nth_run(port, n), "FAILURE", summary="x"), 1, 3),
    *step("claim", claim, "ocean", "_PORT_EXEC_AGENT"),
    *step(
        "fetch",
        lambda port, n: port.perform("acknowledge-runs", body={"runIds": [nth_run(port, n)]}),
        0,
        1,
    ),
    *step("wait", lambda port, seconds: port.advance(seconds), 1, 100_000),
    *step("invite", lambda port, email: port.add_user(email, teams=["new"]), "new@example.com"),
    *step("give", lambda port, name: port.add_secret(name, "x" * 9), "ONE", "TOKEN"),
    *step(
        "write",
        lambda port, name: port.add_entity("microservice", name, properties={"region": "x"}),
        "till",
        "checkout",
    ),
    *step(
        "delete",
        lambda port, name: port.perform("delete-action", path={"action_identifier": name}),
        "sealed",
        "poll",
    ),
    *step("permit", lambda port, name: port.permit(name, approve={"users": [ADMIN]}), "poll"),
]
LIVES: Final = st.lists(st.sampled_from(STEPS), max_size=12)

PATHS: Final[dict[str, Callable[[FakePort], list[str]]]] = {
    "secret_name": lambda port: [one.name for one in port.world.secrets.all()],
    "run_id": lambda port: [one.id for one in port.world.runs],
    "action_identifier": lambda port: [one.identifier for one in port.world.actions],
    "blueprint_identifier": lambda port: [one.identifier for one in port.world.blueprints],
    "identifier": lambda port: [one.identifier for one in port.world.blueprints],
    "entity_identifier": lambda port: [
        one.key.identifier for one in port.world.entities.of("microservice")
    ],
    "user_email": lambda port: [one.email for one in port.world.people.users],
    "name": lambda port: [one.name for one in port.world.people.teams],
}
"""Every value that a parameter of a path may have, by its name."""


HISTORY: Final = "get-audit-logs"
"""What has been is not kept: the audit log begins anew."""


def shown(port: FakePort) -> dict[str, Any]:
    """Return the answer to every GET of what is kept, as the organisation and as a user."""
    answers: dict[str, Any] = {}
    for row in PORT.operations:
        if row.method != "GET" or row.name == HISTORY:
            continue
        names = [part[1:-1] for part in row.path.split("/") if part.startswith("{")]
        paths: list[dict[str, str]] = [{}]
        for name in names:
            paths = [{**path, name: value} for path in paths for value in PATHS[name](port)]
        for path in paths:
            for version in ("v1", "v2"):
                for user in (None, LEAD):
                    answers[f"{row.name} {path} {version} {user}"] = answer(
                        port, row.name, path, version, user
                    )
    return answers


def answer(
    port: FakePort, operation: str, path: dict[str, str], version: str, user: str | None
) -> Any:
    try:
        return port.perform(operation, path=path, query={"version": version}, as_user=user)
    except RefusedError as refusal:
        return str(refusal)
