"""Asks a server what a recorded client has asked, each as whoever asked it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from port_fake.contracts.exchanges.lines import NOBODY, ORGANISATION, STRANGER
from port_fake.contracts.exchanges.recording import TOKENS, operation_named
from port_fake.contracts.organisations import JSON, Organisation
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import Wire
from port_fake.errors import MisuseError
from port_fake.fake import FakePort
from port_fake.world.organisations import Credentials

NO_TOKEN: Final = "Bearer not-a-token"  # noqa: S105 - it opens nothing


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

Raises `UnreachableError` if no answer comes, `NoCredentialsError` if the caller is unknown to it,
`NotPermittedError` if the request may not be sent.
"""


class Asker:
    """An `Ask` over one wire. *token_of* and *credentials_of* get an email, None the organisation.

    Both raise `NoCredentialsError` for whom they do not know.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        token_of: Callable[[str | None], str],
        credentials_of: Callable[[str | None], Credentials],
    ) -> None:
        self._wire = wire
        self._token_of = token_of
        self._credentials_of = credentials_of

    def __call__(self, request: Request) -> Response:
        """Send a request as whoever asked it."""
        headers = {"Accept": JSON}
        if request.body is not None:
            headers["Content-Type"] = JSON
        if request.caller == STRANGER:
            headers["Authorization"] = NO_TOKEN
        elif request.caller != NOBODY and not is_login(request):
            headers["Authorization"] = f"Bearer {self._token_of(_email(request.caller))}"
        reply = self._wire.send(
            request.method, request.target, headers=headers, content=request.body
        )
        return Response(reply.status, reply.headers, reply.content)

    def credentials_of(self, caller: str) -> Credentials:
        """Return the credentials of a caller.

        Raises:
            NoCredentialsError: There are none.
        """
        return self._credentials_of(_email(caller))

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()


def asker_at(port: Organisation) -> Asker:
    """Return an asker for the organisation of a target; it keeps to that target's permit."""

    def credentials_of(email: str | None) -> Credentials:
        try:
            return port.credentials_of(email)
        except (AnswerError, MisuseError) as error:
            raise NoCredentialsError(str(error)) from None

    def token_of(email: str | None) -> str:
        credentials_of(email)
        return port.token(email)

    return Asker(port.wire, token_of=token_of, credentials_of=credentials_of)


def asker_of(port: FakePort, *, base_url: str | None = None) -> Asker:
    """Return an asker for a fake in this process, by way of a proxy if *base_url* is given."""

    def email_of(name: str | None) -> str | None:
        if name is None:
            return None
        with port.world.lock:
            people = port.world.people
            user = people.users.get(name) or people.find(name)
        if user is None:
            raise NoCredentialsError(f"no credentials of {name}")
        return user.email

    def credentials_of(name: str | None) -> Credentials:
        email = email_of(name)
        return port.credentials if email is None else port.credentials_of(email)

    wire = Wire(base_url or port.base_url, permit=Free("fake"), veil=Veil(), pace=Pace())
    return Asker(
        wire,
        token_of=lambda name: port.token(as_user=email_of(name)),
        credentials_of=credentials_of,
    )


def is_login(request: Request) -> bool:
    """Whether a request is the exchange of credentials for a token."""
    row = operation_named(TOKENS)
    return request.method == row.method and request.target == row.path


def _email(caller: str) -> str | None:
    return None if caller == ORGANISATION else caller
