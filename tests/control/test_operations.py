"""What is true of all operations of the control API, each over HTTP and held to the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from port_fake.control.api import CONTROL
from port_fake.surface.document import document
from port_fake.surface.operation import Nothing, Operation
from tests.support.client import NOTHING
from tests.support.control import ControlClient, Controlled, assert_refused, named

EVERY: Final = pytest.mark.parametrize("operation", CONTROL.operations, ids=lambda one: one.name)
OF_ONE: Final = [one for one in CONTROL.operations if "{organisation}" in one.path]
READING: Final = [one for one in CONTROL.operations if one.shapes.body is not Nothing]
SHOP: Final = {"organisation": "shop", "email": "ana.admin@example.com", "number": "1"}

GOOD: Final[Mapping[str, Any]] = {
    "create-organisation": {"name": "second", "seed": 7, "settings": {"list_limit": 5}},
    "reset-organisation": {"scenario": {"parts": {"teams": [{"name": "new"}]}}},
    "load-scenario": {"parts": {"teams": [{"name": "new"}]}},
    "move-clock": {"set": "2026-03-01T12:00:00Z", "advance_s": 1.5, "frozen": True},
    "set-fault": {"status": 503, "method": "GET", "retry_after_s": 2},
    "settle": {"timeout_s": 5},
}
"""A body for each operation that reads one; a snapshot is taken when it is needed."""

BAD: Final[Mapping[str, Any]] = {
    "create-organisation": {"name": ""},
    "reset-organisation": {"scenario": {"name": "microservice", "populate": {}}},
    "load-scenario": {"parts": {"teams": [{"nam": "new"}]}},
    "restore-snapshot": {"format": "something else"},
    "move-clock": {"set": "tomorrow"},
    "set-fault": {"status": 200},
    "settle": {"timeout_s": -1},
}


@pytest.fixture
def ready(control: ControlClient, shop: dict[str, Any]) -> ControlClient:
    """A client for whom everything is there that an operation may name."""
    assert shop["name"] == "shop"
    control.post(named("shop", "/faults"), {"latency_s": 1, "path": "/nowhere"})
    return control


def path_of(operation: Operation, **values: str) -> str:
    return operation.path.format(**{**SHOP, **values})


def body_of(operation: Operation, control: ControlClient) -> Any:
    if operation.name == "restore-snapshot":
        return control.get(named("shop", "/snapshot")).json
    return GOOD[operation.name] if operation in READING else NOTHING


def state(control: ControlClient) -> tuple[Any, ...]:
    """Return whatever an operation could have changed."""
    places = ("snapshot", "clock", "faults", "requests", "deliveries")
    answers = [control.get(named("shop", f"/{place}")).json for place in places]
    return (*answers, control.get("/_fake/organisations").json)


@EVERY
def test_every_operation_answers_as_its_document_says(
    operation: Operation, ready: ControlClient
) -> None:
    answer = ready.ask(operation.method, path_of(operation), body_of(operation, ready))

    assert answer.status == operation.success, answer


@pytest.mark.parametrize("operation", OF_ONE, ids=lambda one: one.name)
def test_an_organisation_that_is_not_there_is_told_by_its_name(
    operation: Operation, ready: ControlClient
) -> None:
    path = path_of(operation, organisation="shöp")

    answer = ready.ask(operation.method, path, body_of(operation, ready))

    assert_refused(answer, 404, "'shöp'", "GET /_fake/organisations")


@pytest.mark.parametrize("operation", READING, ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'{"a": NaN}', 400), (b"\xff", 400), ([], 422), ({"no such key": 1}, 422)],
    ids=str,
)
def test_a_body_of_no_such_shape_changes_nothing(
    operation: Operation, body: Any, status: int, ready: ControlClient
) -> None:
    before = state(ready)

    answer = ready.ask(operation.method, path_of(operation), body)

    assert_refused(answer, status)
    assert state(ready) == before


@pytest.mark.parametrize("operation", READING, ids=lambda one: one.name)
def test_a_body_with_a_mistake_changes_nothing(operation: Operation, ready: ControlClient) -> None:
    before = state(ready)

    answer = ready.ask(operation.method, path_of(operation), BAD[operation.name])

    assert_refused(answer, 422)
    assert state(ready) == before


@pytest.mark.parametrize("operation", READING, ids=lambda one: one.name)
def test_a_body_must_say_that_it_is_json(operation: Operation, ready: ControlClient) -> None:
    before = state(ready)
    body = json.dumps(body_of(operation, ready)).encode()
    forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]

    for form in forms:
        headers = {"Content-Type": form}
        answer = ready.ask(operation.method, path_of(operation), body, headers=headers)
        assert_refused(answer, 400, "Content-Type: application/json", repr(form))

    assert state(ready) == before


@EVERY
def test_a_method_that_a_route_does_not_have_is_refused(
    operation: Operation, ready: ControlClient
) -> None:
    has = {one.method for one in CONTROL.operations if one.path == operation.path}

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - has:
        assert_refused(ready.ask(method, path_of(operation)), 405, method, *has)


@EVERY
def test_every_operation_explains_itself(operation: Operation) -> None:
    entry = document(CONTROL)["paths"][operation.path][operation.method.lower()]

    assert entry["summary"].endswith(".")
    assert str(operation.success) in entry["responses"]
    assert operation.public, "the control API knows no tokens"


def test_every_operation_has_a_name_and_a_route_of_its_own() -> None:
    assert len({one.name for one in CONTROL.operations}) == len(CONTROL.operations)
    assert len({one.route for one in CONTROL.operations}) == len(CONTROL.operations)


def test_the_document_is_served_and_its_schemas_are_schemas(control: ControlClient) -> None:
    served = control.get("/_fake/openapi.json").json

    assert served == json.loads(json.dumps(document(CONTROL)))
    assert "security" not in json.dumps(served)
    for schema in served["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_what_is_not_there_leads_to_the_document(control: ControlClient) -> None:
    asked: list[Callable[[], Controlled]] = [
        lambda: control.get("/_fake/"),
        lambda: control.get("/_fake/nothing"),
        lambda: control.post("/_fake/organisations/shop/nothing"),
    ]

    for ask in asked:
        assert_refused(ask(), 404, "GET /_fake/openapi.json")


@EVERY
def test_every_operation_is_in_the_manual(operation: Operation) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "control.md").read_text("utf-8")
    below = operation.path.removeprefix("/_fake/organisations/{organisation}")
    rows = [row for row in manual.splitlines() if row.startswith("| `")]

    found = [row for row in rows if operation.method in row and f"{below}`" in row.split("|")[1]]

    assert found, f"docs/control.md does not speak of {operation.route}"
