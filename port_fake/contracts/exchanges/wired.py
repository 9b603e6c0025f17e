"""Asks recorded exchanges of the organisation that a question is given."""

from __future__ import annotations

from port_fake.contracts.exchanges.asking import NO_TOKEN, Request, Response, is_login
from port_fake.contracts.exchanges.lines import NOBODY, ORGANISATION, STRANGER
from port_fake.contracts.organisations import JSON, Organisation
from port_fake.world.organisations import Credentials


class WiredAsker:
    """An `Ask` over the one wire of the suites."""

    def __init__(self, port: Organisation) -> None:
        self._port = port

    def __call__(self, request: Request) -> Response:
        """Send a request as whoever asked it."""
        headers = {"Accept": JSON}
        if request.body is not None:
            headers["Content-Type"] = JSON
        if request.caller == STRANGER:
            headers["Authorization"] = NO_TOKEN
        elif request.caller != NOBODY and not is_login(request):
            headers["Authorization"] = f"Bearer {self._port.token(self._email(request.caller))}"
        reply = self._port.wire.send(
            request.method, request.target, headers=headers, content=request.body
        )
        return Response(reply.status, reply.headers, reply.content)

    def credentials_of(self, caller: str) -> Credentials:
        """Return the credentials of a caller."""
        return self._port.credentials_of(self._email(caller))

    @staticmethod
    def _email(caller: str) -> str | None:
        return None if caller == ORGANISATION else caller
