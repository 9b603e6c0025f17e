"""The organisation that is asked: its log-in, and operations by their name or as raw requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from port_fake.contracts.permits import LOG_IN
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.wire import Wire
from port_fake.errors import MisuseError
from port_fake.strategies.playing.targets import OPERATIONS, Answer, Target
from port_fake.world.organisations import Credentials

JSON: Final = "application/json"
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class CredentialsError(AnswerError):
    """The target does not accept the credentials."""


class Organisation(Target):
    """An organisation at a target, known by its credentials only.

    *user* gives the personal credentials of a user by the email, where users can be acted as.
    *advance* moves its time on by seconds, *settle* waits until nothing is on its way any more,
    where that is possible.
    """

    def __init__(
        self,
        wire: Wire,
        credentials: Credentials,
        *,
        user: Callable[[str], Credentials] | None = None,
        advance: Callable[[float], None] | None = None,
        settle: Callable[[], None] | None = None,
    ) -> None:
        self.wire = wire
        self.credentials = credentials
        self._user = user
        self._advance = advance
        self._settle = settle
        self.moves_time = advance is not None
        self._users: dict[str, Credentials] = {}
        self._tokens: dict[str | None, str] = {}
        wire.veil.learn(credentials.client_secret)

    def __repr__(self) -> str:
        return f"<Organisation at {self.wire.base_url}>"

    # -- asking

    def ask(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Reply:
        """Carry out an operation by its ``operationId``; a token that has ended is renewed once."""
        row = OPERATIONS[operation]
        target = row.path.format(**{key: quote(one, safe="") for key, one in (path or {}).items()})
        if query:
            pairs = {key: _plain(value) for key, value in query.items()}
            target += "?" + urlencode(pairs, doseq=True)
        reply = self.send(row.method, target, body=body, token=self.token(as_user))
        if reply.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.pop(as_user, None)
            reply = self.send(row.method, target, body=body, token=self.token(as_user))
        return reply

    def get(self, operation: str, **asked: Any) -> Reply:
        """Carry out an operation that must succeed; the keywords are those of `ask`.

        Raises:
            AnswerError: It is refused.
        """
        return self.ask(operation, **asked).must(OPERATIONS[operation].success)

    def send(
        self,
        method: str,
        target: str,
        *,
        body: Any = None,
        content: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send any request, with a token if one is given; *content* is a body that is no JSON."""
        sent = {"Accept": JSON}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = JSON
        sent.update(headers or {})
        return self.wire.send(method, target, headers=sent, content=content)

    def token(self, as_user: str | None = None) -> str:
        """Return an access token, of the organisation or a user; it is asked for once.

        Raises:
            AnswerError: The log-in is refused.
        """
        token = self._tokens.get(as_user)
        if token is None:
            token = self._tokens[as_user] = self.log_in(self.credentials_of(as_user))
        return token

    def log_in(self, who: Credentials) -> str:
        """Exchange credentials for an access token.

        Raises:
            AnswerError: The log-in is refused.
        """
        body = {"clientId": who.client_id, "clientSecret": who.client_secret}
        reply = self.send(*LOG_IN, body=body)
        if reply.status in REFUSED:
            raise CredentialsError(f"the credentials are refused: {reply.told}")
        token = reply.must(HTTPStatus.OK)["accessToken"]
        if not isinstance(token, str):
            raise AnswerError("the log-in was answered with a token that is no text")
        return token

    def credentials_of(self, email: str | None) -> Credentials:
        """Return the credentials of the organisation, or of a user.

        Raises:
            MisuseError: Users cannot be acted as here.
        """
        if email is None:
            return self.credentials
        if email not in self._users:
            if self._user is None:
                raise MisuseError(f"there are no credentials of {email!r} at this target")
            self._users[email] = self._user(email)
            self.wire.veil.learn(self._users[email].client_secret)
        return self._users[email]

    def settle(self) -> None:
        """Wait until nothing is on its way any more, where the target can say so."""
        if self._settle is not None:
            self._settle()

    # -- being played on

    def perform(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Answer:
        """Carry out an operation for a `PortMachine`."""
        reply = self.ask(operation, path=path, query=query, body=body, as_user=as_user)
        try:
            return Answer(reply.status, json.loads(reply.content))
        except ValueError:
            return Answer(reply.status, None)

    def can_act_as(self, email: str) -> bool:  # noqa: ARG002 - all or none
        """Whether `ask` can act as that user."""
        return self._user is not None

    def advance(self, seconds: float) -> None:
        """Move the organisation's time on.

        Raises:
            MisuseError: The target cannot.
        """
        if self._advance is None:
            super().advance(seconds)
        else:
            self._advance(seconds)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else value
