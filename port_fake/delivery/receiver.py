"""The other end of a letter: a small HTTP server that answers what it is told to.

It runs on threads of its own, so it may be slow without making anybody else slow.
"""

from __future__ import annotations

import json as json_codec
import logging
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Final, Self
from urllib.parse import urlsplit

LOG: Final = logging.getLogger("port_fake.backend")

POLL_S: Final = 0.02
"""How often the listening thread looks whether it should end."""

BARE: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
"""Statuses whose answers have no body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedAnswer:
    """What to answer to a letter."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delay_s: float = 0.0
    drop: bool = False

    @classmethod
    def of(
        cls,
        status: int,
        *,
        json: Any = None,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        delay_s: float = 0.0,
        drop: bool = False,
    ) -> Self:
        """Return an answer with *body* as it is, or *json*, or whether it went well."""
        held = dict(headers or {})
        if body is None and status not in BARE:
            held.setdefault("Content-Type", "application/json")
            body = json_codec.dumps({"ok": is_well(status)} if json is None else json)
        data = body.encode() if isinstance(body, str) else body
        return cls(status=status, headers=held, body=data or b"", delay_s=delay_s, drop=drop)


def is_well(status: int) -> bool:
    """Whether a status is a 2xx."""
    return status // 100 == 2  # noqa: PLR2004 - that is what 2xx means


class Arrival(BaseHTTPRequestHandler):
    """A letter that has arrived, whatever its method, and waits for an answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    server: Receiver

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Handle every method alike: the parent looks for ``do_POST`` and the like."""
        if name.startswith("do_"):
            return lambda: self.server.take(self)
        raise AttributeError(name)

    def read(self) -> bytes:
        """Return the body."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def give(self, answer: ScriptedAnswer) -> None:
        """Answer the letter, late if need be."""
        if answer.delay_s:
            self.server.over.wait(answer.delay_s)
        if answer.drop:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in BARE:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing: letters are remembered."""


class Receiver(ThreadingHTTPServer):
    """A thread for each connection; all of them end with the receiver."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, take: Callable[[Arrival], None]) -> None:
        """Listen on a free port and hand what arrives to *take*, on a thread of its own."""
        self.take = take
        self.over = Event()
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        super().__init__(("127.0.0.1", 0), Arrival)
        self._thread = Thread(
            target=self.serve_forever, args=(POLL_S,), name="port-backend", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.server_port}"

    def end(self) -> None:
        """Stop listening, end all connections and wait for their threads."""
        self.over.set()
        self.shutdown()
        self._thread.join()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    @contextmanager
    def calling(self, url: str) -> Iterator[HTTPConnection]:
        """Open a connection to *url* that ends with the receiver."""
        address = urlsplit(url)
        with closing(HTTPConnection(address.hostname or "", address.port)) as connection:
            connection.connect()
            held = connection.sock
            self._hold(held)
            try:
                yield connection
            finally:
                self._let_go(held)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, and serve it."""
        self._hold(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, and close it."""
        self._let_go(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the parent's
        """Take it easy if whoever sent the letter has not waited for the answer."""
        error = sys.exception()
        if not isinstance(error, OSError):
            LOG.error("the backend failed", exc_info=error)

    def _hold(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.add(connection)

    def _let_go(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.discard(connection)
