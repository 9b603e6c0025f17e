"""Constructors for JSON Schema values, so that a schema reads as what it allows.

Keywords a constructor has no name for are passed by their JSON Schema name:
`text(maxLength=30)`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

_COMPONENTS: Final = "#/components/schemas/"


def text(**rules: object) -> Schema:
    """Any string."""
    return {"type": "string", **rules}


def moment() -> Schema:
    """A date with a time, in the RFC 3339 spelling."""
    return text(format="date-time")


def number(**rules: object) -> Schema:
    """Any number."""
    return {"type": "number", **rules}


def flag(**rules: object) -> Schema:
    """True or false."""
    return {"type": "boolean", **rules}


def null() -> Schema:
    """Only null."""
    return {"type": "null"}


def choice(*values: str, **rules: object) -> Schema:
    """One of the values."""
    return {"enum": [*values], **rules}


def array(items: Schema | None = None, **rules: object) -> Schema:
    """A list, of anything unless the items are given."""
    return {"type": "array", **({} if items is None else {"items": items}), **rules}


def opened(
    properties: Mapping[str, Schema] | None = None, required: Iterable[str] = (), **rules: object
) -> Schema:
    """An object that may carry more keys than the named ones."""
    schema: Schema = {"type": "object"}
    if properties:
        schema["properties"] = {**properties}
    if names := [*required]:
        schema["required"] = names
    return {**schema, **rules}


def closed(
    properties: Mapping[str, Schema], required: Iterable[str] = (), **rules: object
) -> Schema:
    """An object that carries the named keys and no others."""
    return opened(properties, required, additionalProperties=False, **rules)


def tagged(
    name: str,
    properties: Mapping[str, Schema] | None = None,
    required: Iterable[str] = (),
    **rules: object,
) -> Schema:
    """A closed object whose `type` tells it apart from its siblings."""
    return closed({"type": choice(name), **(properties or {})}, ["type", *required], **rules)


def map_of(values: Schema, **rules: object) -> Schema:
    """An object with free keys, every value of the one kind."""
    return {"type": "object", "additionalProperties": values, **rules}


def one_of(*schemas: Schema, **rules: object) -> Schema:
    """Exactly one of the schemas holds."""
    return {**rules, "oneOf": [*schemas]}


def any_of(*schemas: Schema, **rules: object) -> Schema:
    """At least one of the schemas holds."""
    return {**rules, "anyOf": [*schemas]}


def nullable(schema: Schema) -> Schema:
    """The same schema, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def untyped(schema: Schema) -> Schema:
    """The same schema without its `type`, as some of Port's documents leave it out."""
    return {keyword: rule for keyword, rule in schema.items() if keyword != "type"}


def ref(name: str) -> Schema:
    """The component schema of that name."""
    return {"$ref": f"{_COMPONENTS}{name}"}
