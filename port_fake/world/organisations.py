"""Credentials: which pair of client id and secret belongs to whom, in which organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final

from port_fake.engine.people import Caller
from port_fake.errors import MisuseError, UnauthorizedError
from port_fake.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A client id and its secret. The secret is not shown in a repr."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token and when it ends. The text is not shown in a repr."""

    text: str = field(repr=False)
    expires: datetime


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """A pair of credentials and whom it stands for: *email*, or the organisation itself."""

    credentials: Credentials
    world: World
    email: str | None = None
    token: Token | None = None

    def caller(self) -> Caller:
        """Return who calls with these credentials, as the organisation knows them now.

        Raises:
            UnauthorizedError: The user is gone.
        """
        if self.email is None:
            return Caller(id=self.credentials.client_id)
        if self.email not in self.world.people.users:
            raise UnauthorizedError("the user of this token is no longer a member")
        return self.world.people.caller(self.email)


SEEN_LIMIT: Final = 10_000


class Organisations:
    """Every organisation that one server serves, by the credentials that lead to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._members: dict[str, Member] = {}
        self.seen: dict[str, tuple[Member, float]] = {}
        """Tokens whose signature has been verified: the holder, and the end in epoch seconds."""

    def remember(self, token: str, verified: tuple[Member, float]) -> None:
        """Note that a token's signature is good; the notes are bounded."""
        if len(self.seen) >= SEEN_LIMIT:
            self.seen.clear()
        self.seen[token] = verified

    def admit(self, member: Member) -> Member:
        """Let a pair of credentials in.

        Raises:
            MisuseError: The client id is another one's.
        """
        with self._lock:
            client_id = member.credentials.client_id
            if client_id in self._members:
                raise MisuseError(
                    f"the client id {client_id!r} is in use on this server: choose another one"
                )
            self._members[client_id] = member
        return member

    def close(self, world: World) -> None:
        """Shut an organisation out: its credentials and tokens are worth nothing from now on."""
        with self._lock:
            for client_id in [key for key, one in self._members.items() if one.world is world]:
                member = self._members.pop(client_id)
                if member.token is not None:
                    self.seen.pop(member.token.text, None)

    def get(self, client_id: str) -> Member | None:
        """Return the holder of a client id, or None."""
        return self._members.get(client_id)
