"""Requests and answers as plain values, and what is true of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

LIMIT_BYTES: Final = 1024 * 1024
"""Source: OpenAPI 1.0, 413: a body may have 1 MiB."""

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
}
"""On every answer. Assumed: any page may call, as the documentation's own pages do."""

PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. *path* is raw, *query* the raw text and its decoded pairs.

    *shown* is the same without secrets, None if there are none: what is recorded of it. A request
    that the fake makes to itself has a *depth*, and the *root* that it goes back to.
    """

    method: str
    path: str
    query: str = ""
    pairs: Sequence[tuple[str, str]] = ()
    authorization: str | None = field(default=None, repr=False)
    preflight: bool = False
    body: bytes = field(default=b"", repr=False)
    depth: int = 0
    root: int = 0
    shown: Request | None = None


@dataclass(slots=True, kw_only=True)
class Answer:
    """An answer, ready for the wire.

    What a fault does to it is said in plain values, for whoever has the sockets: it is held back
    for *delay_s* seconds; it *is_dropped*, and the connection ends without it; or *missing_bytes*
    of what its length promises never come, and the connection ends after *body*.
    """

    status: int
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0
    is_dropped: bool = False
    missing_bytes: int = 0
