"""Which hosts the fake may call."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

PORT_HOSTS: Final = frozenset(
    {"api.getport.io", "api.port.io", "api.us.getport.io", "api.us.port.io"}
)
"""Source: docs, regions, and the older names. Calls to them come back to the fake."""


def is_self(url: str, own: str) -> bool:
    """Whether *url* is Port's API, or the fake by its own address."""
    host = _host(url)
    return host in PORT_HOSTS or (own != "" and urlsplit(url).netloc == urlsplit(own).netloc)


@lru_cache(1024)
def refusal(url: str, allowed: frozenset[str]) -> str | None:
    """Return why *url* must not be called, None if it may.

    Loopback addresses and Port's own hosts may always be called, others if they are *allowed*.
    """
    try:
        scheme = urlsplit(url).scheme
        host = _host(url)
    except ValueError:
        return f"{url!r} is not a URL"
    if scheme not in {"http", "https"} or not host:
        return f"{url!r} is not an HTTP URL"
    if _is_loopback(host) or host in PORT_HOSTS or host in {one.lower() for one in allowed}:
        return None
    return (
        f"host {host!r} is not on this machine and not allowed: allow it with "
        f"allow_hosts=[{host!r}] or --allow-host {host}"
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
