"""Commands that furnish an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from port_fake import scenarios
from port_fake.handle.performing import Performing


class Arranging(Performing):
    """Actions, permissions, people and the catalog."""

    def load(self, scenario: str | Path) -> None:
        """Furnish the organisation from a folder, or from a scenario that comes along.

        Raises:
            MisuseError: The scenario has a mistake; the text says where.
        """
        scenarios.load(scenario, self.perform)

    def add_action(
        self,
        identifier: str,
        *,
        inputs: Mapping[str, Any] | None = None,
        required: Iterable[str] = (),
        approval: bool | str = False,
        approvers: Iterable[str] | None = None,
        blueprint: str | None = None,
        operation: str = "CREATE",
        invokes: str | Mapping[str, Any] = "http://127.0.0.1:9/unused",
        **definition: Any,
    ) -> dict[str, Any]:
        """Add a self-service action and return it as Port answers it.

        *inputs* are user inputs by name, *approval* is ``True``, ``"ANY"`` or ``"ALL"``,
        *approvers* are emails of users that exist, *invokes* is the URL of a webhook or a whole
        invocation method; *definition* adds or overrides top-level keys.

        Raises:
            RefusedError: Port would refuse the action.
        """
        trigger: dict[str, Any] = {
            "type": "self-service",
            "operation": operation,
            "userInputs": {"properties": dict(inputs or {}), "required": list(required)},
        }
        if blueprint is not None:
            trigger["blueprintIdentifier"] = blueprint
        method = {"type": "WEBHOOK", "url": invokes} if isinstance(invokes, str) else dict(invokes)
        body: dict[str, Any] = {
            "identifier": identifier,
            "trigger": trigger,
            "invocationMethod": method,
        }
        if approval:
            body["requiredApproval"] = {"type": approval} if isinstance(approval, str) else True
        answer = self.perform("create-action", body={**body, **definition})
        if approvers is not None:
            self.permit(identifier, approve={"users": list(approvers), "roles": [], "teams": []})
        action: dict[str, Any] = answer["action"]
        return action

    def permit(
        self,
        action: str,
        *,
        execute: Mapping[str, Any] | None = None,
        approve: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Change who may execute an action and who may approve it: users, roles, teams.

        Raises:
            RefusedError: Port would refuse the change.
        """
        given = {"execute": execute, "approve": approve}
        body = {key: dict(value) for key, value in given.items() if value is not None}
        answer = self.perform(
            "update-action-permissions", path={"action_identifier": action}, body=body
        )
        permissions: dict[str, Any] = answer["permissions"]
        return permissions

    def add_user(
        self, email: str, *, roles: Iterable[str] = ("Member",), teams: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Add a user, and teams that do not exist yet, and return the user.

        Raises:
            RefusedError: Port would refuse the user.
        """
        teams = list(teams)
        for team in teams:
            if team not in self.world.people.teams:
                self.add_team(team)
        invitee = {"email": email, "roles": list(roles), "teams": teams}
        self.perform("invite-user", body={"invitee": invitee})
        user: dict[str, Any] = self.perform("get-user", path={"user_email": email})["user"]
        return user

    def add_team(self, name: str, *, members: Iterable[str] = ()) -> dict[str, Any]:
        """Add a team of users that exist, and return it.

        Raises:
            RefusedError: Port would refuse the team.
        """
        answer = self.perform("create-team", body={"name": name, "users": list(members)})
        team: dict[str, Any] = answer["team"]
        return team

    def add_blueprint(
        self,
        identifier: str,
        *,
        properties: Mapping[str, Any] | None = None,
        relations: Mapping[str, Any] | None = None,
        **definition: Any,
    ) -> dict[str, Any]:
        """Add a blueprint and return it as Port answers it.

        Raises:
            RefusedError: Port would refuse the blueprint.
        """
        body = {
            "identifier": identifier,
            "title": identifier,
            "schema": {"properties": dict(properties or {})},
            "relations": dict(relations or {}),
            **definition,
        }
        blueprint: dict[str, Any] = self.perform("create-blueprint", body=body)["blueprint"]
        return blueprint

    def add_entity(self, blueprint: str, identifier: str, **draft: Any) -> dict[str, Any]:
        """Add an entity with title, icon, team, properties and relations, and return it.

        Raises:
            RefusedError: Port would refuse the entity.
        """
        answer = self.perform(
            "create-entity",
            path={"blueprint_identifier": blueprint},
            body={"identifier": identifier, **draft},
        )
        entity: dict[str, Any] = answer["entity"]
        return entity
