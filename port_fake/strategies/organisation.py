"""Whole organisations, whose parts refer to each other."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.strategies.catalog import blueprints, entities
from port_fake.strategies.names import CATALOG_IDENTIFIERS, EMAILS, IDENTIFIERS, TEAMS
from port_fake.strategies.rules import Known
from port_fake.strategies.self_service import ROLES, actions, permissions


class Furnishable(Protocol):
    """A `FakePort`, as far as it matters here."""

    def perform(
        self, operation: str, *, path: Mapping[str, str] | None = ..., body: Any = ...
    ) -> Any:
        """Carry out an operation."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What an organisation has, as it is sent to Port; nothing refers to what is not there.

    *users* are invitees, *entities* come after those that they relate to, each with its
    blueprint's identifier, *permissions* are changes by action.
    """

    teams: tuple[str, ...] = ()
    users: tuple[dict[str, Any], ...] = ()
    blueprints: tuple[dict[str, Any], ...] = ()
    entities: tuple[tuple[str, dict[str, Any]], ...] = ()
    actions: tuple[dict[str, Any], ...] = ()
    permissions: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """What inputs may name: ``inputs_for(action, **organisation.known)``."""
        identifiers: dict[str, list[str]] = {one["identifier"]: [] for one in self.blueprints}
        for blueprint, entity in self.entities:
            identifiers[blueprint].append(entity["identifier"])
        emails = [one["email"] for one in self.users]
        return Known(entities=identifiers, users=emails, teams=self.teams)

    def furnish(self, port_fake: Furnishable) -> None:
        """Lay the organisation into a `FakePort` that has nothing of the same name.

        Raises:
            RefusedError: Something is there already; what came before it stays.
        """
        for team in self.teams:
            port_fake.perform("create-team", body={"name": team})
        for user in self.users:
            port_fake.perform("invite-user", body={"invitee": deepcopy(user)})
        for blueprint in self.blueprints:
            port_fake.perform("create-blueprint", body=deepcopy(blueprint))
        for identifier, entity in self.entities:
            path = {"blueprint_identifier": identifier}
            port_fake.perform("create-entity", path=path, body=deepcopy(entity))
        for action in self.actions:
            port_fake.perform("create-action", body=deepcopy(action))
        for identifier, changes in self.permissions.items():
            path = {"action_identifier": identifier}
            port_fake.perform("update-action-permissions", path=path, body=deepcopy(changes))


@st.composite
def organisations(
    draw: st.DrawFn,
    *,
    max_teams: int = 3,
    max_users: int = 4,
    max_blueprints: int = 3,
    max_entities: int = 3,
    max_actions: int = 3,
    invocations: SearchStrategy[dict[str, Any]] | None = None,
) -> Organisation:
    """Organisations in which every part names only what is there.

    Users belong to teams, blueprints relate to earlier ones, each of which has one to
    *max_entities* entities, actions act on entities and ask for them, permissions name users and
    teams. *invocations* is that of `actions`. Shrinks to an organisation with nothing in it, part
    by part.
    """
    teams = draw(st.lists(TEAMS, max_size=max_teams, unique=True))
    emails = draw(st.lists(EMAILS, max_size=max_users, unique=True))
    users = [draw(_invitees(email, teams)) for email in emails]
    made = Organisation(teams=tuple(teams), users=tuple(users))
    catalog = _Catalog(teams=tuple(teams))
    for identifier in draw(st.lists(CATALOG_IDENTIFIERS, max_size=max_blueprints, unique=True)):
        catalog.add(draw, identifier, max_entities)
    names = draw(st.lists(IDENTIFIERS, max_size=max_actions, unique=True))
    asked = [
        draw(
            actions(
                identifiers=st.just(name),
                blueprints=tuple(catalog.identifiers),
                invocations=invocations,
            )
        )
        for name in names
    ]
    permitted = permissions(users=emails, teams=teams, roles=ROLES)
    return Organisation(
        teams=made.teams,
        users=made.users,
        blueprints=tuple(catalog.blueprints),
        entities=tuple(catalog.entities),
        actions=tuple(asked),
        permissions={name: draw(permitted) for name in names if draw(st.booleans())},
    )


@dataclass(slots=True, kw_only=True)
class _Catalog:
    """A catalog in the making."""

    teams: tuple[str, ...]
    blueprints: list[dict[str, Any]] = field(default_factory=list)
    entities: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    identifiers: dict[str, list[str]] = field(default_factory=dict)

    def add(self, draw: st.DrawFn, identifier: str, max_entities: int) -> None:
        """Add a blueprint, and entities that relate to earlier ones."""
        targets = tuple(self.identifiers)
        blueprint = draw(blueprints(identifiers=st.just(identifier), targets=targets))
        self.blueprints.append(blueprint)
        known = self.identifiers.setdefault(identifier, [])
        names = st.lists(CATALOG_IDENTIFIERS, min_size=1, max_size=max_entities, unique=True)
        for name in draw(names):
            before = {key: tuple(each) for key, each in self.identifiers.items()}
            one = entities(blueprint, identifiers=st.just(name), targets=before, teams=self.teams)
            self.entities.append((identifier, draw(one)))
            known.append(name)


def _invitees(email: str, teams: list[str]) -> SearchStrategy[dict[str, Any]]:
    parts: dict[str, SearchStrategy[Any]] = {
        "email": st.just(email),
        "roles": st.sampled_from([list(ROLES[:1]), list(ROLES[1:])]).map(list),
    }
    some = st.lists(st.sampled_from(teams), max_size=2, unique=True) if teams else st.builds(list)
    return st.fixed_dictionaries({**parts, "teams": some})
