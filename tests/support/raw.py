"""Requests written byte by byte, for what no client would send."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """What came back, as it was written."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def connected(base_url: str) -> Iterator[socket.socket]:
    """Open a connection to a server for as long as the block lasts."""
    address = urlsplit(base_url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port), timeout=TIMEOUT_S) as sock:
        yield sock


def send(base_url: str, data: bytes) -> RawAnswer:
    """Send bytes on a connection of their own and return the one answer to them."""
    with connected(base_url) as sock:
        sock.sendall(data)
        return receive(sock)


def receive(sock: socket.socket) -> RawAnswer:
    """Read one answer, and no more than that."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        assert byte, f"the connection ended after {head!r}"
        head += byte
    status_line, *lines = head.decode().split("\r\n")[:-2]
    version, status, _ = status_line.split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = b""
    while missing := int(headers["content-length"]) - len(body):
        more = sock.recv(missing)
        assert more, f"the connection ended after {body!r}"
        body += more
    return RawAnswer(version=version, status=int(status), headers=headers, body=body)


def request(
    target: str, *headers: str, method: str = "GET", bearer: str = "", body: bytes | None = None
) -> bytes:
    """Return a proper request, with a header for the token and one for the body's length."""
    lines = [f"{method} {target} HTTP/1.1", "Host: port-fake", *headers]
    if bearer:
        lines.append(f"Authorization: Bearer {bearer}")
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")
