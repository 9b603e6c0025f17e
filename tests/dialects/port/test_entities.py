"""Entities, one at a time: written, read, deleted."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused, client_of
from tests.support.furniture import LEAD

SERVICES: Final = "/v1/blueprints/service/entities"
CART: Final = f"{SERVICES}/cart"
WHOLE: Final = {
    "identifier": "cart",
    "title": "Cart",
    "icon": "Cart",
    "team": ["payments"],
    "properties": {"region": "eu-west-1"},
    "relations": {"cluster": "prod", "uses": ["db"]},
}


@pytest.fixture(autouse=True)
def _catalog(port_fake: FakePort) -> None:
    port_fake.add_blueprint("cluster")
    port_fake.add_blueprint(
        "service",
        properties={"region": {"type": "string"}, "replicas": {"type": "number", "default": 1}},
        relations={
            "cluster": {"target": "cluster", "required": False, "many": False},
            "uses": {"target": "service", "required": False, "many": True},
        },
    )
    port_fake.add_entity("cluster", "prod")
    port_fake.add_entity("service", "db")


def test_a_new_entity_is_answered_whole(port_fake: FakePort, client: Client) -> None:
    answer = client.post(SERVICES, WHOLE)

    entity = answer.json["entity"]
    assert answer.status == 201
    assert entity == {
        **WHOLE,
        "blueprint": "service",
        "properties": {"region": "eu-west-1", "replicas": 1},
        "createdAt": entity["createdAt"],
        "updatedAt": entity["createdAt"],
        "createdBy": port_fake.client_id,
        "updatedBy": port_fake.client_id,
    }
    assert client.get(CART).json == answer.json


@pytest.mark.parametrize("body", [NOTHING, {}])
def test_an_entity_without_an_identifier_gets_one(client: Client, body: Any) -> None:
    answer = client.post(SERVICES, body)

    entity = answer.json["entity"]
    assert answer.status == 201
    assert re.fullmatch(r"e_[A-Za-z0-9]{16}", entity["identifier"])
    assert (entity["team"], entity["relations"]) == ([], {"cluster": None, "uses": []})
    assert not {"title", "icon"} & entity.keys()


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"identifier": "a b"}, "body/identifier"),
        ({"identifier": ".."}, "body/identifier"),
        ({"identifier": "x" * 1001}, "body/identifier"),
        ({"identifier": 7}, "body/identifier"),
        ({"title": None}, "body/title"),
        ({"title": 7}, "body/title"),
        ({"team": 7}, "body/team"),
        ({"team": [7]}, "body/team"),
        ({"properties": None}, "body/properties"),
        ({"properties": []}, "body/properties"),
        ({"properties": {"region": 7}}, "'region'"),
        ({"properties": {"replicas": "many"}}, "'replicas'"),
        ({"relations": {"cluster": 7}}, "body/relations/cluster"),
        ({"relations": {"cluster": ["prod", "test"]}}, "'cluster'"),
        ({"relations": {"owner": "ana"}}, "'owner'"),
    ],
)
def test_values_must_fit_the_blueprint(client: Client, body: dict[str, Any], about: str) -> None:
    answer = client.post(SERVICES, body)

    assert_refused(answer, 422, about)
    assert client.get("/v1/blueprints/service/entities-count").json["count"] == 1


def test_keys_that_nobody_knows_are_tolerated_in_a_new_entity(client: Client) -> None:
    answer = client.post(SERVICES, {**WHOLE, "surprise": 1})

    assert answer.status == 201
    assert "surprise" not in answer.json["entity"]


def test_an_identifier_is_taken_once(client: Client) -> None:
    made = client.post(SERVICES, WHOLE).json

    answer = client.post(SERVICES, {"identifier": "cart"})

    assert_refused(answer, 409, "'cart'")
    assert client.get(CART).json == made


@pytest.mark.parametrize("identifier", ["a/b", "a\\b", "déploy", "a:b+c@d_e.f=1", "..."])
def test_odd_identifiers_are_read_back_by_their_encoded_form(
    client: Client, identifier: str
) -> None:
    client.post(SERVICES, {"identifier": identifier})
    encoded = "".join(f"%{byte:02X}" for byte in identifier.encode())

    answer = client.get(f"{SERVICES}/{encoded}")

    assert answer.json["entity"]["identifier"] == identifier


# Writing over what exists.


def test_upsert_makes_what_is_not_there(client: Client) -> None:
    answer = client.post(SERVICES, WHOLE, {"upsert": "true"})

    assert answer.status == 201
    assert client.get(CART).json == answer.json


def test_upsert_replaces_what_is_there(client: Client) -> None:
    old = client.post(SERVICES, WHOLE).json["entity"]

    answer = client.post(
        SERVICES, {"identifier": "cart", "properties": {"replicas": 3}}, {"upsert": "true"}
    )

    new = answer.json["entity"]
    assert answer.status == 201
    assert new["properties"] == {"replicas": 3}
    assert (new["team"], new["relations"]) == ([], {"cluster": None, "uses": []})
    assert "title" not in new
    assert new["createdAt"] == old["createdAt"]


def test_upsert_with_merge_changes_what_is_given(client: Client) -> None:
    old = client.post(SERVICES, WHOLE).json["entity"]
    query = {"upsert": "true", "merge": "true"}

    answer = client.post(SERVICES, {"identifier": "cart", "properties": {"replicas": 3}}, query)

    new = answer.json["entity"]
    expected = {**old, "properties": {"region": "eu-west-1", "replicas": 3}}
    assert new == {**expected, "updatedAt": new["updatedAt"]}


def test_merge_alone_does_not_allow_to_overwrite(client: Client) -> None:
    client.post(SERVICES, WHOLE)

    answer = client.post(SERVICES, {"identifier": "cart"}, {"merge": "true"})

    assert_refused(answer, 409)


def test_put_replaces_and_patch_changes(port_fake: FakePort, client: Client) -> None:
    port_fake.add_user(LEAD)
    old = client.post(SERVICES, WHOLE).json["entity"]
    lea = client_of(port_fake, LEAD)

    patched = lea.patch(CART, {"properties": {"replicas": 3}, "title": None})
    put = lea.put(CART, {"title": "Anew"})

    one, two = patched.json["entity"], put.json["entity"]
    assert (patched.status, put.status) == (200, 200)
    assert one["properties"] == {"region": "eu-west-1", "replicas": 3}
    assert "title" not in one
    assert (one["icon"], one["team"], one["relations"]) == ("Cart", ["payments"], old["relations"])
    assert (two["title"], two["properties"]) == ("Anew", {"replicas": 1})
    assert not two["team"]
    for each in (one, two):
        assert each["createdBy"] == port_fake.client_id
        assert each["updatedBy"] == port_fake.caller(LEAD).id


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_writing_keeps_the_identifier(client: Client, method: str) -> None:
    client.post(SERVICES, WHOLE)

    answer = client.ask(method, CART, {"identifier": "other"})

    assert answer.json["entity"]["identifier"] == "cart"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_entity_that_is_not_there_is_not_made(client: Client, method: str) -> None:
    answer = client.ask(method, CART, {})

    assert_refused(answer, 404, "'cart'")
    assert_refused(client.get(CART), 404)


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"surprise": 1}, "surprise"),
        ({"title": 7}, "body/title"),
        ({"properties": {"a b": 1}}, "body/properties"),
        ({"properties": None}, "body/properties"),
        ({"relations": {"uses": [7]}}, "body/relations/uses"),
    ],
)
def test_a_change_is_closed(client: Client, body: dict[str, Any], about: str) -> None:
    made = client.post(SERVICES, WHOLE).json

    answer = client.patch(CART, body)

    assert_refused(answer, 422, about)
    assert client.get(CART).json == made


def test_only_checking_stores_nothing(client: Client) -> None:
    good = client.post(SERVICES, WHOLE, {"validation_only": "true"})
    bad = client.post(SERVICES, {"properties": {"region": 7}}, {"validation_only": "true"})

    assert (good.status, good.json["entity"]["identifier"]) == (201, "cart")
    assert_refused(bad, 422)
    assert_refused(client.get(CART), 404)


# Relations.


def test_related_entities_must_exist(client: Client) -> None:
    answer = client.post(SERVICES, {"identifier": "cart", "relations": {"cluster": "test"}})

    assert_refused(answer, 404, "'test'", "'cluster'")
    assert_refused(client.get(CART), 404)


def test_missing_related_entities_are_made_on_request(client: Client) -> None:
    body = {"identifier": "cart", "relations": {"cluster": "test", "uses": ["cache", "db"]}}

    answer = client.post(SERVICES, body, {"create_missing_related_entities": "true"})

    assert answer.json["entity"]["relations"] == body["relations"]
    assert client.get("/v1/blueprints/cluster/entities/test").status == 200
    assert client.get(f"{SERVICES}/cache").status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_missing_related_entities_are_made_by_changes_as_well(client: Client, method: str) -> None:
    client.post(SERVICES, WHOLE)
    body = {"relations": {"cluster": "test"}}

    answers = [
        client.ask(method, CART, body),
        client.ask(method, CART, body, query={"create_missing_related_entities": "true"}),
    ]

    assert_refused(answers[0], 404, "'test'")
    assert answers[1].json["entity"]["relations"]["cluster"] == "test"


def test_a_relation_may_search_for_its_end(client: Client) -> None:
    rules = [{"property": "$identifier", "operator": "=", "value": "prod"}]
    query = {"combinator": "and", "rules": rules}

    answer = client.post(SERVICES, {"identifier": "cart", "relations": {"cluster": query}})

    assert answer.json["entity"]["relations"]["cluster"] == "prod"


# Reading.


@pytest.mark.parametrize(
    ("query", "keys", "properties"),
    [
        ({"include": "title"}, {"title"}, set()),
        ({"include": "$title,region"}, {"title"}, {"region"}),
        ({"include[]": ["region", "$team"]}, {"team"}, {"region"}),
        ({"include": "properties"}, set(), {"region", "replicas"}),
        ({"exclude": "region,$icon"}, {"title", "team", "stamps"}, {"replicas"}),
        ({"exclude": ["properties", "title"]}, {"icon", "team", "stamps"}, set()),
        ({"include": ["title", "icon"], "exclude": "icon"}, {"title"}, set()),
    ],
)
def test_keys_and_properties_are_chosen_by_name(
    client: Client, query: dict[str, Any], keys: set[str], properties: set[str]
) -> None:
    client.post(SERVICES, WHOLE)

    answers = [client.get(CART, query), client.get(SERVICES, query)]

    stamps = {"createdAt", "createdBy", "updatedAt", "updatedBy"}
    expected = keys - {"stamps"} | (stamps if "stamps" in keys else set())
    always = {"identifier", "blueprint", "properties", "relations"}
    for entity in (answers[0].json["entity"], answers[1].json["entities"][1]):
        assert entity.keys() == always | expected
        assert entity["properties"].keys() == properties


@pytest.mark.parametrize(
    "name",
    [
        "exclude_calculated_properties",
        "attach_title_to_relation",
        "attach_identifier_to_title_mirror_properties",
        "allow_partial_results",
    ],
)
def test_parameters_about_computed_properties_are_booleans_without_effect(
    client: Client, name: str
) -> None:
    made = client.post(SERVICES, WHOLE).json

    answers = [client.get(CART, {name: value}) for value in ("true", "false", "maybe")]

    assert [answer.json for answer in answers[:2]] == [made, made]
    assert_refused(answers[2], 422, f"query/{name} must be boolean")


def test_entities_are_listed_oldest_first_and_counted(client: Client) -> None:
    client.post(SERVICES, WHOLE)

    listed = client.get(SERVICES)
    counted = client.get("/v1/blueprints/service/entities-count")

    assert listed.json["entities"] == [
        client.get(f"{SERVICES}/{each}").json["entity"] for each in ("db", "cart")
    ]
    assert counted.json == {"ok": True, "count": 2}


# Deleting.


def test_a_deleted_entity_is_gone_and_so_are_the_relations_to_it(client: Client) -> None:
    client.post(SERVICES, WHOLE)

    answer = client.delete("/v1/blueprints/cluster/entities/prod")

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert_refused(client.get("/v1/blueprints/cluster/entities/prod"), 404)
    assert client.get(CART).json["entity"]["relations"]["cluster"] is None


def test_an_entity_that_others_require_goes_with_them_or_not_at_all(
    port_fake: FakePort, client: Client
) -> None:
    relations = {"service": {"target": "service", "required": True, "many": False}}
    port_fake.add_blueprint("deployment", relations=relations)
    client.post(SERVICES, WHOLE)
    port_fake.add_entity("deployment", "one", relations={"service": "cart"})

    refused = client.delete(CART)
    done = client.delete(CART, query={"delete_dependents": "true"})

    assert_refused(refused, 409, "'cart'")
    assert done.status == 200
    assert_refused(client.get("/v1/blueprints/deployment/entities/one"), 404)


def test_an_entity_that_was_named_is_gone_but_once(client: Client) -> None:
    client.post(SERVICES, WHOLE)
    client.delete(CART)

    answer = client.delete(CART)

    assert_refused(answer, 404, "'cart'")
