"""Blueprints: what a caller may send for one and what a stored one looks like."""

from collections.abc import Mapping, Sequence
from typing import Final

from port_fake.surface.schema import (
    Schema,
    any_of,
    array,
    choice,
    closed,
    flag,
    map_of,
    moment,
    one_of,
    opened,
    ref,
    tagged,
    text,
)

PROPERTY_NAME: Final = r"^[A-Za-z0-9@_=\\-]+$"
"""Source: OpenAPI 1.0, every map of properties: blueprints, entities, user inputs."""

PROPERTY_TYPE: Final[Schema] = choice("string", "number", "boolean", "object", "array")
"""Source: OpenAPI 1.0, POST /v1/blueprints and POST /v1/actions."""

COMMON_FORMATS: Final[Sequence[str]] = (
    "date-time",
    "url",
    "email",
    "ipv4",
    "ipv6",
    "markdown",
    "yaml",
    "user",
    "team",
    "proto",
    "labeled-url",
)
"""Source: OpenAPI 1.0, the formats known both to blueprints and to user inputs."""

_COLORS: Final[Schema] = choice(
    "blue",
    "turquoise",
    "orange",
    "purple",
    "pink",
    "yellow",
    "green",
    "red",
    "gold",
    "silver",
    "paleBlue",
    "darkGray",
    "lightGray",
    "bronze",
    "lime",
    "olive",
    "brown",
)
_TITLE: Final[Schema] = text(maxLength=100)

_LABELS: Final[Mapping[str, Schema]] = {"title": _TITLE, "description": text(), "icon": text()}
_PROPERTY: Final[Mapping[str, Schema]] = {
    **_LABELS,
    "type": PROPERTY_TYPE,
    "format": choice(*COMMON_FORMATS, "idn-email", "blueprints", "timer"),
    "spec": choice("open-api", "embedded-url", "async-api"),
    "specAuthentication": closed(
        {
            "clientId": text(),
            "authorizationUrl": text(format="url"),
            "tokenUrl": text(format="url"),
            "authorizationScope": array(text(), default=["openid"]),
        },
        ["clientId", "authorizationUrl", "tokenUrl"],
    ),
}

_CALCULATION: Final[Schema] = closed(
    {
        **_PROPERTY,
        "format": choice(*COMMON_FORMATS, "idn-email"),
        "calculation": text(),
        "colorized": flag(),
        "colors": map_of(_COLORS),
        "items": opened(
            {"type": PROPERTY_TYPE, "format": choice(*COMMON_FORMATS, "idn-format", "timer")}
        ),
    },
    ["calculation", "type"],
)

_MIRROR: Final[Schema] = closed(
    {"path": text(pattern=r"^(?:[A-Za-z0-9@_=\-$]+\.)+?(\w|\$|@|-)*?[^\.]+$"), "title": _TITLE},
    ["path"],
)

_AVERAGE: Final[Mapping[str, Schema]] = {
    "func": choice("average"),
    "measureTimeBy": text(),
    "averageOf": choice("hour", "day", "week", "month", "total"),
}


def _aggregates(by: str, *functions: str, **subject: Schema) -> Schema:
    """The plain functions over one kind of subject, or its average over time."""
    keys = {"calculationBy": choice(by), **subject}
    return one_of(
        closed({"func": choice(*functions), **keys}, ["func", *keys]),
        closed({**_AVERAGE, **keys}, ["func", "averageOf", *keys]),
    )


_AGGREGATION: Final[Schema] = closed(
    {
        **_LABELS,
        "type": choice("number", default="number"),
        "target": text(),
        "calculationSpec": one_of(
            _aggregates("entities", "count"),
            _aggregates("property", "sum", "min", "max", "median", property=text()),
            type="object",
        ),
        "query": ref("SearchQuery"),
        "pathFilter": array(
            closed({"path": array(text(), minItems=1), "fromBlueprint": text()}, ["path"]),
            maxItems=1,
        ),
    },
    ["title", "target", "calculationSpec"],
)

_RELATION: Final[Schema] = closed(
    {
        "title": _TITLE,
        "target": text(),
        "required": flag(default=False),
        "many": flag(default=False),
        "description": text(),
        "type": text(),
    },
    ["target", "required", "many"],
)


def _named(values: Schema, **rules: object) -> Schema:
    """A map whose keys are names of properties or relations."""
    return map_of(values, propertyNames={"pattern": PROPERTY_NAME, "maxLength": 100}, **rules)


def _fields(*required_of_property: str) -> Mapping[str, Schema]:
    """The keys of a blueprint, given what its properties' definitions must say."""
    properties = _named(opened(_PROPERTY, required_of_property))
    return {
        "identifier": text(pattern=r"^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/-]+$", maxLength=100),
        "title": text(minLength=1, maxLength=100),
        "description": text(maxLength=200),
        "icon": text(),
        "ownership": any_of(
            tagged("Inherited", {"path": text(), "title": _TITLE}, ["path"]),
            tagged("Direct", {"title": _TITLE}),
        ),
        "schema": closed({"properties": properties, "required": array(text())}, ["properties"]),
        "calculationProperties": _named(_CALCULATION, default={}),
        "mirrorProperties": _named(_MIRROR),
        "aggregationProperties": _named(_AGGREGATION, default={}),
        "relations": _named(_RELATION),
        "changelogDestination": one_of(
            tagged("WEBHOOK", {"agent": flag(), "url": text(format="uri")}, ["url"]),
            tagged("KAFKA"),
        ),
    }


BLUEPRINT: Final[Schema] = opened(_fields("type"), ["identifier", "title", "schema"])
"""Source: OpenAPI 1.0, POST /v1/blueprints."""

BLUEPRINT_REPLACEMENT: Final[Schema] = opened(_fields("type"), ["title", "schema"])
"""Source: OpenAPI 1.0, PUT /v1/blueprints/{identifier}."""

BLUEPRINT_CHANGES: Final[Schema] = opened(_fields())
"""Source: OpenAPI 1.0, PATCH /v1/blueprints/{identifier}."""

_AUDIT: Final[Mapping[str, Schema]] = {
    "createdBy": text(),
    "updatedBy": text(),
    "createdAt": moment(),
    "updatedAt": moment(),
}

STORED_BLUEPRINT: Final[Schema] = opened(
    {**_fields("type"), **_AUDIT}, [*BLUEPRINT["required"], *_AUDIT]
)
"""Source: OpenAPI 1.0, the `blueprint` of every answer that carries one."""

STORED_BLUEPRINT_IN_LIST: Final[Schema] = STORED_BLUEPRINT
"""Source: OpenAPI 1.0, GET /v1/blueprints, an item of the answer's `blueprints`."""
