"""The OpenAPI 3.1 document of an API, read from its operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from port_fake.errors import Fault
from port_fake.surface.dialect import Published
from port_fake.surface.operation import Nothing, Operation
from port_fake.surface.values import DOCUMENT, RequiredOnPaper

Json: TypeAlias = dict[str, Any]

REF: Final = "#/components/schemas/{model}"
PATH_PARAMETER: Final = re.compile(r"{(\w+)}")

WHEN_MUTATING: Final = frozenset({Fault.TOO_LARGE, Fault.INVALID})
"""Source: OpenAPI 1.0: 413 and 422 where something may change."""

HEADING: Final[Mapping[int, str]] = {
    400: "The request is not readable.",
    401: "No token, or one that is not valid.",
    403: "The caller may not do this.",
    404: "Nothing has that identifier.",
    405: "The route has no such method.",
    409: "The identifier is taken, or something depends on the thing.",
    413: "The body is too large.",
    422: "The request breaks a rule.",
    500: "A defect of the fake.",
}


@cache
def document(api: Published) -> Json:
    """Return the document. Everybody gets the same value: do not change it."""
    schemas: Json = dict(api.components)
    paths: Json = {}
    for operation in api.operations:
        entry = _operation(operation, api, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    components: Json = {"schemas": schemas}
    if not all(operation.public for operation in api.operations):
        components["securitySchemes"] = {
            "bearer": {"type": "apiKey", "in": "header", "name": "Authorization"}
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": product_version()},
        "paths": paths,
        "components": components,
    }


def _operation(operation: Operation, api: Published, schemas: Json) -> Json:
    summary, _, rest = (operation.handler.__doc__ or "").partition("\n")
    entry: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary,
        "description": _prose(rest),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation, schemas)],
        "responses": dict(_responses(operation, api, schemas)),
    }
    if operation.shapes.body is not Nothing:
        content = _content(operation.shapes.body, schemas)
        entry["requestBody"] = {"content": content}
        if operation.body_required:
            entry["requestBody"]["required"] = True
    if not operation.public:
        entry["security"] = [{"bearer": list(operation.scopes)}]
    return entry


def _path_parameters(operation: Operation) -> Iterator[Json]:
    for name in PATH_PARAMETER.findall(operation.path):
        schema = {"type": "string", "minLength": 1} if name in operation.nonempty else TEXT
        yield {"name": name, "in": "path", "required": True, "schema": schema}


TEXT: Final = {"type": "string"}


def _query_parameters(operation: Operation, schemas: Json) -> Iterator[Json]:
    for name, hint in get_type_hints(operation.shapes.query, include_extras=True).items():
        required = any(isinstance(one, RequiredOnPaper) for one in get_args(hint)[1:])
        yield {
            "name": name,
            "in": "query",
            "required": required,
            "schema": _schema(hint, schemas),
        }


def _responses(operation: Operation, api: Published, schemas: Json) -> Iterator[tuple[str, Json]]:
    answers = {operation.success: operation.shapes.answer, **(operation.other_answers or {})}
    for status, answer in answers.items():
        content = _content(_shown(answer), schemas)
        response: Json = {"description": "Success.", "content": content}
        if operation.v1 is not None:
            # Port's document shows v2 only; what v1 answers is told beside it.
            response["x-answer-of-version-v1"] = _schema(operation.v1, schemas)
        yield str(status), response
    for status in sorted({api.statuses[fault] for fault in api.always | _faults(operation)}):
        yield (
            str(status),
            {
                "description": HEADING[status],
                "content": _content(api.error_shape(status), schemas),
            },
        )


def _faults(operation: Operation) -> frozenset[Fault]:
    faults = operation.refuses
    if operation.mutates:
        faults |= WHEN_MUTATING
    if operation.shapes.body is not Nothing:
        faults |= {Fault.MALFORMED}
    if operation.shapes.query is not Nothing:
        faults |= {Fault.INVALID}
    return faults


def _shown(answer: Any) -> Any:
    """Return the first shape of a union: the one that the document shows."""
    is_union = get_origin(answer) in {Union, UnionType}
    return get_args(answer)[0] if is_union else answer


def _content(shape: Any, schemas: Json) -> Json:
    return {"application/json": {"schema": _schema(shape, schemas)}}


def _schema(shape: Any, schemas: Json) -> Json:
    schema = TypeAdapter(shape).json_schema(ref_template=REF)
    for name, definition in schema.pop("$defs", {}).items():
        schemas[name] = _untitled(definition)
    if "properties" in schema and "title" in schema:
        schemas[schema["title"]] = _untitled(schema)
        return {"$ref": REF.format(model=schema["title"])}
    plain: Json = _untitled(schema)
    return plain


def _untitled(node: Any) -> Any:
    """Return a schema without titles made up from Python names, with documents in their places."""
    if isinstance(node, list):
        return [_untitled(one) for one in node]
    if not isinstance(node, dict):
        return node
    if DOCUMENT in node:
        return node[DOCUMENT].shown
    return {
        key: {name: _untitled(one) for name, one in value.items()}
        if key == "properties"
        else _untitled(value)
        for key, value in node.items()
        if key != "title" or not isinstance(value, str)
    }


def _prose(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


@cache
def product_version() -> str:
    """Return the version of port-fake; 0 in a source tree that nobody has installed."""
    try:
        return version("port-fake")
    except PackageNotFoundError:
        return "0"
