"""Schemas in a few words for a reader."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

FEW: Final = 4


def plain(values: Iterable[str] | None) -> Any:
    """Return allowed values as themselves instead of their JSON texts."""
    return None if values is None else [json.loads(one) for one in sorted(values)]


def brief(schema: Any) -> Any:
    """Return a schema in a few words; what is no schema stays as it is."""
    if not isinstance(schema, dict):
        return schema
    if not schema:
        return "anything"
    if "enum" in schema:
        return f"one of {few(schema['enum'])}" if schema["enum"] else "nothing"
    if "anyOf" in schema:
        return few(dict.fromkeys(str(brief(one)) for one in schema["anyOf"]), by=" or ")
    names = schema.get("type", ())
    kind = " or ".join([names] if isinstance(names, str) else map(str, names))
    keys = schema.get("properties")
    if isinstance(keys, dict) and keys:
        return f"{kind or 'object'} of {few(keys)}"
    return kind or f"something with {few(sorted(schema))}"


def few(things: Iterable[Any], *, by: str = ", ") -> str:
    """Return the first of *things*, and a sign that there are more."""
    names = [str(one) for one in things]
    return by.join([*names[:FEW], *(["..."] if len(names) > FEW else [])])
