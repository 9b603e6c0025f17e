"""Schemas in a few words for a reader."""

from __future__ import annotations

import json
from typing import Any


def plain(values: Any) -> Any:
    return None if values is None else [json.loads(one) for one in sorted(values)]


def brief(schema: Any) -> Any:
    """Return a schema in a few words for a reader."""
    if schema is None or isinstance(schema, bool):
        return schema
    if not schema:
        return "anything"
    if "enum" in schema and not isinstance(schema["enum"], dict):
        return f"one of {', '.join(map(str, schema['enum']))}" if schema["enum"] else "nothing"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(str(brief(one)) for one in schema["anyOf"]))
    names = schema.get("type", ())
    kind = " or ".join([names] if isinstance(names, str) else names) or "object"
    if keys := [*schema.get("properties", ())]:
        return f"{kind} of {', '.join(keys[:4])}{', ...' if len(keys) > 4 else ''}"
    return kind
