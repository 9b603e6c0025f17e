"""Furnishes a fake with what a recording presupposes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from port_fake.contracts.exchanges.binding import Bindings
from port_fake.contracts.exchanges.lines import Exchange
from port_fake.contracts.exchanges.presupposed import Presupposed, presupposed
from port_fake.errors import MisuseError, RefusedError
from port_fake.fake import FakePort

STAMPS: Final = frozenset({"id", "createdAt", "createdBy", "updatedAt", "updatedBy", "deleted"})
ENTITY_KEYS: Final = ("identifier", "title", "icon", "team", "properties", "relations")
PROFILE_KEYS: Final = ("name", "settings")
MADE_UP: Final = "made-up-by-port-fake"


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is there for a replay. *lacking* says, by number, what cannot be compared and why.

    *notes* tell what could not be made.
    """

    bindings: Bindings
    lacking: Mapping[int, str]
    notes: Sequence[str]


def arranged(
    port: FakePort, exchanges: Iterable[Exchange], *, exact_times: bool = False
) -> Arranged:
    """Furnish a fake with what exchanges presuppose, as far as they show it."""
    bindings = Bindings(exact_times=exact_times)
    wanted = presupposed(exchanges)
    furnisher = _Furnisher(port, bindings)
    furnisher.furnish(wanted)
    port.settle()
    lacking = {
        number: f"{kind} {name!r} was there before the recording, which does not show it; "
        "read it while recording"
        for number, (kind, name) in wanted.missing.items()
    }
    failed = furnisher.failures.items()
    notes = [f"{kind} {name!r} could not be arranged: {why}" for (kind, name), why in failed]
    return Arranged(bindings, lacking, notes)


class _Furnisher:
    """Makes what was there before, each thing for itself; what cannot be made is told."""

    def __init__(self, port: FakePort, bindings: Bindings) -> None:
        self._port = port
        self._bindings = bindings
        self._emails: dict[str, str] = {}
        self.failures: dict[tuple[str, str], str] = {}
        """Why a thing could not be made, by kind and identity."""

    def furnish(self, wanted: Presupposed) -> None:
        """Make everything, in an order in which things may refer to each other."""
        self._each(wanted, "team", self._team)
        self._each(wanted, "user", self._user)
        self._each(wanted, "secret", self._secret)
        if wanted.organisation is not None:
            self._organisation(wanted.organisation)
        self._each(wanted, "blueprint", self._bare_blueprint)
        self._each(wanted, "blueprint", self._blueprint_relations)
        self._each(wanted, "entity", self._bare_entity)
        self._each(wanted, "entity", self._entity_relations)
        self._each(wanted, "action", self._action)
        for action, permissions in wanted.permissions.items():
            body = self._filled(permissions)
            self._try(("action", action), lambda a=action, b=body: self._permit(a, b))  # type: ignore[misc]
        for name, run in wanted.of("run").items():
            lines = wanted.logs.get(name, [])
            self._try(("run", name), lambda n=name, r=run, x=lines: self._run(n, r, x))  # type: ignore[misc]
        self._each(wanted, "node run", self._node_run)

    def _each(
        self, wanted: Presupposed, kind: str, make: Callable[[Mapping[str, Any]], None]
    ) -> None:
        for name, thing in wanted.of(kind).items():
            if (kind, name) not in self.failures:
                self._try((kind, name), lambda one=thing: make(one))  # type: ignore[misc]

    def _try(self, name: tuple[str, str], make: Callable[[], None]) -> None:
        try:
            make()
        except (RefusedError, MisuseError, KeyError, TypeError, AttributeError) as error:
            self.failures[name] = str(error) or type(error).__name__

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._bindings.filled(key): self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        return self._bindings.filled(value) if isinstance(value, str) else value

    def _team(self, team: Mapping[str, Any]) -> None:
        body = {"name": team["name"]}
        if team.get("description"):
            body["description"] = team["description"]
        self._port.perform("create-team", body=body)

    def _user(self, user: Mapping[str, Any]) -> None:
        roles = [one["name"] if isinstance(one, dict) else one for one in user.get("roles", [])]
        teams = [one["name"] if isinstance(one, dict) else one for one in user.get("teams", [])]
        made = self._port.add_user(user["email"], roles=roles or ["Member"], teams=teams)
        if "id" in user:
            self._bindings.bind(user["id"], made["id"])
            self._emails[user["id"]] = user["email"]

    def _secret(self, secret: Mapping[str, Any]) -> None:
        body = {"secretName": secret["secretName"], "secretValue": MADE_UP}
        if secret.get("description"):
            body["description"] = secret["description"]
        self._port.perform("create-organization-secret", body=body)

    def _organisation(self, profile: Mapping[str, Any]) -> None:
        body = {key: self._filled(profile[key]) for key in PROFILE_KEYS if profile.get(key)}
        self._try(("organisation", ""), lambda: self._done("change-organization", {}, body))

    def _bare_blueprint(self, blueprint: Mapping[str, Any]) -> None:
        body = self._filled(_without_stamps(blueprint))
        for key in ("relations", "mirrorProperties", "aggregationProperties"):
            body.pop(key, None)
        self._done("create-blueprint", {}, body)

    def _blueprint_relations(self, blueprint: Mapping[str, Any]) -> None:
        body = self._filled(_without_stamps(blueprint))
        self._done("replace-blueprint", {"identifier": body["identifier"]}, body)

    def _bare_entity(self, entity: Mapping[str, Any]) -> None:
        body = self._filled({key: entity[key] for key in ENTITY_KEYS if entity.get(key)})
        body.pop("relations", None)
        self._done("create-entity", {"blueprint_identifier": entity["blueprint"]}, body)

    def _entity_relations(self, entity: Mapping[str, Any]) -> None:
        if entity.get("relations"):
            place = {
                "blueprint_identifier": entity["blueprint"],
                "entity_identifier": self._bindings.filled(entity["identifier"]),
            }
            relations = self._filled(entity["relations"])
            self._done("change-entity", place, {"relations": relations})

    def _action(self, action: Mapping[str, Any]) -> None:
        body = self._filled(_without_stamps(action))
        self._done("create-action", {}, body)

    def _permit(self, action: str, permissions: Mapping[str, Any]) -> None:
        self._done("update-action-permissions", {"action_identifier": action}, permissions)

    def _run(self, name: str, run: Mapping[str, Any], lines: list[str]) -> None:
        self._port.load({"runs": [self._filled(self._life(run, lines))]})
        newest = self._port.perform("get-all-action-runs", query={"limit": 1})["runs"][0]
        self._bindings.bind(name, newest["id"])

    def _life(self, run: Mapping[str, Any], lines: list[str]) -> dict[str, Any]:
        action = run["action"]
        life: dict[str, Any] = {
            "action": action if isinstance(action, str) else action["identifier"],
            "properties": run.get("rawProperties", run["properties"]),
            "status": run["status"],
        }
        given = {
            "as": self._emails.get(run.get("createdBy", "")),
            "entity": (run.get("entity") or {}).get("identifier"),
            "links": _link(run.get("link")),
            "summary": run.get("summary"),
            "label": run.get("statusLabel"),
            "logs": lines,
        }
        life |= {key: value for key, value in given.items() if value}
        approval = run.get("approval")
        if approval:
            ruling = "APPROVE" if approval.get("state", "").startswith("APPROVE") else "DECLINE"
            ballot = {"as": self._emails.get(approval.get("userId", "")), "status": ruling}
            ballot["description"] = approval.get("description")
            life["approvals"] = [{key: value for key, value in ballot.items() if value}]
        return life

    def _node_run(self, run: Mapping[str, Any]) -> None:
        config = run.get("config") or run.get("node", {}).get("config", {})
        made = self._port.add_node_run(run["nodeUid"], run["installationId"], config=config)
        self._bindings.bind(run["identifier"], made)

    def _done(self, operation: str, path: Mapping[str, str], body: Any) -> None:
        self._port.perform(operation, path=path, body=body)


def _without_stamps(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key not in STAMPS}


def _link(shown: Any) -> Any:
    """Return a link as it was most likely set: v2 shows a single one as a list."""
    return shown[0] if isinstance(shown, list) and len(shown) == 1 else shown
