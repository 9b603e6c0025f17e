"""Differences planted in a schema, each once in a request and once in an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from port_fake.contracts.drift.classes import Aspect, Severity
from tests.contracts.drift.documents import answer, body

Json = Any


class Planted(NamedTuple):
    """What is changed, where it shows, and what it is."""

    change: Callable[[Json], object]
    place: str
    aspect: Aspect
    severity: Severity


WEIGHTS: Final = {
    "b": Severity.BREAKING,
    "a": Severity.ADDITIVE,
    "c": Severity.COSMETIC,
    "u": Severity.UNCLEAR,
}

GONE: Final = object()
LONE: Final = {"$ref": "#/components/schemas/lone"}

# property, keyword, new value, where it shows, and its weight in a request and in an answer
KEYWORDS: Final[tuple[tuple[str, str, Any, Aspect, str], ...]] = (
    ("name", "type", "boolean", Aspect.TYPE, "bb"),
    ("size", "type", "number", Aspect.TYPE, "ab"),
    ("note", "type", "string", Aspect.TYPE, "ba"),
    ("note", "type", GONE, Aspect.TYPE, "ab"),
    ("name", "type", GONE, Aspect.TYPE, "cc"),
    ("kind", "enum", ["big", "small", "odd"], Aspect.ENUM, "ab"),
    ("kind", "enum", ["big"], Aspect.ENUM, "ba"),
    ("when", "enum", ["now"], Aspect.ENUM, "ba"),
    ("when", "format", "date", Aspect.FORMAT, "bb"),
    ("when", "format", GONE, Aspect.FORMAT, "ab"),
    ("name", "format", "email", Aspect.FORMAT, "ba"),
    ("name", "pattern", "^[A-Z]+$", Aspect.PATTERN, "bb"),
    ("name", "pattern", GONE, Aspect.PATTERN, "ab"),
    ("when", "pattern", "^2", Aspect.PATTERN, "ba"),
    ("name", "maxLength", 50, Aspect.BOUND, "ab"),
    ("name", "maxLength", 20, Aspect.BOUND, "ba"),
    ("name", "minLength", 2, Aspect.BOUND, "ba"),
    ("name", "minLength", GONE, Aspect.BOUND, "ab"),
    ("size", "minimum", 2, Aspect.BOUND, "ba"),
    ("size", "minimum", 0.5, Aspect.BOUND, "ab"),
    ("size", "maximum", GONE, Aspect.BOUND, "ab"),
    ("size", "multipleOf", 2, Aspect.BOUND, "bb"),
    ("count", "exclusiveMinimum", GONE, Aspect.BOUND, "ab"),
    ("tags", "maxItems", 5, Aspect.BOUND, "ab"),
    ("tags", "minItems", 1, Aspect.BOUND, "ba"),
    ("tags", "uniqueItems", GONE, Aspect.BOUND, "ab"),
    ("count", "default", 4, Aspect.DEFAULT, "bc"),
    ("count", "default", GONE, Aspect.DEFAULT, "bc"),
    ("size", "default", 4, Aspect.DEFAULT, "ac"),
    ("free", "additionalProperties", False, Aspect.CLOSEDNESS, "ba"),
    ("mapped", "patternProperties", GONE, Aspect.CONDITION, "ab"),
    ("odd", "not", GONE, Aspect.CONDITION, "ab"),
    ("odd", "not", {"const": "x"}, Aspect.CONDITION, "bb"),
    ("name", "not", {"const": "x"}, Aspect.CONDITION, "ba"),
    ("pair", "prefixItems", [{"type": "string"}], Aspect.CONDITION, "ab"),
    ("name", "deprecated", True, Aspect.ANNOTATION, "cc"),
    ("name", "frobnicate", 1, Aspect.KEYWORD, "uu"),
    ("name", "maxLength", "30", Aspect.KEYWORD, "uu"),
    ("name", "$ref", "other.yaml#/name", Aspect.KEYWORD, "uu"),
    ("name", "$ref", "#/components/schemas/nothing", Aspect.KEYWORD, "uu"),
    ("name", "allOf", [LONE], Aspect.KEYWORD, "uu"),
)


def members(schema: Json) -> Json:
    """Return the alternatives of the schema's union."""
    return schema["properties"]["shape"]["oneOf"]


def any_of(schema: Json) -> None:
    """Write a union in another way."""
    union = schema["properties"]["shape"]
    union["anyOf"] = union.pop("oneOf")


# what is done to the schema, where it shows, and so on
CHANGES: Final[dict[str, tuple[Callable[[Json], object], str, Aspect, str]]] = {
    "other items": (
        lambda schema: schema["properties"]["tags"].update(items={"type": "number"}),
        ".tags[]",
        Aspect.TYPE,
        "bb",
    ),
    "any items": (
        lambda schema: schema["properties"]["tags"].pop("items"),
        ".tags[]",
        Aspect.TYPE,
        "ab",
    ),
    "any free keys": (
        lambda schema: schema["properties"]["free"].pop("additionalProperties"),
        ".free.*",
        Aspect.TYPE,
        "ab",
    ),
    "opened": (
        lambda schema: schema.pop("additionalProperties"),
        "",
        Aspect.CLOSEDNESS,
        "aa",
    ),
    "an alternative appears": (
        lambda schema: members(schema).append({"type": "boolean"}),
        ".shape",
        Aspect.ALTERNATIVE,
        "ab",
    ),
    "an alternative changes its name": (
        lambda schema: members(schema)[0]["properties"].update(type={"const": "disc"}),
        ".shape",
        Aspect.ALTERNATIVE,
        "bb",
    ),
    "a union in another way": (any_of, ".shape", Aspect.ALTERNATIVE, "cc"),
    "an alternative goes": (
        lambda schema: schema["properties"].update(shape=members(schema)[0]),
        ".shape",
        Aspect.ALTERNATIVE,
        "ba",
    ),
    "a property goes": (
        lambda schema: schema["properties"].pop("size"),
        ".size",
        Aspect.PROPERTY,
        "bb",
    ),
    "a property appears": (
        lambda schema: schema["properties"].update(new={"type": "string"}),
        ".new",
        Aspect.PROPERTY,
        "aa",
    ),
    "demanded": (lambda schema: schema["required"].append("size"), ".size", Aspect.REQUIRED, "ba"),
    "excused": (lambda schema: schema["required"].remove("kind"), ".kind", Aspect.REQUIRED, "ab"),
    "no schema": (lambda schema: schema.update(properties=[]), "", Aspect.KEYWORD, "uu"),
}


def _changed(name: str, word: str, value: Any) -> Callable[[Json], object]:
    def change(schema: Json) -> None:
        if value is GONE:
            del schema["properties"][name][word]
        else:
            schema["properties"][name][word] = value

    return change


def _rows() -> Iterator[tuple[str, Planted]]:
    table = {
        f"{name} {word} {'gone' if value is GONE else value}": (
            _changed(name, word, value),
            f".{name}",
            aspect,
            weights,
        )
        for name, word, value, aspect, weights in KEYWORDS
    }
    for title, (change, place, aspect, weights) in (table | CHANGES).items():
        sides = ("body", body), ("answer 200", answer)
        for (where, schema), weight in zip(sides, weights, strict=True):
            yield (
                f"{where}: {title}",
                Planted(_within(schema, change), f"{where}{place}", aspect, WEIGHTS[weight]),
            )


def _within(
    schema: Callable[[Json], Json], change: Callable[[Json], object]
) -> Callable[[Json], object]:
    def within(document: Json) -> None:
        document["components"]["schemas"]["lone"] = LONE
        change(schema(document))

    return within


IN_SCHEMAS: Final = dict(_rows())
