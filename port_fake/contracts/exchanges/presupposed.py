"""What was there before a recording began, as far as the recording shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from port_fake.contracts.exchanges.lines import Exchange, Kind
from port_fake.contracts.exchanges.recording import ROUTES

SECOND: Final = {
    "blueprint_identifier": "blueprint",
    "identifier": "blueprint",
    "action_identifier": "action",
    "entity_identifier": "entity",
    "run_id": "run",
    "node_run_id": "node run",
    "user_email": "user",
    "name": "team",
    "secret_name": "secret",
}
"""What the parameters of paths name."""

MADE_BY: Final = {
    "create-team": "team",
    "replace-team": "team",
    "create-blueprint": "blueprint",
    "create-entity": "entity",
    "create-action": "action",
    "create-blueprint-action": "action",
    "replace-blueprint-actions": "action",
    "execute-self-service-action": "run",
    "create-organization-secret": "secret",
    "write-entities": "entity",
}
"""Operations whose answers show what was not there before."""

KEYS: Final = {
    "team": "team",
    "teams": "team",
    "user": "user",
    "users": "user",
    "blueprint": "blueprint",
    "blueprints": "blueprint",
    "entity": "entity",
    "entities": "entity",
    "action": "action",
    "actions": "action",
    "run": "run",
    "runs": "run",
    "nodeRuns": "node run",
    "secret": "secret",
    "secrets": "secret",
}
"""What the keys of answers hold."""

IDENTITY: Final = {
    "team": "name",
    "user": "email",
    "run": "id",
    "secret": "secretName",
}
LEGACY: Final = frozenset({"get-blueprint-actions", "get-blueprint-action"})
AUTOMATED: Final = "AUTOMATION"
READ: Final = "GET"
SYSTEM: Final = "_"
"""How the identifiers of Port's own blueprints begin."""

Name = tuple[str, str]
"""What kind of thing, and its identity; an entity's has its blueprint before a slash."""


@dataclass(slots=True)
class Presupposed:
    """Things by kind and identity, in the order in which they were seen first; runs by age."""

    things: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    permissions: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    logs: dict[str, list[str]] = field(default_factory=dict)
    organisation: Mapping[str, Any] | None = None
    missing: dict[int, Name] = field(default_factory=dict)
    """What an exchange needs, by its number, and neither was made nor is shown."""

    def of(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """Return the things of a kind."""
        return self.things.setdefault(kind, {})


class _Reader:
    def __init__(self) -> None:
        self.found = Presupposed()
        self._made: set[Name] = set()
        self._listed: set[Name] = set()
        self._changed_organisation = False
        self._log_lines: set[str] = set()

    def read(self, exchange: Exchange) -> None:
        answer = exchange.answer
        if answer.status >= HTTPStatus.BAD_REQUEST or answer.body.kind is not Kind.JSON:
            return
        params = _parameters(exchange)
        value = answer.body.value if isinstance(answer.body.value, dict) else {}
        is_rename = exchange.method != READ and self._is_known(params)
        for kind, thing in _things(value):
            name = _name(kind, thing, params)
            if name is None:
                continue
            if self._is_new(exchange, kind, thing) or (is_rename and not self._is_seen(name)):
                self._made.add(name)
            elif exchange.operation not in LEGACY:
                self._see(name, thing)
        if exchange.method == READ and not exchange.query:
            # Whatever a whole list does not show is not there yet.
            self._listed |= {_shelf(KEYS[key], params) for key in value if key in KEYS}
        self._rest(exchange, params, value)
        self._need(exchange, params)

    def _is_new(self, exchange: Exchange, kind: str, thing: Mapping[str, Any]) -> bool:
        if MADE_BY.get(exchange.operation or "") == kind:
            return bool(thing.get("created", True))
        return kind == "entity" and _is_fresh(exchange, thing)

    def _is_seen(self, name: Name) -> bool:
        return name in self._made or name[1] in self.found.of(name[0])

    def _is_known(self, params: Mapping[str, str]) -> bool:
        names = [
            (kind, _full(kind, identity, params))
            for parameter, identity in params.items()
            if (kind := SECOND.get(parameter)) is not None
        ]
        return bool(names) and self._is_seen(names[-1])

    def _see(self, name: Name, thing: Mapping[str, Any]) -> None:
        kind, identity = name
        blueprint = identity.partition("/")[0] if kind == "entity" else ""
        if name in self._made or not _is_whole(kind, thing):
            return
        if (kind, blueprint) in self._listed or ("blueprint", blueprint) in self._made:
            return
        if blueprint.startswith(SYSTEM) or thing.get("source") == AUTOMATED:
            return
        self.found.of(kind).setdefault(identity, thing)

    def _rest(
        self, exchange: Exchange, params: Mapping[str, str], value: Mapping[str, Any]
    ) -> None:
        sent = exchange.request.value if isinstance(exchange.request.value, dict) else {}
        match exchange.operation:
            case "invite-user":
                self._made.add(("user", str(sent.get("invitee", {}).get("email"))))
            case "replace-organization" | "change-organization":
                self._changed_organisation = True
            case "get-organization" if self.found.organisation is None:
                if not self._changed_organisation:
                    self.found.organisation = value.get("organization")
            case "get-action-permissions":
                action = params["action_identifier"]
                if ("action", action) not in self._made and "permissions" in value:
                    self.found.permissions.setdefault(action, value["permissions"])
            case "add-log-action-run":
                self._log_lines.add(str(value.get("runLog", {}).get("id")))
            case "get-action-s-run-logs":
                lines = value.get("runLogs", [])
                old = [one["message"] for one in lines if one["id"] not in self._log_lines]
                self.found.logs.setdefault(params["run_id"], old)
                self._log_lines |= {one["id"] for one in lines}

    def _need(self, exchange: Exchange, params: Mapping[str, str]) -> None:
        """Note the first thing that the path names and nobody has seen."""
        for parameter, identity in params.items():
            kind = SECOND.get(parameter)
            if kind is None:
                continue
            name = (kind, _full(kind, identity, params))
            is_own = identity.startswith(SYSTEM) or ("blueprint", identity) in self._made
            of_own = kind == "entity" and ("blueprint", name[1].partition("/")[0]) in self._made
            if not (is_own or of_own or self._is_seen(name)):
                self.found.missing.setdefault(exchange.number, name)


def presupposed(exchanges: Iterable[Exchange]) -> Presupposed:
    """Return what must be there for the exchanges to make sense, and what cannot be known."""
    reader = _Reader()
    read = list(exchanges)
    for exchange in read:
        reader.read(exchange)
    runs = reader.found.of("run")
    order = _by_age(read, set(runs))
    reader.found.things["run"] = {name: runs[name] for name in order}
    return reader.found


def _by_age(exchanges: Iterable[Exchange], wanted: set[str]) -> list[str]:
    """Return runs, oldest first: lists answer the newest first, and other answers say nothing."""
    order: list[str] = []
    for exchange in exchanges:
        value = exchange.answer.body.value
        if not isinstance(value, dict):
            continue
        place = 0
        runs = value.get("runs") if isinstance(value.get("runs"), list) else [value.get("run")]
        for run in reversed(runs or []):
            name = run.get("id") if isinstance(run, dict) else None
            if name not in wanted:
                continue
            if name not in order:
                order.insert(place if len(runs or []) > 1 else len(order), name)
            place = order.index(name) + 1
    return order


def _parameters(exchange: Exchange) -> dict[str, str]:
    found = ROUTES.find(exchange.path)
    if found is None or exchange.method not in found[0]:
        return {}
    return dict(zip(found[0][exchange.method][1], found[1], strict=True))


def _shelf(kind: str, params: Mapping[str, str]) -> Name:
    """Return what a list of things is a list of: entities are listed by blueprint."""
    return kind, params.get("blueprint_identifier", "") if kind == "entity" else ""


def _things(value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, held in value.items():
        kind = KEYS.get(key)
        if kind is not None:
            for one in held if isinstance(held, list) else [held]:
                if isinstance(one, dict):
                    yield kind, one


def _name(kind: str, thing: Mapping[str, Any], params: Mapping[str, str]) -> Name | None:
    identity = thing.get(IDENTITY.get(kind, "identifier"))
    if not isinstance(identity, str):
        return None
    if kind == "entity":
        blueprint = thing.get("blueprint") or params.get("blueprint_identifier")
        return kind, f"{blueprint}/{identity}"
    return kind, identity


def _full(kind: str, identity: str, params: Mapping[str, str]) -> str:
    return f"{params['blueprint_identifier']}/{identity}" if kind == "entity" else identity


def _is_fresh(exchange: Exchange, thing: Mapping[str, Any]) -> bool:
    """Whether an entity was made by the request that answers with it."""
    is_write = exchange.operation in {"replace-entity", "change-entity"}
    return is_write and thing.get("createdAt") == thing.get("updatedAt")


def _is_whole(kind: str, thing: Mapping[str, Any]) -> bool:
    """Whether an answer shows enough of a thing to make it again."""
    needed = {
        "blueprint": ("identifier", "title", "schema"),
        "entity": ("identifier", "blueprint"),
        "action": ("identifier", "trigger", "invocationMethod"),
        "node run": ("identifier", "nodeUid", "installationId"),
    }
    return all(key in thing for key in needed.get(kind, ()))
