"""A small document, as a fake might have it, and ways to change a copy of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from port_fake.contracts.drift.classes import Finding
from port_fake.contracts.drift.compare import compared

Json = Any
Change_ = Callable[[Json], object]

SCHEMA: Final = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 30, "pattern": "^[a-z]+$"},
        "kind": {"type": "string", "enum": ["big", "small"]},
        "size": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 1},
        "when": {"type": "string", "format": "date-time"},
        "count": {"type": "number", "exclusiveMinimum": 0, "default": 3},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3, "uniqueItems": True},
        "note": {"type": ["string", "null"]},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
        "free": {"type": "object", "additionalProperties": {"type": "string"}},
        "mapped": {"type": "object", "patternProperties": {"^x": {"type": "string"}}},
        "odd": {"type": "string", "not": {"const": "no"}},
        "shape": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"type": {"const": "circle"}, "r": {"type": "number"}},
                    "required": ["type", "r"],
                },
                {
                    "type": "object",
                    "properties": {"type": {"const": "square"}, "a": {"type": "number"}},
                    "required": ["type"],
                },
            ]
        },
        "child": {"$ref": "#/components/schemas/thing"},
    },
    "required": ["name", "kind"],
    "additionalProperties": False,
}

DOCUMENT: Final = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/v1/things/{thing_id}": {
            "put": {
                "tags": ["Things"],
                "parameters": [
                    {
                        "name": "thing_id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "minLength": 1},
                    },
                    {
                        "name": "limit",
                        "in": "query",
                        "required": False,
                        "schema": {"type": "integer", "maximum": 100},
                    },
                    {
                        "name": "upsert",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "boolean", "default": False},
                    },
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/thing"}}
                    },
                },
                "responses": {
                    "200": {
                        "description": "done",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/thing"}}
                        },
                    },
                    "404": {
                        "description": "none",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"ok": {"const": False}},
                                    "required": ["ok"],
                                }
                            }
                        },
                    },
                },
                "security": [{"bearer": ["write:things"]}],
            },
            "get": {
                "tags": ["Things"],
                "parameters": [
                    {
                        "name": "thing_id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "minLength": 1},
                    }
                ],
                "responses": {"200": {"description": "done"}},
                "security": [{"bearer": []}],
            },
        }
    },
    "components": {
        "securitySchemes": {"bearer": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        "schemas": {"thing": SCHEMA},
    },
}

PATH: Final = "/v1/things/{thing_id}"


def copied() -> Json:
    """Return a copy that may be changed."""
    return json.loads(json.dumps(DOCUMENT))


def put(document: Json) -> Json:
    """Return the operation that has everything."""
    return document["paths"][PATH]["put"]


def body(document: Json) -> Json:
    """Return a schema of the request alone, no longer shared with the answer."""
    return _own(document, put(document)["requestBody"])


def answer(document: Json) -> Json:
    """Return a schema of the answer alone, no longer shared with the request."""
    return _own(document, put(document)["responses"]["200"])


def _own(document: Json, owner: Json) -> Json:
    media = owner["content"]["application/json"]
    if "$ref" in media["schema"]:
        media["schema"] = json.loads(json.dumps(document["components"]["schemas"]["thing"]))
    return media["schema"]


def findings(change: Change_) -> list[Finding]:
    """Return what is found in a copy after *change*."""
    document = copied()
    change(document)
    return compared(DOCUMENT, document).findings
