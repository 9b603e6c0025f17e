"""Who there is and who is asking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

ADMIN: Final = "Admin"
MODERATOR: Final = "Moderator"
MEMBER: Final = "Member"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A member of the organisation. *email* names the user everywhere but in stamps."""

    id: str
    email: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    status: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A named group; who belongs to it is written on the users."""

    id: str
    name: str
    description: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever makes a request: a user, or the organisation itself by its credentials.

    *id* is the actor that stamps carry: a user's id, or the client id of the credentials.
    *depth* counts the calls of the fake to itself that led to this one, and *root* is the number
    of the request from outside that the first of them goes back to.
    """

    id: str
    user: User | None = None
    depth: int = 0
    root: int = 0

    @property
    def is_machine(self) -> bool:
        """Whether these are the organisation's own credentials."""
        return self.user is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may do one thing with an action."""

    users: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    owned_by_team: bool = False
    policy: dict[str, Any] | None = None

    def names(self, user: User, *, owners: Collection[str] = ()) -> bool:
        """Whether the lists name *user*; *owners* are the teams of the entity acted on.

        Source: docs, roles: Admin, then Moderator, then Member.
        Assumed: whoever has another role is a Member as well.
        """
        return (
            user.email in self.users
            or MEMBER in self.roles
            or not set(self.roles).isdisjoint(user.roles)
            or not set(self.teams).isdisjoint(user.teams)
            or (self.owned_by_team and not set(owners).isdisjoint(user.teams))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Who may execute an action, and whose approval it asks for.

    Source: docs, action permissions: everyone may execute a new action, Admins may approve it.
    Assumed: that default reads as the roles Admin and Member.
    """

    execute: Rules = Rules(roles=(ADMIN, MEMBER))
    approve: Rules = Rules(roles=(ADMIN,))
