"""Addresses of servers: which ones are asked, and which ones are told a secret."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from port_fake.errors import MisuseError

ADDRESS: Final = re.compile(r"https?://[^/?#\s@]+(/[!\"$->A-~]*)?", re.IGNORECASE)
INTERNAL: Final = (".localhost", ".local", ".internal", ".test", ".svc")


def server_address(url: str) -> str:
    """Return the address of a server without ``/v1`` and a slash at its end.

    Raises:
        MisuseError: It is none, or has a user, a query or a fragment.
    """
    try:
        parts = urlsplit(url.strip())
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and parts.port != 0
    except ValueError:
        is_address = False
    if "@" in url:
        raise MisuseError("the address must not hold credentials: they come from the environment")
    if not is_address or not ADDRESS.fullmatch(url.strip()):
        raise MisuseError(f"{url!r} is no address of a server: give it as https://HOST")
    return url.strip().rstrip("/").removesuffix("/v1").rstrip("/")


def is_private(address: str) -> bool:
    """Whether what is sent to an address is encrypted, or stays on a machine or its network."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(INTERNAL)


def is_here(address: str) -> bool:
    """Whether an address leads to this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
