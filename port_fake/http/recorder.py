"""What was asked of the fake, kept for tests to look at."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl

from pydantic_core import from_json

LIMIT: Final = 10_000
"""How many exchanges are kept; older ones are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer.

    *path* is decoded and has no query. Bodies are the bytes on the wire; credentials and access
    tokens are never kept, so a request without a valid token, such as the log-in, has empty ones,
    as has one that was too large. *caller* is the actor's id, None without a valid token.
    *status* is 0 if the connection was dropped before an answer; *fault* is the effect of the
    fault that has struck the request, None if none has.
    """

    at: datetime | None
    method: str
    path: str
    query: str
    operation: str | None
    caller: str | None
    status: int
    body: bytes = field(default=b"", repr=False)
    answer: bytes = field(default=b"", repr=False)
    fault: str | None = None

    @property
    def json(self) -> Any:
        """The request's body as JSON; None if there is none or it is no JSON."""
        return _json(self.body)

    @property
    def answer_json(self) -> Any:
        """The answer's body as JSON."""
        return _json(self.answer)

    @property
    def parameters(self) -> dict[str, str]:
        """The query, the last value of each name."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        fault = f" (fault: {self.fault})" if self.fault else ""
        asked = f"{self.method} {self.path}{query}".rstrip()
        return f"{asked} -> {self.status or 'no answer'}{fault}"


class Recorder:
    """The exchanges of one organisation, oldest first. Safe to use from any thread."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=LIMIT)
        self._lock = Lock()
        self.count = 0
        """How many there have been, also those that are forgotten."""

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        with self._lock:
            self._exchanges.append(exchange)
            self.count += 1

    def since(self, count: int) -> list[Exchange]:
        """Return what has come after the first *count*, as far as it is kept."""
        return [exchange for number, exchange in self.numbered() if number > count]

    def numbered(self) -> list[tuple[int, Exchange]]:
        """Return what is kept, each with its number, from 1; no number is given twice."""
        with self._lock:
            first = self.count - len(self._exchanges) + 1
            return list(enumerate(self._exchanges, first))

    def all(self) -> list[Exchange]:
        """Return what is kept."""
        with self._lock:
            return list(self._exchanges)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._exchanges.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an exchange must be like; None means: anything.

    *json* and *query* must be contained: each key with an equal value, at every depth.
    """

    method: str
    path: str
    json: Any = None
    query: Mapping[str, str] | None = None
    status: int | None = None

    def differences(self, exchange: Exchange) -> list[str]:
        """Return what is not as wanted, one sentence each; nothing if all is."""
        found: list[str] = []
        if exchange.method != self.method.upper():
            found.append(f"method is {exchange.method}, not {self.method.upper()}")
        if exchange.path != self.path:
            found.append(f"path is {exchange.path}, not {self.path}")
        if self.status is not None and exchange.status != self.status:
            found.append(f"status is {exchange.status}, not {self.status}")
        if self.query is not None:
            found += _missing("query", dict(self.query), exchange.parameters)
        if self.json is not None:
            found += _missing("body", self.json, exchange.json)
        return found


def _missing(place: str, wanted: Any, held: Any) -> list[str]:
    if isinstance(wanted, Mapping) and isinstance(held, Mapping):
        return [
            difference
            for key, value in wanted.items()
            for difference in (
                _missing(f"{place}.{key}", value, held[key])
                if key in held
                else [f"{place}.{key} is missing, not {value!r}"]
            )
        ]
    return [] if wanted == held else [f"{place} is {held!r}, not {wanted!r}"]


def _json(data: bytes) -> Any:
    try:
        return from_json(data)
    except ValueError:
        return None
