"""The one place of the suites that opens a connection: what is not permitted ends here."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from select import select
from ssl import SSLCertVerificationError
from threading import Lock, local
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from port_fake.contracts.interrupts import held_back
from port_fake.contracts.outcomes import Exchange
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Permit, Request
from port_fake.contracts.replies import Reply
from port_fake.contracts.veil import Veil
from port_fake.errors import MisuseError

KEPT: Final = 40
"""How many exchanges are kept as evidence."""

KEPT_CHARACTERS: Final = 20_000
"""How much of a body is kept."""

LARGEST: Final = 64 * 1024 * 1024
CHUNK: Final = 64 * 1024
LEAST_S: Final = 1.0
"""What a request is given even where the time is nearly up: an answer is worth waiting for."""

USER_AGENT: Final = "port-fake-contracts"

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
TARGET: Final = re.compile(r"/[!-~]*")
VALUE: Final = re.compile(r"[^\r\n\0\u0100-\U0010ffff]*")

FRAMING: Final = frozenset(
    {
        *("connection", "content-length", "expect", "host", "keep-alive", "te", "trailer"),
        *("transfer-encoding", "upgrade"),
    }
)
"""Headers that say where a request goes and where it ends: nobody but the wire says that."""


class UnreachableError(Exception):
    """The target could not be reached, or broke off."""


class Wire:
    """Sends requests to one server, over connections that are kept, one for each thread.

    It asks its permit before, its pace when, and lets its veil learn every token that comes.
    Redirects are answers like any other; proxies of the environment are not used.
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

        A request that the target was too busy for is sent again. Headers that say where the
        request goes or ends (``Host``, ``Content-Length``...) are left out: the wire has its own.

        Raises:
            MisuseError: It is no request. Nothing was sent.
            NotPermittedError: It may not be sent. Nothing was.
            TimeIsUpError: There is no time left for it.
            UnreachableError: No answer came.
        """
        request = _request(method, target, headers, content)
        tries = 0
        while True:
            self.permit.check(request)
            self.pace.before()
            tries += 1
            with held_back() if self.permit.makes(request) else nullcontext():
                reply = self._answered(request)
            self.pace.after(reply.headers)
            if not self.pace.again(reply.status, reply.headers, tries=tries):
                return reply

    def begin(self) -> None:
        """Forget the evidence."""
        with self._guard:
            self._seen.clear()

    @property
    def evidence(self) -> tuple[Exchange, ...]:
        """The last exchanges, oldest first, with all secrets covered that are known by now."""
        cover = self.veil.cover
        with self._guard:
            seen = tuple(self._seen)
        return tuple(
            Exchange(
                method=one.method,
                path=cover(one.path),
                status=one.status,
                sent=cover(one.sent),
                got=cover(one.got),
            )
            for one in seen
        )

    def close(self) -> None:
        """Close the connections of all threads; the next request opens a new one."""
        with self._guard:
            connections, self._open = self._open, []
        for connection in connections:
            connection.close()
        self._mine = local()

    def _answered(self, request: Request) -> Reply:
        """Send a request once, and keep in mind what came of it."""
        reply: Reply | None = None
        try:
            reply = self._asked(request)
        finally:
            status, body = (None, b"") if reply is None else (reply.status, reply.content)
            self.permit.note(request, status=status, body=body)
            got = body.decode(errors="replace")
            self.veil.learn_answer(got)
            sent = _cut((request.content or b"").decode(errors="replace"))
            with self._guard:
                self._seen.append(
                    Exchange(request.method, request.target, status, sent=sent, got=_cut(got))
                )
        return reply

    def _asked(self, request: Request) -> Reply:
        """Send a request; a second time where a kept connection had ended and no harm is done."""
        connection = self._connection()
        may_repeat = connection.sock is not None and request.method == "GET"
        while True:
            try:
                return self._exchanged(connection, request)
            except (OSError, HTTPException) as error:
                if not (may_repeat and isinstance(error, ConnectionError)):
                    raise self._unreachable(request, error) from None
                may_repeat = False

    def _unreachable(self, request: Request, error: Exception) -> UnreachableError:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if isinstance(error, SSLCertVerificationError):
            reason = f"its certificate is not to be trusted: {error.verify_message}"
        told = f"{request.method} {request.target} was not answered: {reason}"
        return UnreachableError(self.veil.cover(told))

    def _exchanged(self, connection: Gathering, request: Request) -> Reply:
        timeout_s = self._timeout_s
        if self.pace.left_s is not None:
            timeout_s = max(LEAST_S, min(timeout_s, self.pace.left_s))
        connection.timeout = timeout_s
        if connection.sock is not None:
            connection.sock.settimeout(timeout_s)
        is_done = False
        try:
            self._write(connection, request)
            response = connection.getresponse()
            body = _body(response, until=monotonic() + timeout_s)
            is_done = True
        finally:
            if not is_done:
                connection.close()  # whatever still comes would answer the next request
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return Reply(f"{request.method} {request.target}", response.status, found, body)

    def _write(self, connection: Gathering, request: Request) -> None:
        target = self._address.path + request.target
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        if "user-agent" not in {name.lower() for name, _ in request.headers}:
            connection.putheader("User-Agent", USER_AGENT)
        if request.content is not None or request.method != "GET":
            connection.putheader("Content-Length", str(len(request.content or b"")))
        for name, value in request.headers:
            connection.putheader(name, value)
        connection.gather()
        connection.endheaders(request.content)
        connection.flush()

    def _connection(self) -> Gathering:
        found: Gathering | None = getattr(self._mine, "connection", None)
        if found is None:
            kind = SecureConnection if self._address.scheme == "https" else PlainConnection
            port = self._address.port or kind.default_port
            found = kind(self._address.hostname or "", port, timeout=self._timeout_s)
            self._mine.connection = found
            with self._guard:
                self._open.append(found)
        elif found.sock is not None and select((found.sock,), (), (), 0)[0]:
            found.close()  # nothing is to be read between two requests but the other side's end
        return found


class Gathering(HTTPConnection):
    """A connection that sends head and body of a request at once, so that who reads wakes once."""

    _gathered: bytearray | None = None

    def gather(self) -> None:
        """Hold back what is sent from now on."""
        self._gathered = bytearray()

    def flush(self) -> None:
        """Send what was held back."""
        gathered, self._gathered = self._gathered, None
        self.send(bytes(gathered or b""))

    def send(self, data: Any) -> None:
        """Send, or hold back."""
        if self._gathered is None:
            super().send(data)
        else:
            self._gathered += data

    def close(self) -> None:
        """Close, and forget what was held back."""
        self._gathered = None
        super().close()


class PlainConnection(Gathering):
    """A connection without TLS."""


class SecureConnection(Gathering, HTTPSConnection):
    """A connection with TLS."""


def _request(
    method: str,
    target: str,
    headers: Mapping[str, str] | Sequence[tuple[str, str]],
    content: bytes | None,
) -> Request:
    pairs = tuple(headers.items() if isinstance(headers, Mapping) else headers)
    if not TOKEN.fullmatch(method) or not TARGET.fullmatch(target):
        raise MisuseError(f"{method!r} {target!r} is no request: give a method and a path")
    for name, value in pairs:
        if not TOKEN.fullmatch(name) or not VALUE.fullmatch(value):
            raise MisuseError(f"{method} {target} has a header {name!r} that cannot be sent")
    kept = tuple(pair for pair in pairs if pair[0].lower() not in FRAMING)
    return Request(method, target, kept, content)


def _body(response: HTTPResponse, *, until: float) -> bytes:
    """Return the body of an answer, which may neither last nor grow for ever."""
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(f"the answer is longer than {LARGEST} bytes")
        if monotonic() > until:
            raise TimeoutError("the answer did not end in time")
    missing = response.length
    response.close()  # its connection stays open
    if missing:
        raise IncompleteRead(bytes(body), missing)
    return bytes(body)


def _cut(text: str) -> str:
    """Return as much of a text as is kept; the dots let the veil find a secret that is cut."""
    return text if len(text) <= KEPT_CHARACTERS else f"{text[:KEPT_CHARACTERS]}..."
