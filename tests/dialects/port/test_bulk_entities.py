"""Entities, many at a time."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import Client, assert_refused

SERVICES: Final = "/v1/blueprints/service/entities"
BULK: Final = f"{SERVICES}/bulk"
DOOM: Final = "/v1/blueprints/service/bulk/entities/delete"
ALL: Final = "/v1/blueprints/service/all-entities"


@pytest.fixture(autouse=True)
def _catalog(port_fake: FakePort) -> None:
    port_fake.add_blueprint("service", properties={"region": {"type": "string"}})
    relations = {"service": {"target": "service", "required": True, "many": False}}
    port_fake.add_blueprint("deployment", relations=relations)
    for name in ("a", "b"):
        port_fake.add_entity("service", name)
    port_fake.add_entity("deployment", "of-a", relations={"service": "a"})


def names(client: Client) -> list[str]:
    return [one["identifier"] for one in client.get(SERVICES).json["entities"]]


def test_all_are_written(client: Client) -> None:
    answer = client.post(BULK, {"entities": [{"identifier": "c"}, {"identifier": "d"}]})

    assert answer.status == 200
    assert answer.json == {
        "ok": True,
        "entities": [
            {"created": True, "identifier": "c", "index": 0},
            {"created": True, "identifier": "d", "index": 1},
        ],
        "errors": [],
    }
    assert names(client) == ["a", "b", "c", "d"]


def test_each_is_written_for_itself(client: Client) -> None:
    bodies: list[dict[str, Any]] = [
        {"identifier": "c"},
        {"identifier": "a"},
        {"identifier": "d", "properties": {"region": 7}},
        {"identifier": {"combinator": "and", "rules": []}},
    ]

    answer = client.post(BULK, {"entities": bodies})

    assert answer.status == 207
    assert answer.json["ok"] is False
    assert answer.json["entities"] == [{"created": True, "identifier": "c", "index": 0}]
    assert [
        (one["identifier"], one["index"], one["statusCode"], one["error"])
        for one in answer.json["errors"]
    ] == [
        ("a", 1, 409, "conflict"),
        ("d", 2, 422, "invalid_request"),
        ("", 3, 422, "invalid_request"),
    ]
    assert "'region'" in answer.json["errors"][1]["message"]
    assert names(client) == ["a", "b", "c"]


def test_with_upsert_the_answer_tells_what_is_new(client: Client) -> None:
    body = {"entities": [{"identifier": "a"}, {"identifier": "c"}]}

    answer = client.post(BULK, body, {"upsert": "true"})

    assert [one["created"] for one in answer.json["entities"]] == [False, True]


def test_only_checking_stores_none(client: Client) -> None:
    answer = client.post(BULK, {"entities": [{"identifier": "c"}]}, {"validation_only": "true"})

    assert answer.json["entities"] == [{"created": True, "identifier": "c", "index": 0}]
    assert names(client) == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({}, "entities"),
        ({"entities": []}, "body/entities"),
        ({"entities": [{}] * 21}, "body/entities"),
        ({"entities": {}}, "body/entities"),
        ({"entities": [7]}, "body/entities/0"),
        ({"entities": [{}, {"identifier": "a b"}]}, "body/entities/1/identifier"),
        ({"entities": [{}], "surprise": 1}, "surprise"),
    ],
)
def test_a_bulk_that_makes_no_sense_writes_nothing(
    client: Client, body: dict[str, Any], about: str
) -> None:
    answer = client.post(BULK, body)

    assert_refused(answer, 422, about)
    assert names(client) == ["a", "b"]


def test_twenty_are_not_too_many(client: Client) -> None:
    answer = client.post(BULK, {"entities": [{}] * 20})

    assert len(answer.json["entities"]) == 20


# Deleting.


def test_those_that_exist_are_deleted(client: Client) -> None:
    answer = client.post(DOOM, {"entities": ["b", "unknown", "b"]})

    assert answer.status == 200
    assert answer.json == {"ok": True, "deletedEntities": ["b"]}
    assert names(client) == ["a"]


def test_what_others_require_stays(client: Client) -> None:
    answer = client.post(DOOM, {"entities": ["a"]})

    assert_refused(answer, 409, "'a'")
    assert names(client) == ["a", "b"]


def test_what_requires_them_goes_on_request(client: Client) -> None:
    answer = client.post(DOOM, {"entities": ["a"]}, {"delete_dependents": "true"})

    assert answer.json["deletedEntities"] == ["a"]
    assert client.get("/v1/blueprints/deployment/entities-count").json["count"] == 0


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({}, "entities"),
        ({"entities": []}, "body/entities"),
        ({"entities": ["a"] * 101}, "body/entities"),
        ({"entities": "a"}, "body/entities"),
        ({"entities": [{"identifier": "a"}]}, "body/entities/0"),
        ({"entities": [None]}, "body/entities/0"),
        ({"entities": ["a"], "surprise": 1}, "surprise"),
    ],
)
def test_a_list_that_makes_no_sense_deletes_nothing(
    client: Client, body: dict[str, Any], about: str
) -> None:
    answer = client.post(DOOM, body)

    assert_refused(answer, 422, about)
    assert names(client) == ["a", "b"]


def test_a_hundred_are_not_too_many(client: Client) -> None:
    answer = client.post(DOOM, {"entities": [str(number) for number in range(100)]})

    assert answer.json["deletedEntities"] == []


def test_all_entities_go_with_what_requires_them(client: Client) -> None:
    answer = client.delete(ALL)

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert names(client) == []
    assert client.get("/v1/blueprints/deployment/entities-count").json["count"] == 0
    assert client.get("/v1/blueprints/service").status == 200


def test_the_blueprint_goes_as_well_on_request(client: Client) -> None:
    answer = client.delete(ALL, query={"delete_blueprint": "true"})

    assert answer.status == 200
    assert_refused(client.get("/v1/blueprints/service"), 404)


def test_whether_the_blueprint_goes_is_told_as_a_boolean(client: Client) -> None:
    answer = client.delete(ALL, query={"delete_blueprint": "yes"})

    assert_refused(answer, 422, "query/delete_blueprint must be boolean")
    assert names(client) == ["a", "b"]
