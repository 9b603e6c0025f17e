"""The OpenAPI document that the fake gives of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs
import pytest

from port_fake.dialects.port.dialect import PORT
from port_fake.errors import Fault
from port_fake.surface.document import document
from port_fake.surface.operation import Nothing, Operation
from tests.support.client import compiled

DOCUMENT: Final[dict[str, Any]] = json.loads(json.dumps(document(PORT)))
ENTRIES: Final = {
    entry["operationId"]: (path, method, entry)
    for path, methods in DOCUMENT["paths"].items()
    for method, entry in methods.items()
}
ROWS: Final = {operation.name: operation for operation in PORT.operations}
NAMES: Final = list(ROWS)

REFUSAL: Final = {"ok": False, "error": "not_found", "message": "no such thing"}


def schemas(name: str) -> Iterator[Any]:
    """Every schema of an operation."""
    _, _, entry = ENTRIES[name]
    yield from (parameter["schema"] for parameter in entry["parameters"])
    if "requestBody" in entry:
        yield entry["requestBody"]["content"]["application/json"]["schema"]
    for response in entry["responses"].values():
        yield response["content"]["application/json"]["schema"]
        yield response.get("x-answer-of-version-v1", {})


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_document_is_openapi() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["info"].keys() == {"title", "version"}
    scheme = {"type": "apiKey", "in": "header", "name": "Authorization"}
    assert DOCUMENT["components"]["securitySchemes"] == {"bearer": scheme}
    assert DOCUMENT.keys() == {"openapi", "info", "paths", "components"}


def test_the_document_is_made_once() -> None:
    assert document(PORT) is document(PORT)


def test_every_operation_is_in_the_document_under_a_name_of_its_own() -> None:
    assert len(ENTRIES) == len(NAMES) == len(PORT.operations)
    assert {name: f"{method.upper()} {path}" for name, (path, method, _) in ENTRIES.items()} == {
        name: operation.route for name, operation in ROWS.items()
    }


def test_names_are_words_with_hyphens() -> None:
    assert [name for name in NAMES if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name)] == []


def test_the_run_operations_have_the_names_that_tools_know() -> None:
    assert {name for name, row in ROWS.items() if row.tag == "Action Runs"} == {
        "execute-self-service-action",
        "get-all-action-runs",
        "get-action-run-s-details",
        "update-action-run",
        "approve-action-run",
        "add-log-action-run",
        "get-action-s-run-logs",
        "get-action-run-s-approvers",
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_says_what_it_does_and_where_that_is_known_from(name: str) -> None:
    _, _, entry = ENTRIES[name]

    assert entry["summary"].endswith(".")
    assert entry["summary"][0].isupper()
    assert re.search(r"^(Source|Assumed): ", entry["description"], re.MULTILINE)
    assert entry["tags"] == [ROWS[name].tag]


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_has_the_parameters_of_its_path_and_its_query(name: str) -> None:
    path, _, entry = ENTRIES[name]

    places = [(one["in"], one["name"]) for one in entry["parameters"]]
    in_path = {each for place, each in places if place == "path"}
    in_query = {each for place, each in places if place == "query"}
    assert len(set(places)) == len(places)
    assert in_path == set(re.findall(r"{(\w+)}", path))
    assert in_query == set(ROWS[name].shapes.query.__annotations__)
    assert all(one["required"] for one in entry["parameters"] if one["in"] == "path")


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_declares_its_success_and_its_refusals(name: str) -> None:
    row, (_, _, entry) = ROWS[name], ENTRIES[name]

    statuses = {int(status) for status in entry["responses"]}
    expected = {row.success, *(row.other_answers or {}), 401, 404}
    expected |= {PORT.statuses[fault] for fault in row.refuses}
    expected |= {413, 422} if row.mutates else set()
    expected |= {400} if row.shapes.body is not Nothing else set()
    expected |= {422} if row.shapes.query is not Nothing else set()
    assert statuses == expected
    assert all(response["description"] for response in entry["responses"].values())


@pytest.mark.parametrize("name", NAMES)
def test_only_the_log_in_needs_no_token(name: str) -> None:
    _, _, entry = ENTRIES[name]

    if name == "create-access-token":
        assert "security" not in entry
    else:
        assert entry["security"] == [{"bearer": list(ROWS[name].scopes)}]


@pytest.mark.parametrize("name", NAMES)
def test_a_body_is_described_where_one_is_read(name: str) -> None:
    row, (_, _, entry) = ROWS[name], ENTRIES[name]

    body = entry.get("requestBody")

    if row.shapes.body is Nothing:
        assert body is None
    else:
        assert body["content"].keys() == {"application/json"}
        assert body.get("required", False) is row.body_required


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_of_an_operation_is_sound(name: str) -> None:
    for schema in schemas(name):
        assert jsonschema_rs.meta.is_valid(schema), schema
        compiled(schema)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_component_is_sound(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]

    assert jsonschema_rs.meta.is_valid(schema)
    compiled(schema)


def test_all_references_lead_to_components() -> None:
    places = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}

    assert set(references(DOCUMENT)) <= places


def test_no_component_is_there_for_nothing() -> None:
    used = {each.rpartition("/")[2] for each in references(DOCUMENT)}

    assert DOCUMENT["components"]["schemas"].keys() <= used


def test_nothing_of_the_making_shows_in_the_document() -> None:
    text = json.dumps(DOCUMENT)

    assert "x-document" not in text
    assert "$defs" not in text
    assert "TypedDict" not in text
    assert '"title": "' not in json.dumps(DOCUMENT["components"])


@pytest.mark.parametrize("fault", Fault)
def test_a_refusal_has_the_shape_that_the_document_gives_it(fault: Fault) -> None:
    status = str(PORT.statuses[fault])
    shapes = {
        json.dumps(entry["responses"][status]["content"]["application/json"]["schema"])
        for _, _, entry in ENTRIES.values()
        if status in entry["responses"]
    }

    for shape in shapes:
        validator = compiled(json.loads(shape))
        assert validator.is_valid(REFUSAL)
        assert not validator.is_valid({**REFUSAL, "ok": True})
        assert not validator.is_valid({**REFUSAL, "surprise": 1})
        assert not validator.is_valid({"ok": False})


def test_answers_of_v1_are_told_beside_those_of_v2() -> None:
    told = {
        name
        for name, (_, _, entry) in ENTRIES.items()
        for response in entry["responses"].values()
        if "x-answer-of-version-v1" in response
    }

    assert told == {
        "get-all-action-runs",
        "get-action-run-s-details",
        "update-action-run",
        "approve-action-run",
    }


def test_parameters_that_are_required_on_paper_have_a_default() -> None:
    found = {
        (name, parameter["name"], parameter["schema"].get("default"))
        for name, (_, _, entry) in ENTRIES.items()
        for parameter in entry["parameters"]
        if parameter["in"] == "query" and parameter["required"]
    }

    assert found == {
        ("get-action-run-s-approvers", "include_pending_approvers", False),
        ("create-entity", "upsert", False),
        ("write-entities", "upsert", False),
        ("delete-entity", "delete_dependents", False),
        ("delete-entities", "delete_dependents", False),
    }


def test_an_operation_knows_its_method_and_its_path() -> None:
    row = Operation(name="x", tag="x", route="GET /a/{b}", handler=lambda: None)

    assert (row.method, row.path, row.mutates) == ("GET", "/a/{b}", False)
