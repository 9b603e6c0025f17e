"""Who may use the control API: programs on purpose, and no page that a browser happens to show.

A page of anybody's can make a browser send requests to this machine. It cannot do without telling
its own origin, and where it has made a name of its own lead here (DNS rebinding), it tells that
name. Nothing here answers with headers that would let such a page read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final

from port_fake.errors import ForbiddenError, MalformedError
from port_fake.http.annex import Visit

HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d+)?", re.ASCII)
JSON: Final = re.compile(r"application/(?:json|[\w.-]+\+json)\s*(?:;.*)?", re.ASCII | re.IGNORECASE)
OWN_SITES: Final = frozenset({None, "none", "same-origin"})
"""Values of ``Sec-Fetch-Site`` of what no foreign page has set off."""


def admit(visit: Visit, hosts: Collection[str]) -> None:
    """Let a visitor pass.

    Raises:
        ForbiddenError: The request may be a foreign page's.
        MalformedError: The body does not say that it is JSON.
    """
    name = _name(visit.host)
    if name is None or not (name in hosts or _is_here(name, visit.address)):
        raise ForbiddenError(
            f"the control API does not answer to the host {visit.host!r}: call it by localhost or "
            "by an address of its machine, or allow the name with --control-host"
        )
    if visit.origin is not None and visit.origin.lower() != f"http://{visit.host}".lower():
        raise ForbiddenError(
            f"the control API does not answer pages of {visit.origin!r}: call it from a program, "
            "without an Origin header"
        )
    if visit.site not in OWN_SITES:
        raise ForbiddenError(
            f"the control API does not answer what a page elsewhere has set off ({visit.site}): "
            "call it from a program"
        )
    if visit.body and not JSON.fullmatch(visit.content_type):
        raise MalformedError(
            f"the body is sent as {visit.content_type!r}: send JSON, with the header "
            "Content-Type: application/json"
        )


def _name(host: str) -> str | None:
    found = HOST.fullmatch(host)
    return None if found is None else found["name"].strip("[]").rstrip(".").lower()


def _is_here(name: str, address: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        given = ip_address(name)
        own = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # A server on all addresses of IPv6 sees those of IPv4 in disguise.
    return given.is_loopback or given in {own, getattr(own, "ipv4_mapped", None)}
