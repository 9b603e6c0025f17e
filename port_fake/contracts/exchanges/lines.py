"""The file of exchanges: JSON, one line for the recording and one for each exchange."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

FORMAT: Final = 1

ORGANISATION: Final = "organisation"
"""The caller is the organisation itself, by its credentials."""
NOBODY: Final = "nobody"
"""There was no token."""
STRANGER: Final = "stranger"
"""There was something that is no valid token."""

LIMIT_BYTES: Final = 256 * 1024
LIMIT_DEPTH: Final = 100
"""Bodies that are larger or deeper are left out of the file."""


class Kind(StrEnum):
    """What is known of a body."""

    NONE = "none"
    JSON = "json"
    TEXT = "text"
    CUT = "cut"
    """Left out; the value says why."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is kept. Bytes that are no UTF-8 survive as lone surrogates in the text."""

    kind: Kind = Kind.NONE
    value: Any = None

    @classmethod
    def of(cls, data: bytes, *, limit_bytes: int | None = None) -> Body:
        """Return what to keep of bytes; without a limit, all."""
        if not data:
            return cls()
        if limit_bytes is not None and len(data) > limit_bytes:
            return cls(Kind.CUT, f"{len(data)} bytes, more than {limit_bytes}")
        try:
            value = json.loads(data, object_pairs_hook=_once, parse_constant=_no_constant)
            json.dumps(value, allow_nan=False)
        except (ValueError, RecursionError):
            return cls(Kind.TEXT, data.decode("utf-8", "surrogateescape"))
        if _is_deep(value):
            return cls(Kind.CUT, f"nested more than {LIMIT_DEPTH} deep")
        return cls(Kind.JSON, value)

    def data(self) -> bytes | None:
        """Return the bytes to send, None for no body."""
        match self.kind:
            case Kind.JSON:
                return json.dumps(self.value).encode()
            case Kind.TEXT:
                text: str = self.value
                return text.encode("utf-8", "surrogateescape")
            case _:
                return None


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(LIMIT_DEPTH):
        level = [
            one
            for held in level
            if isinstance(held, dict | list)
            for one in (held.values() if isinstance(held, dict) else held)
        ]
    return bool(level)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is there twice")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, of headers only what means something."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer, without secrets, ids and times.

    *caller* is one of the words above, or an email; *operation* is None for a route that the
    dialect does not have. *path* and *query* are raw, but for placeholders.
    """

    number: int
    operation: str | None
    caller: str
    method: str
    path: str
    query: str
    request: Body
    answer: Answer

    def __str__(self) -> str:
        """Return the request line."""
        return f"{self.method} {self.path}{'?' * bool(self.query)}{self.query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file says of itself. *source* is ``port``, ``fake`` or unknown (empty)."""

    target: str
    version: str
    source: str = ""
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be used."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file of exchanges."""

    name: str
    header: Header | None
    exchanges: Sequence[Exchange]
    broken: Sequence[Broken] = ()


def header_line(header: Header) -> str:
    """Return the first line of a file."""
    words = {
        "port-fake-exchanges": header.format,
        "source": header.source,
        "target": header.target,
        "version": header.version,
    }
    return _line(words)


def exchange_line(exchange: Exchange) -> str:
    """Return the line of an exchange."""
    answer = exchange.answer
    words: dict[str, Any] = {
        "n": exchange.number,
        "operation": exchange.operation,
        "as": exchange.caller,
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        **_body_words("request", exchange.request),
        "status": answer.status,
        "headers": dict(answer.headers),
        **_body_words("answer", answer.body),
    }
    return _line({key: value for key, value in words.items() if key != "query" or value})


def _body_words(name: str, body: Body) -> dict[str, Any]:
    if body.kind is Kind.NONE:
        return {}
    return {name if body.kind is Kind.JSON else f"{name}_{body.kind}": body.value}


def _line(words: Mapping[str, Any]) -> str:
    try:
        text = json.dumps(words, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(words)
    # What some editors take for the end of a line would tear it apart.
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def read(file: Path) -> Recorded:
    """Return what a file holds, broken lines by their numbers.

    Raises:
        OSError: The file cannot be read.
    """
    return parsed(file.read_bytes().split(b"\n"), name=file.name)


def parsed(lines: Iterable[bytes], *, name: str) -> Recorded:
    """Return what lines hold."""
    header: Header | None = None
    exchanges: list[Exchange] = []
    broken: list[Broken] = []
    is_begun = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = _value(line)
            if not is_begun:
                header = _header(found)
            else:
                exchanges.append(_exchange(found))
        except ValueError as error:
            broken.append(Broken(number, str(error)))
        is_begun = True
    return Recorded(name, header, exchanges, broken)


def _value(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not readable as JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError("expected an object")  # noqa: TRY004 - one kind of error for the caller
    return value


def _header(words: Mapping[str, Any]) -> Header:
    found = words.get("port-fake-exchanges")
    if found != FORMAT:
        raise ValueError(
            f"the first line says no format that is known here: expected "
            f'{{"port-fake-exchanges": {FORMAT}, ...}}'
        )
    return Header(
        target=str(words.get("target", "")),
        version=str(words.get("version", "")),
        source=str(words.get("source", "")),
    )


TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "n": int,
    "operation": (str, type(None)),
    "as": str,
    "method": str,
    "path": str,
    "status": int,
}


def _exchange(words: Mapping[str, Any]) -> Exchange:
    for key, kind in TYPES.items():
        if key not in words:
            raise ValueError(f"{key!r} is missing")
        if not isinstance(words[key], kind) or isinstance(words[key], bool):
            raise ValueError(f"{key!r} cannot be {words[key]!r}")  # noqa: TRY004 - as above
    query, headers = words.get("query", ""), words.get("headers", {})
    if not isinstance(query, str):
        raise ValueError("'query' must be a text")  # noqa: TRY004 - as above
    if not isinstance(headers, dict):
        raise ValueError("'headers' must be an object")  # noqa: TRY004 - as above
    if not words["path"].startswith("/"):
        raise ValueError(f"'path' must begin with a slash: {words['path']!r}")
    return Exchange(
        number=words["n"],
        operation=words["operation"],
        caller=words["as"],
        method=words["method"],
        path=words["path"],
        query=query,
        request=_body(words, "request"),
        answer=Answer(
            words["status"],
            {str(name): str(value) for name, value in headers.items()},
            _body(words, "answer"),
        ),
    )


def _body(words: Mapping[str, Any], name: str) -> Body:
    if name in words:
        return Body(Kind.JSON, words[name])
    for kind in (Kind.TEXT, Kind.CUT):
        value = words.get(f"{name}_{kind}")
        if value is not None:
            if not isinstance(value, str):
                raise ValueError(f"'{name}_{kind}' must be a text")
            return Body(kind, value)
    return Body()
