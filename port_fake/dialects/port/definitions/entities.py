"""Entities: what a caller may send for one and what a stored one looks like."""

from typing import Final

from port_fake.dialects.port.definitions.blueprints import PROPERTY_NAME
from port_fake.surface.schema import (
    Schema,
    any_of,
    array,
    closed,
    map_of,
    moment,
    null,
    nullable,
    one_of,
    opened,
    ref,
    text,
)

_IDENTIFIER_PATTERN: Final = r"^(?!\.{1,2}$)[\p{L}0-9@_.+:\\/=-]+$"
_IDENTIFIER: Final[Schema] = text(pattern=_IDENTIFIER_PATTERN, maxLength=1000)

_RELATIONS: Final[Schema] = map_of(
    any_of(_IDENTIFIER, array(text(pattern=_IDENTIFIER_PATTERN)), null(), ref("RelationQuery"))
)


def _team(name: Schema) -> Schema:
    """One team, several, or those a query finds."""
    return one_of(name, array(text()), ref("RelationQuery"))


ENTITY_REPLACEMENT: Final[Schema] = opened(
    {
        "identifier": _IDENTIFIER,
        "title": text(),
        "icon": text(),
        "team": _team(text()),
        "properties": opened(default={}),
        "relations": _RELATIONS,
    }
)
"""Source: OpenAPI 1.0, PUT /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}."""

ENTITY: Final[Schema] = opened(
    {**ENTITY_REPLACEMENT["properties"], "identifier": one_of(_IDENTIFIER, ref("IdentifierQuery"))}
)
"""Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities."""

ENTITY_CHANGES: Final[Schema] = closed(
    {
        "identifier": _IDENTIFIER,
        "title": nullable(text()),
        "icon": nullable(text()),
        "team": _team(nullable(text())),
        "properties": opened(propertyNames={"pattern": PROPERTY_NAME}),
        "relations": _RELATIONS,
    }
)
"""Source: OpenAPI 1.0, PATCH /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}."""

RELATION_VALUE: Final[Schema] = one_of(text(), array(text()), null())
"""Source: OpenAPI 1.0, POST /v1/actions, relations of an UPSERT_ENTITY mapping."""

STORED_ENTITY: Final[Schema] = closed(
    {
        **ENTITY["properties"],
        "blueprint": text(),
        "scorecards": opened(),
        "createdAt": moment(),
        "createdBy": text(),
        "updatedAt": moment(),
        "updatedBy": text(),
    },
    ["identifier", "blueprint", "properties", "relations"],
)
"""Source: docs and clients; OpenAPI 1.0 only repeats the body of the request, closed."""
