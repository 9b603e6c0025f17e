"""Entities: written one at a time, listed, counted, read, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import (
    must_be_restamped,
    must_be_stamped,
    said,
    text,
    thing,
    things,
    whole,
)

MANY = "/v1/blueprints/{blueprint_identifier}/entities"
MAKE = f"OpenAPI 1.0, POST {MANY}"
LIST = f"OpenAPI 1.0, GET {MANY}"
ONE = f"OpenAPI 1.0, GET {MANY}/{{entity_identifier}}"
REPLACE = f"OpenAPI 1.0, PUT {MANY}/{{entity_identifier}}"
CHANGE = f"OpenAPI 1.0, PATCH {MANY}/{{entity_identifier}}"
DELETE = f"OpenAPI 1.0, DELETE {MANY}/{{entity_identifier}}"
NEEDS = {Need.FURNISH}

PROPERTIES: dict[str, Any] = {
    "tier": {"type": "string", "enum": ["gold", "tin"]},
    "count": {"type": "number", "minimum": 0},
    "tags": {"type": "array", "items": {"type": "string"}},
    "config": {"type": "object"},
    "live": {"type": "boolean"},
    "page": {"type": "string", "format": "url"},
}
FULL: dict[str, Any] = {
    "title": 'Größe "x" \U0001f680',
    "icon": "Microservice",
    "team": ["platform", "sre"],
    "properties": {
        "tier": "gold",
        "count": 2.5,
        "tags": ["a", "b"],
        "config": {"deep": [1, {"x": None}]},
        "live": False,
        "page": "https://example.com/",
    },
}


def path_of(blueprint: str, entity: str | None = None) -> dict[str, str]:
    path = {"blueprint_identifier": blueprint}
    return path if entity is None else {**path, "entity_identifier": entity}


def make(scene: Scene, blueprint: str, body: dict[str, Any], **query: Any) -> dict[str, Any]:
    reply = scene.port.get("create-entity", path=path_of(blueprint), query=query, body=body)
    return thing(reply, "entity")


def read(scene: Scene, blueprint: str, entity: str) -> dict[str, Any]:
    return thing(scene.port.get("get-entity", path=path_of(blueprint, entity)), "entity")


def listed(scene: Scene, blueprint: str) -> list[dict[str, Any]]:
    return things(scene.port.get("get-entities", path=path_of(blueprint)), "entities")


def names(scene: Scene, blueprint: str) -> list[str]:
    return [text(one, "identifier") for one in listed(scene, blueprint)]


@question("entities.made.is-answered-as-sent", source=f"{MAKE}; docs: entities", needs=NEEDS)
def test_a_new_entity_is_answered_as_it_was_sent(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    body = {"identifier": "checkout", **FULL}

    made = make(scene, blueprint, body)

    assert said(made) == {**body, "blueprint": blueprint}
    assert made.get("relations") == {}
    must_be_stamped(made, by=scene.port.credentials.client_id)


@question("entities.made.is-read-back", source=f"{ONE}; {LIST}", needs=NEEDS)
def test_a_new_entity_is_read_as_it_was_answered(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    made = make(scene, blueprint, {"identifier": "checkout", **FULL})

    assert read(scene, blueprint, "checkout") == made
    assert listed(scene, blueprint) == [made]


@question("entities.made.without-identifier", source=f"{MAKE}; docs: entities", needs=NEEDS)
def test_an_entity_without_an_identifier_gets_one(scene: Scene) -> None:
    blueprint = scene.blueprint()

    made = [make(scene, blueprint, {"title": "x"}) for _ in range(3)]

    assert listed(scene, blueprint) == made
    assert len({text(one, "identifier") for one in made}) == 3


@question("entities.made.team-as-text", source=f"{MAKE}, team", needs=NEEDS)
def test_a_single_team_may_be_sent_as_text(scene: Scene) -> None:
    blueprint = scene.blueprint()

    made = make(scene, blueprint, {"identifier": "a", "team": "platform"})

    assert made.get("team") == ["platform"]
    assert read(scene, blueprint, "a") == made


IDENTIFIERS = {
    "symbols": "a@_.+:-=",
    "slashes": "a/b\\c",
    "letters": "größe日本",
    "long": "a" * 1000,
}


@question("entities.made.identifiers", source=f"{MAKE}, identifier", needs=NEEDS)
@pytest.mark.parametrize("name", IDENTIFIERS.values(), ids=IDENTIFIERS.keys())
def test_identifiers_of_any_script_are_read_back(scene: Scene, name: str) -> None:
    blueprint = scene.blueprint()

    made = make(scene, blueprint, {"identifier": name})

    assert made.get("identifier") == name
    assert read(scene, blueprint, name) == made


@question("entities.made.large-value", source="OpenAPI 1.0, 413: up to 1 MiB", needs=NEEDS)
def test_a_large_value_is_read_back_whole(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    config = {"text": "ä\U0001f680" * 50_000}

    make(scene, blueprint, {"identifier": "big", "properties": {"config": config}})

    assert read(scene, blueprint, "big").get("properties") == {"config": config}


@question("entities.made.twice-conflicts", source="docs: entities: 409", needs=NEEDS)
@pytest.mark.parametrize(
    "query", [{}, {"upsert": False}, {"merge": True}], ids=["absent", "false", "merge-only"]
)
def test_without_upsert_an_identifier_is_taken_once(scene: Scene, query: dict[str, Any]) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    made = make(scene, blueprint, {"identifier": "a", **FULL})

    scene.port.ask(
        "create-entity", path=path_of(blueprint), query=query, body={"identifier": "a"}
    ).refused(409)

    assert listed(scene, blueprint) == [made]


@question("entities.made.same-name-elsewhere", source=MAKE, needs=NEEDS)
def test_entities_of_two_blueprints_may_be_called_alike(scene: Scene) -> None:
    one, other = scene.blueprint("one"), scene.blueprint("other")

    first = make(scene, one, {"identifier": "a", "title": "first"})
    second = make(scene, other, {"identifier": "a", "title": "second"})

    assert listed(scene, one) == [first]
    assert listed(scene, other) == [second]
    assert read(scene, one, "a") == first


@question("entities.upsert.makes-or-replaces", source=f"{MAKE}, upsert", needs=NEEDS)
def test_upsert_makes_what_is_not_there_and_replaces_what_is(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    first = make(scene, blueprint, {"identifier": "a", **FULL}, upsert=True)
    body = {"identifier": "a", "properties": {"count": 3}}

    second = make(scene, blueprint, body, upsert=True)

    assert said(first) == {"identifier": "a", **FULL, "blueprint": blueprint}
    assert said(second) == {**body, "blueprint": blueprint}
    assert listed(scene, blueprint) == [second]
    must_be_restamped(second, first, by=scene.port.credentials.client_id)


@question("entities.upsert.merge-keeps", source=f"{MAKE}, upsert and merge", needs=NEEDS)
def test_upsert_with_merge_keeps_what_is_not_given(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    first = make(scene, blueprint, {"identifier": "a", **FULL})
    body = {"identifier": "a", "properties": {"count": 3}}

    second = make(scene, blueprint, body, upsert=True, merge=True)

    properties = {**FULL["properties"], "count": 3}
    assert said(second) == {**said(first), "properties": properties}
    assert listed(scene, blueprint) == [second]


@question("entities.checked.is-not-stored", source=f"{MAKE}, validation_only", needs=NEEDS)
def test_an_entity_that_is_only_checked_is_not_stored(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    path, query = path_of(blueprint), {"validation_only": True}

    scene.port.get("create-entity", path=path, query=query, body={"identifier": "a", **FULL})
    scene.port.ask(
        "create-entity", path=path, query=query, body={"properties": {"tier": "lead"}}
    ).refused(422)

    assert listed(scene, blueprint) == []


@question("entities.replaced.whole", source=REPLACE, needs=NEEDS)
def test_a_replacement_leaves_nothing_of_the_old(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    before = make(scene, blueprint, {"identifier": "a", **FULL})
    other = make(scene, blueprint, {"identifier": "b", **FULL})
    path, body = path_of(blueprint, "a"), {"title": "new", "properties": {"tier": "tin"}}

    after = thing(scene.port.get("replace-entity", path=path, body=body), "entity")

    assert said(after) == {**body, "identifier": "a", "blueprint": blueprint}
    assert listed(scene, blueprint) == [after, other]
    must_be_restamped(after, before, by=scene.port.credentials.client_id)


@question("entities.changed.keeps-the-rest", source=CHANGE, needs=NEEDS)
def test_a_change_keeps_what_it_does_not_name(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    before = make(scene, blueprint, {"identifier": "a", **FULL})
    other = make(scene, blueprint, {"identifier": "b", **FULL})
    path, body = path_of(blueprint, "a"), {"title": "new", "properties": {"tier": "tin"}}

    after = thing(scene.port.get("change-entity", path=path, body=body), "entity")

    properties = {**FULL["properties"], "tier": "tin"}
    assert said(after) == {**said(before), "title": "new", "properties": properties}
    assert listed(scene, blueprint) == [after, other]
    must_be_restamped(after, before, by=scene.port.credentials.client_id)


@question(
    "entities.changed.null-clears", source=f"{CHANGE}: title and icon may be null", needs=NEEDS
)
def test_null_takes_title_and_icon_away(scene: Scene) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    before = make(scene, blueprint, {"identifier": "a", **FULL})
    body = {"title": None, "icon": None}

    scene.port.get("change-entity", path=path_of(blueprint, "a"), body=body)

    left = {key: value for key, value in said(before).items() if key not in body}
    assert said(read(scene, blueprint, "a")) == left


BAD: dict[str, dict[str, Any]] = {
    "enum": {"properties": {"tier": "lead"}},
    "case": {"properties": {"tier": "Gold"}},
    "type": {"properties": {"count": "3"}},
    "minimum": {"properties": {"count": -1}},
    "boolean": {"properties": {"live": "yes"}},
    "items": {"properties": {"tags": [1]}},
    "format": {"properties": {"page": "no address"}},
    "properties-list": {"properties": []},
    "title-number": {"title": 5},
    "unknown-relation": {"relations": {"nobody": "x"}},
}


@question("entities.bad-value.refused", source=f"{MAKE}; docs: blueprints: properties", needs=NEEDS)
@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_values_that_break_the_blueprint_are_refused(scene: Scene, changes: dict[str, Any]) -> None:
    blueprint = scene.blueprint(**PROPERTIES)
    made = make(scene, blueprint, {"identifier": "a", **FULL})
    one = path_of(blueprint, "a")
    new, old = {"identifier": "b", **changes}, {"identifier": "a", **changes}

    scene.port.ask("create-entity", path=path_of(blueprint), body=new).refused(422)
    scene.port.ask(
        "create-entity", path=path_of(blueprint), query={"upsert": True}, body=old
    ).refused(422)
    scene.port.ask("replace-entity", path=one, body=changes).refused(422)
    scene.port.ask("change-entity", path=one, body=changes).refused(422)

    assert listed(scene, blueprint) == [made]


BAD_IDENTIFIERS = {"empty": "", "blank": "a b", "dot": ".", "long": "a" * 1001, "number": 5}


@question("entities.bad-identifier.refused", source=f"{MAKE}, identifier", needs=NEEDS)
@pytest.mark.parametrize("identifier", BAD_IDENTIFIERS.values(), ids=BAD_IDENTIFIERS.keys())
def test_an_identifier_that_makes_no_sense_is_refused(scene: Scene, identifier: Any) -> None:
    blueprint = scene.blueprint()

    scene.port.ask(
        "create-entity", path=path_of(blueprint), body={"identifier": identifier}
    ).refused(422)

    assert listed(scene, blueprint) == []


@question("entities.required.must-be-given", source="docs: blueprints: required", needs=NEEDS)
def test_a_required_property_must_be_given(scene: Scene) -> None:
    body = {
        "identifier": scene.named("strict"),
        "title": "strict",
        "schema": {"properties": PROPERTIES, "required": ["tier"]},
    }
    scene.port.get("create-blueprint", body=body)
    blueprint = scene.named("strict")
    path = path_of(blueprint)

    scene.port.ask("create-entity", path=path, body={"identifier": "a"}).refused(422)
    made = make(scene, blueprint, {"identifier": "a", "properties": {"tier": "tin"}})
    scene.port.ask(
        "replace-entity", path=path_of(blueprint, "a"), body={"properties": {"count": 1}}
    ).refused(422)

    assert listed(scene, blueprint) == [made]


@question("entities.changed.unknown-key-refused", source=f"{CHANGE}: closed", needs=NEEDS)
def test_a_change_with_an_unknown_key_is_refused(scene: Scene) -> None:
    blueprint = scene.blueprint()
    made = make(scene, blueprint, {"identifier": "a"})

    scene.port.ask("change-entity", path=path_of(blueprint, "a"), body={"colour": "red"}).refused(
        422
    )

    assert listed(scene, blueprint) == [made]


@question("entities.unknown.not-found", source=f"{ONE}, 404", needs=NEEDS)
def test_an_entity_that_does_not_exist_is_not_found(scene: Scene) -> None:
    blueprint = scene.blueprint()
    made = make(scene, blueprint, {"identifier": "a"})
    nothing, nowhere = path_of(blueprint, "b"), path_of(scene.named("nowhere"), "a")

    for path in (nothing, nowhere):
        for operation, body in (
            ("get-entity", None),
            ("replace-entity", {}),
            ("change-entity", {}),
            ("delete-entity", None),
        ):
            reply = scene.port.ask(operation, path=path, body=body).refused(404)
            assert reply["error"] == "not_found"

    assert listed(scene, blueprint) == [made]


@question("entities.unknown-blueprint.not-found", source=f"{LIST}, 404", needs=NEEDS)
def test_a_blueprint_that_does_not_exist_has_no_entities(scene: Scene) -> None:
    path = path_of(scene.named("nowhere"))

    scene.port.ask("get-entities", path=path).refused(404)
    scene.port.ask("count-entities", path=path).refused(404)
    scene.port.ask("create-entity", path=path, body={"identifier": "a"}).refused(404)
    scene.port.ask("delete-all-entities", path=path).refused(404)
    scene.port.ask("delete-entities", path=path, body={"entities": ["a"]}).refused(404)
    scene.port.ask("write-entities", path=path, body={"entities": [{}]}).refused(404)


@question("entities.deleted.is-gone", source=DELETE, needs=NEEDS)
def test_a_deleted_entity_is_gone_and_no_other(scene: Scene) -> None:
    blueprint = scene.blueprint()
    for name in ("a", "b", "c"):
        make(scene, blueprint, {"identifier": name})

    whole(scene.port.get("delete-entity", path=path_of(blueprint, "b")))

    scene.port.ask("get-entity", path=path_of(blueprint, "b")).refused(404)
    scene.port.ask("delete-entity", path=path_of(blueprint, "b")).refused(404)
    assert names(scene, blueprint) == ["a", "c"]


@question("entities.list.order", source="Assumed: oldest first", level=Level.UNKNOWN, needs=NEEDS)
def test_entities_are_listed_oldest_first(scene: Scene) -> None:
    blueprint = scene.blueprint()
    for name in ("m", "a", "z"):
        make(scene, blueprint, {"identifier": name})

    assert names(scene, blueprint) == ["m", "a", "z"]


@question("entities.count.counts", source=f"OpenAPI 1.0, GET {MANY}-count", needs=NEEDS)
def test_entities_are_counted(scene: Scene) -> None:
    blueprint, other = scene.blueprint(), scene.blueprint("other")
    make(scene, other, {"identifier": "a"})
    path = path_of(blueprint)
    counts = []

    for name in ("a", "b", "c"):
        counts.append(whole(scene.port.get("count-entities", path=path), "count")["count"])
        make(scene, blueprint, {"identifier": name})
    scene.port.get("delete-entity", path=path_of(blueprint, "b"))

    assert [*counts, scene.port.get("count-entities", path=path)["count"]] == [0, 1, 2, 2]
