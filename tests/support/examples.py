"""A server that is not ours in miniature: it answers example data, made from an OpenAPI document.

It is what general mocks do: every answer is of the right shape, and nothing is ever remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from port_fake.delivery.receiver import ScriptedAnswer
from tests.support.recording import Recording, Seen, recording

DEPTH = 6
METHODS = ("get", "post", "put", "patch", "delete")
VALUES: Mapping[str, Any] = {
    "string": "string",
    "integer": 0,
    "number": 0,
    "boolean": True,
    "null": None,
}
FORMATS = {
    "date-time": "2019-08-24T14:15:22Z",
    "email": "user@example.com",
    "uri": "http://example.com",
    "date": "2019-08-24",
}


def example(schema: Any, document: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a value of that schema: always the same, and as dull as can be."""
    schema = _resolved(schema, document)
    if depth > DEPTH:
        return None
    given = [schema[key] for key in ("example", "const", "default") if key in schema]
    given += schema.get("enum", [])[:1]
    if given:
        return given[0]
    ways = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    return example(ways[0], document, depth) if ways else _typed(schema, document, depth)


def _typed(schema: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object" if {"properties", "allOf"} & schema.keys() else None)
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        merged: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            merged |= example(part, document, depth) or {}
        properties = schema.get("properties", {}).items()
        return merged | {key: example(one, document, depth + 1) for key, one in properties}
    if kind == "array":
        return [example(schema.get("items", {}), document, depth + 1)]
    return FORMATS.get(schema.get("format", ""), VALUES.get(str(kind)))


def _resolved(schema: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(schema, dict):
        return {}
    found: Any = document if "$ref" in schema else schema
    for part in schema.get("$ref", "").removeprefix("#/").split("/") if "$ref" in schema else ():
        found = found[part]
    return dict(found)


class Examples:
    """Answers of a document: the first success of an operation, to whatever is asked."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._routes = [
            (method.upper(), _pattern(path), _answer(operation, document))
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        ]

    def __call__(self, seen: Seen) -> ScriptedAnswer:
        named = {name.lower() for name, _ in seen.headers}
        is_log_in = seen.path.endswith("/access_token")
        paths = [(method, answer) for method, path, answer in self._routes if path(seen.path)]
        for method, answer in paths:
            if method == seen.method:
                if "authorization" not in named and not is_log_in:
                    return ScriptedAnswer.of(401, json={"title": "Invalid security scheme used"})
                return answer
        title = "Route resolved, but no method matched" if paths else "Route not resolved"
        return ScriptedAnswer.of(405 if paths else 404, json={"title": title, "status": 404})


def _pattern(path: str) -> Any:
    return re.compile(re.sub(r"\\\{[^/]+?\\\}", "[^/]+", re.escape(path))).fullmatch


def _answer(operation: Mapping[str, Any], document: Mapping[str, Any]) -> ScriptedAnswer:
    status = min(code for code in operation["responses"] if code.startswith("2"))
    content = operation["responses"][status].get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return ScriptedAnswer.of(int(status), json=example(schema, document))


@contextmanager
def examples(document: Mapping[str, Any]) -> Iterator[Recording]:
    """Serve example data for as long as the block lasts."""
    with recording(Examples(document)) as server:
        yield server
