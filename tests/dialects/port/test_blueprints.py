"""Blueprints: made, read, replaced, changed, deleted."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, Query, assert_refused

BLUEPRINTS: Final = "/v1/blueprints"
SERVICE: Final = f"{BLUEPRINTS}/service"
MINIMAL: Final = {"identifier": "service", "title": "Service", "schema": {"properties": {}}}
RELATION: Final = {"title": "Runs on", "target": "cluster", "required": False, "many": False}
WHOLE: Final = {
    "identifier": "service",
    "title": "Service",
    "description": "Something that runs",
    "icon": "Microservice",
    "schema": {
        "properties": {
            "region": {"type": "string", "enum": ["eu-west-1"], "enumColors": {"eu-west-1": "red"}},
            "url": {"type": "string", "format": "url"},
        },
        "required": ["region"],
    },
    "calculationProperties": {},
    "mirrorProperties": {"zone": {"path": "cluster.zone"}},
    "aggregationProperties": {},
    "relations": {"cluster": RELATION},
    "changelogDestination": {"type": "KAFKA"},
}


@pytest.mark.parametrize("document", [MINIMAL, WHOLE])
def test_a_new_blueprint_is_answered_as_it_was_sent_with_stamps(
    port_fake: FakePort, client: Client, document: dict[str, Any]
) -> None:
    answer = client.post(BLUEPRINTS, document)

    blueprint = answer.json["blueprint"]
    assert answer.status == 201
    assert blueprint == {
        "relations": {},
        **document,
        "createdAt": blueprint["createdAt"],
        "updatedAt": blueprint["createdAt"],
        "createdBy": port_fake.client_id,
        "updatedBy": port_fake.client_id,
    }
    assert client.get(SERVICE).json == answer.json


def test_obsolete_formulas_are_taken_and_forgotten(client: Client) -> None:
    formulas = {"launch": {"identifier": "launch", "formula": "https://a.example.com/{{region}}"}}

    answer = client.post(BLUEPRINTS, {**WHOLE, "formulaProperties": formulas})

    assert answer.status == 201
    assert "formulaProperties" not in answer.json["blueprint"]


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_a_page_in_the_catalog_makes_no_difference(client: Client, wanted: str) -> None:
    answer = client.post(BLUEPRINTS, MINIMAL, {"create_catalog_page": wanted})

    assert answer.status == 201


@pytest.mark.parametrize("wanted", ["yes", "1", ""])
def test_whether_to_make_a_page_is_told_as_a_boolean(client: Client, wanted: str) -> None:
    answer = client.post(BLUEPRINTS, MINIMAL, {"create_catalog_page": wanted})

    assert_refused(answer, 422, "query/create_catalog_page must be boolean")
    assert client.get(BLUEPRINTS).json["blueprints"] == []


def test_an_identifier_is_taken_once(client: Client) -> None:
    made = client.post(BLUEPRINTS, WHOLE).json

    answer = client.post(BLUEPRINTS, MINIMAL)

    assert_refused(answer, 409, "'service'")
    assert client.get(SERVICE).json == made


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"title": None}, "body/title"),
        ({"title": ""}, "body/title"),
        ({"title": "x" * 101}, "body/title"),
        ({"description": "x" * 201}, "body/description"),
        ({"schema": None}, "body/schema"),
        ({"schema": {}}, "body/schema"),
        ({"schema": {"properties": {"a b": {"type": "string"}}}}, "body/schema"),
        ({"schema": {"properties": {"a": {"type": "date"}}}}, "body/schema/properties/a/type"),
        ({"schema": {"properties": {}, "surprise": 1}}, "body/schema"),
        ({"relations": {"cluster": {"target": "cluster"}}}, "body/relations/cluster"),
        ({"relations": []}, "body/relations"),
        ({"mirrorProperties": {"zone": {"path": "zone"}}}, "body/mirrorProperties/zone/path"),
    ],
)
def test_a_definition_must_be_sound_however_it_is_sent(
    client: Client, change: dict[str, Any], about: str
) -> None:
    made = client.post(BLUEPRINTS, MINIMAL).json

    answers = [
        client.post(BLUEPRINTS, {**MINIMAL, "identifier": "other", **change}),
        client.put(SERVICE, {**MINIMAL, **change}),
        client.patch(SERVICE, change),
    ]

    for answer in answers:
        assert_refused(answer, 422, about)
    assert client.get(BLUEPRINTS).json["blueprints"] == [made["blueprint"]]


@pytest.mark.parametrize("key", MINIMAL)
def test_a_new_blueprint_needs_an_identifier_a_title_and_a_schema(client: Client, key: str) -> None:
    document = {name: value for name, value in MINIMAL.items() if name != key}

    answer = client.post(BLUEPRINTS, document)

    assert_refused(answer, 422, key)


@pytest.mark.parametrize("identifier", ["a b", "..", "", "a=b", "x" * 101, None])
def test_an_identifier_has_no_blanks_and_a_bounded_length(
    client: Client, identifier: object
) -> None:
    answer = client.post(BLUEPRINTS, {**MINIMAL, "identifier": identifier})

    assert_refused(answer, 422, "body/identifier")


def test_a_property_must_make_sense(client: Client) -> None:
    properties = {"region": {"type": "string", "pattern": "("}}

    answer = client.post(BLUEPRINTS, {**MINIMAL, "schema": {"properties": properties}})

    assert_refused(answer, 422, "'region'")


def test_blueprints_are_listed_oldest_first_as_they_are_read(client: Client) -> None:
    made = [
        client.post(BLUEPRINTS, {**WHOLE, "identifier": each}).json["blueprint"]
        for each in ("z", "a", "m")
    ]

    answer = client.get(BLUEPRINTS)

    assert answer.json == {"ok": True, "blueprints": made}


def test_another_definition_takes_the_place_of_one(client: Client) -> None:
    old = client.post(BLUEPRINTS, WHOLE).json["blueprint"]

    answer = client.put(SERVICE, {"title": "Anew", "schema": {"properties": {}}})

    new = answer.json["blueprint"]
    assert answer.status == 200
    assert new == {
        "identifier": "service",
        "title": "Anew",
        "schema": {"properties": {}},
        "relations": {},
        "createdAt": old["createdAt"],
        "createdBy": old["createdBy"],
        "updatedAt": new["updatedAt"],
        "updatedBy": old["updatedBy"],
    }
    assert new["updatedAt"] > old["updatedAt"]


def test_a_replaced_blueprint_keeps_its_identifier(client: Client) -> None:
    client.post(BLUEPRINTS, WHOLE)

    answer = client.put(SERVICE, {**MINIMAL, "identifier": "other"})

    assert answer.json["blueprint"]["identifier"] == "service"


@pytest.mark.parametrize("document", [NOTHING, {}, {"title": "a"}, {"schema": {"properties": {}}}])
def test_a_replacement_needs_a_title_and_a_schema(client: Client, document: Any) -> None:
    made = client.post(BLUEPRINTS, WHOLE).json

    answer = client.put(SERVICE, document)

    assert_refused(answer, 422, "body")
    assert client.get(SERVICE).json == made


def test_a_change_keeps_what_it_does_not_name(client: Client) -> None:
    old = client.post(BLUEPRINTS, WHOLE).json["blueprint"]

    answer = client.patch(SERVICE, {"title": "Anew", "relations": {}})

    new = answer.json["blueprint"]
    assert answer.status == 200
    assert new == {**old, "title": "Anew", "relations": {}, "updatedAt": new["updatedAt"]}


@pytest.mark.parametrize("body", [NOTHING, {}])
def test_a_change_may_name_nothing(client: Client, body: Any) -> None:
    old = client.post(BLUEPRINTS, WHOLE).json["blueprint"]

    answer = client.patch(SERVICE, body)

    new = answer.json["blueprint"]
    assert new == {**old, "updatedAt": new["updatedAt"]}


def test_a_change_that_would_leave_a_property_without_a_type_is_refused(client: Client) -> None:
    made = client.post(BLUEPRINTS, WHOLE).json

    answer = client.patch(SERVICE, {"schema": {"properties": {"region": {"title": "Region"}}}})

    assert_refused(answer, 422, "type")
    assert client.get(SERVICE).json == made


def test_a_deleted_blueprint_is_gone(client: Client) -> None:
    client.post(BLUEPRINTS, WHOLE)

    answer = client.delete(SERVICE)

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get(SERVICE), 404, "'service'")
    assert client.post(BLUEPRINTS, MINIMAL).status == 201


def test_a_blueprint_with_entities_is_kept(client: Client) -> None:
    client.post(BLUEPRINTS, MINIMAL)
    client.post(f"{SERVICE}/entities", {"identifier": "a"})

    answer = client.delete(SERVICE)

    assert_refused(answer, 409, "'service'")
    assert client.get(f"{SERVICE}/entities-count").json["count"] == 1


@pytest.mark.parametrize(
    ("query", "left"), [({}, ["on_service", "free"]), ({"delete_actions": "true"}, ["free"])]
)
def test_the_actions_of_a_blueprint_go_with_it_on_request(
    port_fake: FakePort, client: Client, query: Query, left: list[str]
) -> None:
    client.post(BLUEPRINTS, MINIMAL)
    port_fake.add_action("on_service", blueprint="service")
    port_fake.add_action("free")

    client.delete(SERVICE, query=query)

    assert [one["identifier"] for one in client.get("/v1/actions").json["actions"]] == left


def test_whether_actions_go_is_told_as_a_boolean(client: Client) -> None:
    client.post(BLUEPRINTS, MINIMAL)

    answer = client.delete(SERVICE, query={"delete_actions": "yes"})

    assert_refused(answer, 422, "query/delete_actions must be boolean")
    assert client.get(SERVICE).status == 200
