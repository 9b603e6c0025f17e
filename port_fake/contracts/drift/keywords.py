"""The words of JSON Schema, one by one: what each may hold and its one spelling.

Ignored are titles, descriptions, examples, extensions (``x-...``), identifiers, `discriminator`
and `externalDocs`: they change neither a request nor an answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

IGNORED: Final = frozenset(
    [
        "title",
        "description",
        "summary",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "discriminator",
        "definitions",
        "$defs",
        "$schema",
        "$id",
        "$anchor",
        "$comment",
        "$vocabulary",
        "id",
    ]
)

MINIMA: Final = frozenset(
    ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"]
)
MAXIMA: Final = frozenset(
    ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"]
)
FLAGS: Final = frozenset(("uniqueItems", "deprecated", "readOnly", "writeOnly"))
TEXTS: Final = frozenset(("format", "pattern", "contentEncoding", "contentMediaType"))
ANNOTATIONS: Final = frozenset(
    ("deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType", "contentSchema")
)
COVARIANT: Final = ("items", "additionalProperties", "propertyNames")
"""What they demand is demanded of a part: narrower inside is narrower outside."""
CONDITIONS: Final = frozenset(
    [
        "not",
        "if",
        "then",
        "else",
        "contains",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    ]
)
SUBSCHEMAS: Final = CONDITIONS | {*COVARIANT}
SUBSCHEMA_MAPS: Final = frozenset(("properties", "patternProperties", "dependentSchemas"))
GROUPS: Final = ("anyOf", "allOf")
TYPES: Final = ("array", "boolean", "null", "number", "object", "string")

_NUMERIC: Final = frozenset(
    ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
)
_ARRAY: Final = frozenset(
    [
        "items",
        "prefixItems",
        "contains",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minContains",
        "maxContains",
        "unevaluatedItems",
    ]
)
_OBJECT: Final = frozenset(
    [
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "required",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
    ]
)
SPECIFIC: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset(
        ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"]
    ),
    "number": _NUMERIC,
    "integer": _NUMERIC,
    "array": _ARRAY,
    "object": _OBJECT,
    "boolean": frozenset(),
    "null": frozenset(),
}
"""Keywords that speak of one type only and mean nothing to the others."""
SPECIFIC_WORDS: Final = frozenset().union(*SPECIFIC.values())

MEANINGLESS: Final[Mapping[str, tuple[Any, ...]]] = {
    "required": ((),),
    "type": ((*TYPES,),),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), (0,)),
    **dict.fromkeys(FLAGS, (False,)),
    **dict.fromkeys(SUBSCHEMA_MAPS, ({},)),
    **dict.fromkeys((*COVARIANT, "contains"), (True, {})),
    "unevaluatedItems": (True, {}),
    "unevaluatedProperties": (True, {}),
    "prefixItems": ([],),
    "dependentRequired": ("{}",),
    "default": ("null",),
}
"""What says nothing. A default of null is how generators write that there is none."""

Speller: TypeAlias = Callable[[Any], Any]


class MisspeltError(Exception):
    """A keyword with a value that it cannot have."""


def canonical(value: Any) -> str:
    """Return the one JSON text of *value*: 1 and 1.0 are the same, keys have no order."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def number(value: Any) -> int | float:
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise MisspeltError
    plain: int | float = _plain(value)
    return plain


def flag(value: Any) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise MisspeltError
    return value


def text(value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise MisspeltError
    return value


def texts(value: Any) -> tuple[str, ...]:
    """Return names without order or repetition."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise MisspeltError
    return tuple(sorted(set(value)))


def types(value: Any) -> tuple[str, ...]:
    """Return the names of types; integers are numbers already."""
    names = {*texts([value] if isinstance(value, str) else value)}
    if not names or not names <= {*TYPES, "integer"}:
        raise MisspeltError
    return tuple(sorted(names - ({"integer"} if "number" in names else set())))


def values(value: Any) -> tuple[str, ...]:
    """Return allowed values as JSON texts."""
    if not isinstance(value, list):
        raise MisspeltError
    return tuple(sorted({canonical(one) for one in value}))


def subschema(value: Any) -> Any:
    """Return a schema as it is written."""
    if not isinstance(value, (dict, bool)):
        raise MisspeltError
    return value


def subschemas(value: Any) -> dict[str, Any]:
    """Return schemas by name, as they are written."""
    if not isinstance(value, dict):
        raise MisspeltError
    return value


def subschema_list(value: Any) -> list[Any]:
    """Return a list of schemas, as they are written."""
    if not isinstance(value, list):
        raise MisspeltError
    return value


def dependent(value: Any) -> str:
    """Return lists of names by name."""
    return canonical({name: [*texts(names)] for name, names in subschemas(value).items() if names})


SPELLERS: Final[Mapping[str, Speller]] = {
    "type": types,
    "enum": values,
    "required": texts,
    "multipleOf": number,
    "default": canonical,
    "prefixItems": subschema_list,
    "dependentRequired": dependent,
    **dict.fromkeys(MINIMA | MAXIMA, number),
    **dict.fromkeys(FLAGS, flag),
    **dict.fromkeys(TEXTS, text),
    **dict.fromkeys(SUBSCHEMAS, subschema),
    **dict.fromkeys(SUBSCHEMA_MAPS, subschemas),
}

TYPE_OF_LETTER: Final = {"n": "null", "t": "boolean", "f": "boolean", '"': "string", "[": "array"}


def type_of(value: str) -> str:
    """Return the type of a JSON text."""
    if value[0] == "{":
        return "object"
    return TYPE_OF_LETTER.get(value[0]) or ("number" if {*value} & {*".eE"} else "integer")
