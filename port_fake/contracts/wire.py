"""The one place of the suites that opens a connection: what is not permitted ends here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from select import select
from threading import Lock, local
from typing import Final
from urllib.parse import urlsplit

from port_fake.contracts.outcomes import Exchange
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import LOG_IN, Permit
from port_fake.contracts.replies import Reply
from port_fake.contracts.veil import Veil

KEPT: Final = 40
"""How many exchanges are kept as evidence."""


USER_AGENT: Final = "port-fake-contracts"


class UnreachableError(Exception):
    """The target could not be reached, or broke off."""


class Wire:
    """Sends requests to one server, over connections that are kept, one for each thread.

    It asks its permit before, its pace when, and lets its veil learn every token that comes.
    Redirects are answers like any other.
    """

    def __init__(
        self, base_url: str, *, permit: Permit, veil: Veil, pace: Pace, timeout_s: float = 30
    ) -> None:
        """Prepare to call *base_url*, an address without ``/v1``."""
        self.base_url = base_url.rstrip("/")
        self.permit = permit
        self.veil = veil
        self.pace = pace
        self._address = urlsplit(self.base_url)
        self._timeout_s = timeout_s
        self._mine = local()
        self._guard = Lock()
        self._open: list[HTTPConnection] = []
        self._seen: deque[Exchange] = deque(maxlen=KEPT)

    def send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
    ) -> Reply:
        """Send one request and return its answer; *target* is a path with its query.

        A request that the target was too busy for is sent again.

        Raises:
            NotPermittedError: It may not be sent. Nothing was.
            TimeIsUpError: There is no time left for it.
            UnreachableError: No answer came.
        """
        path = target.partition("?")[0]
        pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers)
        tries = 0
        while True:
            self.permit.check(method, path)
            self.pace.before()
            tries += 1
            reply = self._ask(method, target, pairs, content)
            self._note(method, path, target, content, reply)
            self.pace.after(reply.headers)
            if not self.pace.again(reply.status, reply.headers, tries=tries):
                return reply

    def begin(self) -> None:
        """Forget the evidence."""
        self._seen.clear()

    @property
    def evidence(self) -> tuple[Exchange, ...]:
        """The last exchanges, oldest first, with all secrets covered that are known by now."""
        cover = self.veil.cover
        return tuple(
            Exchange(
                method=one.method,
                path=cover(one.path),
                status=one.status,
                sent=cover(one.sent),
                got=cover(one.got),
            )
            for one in self._seen
        )

    def close(self) -> None:
        """Close the connections of all threads; the next request opens a new one."""
        with self._guard:
            connections, self._open = self._open, []
        for connection in connections:
            connection.close()
        self._mine = local()

    def _ask(
        self,
        method: str,
        target: str,
        headers: Sequence[tuple[str, str]],
        content: bytes | None,
    ) -> Reply:
        connection = self._connection()
        try:
            connection.putrequest(method, self._address.path + target, skip_accept_encoding=True)
            named = {name.lower() for name, _ in headers}
            if "user-agent" not in named:
                connection.putheader("User-Agent", USER_AGENT)
            if "content-length" not in named and (content is not None or method != "GET"):
                connection.putheader("Content-Length", str(len(content or b"")))
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(content)
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            connection.close()  # the next request opens it again
            self._seen.append(Exchange(method, target, None, sent=_shown(content)))
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UnreachableError(f"{method} {target} was not answered: {reason}") from None
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return Reply(f"{method} {target}", response.status, found, body)

    def _note(
        self, method: str, path: str, target: str, content: bytes | None, reply: Reply
    ) -> None:
        if (method, path) == LOG_IN:
            self._learn(content, reply)
        self.permit.note(method, path, status=reply.status, body=reply.content)
        self._seen.append(
            Exchange(method, target, reply.status, sent=_shown(content), got=_shown(reply.content))
        )

    def _learn(self, content: bytes | None, reply: Reply) -> None:
        """Let the veil learn what was logged in with, and the token that came of it."""
        for text, key in ((content, "clientSecret"), (reply.content, "accessToken")):
            with suppress(ValueError, LookupError, TypeError):
                found = json.loads(text or b"")[key]
                self.veil.learn(*[found] * isinstance(found, str))

    def _connection(self) -> HTTPConnection:
        found: HTTPConnection | None = getattr(self._mine, "connection", None)
        if found is None:
            kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
            found = kind(self._address.hostname or "", self._address.port, timeout=self._timeout_s)
            self._mine.connection = found
            with self._guard:
                self._open.append(found)
        elif found.sock is not None and select((found.sock,), (), (), 0)[0]:
            found.close()  # nothing is to be read between two requests but the other side's end
        return found


def _shown(content: bytes | None) -> str:
    return (content or b"").decode(errors="replace")
