"""Commands that furnish an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from port_fake.dialects.port.workflows import IN_PROGRESS
from port_fake.errors import RefusedError
from port_fake.handle.performing import Performing
from port_fake.scenarios.loading import Scenario, furnish_with, given, load


class Arranging(Performing):
    """Actions, permissions, people and the catalog."""

    def load(self, scenario: Scenario) -> None:
        """Furnish the organisation from a folder, or from a scenario that comes along.

        The items of each part may be given as well: ``load({"actions": [...]})``.

        Raises:
            MisuseError: The scenario has a mistake; the text says where, and nothing has changed.
        """
        load(scenario, self.world, perform=self.perform, recall=self.recall)

    def populate(
        self,
        *,
        runs: int = 1000,
        seed: int = 0,
        people: int = 24,
        services: int = 18,
        weeks: int = 6,
    ) -> None:
        """Furnish the organisation with people, services, actions and the *runs* of past *weeks*.

        All are made up by Faker (extra ``strategies``), the same for the same *seed*; some runs
        are still under way. Nothing is sent for any of them.

        Raises:
            MisuseError: Faker is not installed, a number makes no sense, or the organisation has
                something of the same name; nothing has changed.
        """
        from port_fake.population.organisation import invented

        parts = invented(
            runs=runs, seed=seed, people_count=people, service_count=services, weeks=weeks
        )
        found = given(parts, source="populate, ")
        furnish_with(found, self.world, perform=self.perform, recall=self.recall)

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
        invokes: str | Mapping[str, Any] = "https://backend.example.com/",
        **definition: Any,
    ) -> dict[str, Any]:
        """Add a self-service action and return it as Port answers it.

        *inputs* are user inputs by name, *approval* is ``True``, ``"ANY"`` or ``"ALL"``,
        *approvers* are emails of users that exist, *invokes* is the URL of a webhook or a whole
        invocation method; *definition* adds or overrides top-level keys.

        Raises:
            RefusedError: Port would refuse the action, or an approver does not exist.
        """
        if approvers is not None:
            approvers = [self.world.people.users[email].email for email in approvers]
        trigger: dict[str, Any] = {
            "type": "self-service",
            "operation": operation,
            "userInputs": {"properties": dict(inputs or {}), "required": list(required)},
        }
        if blueprint is not None:
            trigger["blueprintIdentifier"] = blueprint
        body: dict[str, Any] = {
            "identifier": identifier,
            "trigger": trigger,
            "invocationMethod": _method(invokes),
        }
        if approval:
            body["requiredApproval"] = {"type": approval} if isinstance(approval, str) else True
        answer = self.perform("create-action", body={**body, **definition})
        if approvers is not None:
            self.permit(identifier, approve={"users": approvers, "roles": [], "teams": []})
        action: dict[str, Any] = answer["action"]
        return action

    def add_automation(
        self,
        identifier: str,
        *,
        event: Mapping[str, str],
        when: Iterable[str] = (),
        invokes: str | Mapping[str, Any] = "https://backend.example.com/",
        **definition: Any,
    ) -> dict[str, Any]:
        """Add an automation and return it as Port answers it.

        *event* is what it waits for, such as ``{"type": "RUN_CREATED", "actionIdentifier": ...}``;
        it runs if all the jq expressions of *when* are true of the event. *invokes* and
        *definition* are as in `add_action`.

        Raises:
            RefusedError: Port would refuse the automation.
        """
        trigger = {
            "type": "automation",
            "event": dict(event),
            "condition": {"type": "JQ", "expressions": list(when)},
        }
        body = {"identifier": identifier, "trigger": trigger, "invocationMethod": _method(invokes)}
        action: dict[str, Any] = self.perform("create-action", body={**body, **definition})[
            "action"
        ]
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
        invitee = {"email": email, "roles": list(roles), "teams": list(teams)}
        made = [name for name in invitee["teams"] if name not in self.world.people.teams]
        for name in made:
            self.add_team(name)
        try:
            self.perform("invite-user", body={"invitee": invitee})
        except RefusedError:
            for name in made:
                self.perform("delete-team", path={"name": name})
            raise
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

    def add_secret(self, name: str, value: str) -> None:
        """Store a secret of the organisation, for templates.

        Raises:
            RefusedError: Port would refuse the secret.
        """
        self.perform("create-organization-secret", body={"secretName": name, "secretValue": value})

    def add_node_run(
        self, node: str, installation: str, *, config: Mapping[str, Any] | None = None
    ) -> str:
        """Queue a run of a workflow node for an agent or an integration, and return its id."""
        with self.world.lock:
            run = self.world.node_runs.add(
                node, installation, dict(config or {}), status=IN_PROGRESS
            )
        return run.id


def _method(invokes: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "WEBHOOK", "url": invokes} if isinstance(invokes, str) else dict(invokes)
