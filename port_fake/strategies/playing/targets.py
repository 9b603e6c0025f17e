"""What a `PortMachine` plays on: the world in memory, or any server over HTTP."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock, local
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from port_fake.dialects.port.dialect import PORT
from port_fake.errors import MisuseError, NotFoundError, RefusedError
from port_fake.fake import FakePort
from port_fake.surface.operation import Operation
from port_fake.world.organisations import Credentials

OPERATIONS: Final[Mapping[str, Operation]] = {row.name: row for row in PORT.operations}

NOT_INVOCATIONS: Final = frozenset({"EMAIL", "APPROVAL_WEBHOOK", "CHANGE_LOG"})
"""Kinds of letters that call no backend."""


class Answer(NamedTuple):
    """What came back: a status, and the body as JSON (None if it is none)."""

    status: int
    body: Any


class Target(ABC):
    """An organisation that a machine plays on. `perform` is all that it must be able to do."""

    moves_time: bool = False
    """Whether `advance` works."""

    @abstractmethod
    def perform(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Answer:
        """Carry out an operation by its ``operationId``; *as_user* is an email, None the machine.

        A refusal is an answer as well. Safe to use from several threads.
        """

    def can_act_as(self, email: str) -> bool:  # noqa: ARG002 - what others need to know
        """Whether `perform` can act as that user."""
        return False

    def advance(self, seconds: float) -> None:
        """Move the organisation's clock forward.

        Raises:
            MisuseError: The target cannot.
        """
        raise MisuseError(f"{type(self).__name__} cannot move time by {seconds:g} s")

    def invocations(self) -> Mapping[str, int] | None:
        """Return how often the backend of each run was invoked; None if that cannot be seen."""
        return None

    def close(self) -> None:  # noqa: B027 - most targets hold nothing open
        """Let go of what is open; the target may be used again."""


class MemoryTarget(Target):
    """The world of a `FakePort`, without sockets. The handle need not be in a with statement."""

    moves_time = True

    def __init__(self, port: FakePort) -> None:
        self.port = port

    def perform(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Answer:
        """Carry out an operation by the rules of the world."""
        try:
            answer = self.port.perform(
                operation, path=path, query=query, body=body, as_user=as_user
            )
        except RefusedError as error:
            reply = PORT.refuse(error)
            return Answer(reply.status, reply.body)
        return Answer(OPERATIONS[operation].success, answer)

    def can_act_as(self, email: str) -> bool:  # noqa: ARG002 - the world knows everybody
        """Whether `perform` can act as that user: as any."""
        return True

    def advance(self, seconds: float) -> None:
        """Move the organisation's clock forward."""
        self.port.advance(seconds)

    def invocations(self) -> Mapping[str, int]:
        """Return how often the backend of each run was invoked."""
        return _invocations(self.port)


class HttpTarget(Target):
    """Any server that speaks Port's API, over connections that are kept, one for each thread.

    *users* are the personal credentials of those who may act beside the organisation.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        users: Mapping[str, Credentials] | None = None,
        timeout_s: float = 30,
    ) -> None:
        """Prepare to call *base_url*, an address without ``/v1``."""
        self._address = urlsplit(base_url.rstrip("/"))
        self._credentials = credentials
        self._users = dict(users or {})
        self._timeout_s = timeout_s
        self._tokens: dict[str | None, str] = {}
        self._mine = local()
        self._guard = Lock()
        self._open: list[HTTPConnection] = []

    def perform(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Answer:
        """Carry out an operation over HTTP; a token that has ended is renewed once.

        Raises:
            MisuseError: The credentials are not accepted, or there are none of that user.
            OSError: The server cannot be reached.
        """
        row = OPERATIONS[operation]
        where = row.path.format(**{name: quote(one, safe="") for name, one in (path or {}).items()})
        if query:
            pairs = {key: _plain(value) for key, value in query.items()}
            where += "?" + urlencode(pairs, doseq=True)
        answer = self._ask(row.method, where, body, self._token(as_user))
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.pop(as_user, None)
            answer = self._ask(row.method, where, body, self._token(as_user))
        return answer

    def can_act_as(self, email: str) -> bool:
        """Whether there are credentials of that user."""
        return email in self._users

    def close(self) -> None:
        """Close the connections of all threads and forget the tokens."""
        with self._guard:
            connections, self._open = self._open, []
        for connection in connections:
            connection.close()
        self._mine = local()
        self._tokens.clear()

    def credentials_of(self, email: str) -> Credentials:
        """Return the credentials of a user.

        Raises:
            MisuseError: There are none.
        """
        try:
            return self._users[email]
        except KeyError:
            raise MisuseError(f"no credentials of {email!r}: name them in users=") from None

    def _token(self, email: str | None) -> str:
        token = self._tokens.get(email)
        if token is None:
            who = self._credentials if email is None else self.credentials_of(email)
            body = {"clientId": who.client_id, "clientSecret": who.client_secret}
            answer = self._ask("POST", "/v1/auth/access_token", body, None)
            if answer.status != HTTPStatus.OK:
                name = email or "the organisation"
                raise MisuseError(f"the log-in of {name!r} was answered {answer}")
            token = self._tokens[email] = answer.body["accessToken"]
        return token

    def _ask(self, method: str, where: str, body: Any, token: str | None) -> Answer:
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, self._address.path + where, data, headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, HTTPException):
            connection.close()  # the next request opens it again
            raise
        found = None
        with suppress(ValueError):
            found = json.loads(text)
        return Answer(response.status, found)

    def _connection(self) -> HTTPConnection:
        found: HTTPConnection | None = getattr(self._mine, "connection", None)
        if found is None:
            kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
            found = kind(self._address.hostname or "", self._address.port, timeout=self._timeout_s)
            self._mine.connection = found
            with self._guard:
                self._open.append(found)
        return found


class ServedTarget(HttpTarget):
    """A `FakePort` in use, over HTTP: its time moves, and its invocations are seen."""

    moves_time = True

    def __init__(self, port: FakePort, *, timeout_s: float = 30) -> None:
        """Prepare to call *port*, which is in a with statement."""
        super().__init__(port.base_url, port.credentials, timeout_s=timeout_s)
        self.port = port

    def can_act_as(self, email: str) -> bool:  # noqa: ARG002 - the fake knows everybody
        """Whether `perform` can act as that user: as any."""
        return True

    def credentials_of(self, email: str) -> Credentials:
        """Return the credentials of a user.

        Raises:
            MisuseError: There is no such user.
        """
        try:
            return self.port.credentials_of(email)
        except NotFoundError as error:
            raise MisuseError(str(error)) from None

    def advance(self, seconds: float) -> None:
        """Move the organisation's clock forward."""
        self.port.advance(seconds)

    def invocations(self) -> Mapping[str, int]:
        """Return how often the backend of each run was invoked."""
        return _invocations(self.port)


def _invocations(port: FakePort) -> Mapping[str, int]:
    return Counter(one.run_id for one in port.deliveries if one.kind not in NOT_INVOCATIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else value
