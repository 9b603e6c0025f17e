"""Published documents as values: JSON or YAML, read with suspicion and within bounds.

What cannot be read is told with its line; what can be read only in part is read, and told.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from port_fake.contracts.drift.classes import Finding, unclear
from port_fake.contracts.drift.fetching import fetched
from port_fake.contracts.drift.references import escaped
from port_fake.contracts.drift.unreadable import UnreadableError
from port_fake.contracts.drift.yaml_texts import yaml_document

LIMIT_BYTES: Final = 32 * 1024 * 1024
LIMIT_DEPTH: Final = 200
"""Levels of nesting. Source: what Port publishes has fewer than 50, and 3 MB."""

MARKUP: Final = re.compile(r"\s*<(!doctype|html|head|body|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document as it was read: None if it could not be, and what was found on the way."""

    raw: Any = None
    findings: list[Finding] = field(default_factory=list)


def load(where: str) -> Loaded:
    """Read the document that the file or the ``http(s)`` address *where* holds."""
    try:
        return parsed(_text(_content(where)), suffix=_suffix(where))
    except UnreadableError as error:
        return Loaded(None, [unclear("", str(error), line=error.line)])


def parsed(text: str, *, suffix: str = "") -> Loaded:
    """Read *text*; *suffix* tells JSON from YAML, its first letter does otherwise.

    Raises:
        UnreadableError: it is neither, or goes beyond the bounds.
    """
    if not text.strip():
        raise UnreadableError("the document is empty")
    if MARKUP.match(text):
        raise UnreadableError("this is an HTML or XML page, not an OpenAPI document", line=1)
    if suffix in {".yaml", ".yml"} or (suffix != ".json" and text.lstrip()[0] not in "{["):
        return Loaded(*yaml_document(text, limit_depth=LIMIT_DEPTH))
    return _json(text)


def _suffix(where: str) -> str:
    return PurePosixPath(urlsplit(where).path if is_url(where) else where).suffix.lower()


def is_url(where: str) -> bool:
    """Say whether *where* is an address; a Windows drive is not a scheme."""
    return re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", where) is not None


def _content(where: str) -> bytes:
    if is_url(where):
        return fetched(where, limit_bytes=LIMIT_BYTES)
    try:
        with Path(where).open("rb") as file:
            content = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"cannot open {where}: {reason}") from None
    if len(content) > LIMIT_BYTES:
        raise UnreadableError(f"the document is larger than {LIMIT_BYTES // 1024**2} MiB")
    return content


def _text(content: bytes) -> str:
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"the text is not {error.encoding.upper()}", line=line) from None


def _json(text: str) -> Loaded:
    odd: list[str] = []
    doubled: list[tuple[dict[str, Any], str]] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            doubled.extend((made, name) for name in made if names.count(name) > 1)
        return made

    def constant(word: str) -> str:
        odd.append(word)
        return word

    def real(digits: str) -> float | str:
        return value if math.isfinite(value := float(digits)) else constant(digits)

    try:
        raw = json.loads(text, object_pairs_hook=mapping, parse_constant=constant, parse_float=real)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise UnreadableError(f"nested deeper than {LIMIT_DEPTH} levels") from None
    except ValueError as error:  # a number with thousands of digits
        raise UnreadableError(f"not JSON: {error}") from None
    places = dict(_places(raw))
    found = [
        unclear(places.get(id(owner), ""), f"the key {name!r} is there twice; the last one counts")
        for owner, name in doubled
    ]
    found += [unclear("", f"{word} is not a JSON number; read as text") for word in odd]
    return Loaded(raw, found)


def _places(raw: Any) -> Iterator[tuple[int, str]]:
    """Yield where each mapping lies, by its identity.

    Raises:
        UnreadableError: the document is nested too deep.
    """
    waiting: list[tuple[Any, str, int]] = [(raw, "#", 0)]
    while waiting:
        node, place, depth = waiting.pop()
        if depth > LIMIT_DEPTH:
            raise UnreadableError(f"nested deeper than {LIMIT_DEPTH} levels")
        if isinstance(node, dict):
            yield id(node), place
            waiting.extend((one, f"{place}/{escaped(key)}", depth + 1) for key, one in node.items())
        elif isinstance(node, list):
            waiting.extend((one, f"{place}/{i}", depth + 1) for i, one in enumerate(node))
