"""Entities: many at a time, as integrations write and delete them."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import text, things, whole

WRITE = "OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities/bulk"
DELETE = "OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete"
DELETE_ALL = "OpenAPI 1.0, DELETE /v1/blueprints/{blueprint_identifier}/all-entities"
NEEDS = {Need.FURNISH}


def path_of(blueprint: str) -> dict[str, str]:
    return {"blueprint_identifier": blueprint}


def write(scene: Scene, blueprint: str, *entities: Any, **query: Any) -> Any:
    body = {"entities": list(entities)}
    return scene.port.ask("write-entities", path=path_of(blueprint), query=query, body=body)


def held(scene: Scene, blueprint: str) -> list[dict[str, Any]]:
    return things(scene.port.get("get-entities", path=path_of(blueprint)), "entities")


def names(scene: Scene, blueprint: str) -> list[str]:
    return [text(one, "identifier") for one in held(scene, blueprint)]


def tidy(results: list[dict[str, Any]]) -> list[Any]:
    return [(one.get("index"), one.get("identifier"), one.get("created")) for one in results]


@question("entities.bulk.all-are-written", source=WRITE, needs=NEEDS)
def test_all_entities_of_a_bulk_are_written(scene: Scene) -> None:
    blueprint = scene.blueprint()
    drafts = [{"identifier": name, "properties": {"tier": name}} for name in ("c", "a", "b")]

    reply = whole(write(scene, blueprint, *drafts).must(200), "entities", "errors")

    assert tidy(reply.objects("entities")) == [(0, "c", True), (1, "a", True), (2, "b", True)]
    assert reply["errors"] == []
    assert [
        {key: one.get(key) for key in ("identifier", "properties")}
        for one in held(scene, blueprint)
    ] == drafts


@question("entities.bulk.each-for-itself", source=f"{WRITE}, 207", needs=NEEDS)
def test_what_is_wrong_with_one_entity_does_not_stop_the_others(scene: Scene) -> None:
    blueprint = scene.blueprint()
    scene.entity(blueprint, "taken")
    drafts = [
        {"identifier": "a"},
        {"identifier": scene.named("taken")},
        {"identifier": "b", "properties": {"tier": 5}},
        {"identifier": "c"},
    ]

    reply = write(scene, blueprint, *drafts).must(207)
    errors = reply.objects("errors")

    assert tidy(reply.objects("entities")) == [(0, "a", True), (3, "c", True)]
    assert [(one.get("index"), one.get("identifier")) for one in errors] == [
        (1, scene.named("taken")),
        (2, "b"),
    ]
    assert [one.get("statusCode") for one in errors] == [409, 422]
    assert all(text(one, "error") and text(one, "message") for one in errors)
    assert names(scene, blueprint) == [scene.named("taken"), "a", "c"]


@question("entities.bulk.upsert", source=f"{WRITE}, upsert and merge", needs=NEEDS)
@pytest.mark.parametrize("merge", [False, True], ids=["replaces", "merges"])
def test_a_bulk_with_upsert_tells_what_is_new(scene: Scene, merge: bool) -> None:  # noqa: FBT001 - a case
    blueprint = scene.blueprint(tier={"type": "string"}, count={"type": "number"})
    write(scene, blueprint, {"identifier": "a", "properties": {"tier": "x", "count": 1}}).must(200)

    drafts = [{"identifier": "a", "properties": {"count": 2}}, {"identifier": "b"}]
    reply = write(scene, blueprint, *drafts, upsert=True, merge=merge).must(200)

    assert tidy(reply.objects("entities")) == [(0, "a", False), (1, "b", True)]
    wanted = {"tier": "x", "count": 2} if merge else {"count": 2}
    assert [one.get("properties") for one in held(scene, blueprint)] == [wanted, {}]


@question("entities.bulk.bounds", source=f"{WRITE}: 1 to 20", needs=NEEDS)
@pytest.mark.parametrize("number", [0, 21])
def test_a_bulk_that_is_too_small_or_too_large_writes_nothing(scene: Scene, number: int) -> None:
    blueprint = scene.blueprint()
    drafts = [{"identifier": f"e{index}"} for index in range(number)]

    write(scene, blueprint, *drafts).refused(422)

    assert held(scene, blueprint) == []


@question("entities.bulk.twenty", source=f"{WRITE}: up to 20", needs=NEEDS)
def test_twenty_entities_are_not_too_many(scene: Scene) -> None:
    blueprint = scene.blueprint()
    drafts = [{"identifier": f"e{index}"} for index in range(20)]

    write(scene, blueprint, *drafts).must(200)

    assert names(scene, blueprint) == [f"e{index}" for index in range(20)]


@question("entities.bulk.bad-body", source=WRITE, needs=NEEDS)
@pytest.mark.parametrize(
    "body",
    [{}, {"entities": {}}, {"entities": [{}], "x": 1}],
    ids=["no-list", "object", "unknown-key"],
)
def test_a_bulk_that_makes_no_sense_writes_nothing(scene: Scene, body: Any) -> None:
    blueprint = scene.blueprint()

    scene.port.ask("write-entities", path=path_of(blueprint), body=body).refused(422)

    assert held(scene, blueprint) == []


@question("entities.bulk.only-checked", source=f"{WRITE}, validation_only", needs=NEEDS)
def test_a_bulk_that_is_only_checked_is_not_stored(scene: Scene) -> None:
    blueprint = scene.blueprint()

    write(scene, blueprint, {"identifier": "a"}, validation_only=True).must(200)

    assert held(scene, blueprint) == []


@question(
    "entities.bulk-delete.those-that-exist",
    source=f"{DELETE}; Assumed: others are passed over",
    needs=NEEDS,
)
def test_those_that_exist_are_deleted_and_no_others(scene: Scene) -> None:
    blueprint = scene.blueprint()
    write(scene, blueprint, *({"identifier": name} for name in "abcd")).must(200)
    body = {"entities": ["d", "nothing", "b"]}

    reply = scene.port.get("delete-entities", path=path_of(blueprint), body=body)

    deleted = whole(reply, "deletedEntities")["deletedEntities"]
    assert isinstance(deleted, list)
    assert sorted(map(str, deleted)) == ["b", "d"]
    assert names(scene, blueprint) == ["a", "c"]


@question("entities.bulk-delete.bad-body", source=f"{DELETE}: 1 to 100", needs=NEEDS)
@pytest.mark.parametrize(
    "body",
    [{}, {"entities": []}, {"entities": "a"}, {"entities": [1]}, {"entities": ["a"] * 101}],
    ids=["no-list", "none", "text", "number", "too-many"],
)
def test_a_list_that_makes_no_sense_deletes_nothing(scene: Scene, body: Any) -> None:
    blueprint = scene.blueprint()
    write(scene, blueprint, {"identifier": "a"}).must(200)

    scene.port.ask("delete-entities", path=path_of(blueprint), body=body).refused(422)

    assert names(scene, blueprint) == ["a"]


@question("entities.delete-all.of-one-blueprint", source=DELETE_ALL, needs=NEEDS)
@pytest.mark.parametrize(
    "query",
    [{}, {"delete_blueprint": False}, {"delete_blueprint": True}],
    ids=["absent", "false", "true"],
)
def test_all_entities_of_one_blueprint_go_and_itself_on_request(
    scene: Scene, query: dict[str, Any]
) -> None:
    blueprint, other = scene.blueprint(), scene.blueprint("other")
    for one in (blueprint, other):
        write(scene, one, {"identifier": "a"}, {"identifier": "b"}).must(200)

    reply = scene.port.get("delete-all-entities", path=path_of(blueprint), query=query)

    status = scene.port.ask("get-blueprint", path={"identifier": blueprint}).status
    assert reply["ok"] is True
    assert status == (404 if query.get("delete_blueprint") else 200)
    if status == 200:
        assert held(scene, blueprint) == []
    assert names(scene, other) == ["a", "b"]
