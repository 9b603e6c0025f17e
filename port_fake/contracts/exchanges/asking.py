"""Asks a server what a recorded client has asked, each as whoever asked it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from port_fake.contracts.exchanges.lines import NOBODY, ORGANISATION, STRANGER
from port_fake.contracts.exchanges.recording import TOKENS, operation_named
from port_fake.contracts.proxy import checked
from port_fake.world.organisations import Credentials

TIMEOUT_S: Final = 30
NO_TOKEN: Final = "Bearer not-a-token"  # noqa: S105 - it opens nothing


class UnansweredError(Exception):
    """No answer came; the text says from where."""


class NoCredentialsError(Exception):
    """There is no way to ask as that caller; the text says whom."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. *target* is path and query as they go on the wire; *caller* as in a file."""

    method: str
    target: str
    caller: str = ORGANISATION
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


Ask: TypeAlias = Callable[[Request], Response]
"""Sends a request.

Raises `UnansweredError` if no answer comes, `NoCredentialsError` if the caller is unknown to it.
"""

People: TypeAlias = Callable[[str], Credentials | None]
"""The credentials of a user by email, None for one who is not known."""


class HttpAsker:
    """An `Ask` over one kept connection; logs in by itself, at *login_url* if that is another.

    *credentials* are the organisation's, *people* finds those of users.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials | None = None,
        *,
        people: People | None = None,
        login_url: str | None = None,
    ) -> None:
        """Prepare to call *base_url*, an address without ``/v1``.

        Raises:
            MisuseError: That is no address of a server.
        """
        self._base_url = checked(base_url)
        self._login_url = checked(login_url or base_url)
        self._credentials = credentials
        self._people = people
        self._tokens: dict[str, str] = {}
        self._connections: dict[str, HTTPConnection] = {}

    def __call__(self, request: Request) -> Response:
        """Send a request."""
        headers = {}
        if request.caller == STRANGER:
            headers["Authorization"] = NO_TOKEN
        elif request.caller != NOBODY and not is_login(request):
            headers["Authorization"] = f"Bearer {self._token(request.caller)}"
        return self._send(self._base_url, request, headers)

    def credentials_of(self, caller: str) -> Credentials:
        """Return the credentials of a caller.

        Raises:
            NoCredentialsError: There are none.
        """
        if caller == ORGANISATION:
            found, whose = self._credentials, "the organisation"
        else:
            found, whose = None if self._people is None else self._people(caller), caller
        if found is None:
            raise NoCredentialsError(f"no credentials of {whose}")
        return found

    def forget(self) -> None:
        """Log in anew with the next request of each caller."""
        self._tokens.clear()

    def close(self) -> None:
        """Let go of the connections."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _token(self, caller: str) -> str:
        if caller not in self._tokens:
            who = self.credentials_of(caller)
            row = operation_named(TOKENS)
            login = {"clientId": who.client_id, "clientSecret": who.client_secret}
            body = json.dumps(login).encode()
            answer = self._send(self._login_url, Request(row.method, row.path, body=body), {})
            if answer.status != HTTPStatus.OK:
                raise NoCredentialsError(f"the log-in of {caller} was answered {answer.status}")
            self._tokens[caller] = json.loads(answer.body)["accessToken"]
        return self._tokens[caller]

    def _send(self, base_url: str, request: Request, headers: dict[str, str]) -> Response:
        headers = {"Accept": "application/json", **headers}
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer, body = self._exchanged(base_url, request, headers)
        except (OSError, HTTPException) as error:
            self.close()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UnansweredError(f"no answer from {base_url}: {reason}") from None
        return Response(answer.status, dict(answer.getheaders()), body)

    def _exchanged(
        self, base_url: str, request: Request, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        connection = self._connections.get(base_url) or self._connected(base_url)
        target = urlsplit(base_url).path + request.target
        connection.request(request.method, target, request.body, headers)
        answer = connection.getresponse()
        return answer, answer.read()

    def _connected(self, base_url: str) -> HTTPConnection:
        address = urlsplit(base_url)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        found = kind(address.hostname or "", address.port, timeout=TIMEOUT_S)
        self._connections[base_url] = found
        return found


def is_login(request: Request) -> bool:
    """Whether a request is the exchange of credentials for a token."""
    row = operation_named(TOKENS)
    return request.method == row.method and request.target == row.path
