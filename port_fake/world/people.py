"""Users and teams of an organisation. Membership is written on the user, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from port_fake.engine.people import MEMBER, Caller, Rules, Team, User
from port_fake.errors import NotFoundError
from port_fake.world.clock import Clock
from port_fake.world.ids import HEX, Ids
from port_fake.world.tables import Table


class People:
    """The users by email and the teams by name."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self.users: Table[User] = Table("user")
        self.teams: Table[Team] = Table("team")
        self._emails: dict[str, str] = {}

    def invite(
        self,
        email: str,
        *,
        roles: Iterable[str] | None = None,
        teams: Iterable[str] = (),
        first_name: str = "",
        last_name: str = "",
    ) -> User:
        """Add a user; one without roles is a Member.

        Assumed: an invited user is active at once, as nobody reads the invitation.

        Raises:
            ConflictError: The email is taken.
            NotFoundError: A team does not exist.
        """
        self.users.must_be_free(email)
        now = self._clock.now()
        user = User(
            # Source: tutorial and docs samples, the form of a user's id.
            id=self._ids.draw("auth0|", 24, HEX),
            email=email,
            first_name=first_name or email.partition("@")[0],
            last_name=last_name,
            roles=tuple(roles) if roles is not None else (MEMBER,),
            teams=self._known(teams),
            status="ACTIVE",
            created_at=now,
            updated_at=now,
        )
        return self.take_in(user)

    def take_in(self, user: User) -> User:
        """Store a user as it is.

        Raises:
            ConflictError: The email is taken.
        """
        self.users.must_be_free(user.email)
        self._emails[user.id] = user.email
        return self.users.put(user.email, user)

    def reassign(
        self, email: str, *, roles: Iterable[str] | None = None, teams: Iterable[str] | None = None
    ) -> User:
        """Give a user other roles or teams; None keeps them.

        Raises:
            NotFoundError: The user or a team does not exist.
        """
        user = self.users[email]
        return self.users.put(
            email,
            replace(
                user,
                roles=user.roles if roles is None else tuple(roles),
                teams=user.teams if teams is None else self._known(teams),
                updated_at=self._clock.now(),
            ),
        )

    def dismiss(self, email: str) -> User:
        """Remove a user.

        Raises:
            NotFoundError: There is none with that email.
        """
        user = self.users.remove(email)
        del self._emails[user.id]
        return user

    def by_id(self, user_id: str) -> User:
        """Return the user with that id.

        Raises:
            NotFoundError: There is none.
        """
        email = self._emails.get(user_id)
        if email is None:
            raise NotFoundError(f"no user has the id {user_id!r}")
        return self.users[email]

    def find(self, user_id: str) -> User | None:
        """Return the user with that id, or None."""
        email = self._emails.get(user_id)
        return None if email is None else self.users.get(email)

    def caller(self, email: str) -> Caller:
        """Return the user as one who makes a request.

        Raises:
            NotFoundError: There is none with that email.
        """
        user = self.users[email]
        return Caller(id=user.id, user=user)

    def members(self, name: str) -> list[User]:
        """Return the users of a team, in the order in which they joined the organisation."""
        return [user for user in self.users if name in user.teams]

    def named_by(self, rules: Rules) -> list[User]:
        """Return the users that the lists of *rules* name."""
        return [user for user in self.users if rules.names(user)]

    def found(self, name: str, *, description: str | None, members: Iterable[str] = ()) -> Team:
        """Make a team.

        Raises:
            ConflictError: The name is taken.
            NotFoundError: A member does not exist.
        """
        self.teams.must_be_free(name)
        emails = self._members(members)
        now = self._clock.now()
        team = Team(
            id=self._ids.draw("team_"),
            name=name,
            description=description,
            created_at=now,
            updated_at=now,
        )
        self.teams.put(name, team)
        self._assign(name, emails)
        return team

    def reform(
        self,
        name: str,
        *,
        new_name: str,
        description: str | None,
        members: Iterable[str] | None = None,
    ) -> Team:
        """Change a team; its users follow a new name, and None keeps them.

        Raises:
            NotFoundError: The team or a member does not exist.
            ConflictError: The new name is taken.
        """
        team = self.teams[name]
        if new_name != name:
            self.teams.must_be_free(new_name)
        emails = None if members is None else self._members(members)
        reformed = replace(
            team, name=new_name, description=description, updated_at=self._clock.now()
        )
        self.teams.put(new_name, reformed)
        if new_name != name:
            self.teams.remove(name)
            self._rename(name, new_name)
        if emails is not None:
            self._assign(new_name, emails)
        return reformed

    def dissolve(self, name: str) -> Team:
        """Remove a team; its users stay.

        Raises:
            NotFoundError: There is none with that name.
        """
        team = self.teams.remove(name)
        self._assign(name, ())
        return team

    def _assign(self, name: str, emails: Iterable[str]) -> None:
        wanted = set(emails)
        for user in list(self.users):
            others = tuple(team for team in user.teams if team != name)
            teams = (*others, name) if user.email in wanted else others
            if set(teams) != set(user.teams):
                self.users.put(user.email, replace(user, teams=teams))

    def _rename(self, name: str, new_name: str) -> None:
        for user in self.members(name):
            teams = tuple(new_name if team == name else team for team in user.teams)
            self.users.put(user.email, replace(user, teams=teams))

    def _members(self, emails: Iterable[str]) -> list[str]:
        return [self.users[email].email for email in emails]

    def _known(self, teams: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.teams[name].name for name in teams)
