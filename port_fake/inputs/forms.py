"""A form: the inputs of an action or the properties of a blueprint, ready to check values.

Definitions are JSON Schema with Port's own additions (formats, jq where a value is computed in
the browser, display hints). What JSON Schema knows is compiled, what is Port's is translated,
and the rest is left to the page that draws the form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import jsonschema_rs

from port_fake.errors import InvalidError

Schema = dict[str, Any]

CHECKED: Final[Mapping[str, type | tuple[type, ...]]] = {
    "type": (str, list),
    "enum": list,
    "minLength": int,
    "maxLength": int,
    "pattern": str,
    "minimum": (int, float),
    "maximum": (int, float),
    "exclusiveMinimum": (int, float),
    "exclusiveMaximum": (int, float),
    "multipleOf": (int, float),
    "minItems": int,
    "maxItems": int,
    "uniqueItems": bool,
    "minProperties": int,
    "maxProperties": int,
    "required": list,
    "format": str,
    "const": (str, int, float, bool),
}
"""Keywords that are checked, and the only types that count: anything else is computed by jq."""

NESTED: Final = ("items", "additionalProperties")
NESTED_MAPS: Final = ("properties", "patternProperties")

ENTITY_VALUE: Final[Schema] = {
    "type": ["string", "object"],
    "minLength": 1,
    "properties": {"identifier": {"type": "string", "minLength": 1}},
    "required": ["identifier"],
}
"""An identifier, or an object that has one. No `anyOf`: it could not say what is wrong."""

LINKING: Final = ("entity", "user", "team")
"""Formats whose values name something of the organisation."""


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


FORMATS: Final[dict[str, Callable[[str], bool]]] = {"url": _is_url}
"""Formats of Port's that are checked beside those of JSON Schema; unknown ones pass."""

MASK: Final = "the value"
"""Stands for the value in messages: inputs may be secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An input that names an entity, a user or a team; *many* if it is a list of such."""

    input: str
    kind: str
    blueprint: str | None
    identifier: str
    many: bool


class Form:
    """Checks values against *properties*, which are compiled once."""

    __slots__ = (
        "_closed",
        "_defaults",
        "_links",
        "_noun",
        "_nullable",
        "_properties",
        "_required",
        "_schema",
    )

    def __init__(
        self,
        properties: Mapping[str, Any],
        *,
        required: object = (),
        noun: str,
        closed: bool,
        nullable: bool = False,
    ) -> None:
        """Prepare a form.

        *noun* names one value in messages, *closed* refuses values without a definition,
        *nullable* lets every value that is not required be null. A *required* that is computed
        by jq requires nothing.

        Raises:
            InvalidError: A definition is not one that values can be checked against.
        """
        self._noun = noun
        self._closed = closed
        self._nullable = nullable
        self._properties = properties
        self._required = tuple(required) if isinstance(required, (list, tuple)) else ()
        self._schema = _compile(
            {name: _translate(rules) for name, rules in properties.items()}, noun
        )
        self._defaults = {
            name: rules["default"]
            for name, rules in properties.items()
            if "default" in rules and not _is_jq(rules["default"])
        }
        self._links = {
            name: link for name, rules in properties.items() if (link := _link(rules)) is not None
        }

    def fill(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return *given* with static defaults added, checked.

        Source: docs, user inputs: a default applies when no value is given.
        Assumed: what the form hides or disables is checked like the rest.

        Raises:
            InvalidError: A value breaks its definition; every breach is named.
        """
        values = {**self._defaults, **given}
        breaches = [*self._missing(values), *self._unknown(values), *self._wrong(values)]
        if breaches:
            raise InvalidError("; ".join(breaches))
        return values

    def references(self, values: Mapping[str, Any]) -> Iterator[Reference]:
        """Return what the values of entity, user and team inputs name."""
        for name, (kind, blueprint) in self._links.items():
            value = values.get(name)
            for identifier in _identifiers(value):
                yield Reference(
                    input=name,
                    kind=kind,
                    blueprint=blueprint,
                    identifier=identifier,
                    many=isinstance(value, list),
                )

    def _missing(self, values: Mapping[str, Any]) -> Iterator[str]:
        for name in self._required:
            if values.get(name) is None:
                yield f"{self._noun} {name!r} is required"

    def _unknown(self, values: Mapping[str, Any]) -> Iterator[str]:
        if self._closed:
            known = ", ".join(self._properties) or "none"
            for name in values:
                if name not in self._properties:
                    yield f"{self._noun} {name!r} is not defined (defined: {known})"

    def _wrong(self, values: Mapping[str, Any]) -> Iterator[str]:
        # A required null has been reported as missing.
        present = {
            name: value
            for name, value in values.items()
            if name in self._properties
            and not (value is None and (self._nullable or name in self._required))
        }
        for error in self._schema.iter_errors(present):
            where = "/".join(str(part) for part in error.instance_path)
            yield f"{self._noun} {where!r}: {error.message}"


def _compile(properties: Mapping[str, Schema], noun: str) -> jsonschema_rs.Draft202012Validator:
    try:
        return _validator(properties)
    except (ValueError, jsonschema_rs.ValidationError):
        for name, schema in properties.items():
            try:
                _validator({name: schema})
            except (ValueError, jsonschema_rs.ValidationError) as error:
                reason = str(error).partition("\n")[0]
                raise InvalidError(f"{noun} {name!r} is not well defined: {reason}") from None
        raise


def _validator(properties: Mapping[str, Schema]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"type": "object", "properties": dict(properties)},
        formats=FORMATS,
        validate_formats=True,
        mask=MASK,
    )


def _translate(rules: object) -> Schema:
    if not isinstance(rules, Mapping):
        return {}
    if rules.get("format") == "entity":
        return ENTITY_VALUE
    if isinstance(rules.get("encryption"), Mapping):
        return {"type": "string"}  # encrypted by the client: nobody can look inside
    schema = {
        keyword: rules[keyword]
        for keyword, types in CHECKED.items()
        if keyword in rules and _counts(rules[keyword], types)
    }
    for keyword in NESTED:
        if isinstance(rules.get(keyword), bool):
            schema[keyword] = rules[keyword]
        elif isinstance(rules.get(keyword), Mapping):
            schema[keyword] = _translate(rules[keyword])
    for keyword in NESTED_MAPS:
        if isinstance(rules.get(keyword), Mapping):
            schema[keyword] = {name: _translate(rule) for name, rule in rules[keyword].items()}
    return schema


def _counts(value: object, types: type | tuple[type, ...]) -> bool:
    # True is an int to Python, and a leftover of older drafts to a bound.
    if isinstance(value, bool):
        return types is bool or (isinstance(types, tuple) and bool in types)
    return isinstance(value, types)


def _is_jq(value: object) -> bool:
    return isinstance(value, Mapping) and "jqQuery" in value


def _link(rules: Mapping[str, Any]) -> tuple[str, str | None] | None:
    for candidate in (rules, rules.get("items")):
        # The rules of items are not examined before: anything may stand there.
        if isinstance(candidate, Mapping) and candidate.get("format") in LINKING:
            blueprint = candidate.get("blueprint")
            return str(candidate["format"]), blueprint if isinstance(blueprint, str) else None
    return None


def _identifiers(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        identifier = one.get("identifier") if isinstance(one, Mapping) else one
        if isinstance(identifier, str):
            yield identifier
