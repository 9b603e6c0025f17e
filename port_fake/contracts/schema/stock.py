"""Real things that requests can name: made for it, or found where nothing may be made."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene

AGENT: Final = "agent"

INTEGRATION: Final = {
    "type": "INTEGRATION_ACTION",
    "installationId": AGENT,
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"org": "acme", "repo": "x", "workflow": "x.yml"},
}

SECRET_VALUE: Final = "what only the organisation knows"  # noqa: S105 - opens nothing
"""The value of every secret that is made: no answer may hold it."""


class Stock(ABC):
    """Gives identifiers of things that are there. *fresh* ones were given to nobody before."""

    can_make: bool
    port: Organisation

    @abstractmethod
    def blueprint(self, *, fresh: bool = False) -> str:
        """Return a blueprint with an entity; a fresh one is empty."""

    @abstractmethod
    def entity(self, *, fresh: bool = False) -> str:
        """Return an entity of `blueprint`."""

    @abstractmethod
    def action(self, *, fresh: bool = False) -> str:
        """Return an action whose runs need no approval."""

    @abstractmethod
    def legacy_action(self, *, fresh: bool = False) -> str:
        """Return an action of `blueprint`."""

    @abstractmethod
    def run(self, *, fresh: bool = False) -> str:
        """Return a run that is not finished; a fresh one is in progress and has no log."""

    @abstractmethod
    def user(self, *, fresh: bool = False) -> str:
        """Return the email of a user."""

    @abstractmethod
    def team(self, *, fresh: bool = False) -> str:
        """Return the name of a team."""

    @abstractmethod
    def secret(self, *, fresh: bool = False) -> str:
        """Return the name of a secret."""


class Made(Stock):
    """Makes what is asked for, over the API that is asked."""

    can_make = True

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.port = scene.port
        self._numbers = count(1)
        self._kept: dict[str, str] = {}

    def name(self, word: str) -> str:
        """Return a name that nothing has yet."""
        return self.scene.named(f"{word}{next(self._numbers)}")

    def blueprint(self, *, fresh: bool = False) -> str:
        """Make a blueprint, the first time or each time."""
        if fresh:
            return self._blueprint()
        if "blueprint" not in self._kept:
            made = self._kept["blueprint"] = self._blueprint()
            self._kept["entity"] = self.scene.entity(made, tier="gold")
        return self._kept["blueprint"]

    def entity(self, *, fresh: bool = False) -> str:
        """Make an entity of `blueprint`, the first time or each time."""
        blueprint = self.blueprint()
        if not fresh:
            return self._kept["entity"]
        name = f"entity{next(self._numbers)}"
        return self.scene.entity(blueprint, name, tier="gold")

    def action(self, *, fresh: bool = False) -> str:
        """Make an action for the agent, the first time or each time."""
        return self._once("action", self._action, fresh=fresh)

    def guarded_action(self) -> str:
        """Make an action whose runs wait for one approval, the first time."""
        return self._once(
            "guarded",
            lambda: self.scene.action(self._word("guarded"), approval="ANY", calls=INTEGRATION),
            fresh=False,
        )

    def legacy_action(self, *, fresh: bool = False) -> str:
        """Make an action of `blueprint`, the first time or each time."""
        return self._once("legacy", self._legacy_action, fresh=fresh)

    def run(self, *, fresh: bool = False) -> str:
        """Make a run of `action`, the first time or each time."""
        return self._once("run", self._run, fresh=fresh)

    def waiting_run(self) -> str:
        """Make a run that waits for approval, each time."""
        return str(self.scene.run(self.guarded_action(), properties={"version": "1"})["id"])

    def user(self, *, fresh: bool = False) -> str:
        """Invite a user, the first time or each time."""
        return self._once("user", lambda: self.scene.user(self._word("user")), fresh=fresh)

    def team(self, *, fresh: bool = False) -> str:
        """Make a team, the first time or each time."""
        return self._once("team", self._team, fresh=fresh)

    def secret(self, *, fresh: bool = False) -> str:
        """Make a secret, the first time or each time."""
        return self._once("secret", self._secret, fresh=fresh)

    # -- making

    def _once(self, kind: str, make: Any, *, fresh: bool) -> str:
        if fresh:
            return str(make())
        if kind not in self._kept:
            self._kept[kind] = make()
        return self._kept[kind]

    def _word(self, word: str) -> str:
        return f"{word}{next(self._numbers)}"

    def _blueprint(self) -> str:
        return self.scene.blueprint(self._word("service"))

    def _action(self) -> str:
        return self.scene.action(self._word("deploy"), calls=INTEGRATION)

    def _legacy_action(self) -> str:
        return self.scene.action(
            self._word("restart"), blueprint=self.blueprint(), calls={"type": "KAFKA"}
        )

    def _run(self) -> str:
        return str(self.scene.run(self.action(), properties={"version": "1"})["id"])

    def _team(self) -> str:
        name = self.name("team")
        self.port.get("create-team", body={"name": name})
        return name

    def _secret(self) -> str:
        name = self.name("secret")
        self.port.get(
            "create-organization-secret",
            body={"secretName": name, "secretValue": SECRET_VALUE, "description": "made"},
        )
        return name


class Found(Stock):
    """Takes the first of what the lists answer."""

    can_make = False

    def __init__(self, port: Organisation) -> None:
        self.port = port
        self._lists: dict[str, list[dict[str, Any]]] = {}

    def blueprint(self, *, fresh: bool = False) -> str:  # noqa: ARG002 - nothing is made here
        """Return a blueprint, one with entities wherever there is one."""
        return self._first("get-blueprints", "blueprints", "identifier", noun="blueprint")

    def entity(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return an entity of `blueprint`."""
        path = {"blueprint_identifier": self.blueprint()}
        return self._first("get-entities", "entities", "identifier", noun="entity", path=path)

    def action(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return an action."""
        return self._first("get-actions", "actions", "identifier", noun="action")

    def legacy_action(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return an action of `blueprint`."""
        path = {"blueprint_identifier": self.blueprint()}
        return self._first("get-blueprint-actions", "actions", "identifier", noun="action of it",
                           path=path)  # fmt: skip

    def run(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return a run."""
        return self._first("get-all-action-runs", "runs", "id", noun="run")

    def user(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return the email of a user."""
        return self._first("get-users", "users", "email", noun="user")

    def team(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return the name of a team."""
        return self._first("get-teams", "teams", "name", noun="team")

    def secret(self, *, fresh: bool = False) -> str:  # noqa: ARG002
        """Return the name of a secret."""
        return self._first("get-organization-secrets", "secrets", "secretName", noun="secret")

    def _first(
        self,
        operation: str,
        key: str,
        field: str,
        *,
        noun: str,
        path: Mapping[str, str] | None = None,
    ) -> str:
        if operation not in self._lists:
            self._lists[operation] = self.port.get(operation, path=path).objects(key)
        listed = self._lists[operation]
        if not listed:
            pytest.skip(f"the organisation has no {noun}")
        found = listed[0].get(field)
        if not isinstance(found, str):
            raise AnswerError(f"{operation} lists something whose {field!r} is no text")
        return found
