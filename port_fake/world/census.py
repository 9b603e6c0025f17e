"""Every entity that searches see: those that are stored, and the users and teams beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from port_fake.engine.catalog import Entity, EntityKey, Stamps
from port_fake.engine.people import ADMIN, MEMBER, MODERATOR, Team, User
from port_fake.errors import NotFoundError
from port_fake.world.entities import Entities
from port_fake.world.people import People
from port_fake.world.tables import Table

USER: Final = "_user"
TEAM: Final = "_team"

_UNFIT: Final = re.compile(r"[^\w@.+:\\/=-]")
"""What an identifier may not hold."""

_MODERATOR: Final = "-moderator"
_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_PROPERTIES: Final[Mapping[str, Mapping[str, Any]]] = {
    USER: {
        "port_role": _TEXT,
        "port_type": _TEXT,
        "status": _TEXT,
        "moderated_blueprints": {"type": "array", "items": _TEXT},
    },
    TEAM: {"description": _TEXT},
}


class Census:
    """The entities of an organisation, with its users and teams among them.

    A user is an entity of the blueprint `USER` and a team one of `TEAM`, without being stored and
    whether or not there is such a blueprint. An entity that is stored under the same name is laid
    over it: its title, icon, properties and relations win.
    Source: docs, users and teams as blueprints: the identifier of a user is the email.
    Assumed: that of a team is its name, with ``_`` for what no identifier may hold; the
    organisation's own credentials made them.
    """

    def __init__(self, entities: Entities, people: People, actor: str) -> None:
        """Read *entities* and *people*; *actor* is who stamps say made users and teams."""
        self._entities = entities
        self._people = people
        self._actor = actor
        self.relations = entities.relations

    def blueprints(self) -> list[str]:
        """Return the blueprints that may have entities: those defined, users and teams."""
        return list(dict.fromkeys((*self._entities.blueprints(), USER, TEAM)))

    def of(self, blueprint: str) -> Table[Entity] | list[Entity]:
        """Return the entities of a blueprint, oldest first.

        Raises:
            NotFoundError: There is no such blueprint.
        """
        if blueprint not in _PROPERTIES:
            return self._entities.of(blueprint)
        shown = {one.key: self._overlaid(one) for one in self._people_as(blueprint)}
        if blueprint in self._entities.blueprints():
            shown = {one.key: one for one in self._entities.of(blueprint)} | shown
        return sorted(shown.values(), key=lambda one: one.stamps.created_at)

    def find(self, blueprint: str, identifier: str) -> Entity | None:
        """Return an entity, or None where there is none or no such blueprint."""
        if blueprint in _PROPERTIES:
            for one in self._people_as(blueprint):
                if one.key.identifier == identifier:
                    return self._overlaid(one)
        return self._entities.find(blueprint, identifier)

    def __getitem__(self, key: EntityKey) -> Entity:
        """Return an entity.

        Raises:
            NotFoundError: The blueprint or the entity does not exist.
        """
        found = self.find(key.blueprint, key.identifier)
        if found is None:
            if key.blueprint in _PROPERTIES:
                raise NotFoundError(f"nobody is called {key.identifier!r} in {key.blueprint!r}")
            return self._entities[key]
        return found

    def properties(self, blueprint: str) -> Mapping[str, Any]:
        """Return the schemas of a blueprint's properties; none if there is no such blueprint."""
        return {**_PROPERTIES.get(blueprint, {}), **self._entities.properties(blueprint)}

    def _people_as(self, blueprint: str) -> Iterable[Entity]:
        if blueprint == USER:
            return map(self._of_user, self._people.users)
        return map(self._of_team, self._people.teams)

    def _overlaid(self, entity: Entity) -> Entity:
        stored = self._entities.find(entity.key.blueprint, entity.key.identifier)
        if stored is None:
            return entity
        return replace(
            entity,
            title=entity.title if stored.title is None else stored.title,
            icon=stored.icon,
            team=stored.team or entity.team,
            properties={**entity.properties, **stored.properties},
            relations=stored.relations,
        )

    def _of_user(self, user: User) -> Entity:
        moderated = [
            role.removesuffix(_MODERATOR) for role in user.roles if role.endswith(_MODERATOR)
        ]
        return Entity(
            key=EntityKey(blueprint=USER, identifier=_UNFIT.sub("_", user.email)),
            title=f"{user.first_name} {user.last_name}".strip(),
            icon=None,
            team=user.teams,
            properties={
                "port_role": _role(user, moderated),
                "port_type": "Standard",
                "status": user.status.capitalize(),
                "moderated_blueprints": moderated,
            },
            relations={},
            stamps=self._stamps(user),
        )

    def _of_team(self, team: Team) -> Entity:
        return Entity(
            key=EntityKey(blueprint=TEAM, identifier=_UNFIT.sub("_", team.name)),
            title=team.name,
            icon=None,
            team=(),
            properties={"description": team.description},
            relations={},
            stamps=self._stamps(team),
        )

    def _stamps(self, one: User | Team) -> Stamps:
        return Stamps(
            created_at=one.created_at,
            created_by=self._actor,
            updated_at=one.updated_at,
            updated_by=self._actor,
        )


def _role(user: User, moderated: list[str]) -> str:
    """Return the highest of the three roles.

    Source: docs, roles: Admin > Moderator > Member; the role of a blueprint's moderator is called
    ``<blueprint>-moderator``.
    """
    if ADMIN in user.roles:
        return ADMIN
    return MODERATOR if moderated or MODERATOR in user.roles else MEMBER
