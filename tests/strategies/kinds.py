"""A definition of every kind that an input may have, and actions that ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.strategies.rules import Known

TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "number"}
LIST: Final = {"type": "array"}
MAP: Final = {"type": "object"}
ENTITY: Final = {"type": "string", "format": "entity", "blueprint": "service"}
JQ: Final = {"jqQuery": ".form.size"}

KNOWN: Final = Known(
    entities={"service": ["web", "api", "db"]},
    users=["ana@example.com", "ben@example.com"],
    teams=["team-a", "team-b"],
)

FORMATS: Final = (
    *("date-time", "url", "email", "ipv4", "ipv6", "markdown", "yaml", "proto", "labeled-url"),
    *("multi-line", "user", "team", "idn-email", "timer", "blueprints"),
)
ONLY_NESTED: Final = (
    *("date", "time", "duration", "hostname", "idn-hostname", "uri", "uri-reference", "iri"),
    *("iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex"),
)

KINDS: Final[Mapping[str, dict[str, Any]]] = {
    # texts
    "text": TEXT,
    "at least": {**TEXT, "minLength": 2},
    "at most": {**TEXT, "maxLength": 3},
    "of a size": {**TEXT, "minLength": 5, "maxLength": 5},
    "long": {**TEXT, "minLength": 500, "maxLength": 5000},
    "empty": {**TEXT, "maxLength": 0},
    "slug": {**TEXT, "pattern": "^[a-z][a-z0-9-]{2,}$"},
    "short slug": {**TEXT, "pattern": "^[a-z][a-z0-9-]*$", "minLength": 2, "maxLength": 4},
    "anywhere": {**TEXT, "pattern": "[0-9]{3}"},
    "script": {**TEXT, "pattern": r"^\p{L}+$"},
    "version": {**TEXT, "pattern": r"^v\d+(\.\d+){2}$", "maxLength": 12},
    "either": {**TEXT, "pattern": "^(dev|staging|prod)$"},
    "ahead": {**TEXT, "pattern": r"^(?!\.{1,2}$)[a-z.]+$"},
    "choice": {**TEXT, "enum": ["eu", "us", "ap"]},
    "fixed": {**TEXT, "const": "yes"},
    "computed": {**TEXT, "enum": JQ, "pattern": JQ, "minLength": JQ, "default": JQ},
    "short email": {**TEXT, "format": "email", "maxLength": 9},
    "long url": {**TEXT, "format": "url", "minLength": 60},
    "local email": {**TEXT, "format": "email", "pattern": "@x[.]io$"},
    **{f"format {name}": {**TEXT, "format": name} for name in FORMATS},
    # numbers
    "number": NUMBER,
    "from": {**NUMBER, "minimum": 1},
    "to": {**NUMBER, "maximum": -1},
    "over": {**NUMBER, "exclusiveMinimum": 0.5},
    "under": {**NUMBER, "exclusiveMaximum": 10},
    "between": {**NUMBER, "minimum": 0, "maximum": 1},
    "inside": {**NUMBER, "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "both": {**NUMBER, "minimum": 3, "exclusiveMinimum": 3, "maximum": 9},
    "step": {**NUMBER, "multipleOf": 0.1, "minimum": 0, "maximum": 5},
    "even": {**NUMBER, "multipleOf": 2},
    "some": {**NUMBER, "enum": [1, 2.5, 3]},
    "huge": {**NUMBER, "minimum": 1e300},
    # the rest
    "flag": {"type": "boolean"},
    "only true": {"type": "boolean", "enum": [True]},
    "object": MAP,
    "shape": {
        **MAP,
        "properties": {"a": TEXT, "b": {**NUMBER, "minimum": 0}, "c": ENTITY},
        "required": ["a"],
        "additionalProperties": False,
    },
    "map": {**MAP, "additionalProperties": {**TEXT, "maxLength": 2}},
    "sized": {**MAP, "minProperties": 1, "maxProperties": 2},
    "patterns": {**MAP, "patternProperties": {"^n": NUMBER}, "additionalProperties": False},
    "list": LIST,
    "texts": {**LIST, "items": TEXT},
    "numbers": {**LIST, "items": {**NUMBER, "maximum": 5}, "minItems": 1, "maxItems": 3},
    "set": {**LIST, "items": TEXT, "uniqueItems": True},
    "flags": {**LIST, "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
    "choices": {**LIST, "items": {**TEXT, "enum": ["a", "b", "c"]}, "uniqueItems": True},
    "lists": {**LIST, "items": {**LIST, "items": {**TEXT, "pattern": "^[ab]$"}}},
    "objects": {**LIST, "items": {**MAP, "properties": {"a": TEXT}, "required": ["a"]}},
    "nothing": {**LIST, "items": False},
    **{f"items {name}": {**LIST, "items": {**TEXT, "format": name}} for name in ONLY_NESTED},
    # what names something
    "entity": ENTITY,
    "entities": {**LIST, "items": ENTITY, "minItems": 1},
    "a set of entities": {**LIST, "items": ENTITY, "uniqueItems": True},
    "users": {**LIST, "items": {**TEXT, "format": "user"}},
    # secrets
    "secret": {**TEXT, "encryption": "aes256-gcm"},
    "secret object": {**MAP, "encryption": "aes256-gcm"},
    "sealed": {**TEXT, "encryption": {"algorithm": "client-side", "key": "PEM"}},
}

MIXED: Final = (
    *("at least", "slug", "choice", "format date-time", "format url", "between", "inside"),
    *("flag", "shape", "set", "entity", "format user"),
)
"""Twelve inputs of mixed kinds."""


def action(*kinds: str, required: bool = True, **more: Any) -> dict[str, Any]:
    """An action that asks for inputs of some kinds, each called as its kind."""
    properties = {kind.replace(" ", "_"): KINDS[kind] for kind in kinds}
    return action_of({**properties, **more}, required=[*properties] if required else [])


def action_of(properties: Mapping[str, Any], *, required: Any = ()) -> dict[str, Any]:
    """An action with the inputs that are given."""
    inputs = {"properties": dict(properties), "required": required}
    trigger = {"type": "self-service", "operation": "CREATE", "userInputs": inputs}
    return {
        "identifier": "deploy",
        "trigger": trigger,
        "invocationMethod": {"type": "WEBHOOK", "url": "https://backend.example.com/"},
    }
