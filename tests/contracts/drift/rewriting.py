"""The same document in other words: what means the same must not be a difference."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

Json = Any
Rewrite = Callable[[Json, random.Random], Json]

MAPS: Final = ("properties", "patternProperties")
PARTS: Final = ("items", "additionalProperties", "not", "propertyNames")
LISTS: Final = ("anyOf", "oneOf", "allOf", "prefixItems")


def through_schemas(document: Json, change: Callable[[Json], Json]) -> Json:
    """Return a copy of *document* in which *change* was made of each schema, the inner first."""
    made = json.loads(json.dumps(document))
    for name, schema in made["components"]["schemas"].items():
        made["components"]["schemas"][name] = _schema(schema, change)
    for item in made["paths"].values():
        operations = [one for word, one in item.items() if word != "parameters"]
        owners = [owner for operation in operations for owner in _owners(operation)]
        for owner in [*owners, *item.get("parameters", [])]:
            if "schema" in owner:
                owner["schema"] = _schema(owner["schema"], change)
    return made


def _owners(operation: Json) -> list[Json]:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    headers = [one for body in bodies for one in body.get("headers", {}).values()]
    media = [one for body in bodies for one in body.get("content", {}).values()]
    return [*operation.get("parameters", []), *headers, *media]


def _schema(schema: Json, change: Callable[[Json], Json]) -> Json:
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    for word in MAPS:
        if word in made:
            made[word] = {name: _schema(one, change) for name, one in made[word].items()}
    for word in PARTS:
        if isinstance(made.get(word), dict):
            made[word] = _schema(made[word], change)
    for word in LISTS:
        if word in made:
            made[word] = [_schema(one, change) for one in made[word]]
    return change(made)


def reordered(document: Json, chance: random.Random) -> Json:
    """Keys, required names, enum members and alternatives in another order."""

    def change(schema: Json) -> Json:
        made = dict(chance.sample([*schema.items()], len(schema)))
        for word in ("enum", "required", "anyOf", "oneOf", "allOf"):
            if word in made:
                made[word] = chance.sample(made[word], len(made[word]))
        return made

    return through_schemas(document, change)


def older(document: Json, chance: random.Random) -> Json:
    """As OpenAPI 3.0 would say it."""

    def change(schema: Json) -> Json:
        made = dict(schema)
        types = made.get("type")
        if isinstance(types, list) and "null" in types and len(types) == 2:
            made["type"] = next(one for one in types if one != "null")
            made["nullable"] = True
        if "const" in made:
            made["enum"] = [made.pop("const")]
        for strict, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if strict in made and bound not in made:
                made[bound] = made.pop(strict)
                made[strict] = True
        return made

    del chance
    return {**through_schemas(document, change), "openapi": "3.0.3"}


def wrapped(document: Json, chance: random.Random) -> Json:
    """Unions and intersections of one, unions in unions, null apart, const for enum."""

    def change(schema: Json) -> Json:
        made = dict(schema)
        if isinstance(made.get("enum"), list) and len(made["enum"]) == 1 and chance.random() < 0.5:
            made["const"] = made.pop("enum")[0]
        types = made.get("type")
        if isinstance(types, list) and types[-1] == "null" and made.keys() == {"type"}:
            members = [{"type": one} for one in types]
            return {chance.choice(["anyOf", "oneOf"]): chance.sample(members, len(members))}
        for word in ("anyOf", "oneOf"):
            if word in made and len(made[word]) > 2 and chance.random() < 0.5:
                first, *rest = made[word]
                made[word] = [first, {word: rest}]
        if made and chance.random() < 0.3:
            return {chance.choice(["anyOf", "oneOf", "allOf"]): [made]}
        return made

    return through_schemas(document, change)


def wordy(document: Json, chance: random.Random) -> Json:
    """With what says nothing: titles, examples, bounds of none, doors that are open anyway."""
    noise: list[tuple[str, Any]] = [
        ("title", "a title"),
        ("description", "some words"),
        ("examples", [1]),
        ("x-order", 3),
        ("minLength", 0),
        ("minItems", 0),
        ("uniqueItems", False),
        ("nullable", False),
        ("deprecated", False),
        ("required", []),
        ("additionalProperties", True),
        ("$comment", "nothing"),
    ]

    def change(schema: Json) -> Json:
        if "$ref" in schema:
            return schema
        return {**dict(chance.sample(noise, 4)), **schema}

    return through_schemas(document, change)


def inlined(document: Json, chance: random.Random) -> Json:
    """References written out once; what contains itself still refers to itself inside."""
    schemas = document["components"]["schemas"]

    def change(schema: Json) -> Json:
        if "$ref" in schema and chance.random() < 0.7:
            return json.loads(json.dumps(schemas[schema["$ref"].rpartition("/")[2]]))
        return schema

    return through_schemas(document, change)


def respelt_names(document: Json, chance: random.Random) -> Json:
    """Components under other names."""
    del chance
    text = json.dumps(document).replace("#/components/schemas/", "#/components/schemas/def-")
    made = json.loads(text)
    schemas = made["components"]["schemas"]
    made["components"]["schemas"] = {f"def-{name}": one for name, one in schemas.items()}
    return made


def moved_up(document: Json, chance: random.Random) -> Json:
    """Parameters that all operations of a path share, told once for the path."""
    made = json.loads(json.dumps(document))
    for item in made["paths"].values():
        if "parameters" in item:
            continue
        first, *others = item.values()
        shared = [
            one
            for one in first.get("parameters", [])
            if all(one in other.get("parameters", []) for other in others)
        ]
        for operation in [*item.values()]:
            operation["parameters"] = [
                one for one in operation.get("parameters", []) if one not in shared
            ]
            chance.shuffle(operation["parameters"])
        item["parameters"] = shared
    return made


REWRITES: Final[tuple[Rewrite, ...]] = (
    reordered,
    older,
    wrapped,
    wordy,
    inlined,
    respelt_names,
    moved_up,
)
