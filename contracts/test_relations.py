"""Entities that relate to each other, what is read of them, and the runs they are written for."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import inner, text, thing, things

MANY = "/v1/blueprints/{blueprint_identifier}/entities"
MAKE = f"OpenAPI 1.0, POST {MANY}"
DELETE = f"OpenAPI 1.0, DELETE {MANY}/{{entity_identifier}}"
ONE = f"OpenAPI 1.0, GET {MANY}/{{entity_identifier}}"
NEEDS = {Need.FURNISH}


def path_of(blueprint: str, entity: str | None = None) -> dict[str, str]:
    path = {"blueprint_identifier": blueprint}
    return path if entity is None else {**path, "entity_identifier": entity}


def related(scene: Scene, *, required: bool = False) -> tuple[str, str]:
    """Make two blueprints: the second relates to the first, by one and by many."""
    target = scene.blueprint("team")
    relations = {
        "owner": {"target": target, "required": required, "many": False},
        "fans": {"target": target, "required": False, "many": True},
    }
    source = scene.named("service")
    body = {
        "identifier": source,
        "title": "service",
        "schema": {"properties": {"tier": {"type": "string"}}},
        "relations": relations,
    }
    scene.port.get("create-blueprint", body=body)
    return target, source


def put(scene: Scene, blueprint: str, name: str, **body: Any) -> dict[str, Any]:
    draft = {"identifier": name, **body}
    return thing(scene.port.get("create-entity", path=path_of(blueprint), body=draft), "entity")


def relations_of(scene: Scene, blueprint: str, entity: str) -> dict[str, Any]:
    reply = scene.port.get("get-entity", path=path_of(blueprint, entity))
    return inner(thing(reply, "entity"), "relations")


def names(scene: Scene, blueprint: str) -> list[str]:
    found = things(scene.port.get("get-entities", path=path_of(blueprint)), "entities")
    return [text(one, "identifier") for one in found]


@question("relations.made.are-read-back", source=f"{MAKE}, relations", needs=NEEDS)
def test_relations_are_read_as_they_were_written(scene: Scene) -> None:
    target, source = related(scene)
    for name in ("a", "b"):
        put(scene, target, name)

    put(scene, source, "x", relations={"owner": "a", "fans": ["b", "a"]})
    put(scene, source, "y")

    assert relations_of(scene, source, "x") == {"owner": "a", "fans": ["b", "a"]}
    assert relations_of(scene, source, "y") == {"owner": None, "fans": []}


@question("relations.missing.not-found", source="client: Ocean: 404, not_found", needs=NEEDS)
@pytest.mark.parametrize(
    "relations", [{"owner": "nobody"}, {"fans": ["a", "nobody"]}], ids=["one", "many"]
)
def test_related_entities_must_exist(scene: Scene, relations: dict[str, Any]) -> None:
    target, source = related(scene)
    put(scene, target, "a")
    body = {"identifier": "x", "relations": relations}

    refusal = scene.port.ask("create-entity", path=path_of(source), body=body).refused(404)

    assert refusal["error"] == "not_found"
    assert names(scene, source) == []
    assert names(scene, target) == ["a"]


@question(
    "relations.missing.made-on-request",
    source=f"{MAKE}, create_missing_related_entities",
    needs=NEEDS,
)
def test_related_entities_are_made_on_request(scene: Scene) -> None:
    target, source = related(scene)
    query = {"create_missing_related_entities": True}
    body = {"identifier": "x", "relations": {"owner": "new", "fans": ["newer"]}}

    scene.port.get("create-entity", path=path_of(source), query=query, body=body)

    assert sorted(names(scene, target)) == ["new", "newer"]
    assert relations_of(scene, source, "x") == {"owner": "new", "fans": ["newer"]}


@question(
    "relations.single.takes-no-list", source="OpenAPI 1.0, POST /v1/blueprints, many", needs=NEEDS
)
def test_a_relation_to_one_takes_no_list(scene: Scene) -> None:
    target, source = related(scene)
    for name in ("a", "b"):
        put(scene, target, name)
    body = {"identifier": "x", "relations": {"owner": ["a", "b"]}}

    scene.port.ask("create-entity", path=path_of(source), body=body).refused(422)

    assert names(scene, source) == []


@question(
    "relations.required.must-be-given",
    source="OpenAPI 1.0, POST /v1/blueprints, required",
    needs=NEEDS,
)
def test_a_required_relation_must_be_given(scene: Scene) -> None:
    target, source = related(scene, required=True)
    put(scene, target, "a")

    scene.port.ask("create-entity", path=path_of(source), body={"identifier": "x"}).refused(422)
    put(scene, source, "y", relations={"owner": "a"})

    assert names(scene, source) == ["y"]


@question("relations.deleted.lets-go", source=f"{DELETE}; docs: relations", needs=NEEDS)
def test_who_merely_relates_to_a_deleted_entity_stays_without_it(scene: Scene) -> None:
    target, source = related(scene)
    for name in ("a", "b"):
        put(scene, target, name)
    put(scene, source, "x", relations={"owner": "a", "fans": ["a", "b"]})

    scene.port.get("delete-entity", path=path_of(target, "a"))

    assert names(scene, target) == ["b"]
    assert relations_of(scene, source, "x") == {"owner": None, "fans": ["b"]}


@question(
    "relations.deleted.dependents", source=f"{DELETE}, delete_dependents; Assumed: 409", needs=NEEDS
)
def test_an_entity_that_others_require_goes_with_them_or_not_at_all(scene: Scene) -> None:
    target, source = related(scene, required=True)
    for name in ("a", "b"):
        put(scene, target, name)
    put(scene, source, "x", relations={"owner": "a"})
    put(scene, source, "y", relations={"owner": "b"})
    path = path_of(target, "a")

    scene.port.ask("delete-entity", path=path).refused(409)
    scene.port.ask("delete-entity", path=path, query={"delete_dependents": False}).refused(409)
    kept = names(scene, target), names(scene, source)
    scene.port.get("delete-entity", path=path, query={"delete_dependents": True})

    assert kept == (["a", "b"], ["x", "y"])
    assert (names(scene, target), names(scene, source)) == (["b"], ["y"])


# -- what is read of an entity


def whole_entity(scene: Scene) -> tuple[str, dict[str, Any]]:
    blueprint = scene.blueprint(tier={"type": "string"}, count={"type": "number"})
    made = put(
        scene,
        blueprint,
        "a",
        title="A",
        icon="Service",
        team="sre",
        properties={"tier": "gold", "count": 3},
    )
    return blueprint, made


@question("entities.read.include", source=f"{ONE}, include", needs=NEEDS)
def test_only_the_properties_that_are_asked_for_come(scene: Scene) -> None:
    blueprint, made = whole_entity(scene)
    query = {"include": ["title", "tier"]}

    one = thing(scene.port.get("get-entity", path=path_of(blueprint, "a"), query=query), "entity")
    many = things(scene.port.get("get-entities", path=path_of(blueprint), query=query), "entities")

    assert one.get("properties") == {"tier": "gold"}
    assert (one.get("identifier"), one.get("title")) == ("a", "A")
    assert "icon" not in one
    assert many == [one]
    assert "icon" in made


@question("entities.read.exclude", source=f"{ONE}, exclude", needs=NEEDS)
def test_what_is_not_wanted_does_not_come(scene: Scene) -> None:
    blueprint, made = whole_entity(scene)
    query = {"exclude": ["icon", "count", "team"]}

    one = thing(scene.port.get("get-entity", path=path_of(blueprint, "a"), query=query), "entity")
    many = things(scene.port.get("get-entities", path=path_of(blueprint), query=query), "entities")

    left = {key: value for key, value in made.items() if key not in {"icon", "team"}}
    assert one == {**left, "properties": {"tier": "gold"}}
    assert many == [one]


@question("entities.read.bad-flag-refused", source=f"{ONE}, query", needs=NEEDS)
def test_a_flag_that_is_none_is_refused(scene: Scene) -> None:
    blueprint, _ = whole_entity(scene)

    scene.port.ask(
        "get-entity",
        path=path_of(blueprint, "a"),
        query={"exclude_calculated_properties": "perhaps"},
    ).refused(422)
    scene.port.ask(
        "create-entity", path=path_of(blueprint), query={"upsert": "perhaps"}, body={}
    ).refused(422)


# -- on behalf of a run


def audited(scene: Scene, run_id: str) -> list[Any]:
    query = {"run_id": run_id, "resources": "entity"}
    found = things(scene.port.get("get-audit-logs", query=query), "audits")
    return [one.get("identifier") for one in found]


@question(
    "entities.for-a-run.while-in-progress", source=f"{MAKE}, run_id; docs: run details", needs=NEEDS
)
def test_an_entity_may_be_written_for_a_run_in_progress(scene: Scene) -> None:
    blueprint = scene.blueprint()
    run = scene.run(scene.action())
    query, one = {"run_id": run["id"]}, path_of(blueprint, "a")

    scene.port.get("create-entity", path=path_of(blueprint), query=query, body={"identifier": "a"})
    scene.port.get("change-entity", path=one, query=query, body={"title": "x"})
    scene.port.get("replace-entity", path=one, query=query, body={"title": "y"})
    scene.port.get("delete-entity", path=one, query=query)
    put(scene, blueprint, "b")

    assert names(scene, blueprint) == ["b"]
    assert audited(scene, run["id"]) == ["a"] * 4


@question(
    "entities.for-a-run.not-otherwise",
    source="docs: run_id is for runs in progress; Assumed: 422",
    needs=NEEDS,
)
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE", "waiting", "declined"], ids=str.lower)
def test_nothing_is_written_for_a_run_that_is_not_in_progress(scene: Scene, status: str) -> None:
    blueprint = scene.blueprint()
    kept = put(scene, blueprint, "a")
    waits = status in {"waiting", "declined"}
    run = scene.run(scene.action(approval="ANY" if waits else None))
    if status == "declined":
        scene.rule(run["id"], "DECLINE").must(201)
    elif not waits:
        scene.update(run["id"], status=status)
    query, one = {"run_id": run["id"]}, path_of(blueprint, "a")

    scene.port.ask(
        "create-entity", path=path_of(blueprint), query=query, body={"identifier": "b"}
    ).refused(422)
    scene.port.ask("change-entity", path=one, query=query, body={"title": "x"}).refused(422)
    scene.port.ask("replace-entity", path=one, query=query, body={"title": "y"}).refused(422)
    scene.port.ask("delete-entity", path=one, query=query).refused(422)

    found = things(scene.port.get("get-entities", path=path_of(blueprint)), "entities")
    assert found == [kept]


@question("entities.for-a-run.unknown", source=f"{MAKE}, run_id; Assumed: 404", needs=NEEDS)
def test_nothing_is_written_for_a_run_that_does_not_exist(scene: Scene) -> None:
    blueprint = scene.blueprint()

    scene.port.ask(
        "create-entity",
        path=path_of(blueprint),
        query={"run_id": "r_doesNotExist0000"},
        body={"identifier": "a"},
    ).refused(404)

    assert names(scene, blueprint) == []
