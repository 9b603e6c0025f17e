"""Blueprints: made, listed, read, replaced, changed, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError
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

MAKE = "OpenAPI 1.0, POST /v1/blueprints"
LIST = "OpenAPI 1.0, GET /v1/blueprints"
ONE = "OpenAPI 1.0, GET /v1/blueprints/{identifier}"
REPLACE = "OpenAPI 1.0, PUT /v1/blueprints/{identifier}"
CHANGE = "OpenAPI 1.0, PATCH /v1/blueprints/{identifier}"
DELETE = "OpenAPI 1.0, DELETE /v1/blueprints/{identifier}"
NEEDS = {Need.FURNISH}


def definition(scene: Scene, name: str = "service", **changes: Any) -> dict[str, Any]:
    """Return the body of a blueprint that uses most of the keys it may."""
    return {
        "identifier": scene.named(name),
        "title": 'Größe "x" \U0001f680',
        "icon": "Microservice",
        "description": "what it is",
        "schema": {
            "properties": {
                "tier": {"type": "string", "title": "Tier", "enum": ["gold", "tin"]},
                "count": {"type": "number", "minimum": 0},
                "ends": {"type": "string", "format": "timer"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "config": {"type": "object"},
                "live": {"type": "boolean", "default": True},
            },
            "required": ["tier"],
        },
        "relations": {
            "peer": {
                "title": "Peer",
                "target": scene.named(name),
                "required": False,
                "many": False,
            }
        },
        "calculationProperties": {
            "loud": {"type": "string", "calculation": ".properties.tier | ascii_upcase"}
        },
        "mirrorProperties": {"peerTier": {"path": "peer.tier", "title": "Tier of the peer"}},
        "aggregationProperties": {
            "peers": {
                "title": "Peers",
                "target": scene.named(name),
                "calculationSpec": {"func": "count", "calculationBy": "entities"},
            }
        },
        "changelogDestination": {"type": "KAFKA"},
        **changes,
    }


def plain(scene: Scene, name: str) -> dict[str, Any]:
    return {"identifier": scene.named(name), "title": name, "schema": {"properties": {}}}


def make(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    return thing(scene.port.get("create-blueprint", body=body), "blueprint")


def read(scene: Scene, name: str) -> dict[str, Any]:
    path = {"identifier": scene.named(name)}
    return thing(scene.port.get("get-blueprint", path=path), "blueprint")


def listed(scene: Scene) -> list[str]:
    found = things(scene.port.get("get-blueprints"), "blueprints")
    return [text(one, "identifier") for one in found]


@question("blueprints.made.is-answered-as-sent", source=MAKE, needs=NEEDS)
def test_a_new_blueprint_is_answered_as_it_was_sent(scene: Scene) -> None:
    body = definition(scene)

    made = make(scene, body)

    assert said(made) == body
    must_be_stamped(made, by=scene.port.credentials.client_id)


@question("blueprints.made.is-read-back", source=ONE, needs=NEEDS)
def test_a_new_blueprint_is_read_as_it_was_answered(scene: Scene) -> None:
    made = make(scene, definition(scene))

    assert read(scene, "service") == made
    assert things(scene.port.get("get-blueprints"), "blueprints")[-1:] == [made]


@question("blueprints.made.relations-are-answered", source="client: Ocean", needs=NEEDS)
def test_relations_are_answered_even_if_there_are_none(scene: Scene) -> None:
    made = make(scene, plain(scene, "service"))

    assert made.get("relations") == {}
    assert read(scene, "service").get("relations") == {}


@question(
    "blueprints.made.obsolete-key", source="docs: tutorial of 2022; Assumed: forgotten", needs=NEEDS
)
def test_the_formula_properties_of_old_are_tolerated(scene: Scene) -> None:
    body = {**plain(scene, "service"), "formulaProperties": {}}

    assert said(make(scene, body)) == said(plain(scene, "service"))


IDENTIFIERS = {
    "symbols": "a@_.+:-",
    "slashes": "a/b\\c",
    "letters": "größe日本",
    "long": "a" * 100,
}


@question("blueprints.made.identifiers", source=f"{MAKE}, identifier", needs=NEEDS)
@pytest.mark.parametrize("name", IDENTIFIERS.values(), ids=IDENTIFIERS.keys())
def test_identifiers_of_any_script_are_read_back(scene: Scene, name: str) -> None:
    if len(scene.named(name)) > 100:
        pytest.skip("names are longer here")
    made = make(scene, plain(scene, name))

    assert read(scene, name) == made


@question("blueprints.made.twice-conflicts", source="Assumed: 409, as for entities", needs=NEEDS)
def test_an_identifier_is_taken_once(scene: Scene) -> None:
    made = make(scene, definition(scene))

    scene.port.ask("create-blueprint", body=plain(scene, "service")).refused(409)

    assert read(scene, "service") == made
    assert listed(scene).count(scene.named("service")) == 1


PROPERTIES = {"a": {"type": "string"}}
BAD: dict[str, dict[str, Any]] = {
    "no-title": {"title": None},
    "empty-title": {"title": ""},
    "long-title": {"title": "x" * 101},
    "title-number": {"title": 5},
    "no-schema": {"schema": None},
    "schema-text": {"schema": "x"},
    "schema-without-properties": {"schema": {"required": []}},
    "schema-extra-key": {"schema": {"properties": {}, "extra": 1}},
    "property-without-type": {"schema": {"properties": {"a": {"title": "A"}}}},
    "property-of-unknown-type": {"schema": {"properties": {"a": {"type": "integer"}}}},
    "property-of-unknown-format": {
        "schema": {"properties": {"a": {"type": "string", "format": "colour"}}}
    },
    "property-name": {"schema": {"properties": {"a b": {"type": "string"}}}},
    "required-text": {"schema": {"properties": PROPERTIES, "required": "a"}},
    "long-description": {"description": "x" * 201},
    "relation-without-target": {"relations": {"r": {"required": False, "many": False}}},
    "relation-extra-key": {
        "relations": {"r": {"target": "x", "required": False, "many": False, "extra": 1}}
    },
    "relation-required-text": {
        "relations": {"r": {"target": "x", "required": "no", "many": False}}
    },
    "unknown-destination": {"changelogDestination": {"type": "PIGEON"}},
    "calculation-without-type": {"calculationProperties": {"c": {"calculation": "."}}},
    "mirror-without-path": {"mirrorProperties": {"m": {"title": "M"}}},
}


@question("blueprints.bad-body.refused", source=f"{MAKE}; {REPLACE}", needs=NEEDS)
@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_a_definition_that_makes_no_sense_is_refused(scene: Scene, changes: dict[str, Any]) -> None:
    body = {**plain(scene, "service"), **changes}
    body = {key: value for key, value in body.items() if value is not None}
    other = make(scene, plain(scene, "other"))

    scene.port.ask("create-blueprint", body=body).refused(422)
    scene.port.ask(
        "replace-blueprint", path={"identifier": scene.named("other")}, body=body
    ).refused(422)

    scene.port.ask("get-blueprint", path={"identifier": scene.named("service")}).refused(404)
    assert read(scene, "other") == other


BAD_IDENTIFIERS = {
    "none": None,
    "empty": "",
    "blank": "a b",
    "dot": "..",
    "long": "a" * 101,
    "number": 5,
}


@question("blueprints.bad-identifier.refused", source=f"{MAKE}, identifier", needs=NEEDS)
@pytest.mark.parametrize("identifier", BAD_IDENTIFIERS.values(), ids=BAD_IDENTIFIERS.keys())
def test_an_identifier_that_makes_no_sense_is_refused(scene: Scene, identifier: Any) -> None:
    body = {**plain(scene, "service"), "identifier": identifier}
    before = listed(scene)

    scene.port.ask(
        "create-blueprint", body={key: value for key, value in body.items() if value is not None}
    ).refused(422)

    assert listed(scene) == before


@question("blueprints.replaced.whole", source=REPLACE, needs=NEEDS)
def test_a_replacement_leaves_nothing_of_the_old(scene: Scene) -> None:
    before = make(scene, definition(scene))
    body = plain(scene, "service")

    reply = scene.port.get(
        "replace-blueprint", path={"identifier": scene.named("service")}, body=body
    )
    after = thing(reply, "blueprint")

    assert said(after) == said(body)
    assert after == read(scene, "service")
    must_be_restamped(after, before, by=scene.port.credentials.client_id)


@question("blueprints.changed.keeps-the-rest", source=CHANGE, needs=NEEDS)
def test_a_change_keeps_what_it_does_not_name(scene: Scene) -> None:
    before = make(scene, definition(scene))
    others = make(scene, plain(scene, "other"))
    changes = {"title": "new", "schema": {"properties": PROPERTIES}}

    reply = scene.port.get(
        "change-blueprint", path={"identifier": scene.named("service")}, body=changes
    )
    after = thing(reply, "blueprint")

    assert said(after) == {**said(before), **changes}
    assert after == read(scene, "service")
    assert others == read(scene, "other")
    must_be_restamped(after, before, by=scene.port.credentials.client_id)


@question("blueprints.changed.bad-body-refused", source=CHANGE, needs=NEEDS)
@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"title": None}, {"schema": {"properties": {"a": {"type": "x"}}}}, []],
    ids=["empty-title", "null-title", "unknown-type", "list"],
)
def test_a_change_that_makes_no_sense_is_refused(scene: Scene, changes: Any) -> None:
    before = make(scene, definition(scene))

    scene.port.ask(
        "change-blueprint", path={"identifier": scene.named("service")}, body=changes
    ).refused(422)

    assert read(scene, "service") == before


@question("blueprints.unknown.not-found", source=f"{ONE}, 404", needs=NEEDS)
def test_a_blueprint_that_does_not_exist_is_not_found(scene: Scene) -> None:
    path = {"identifier": scene.named("nothing")}
    body = plain(scene, "nothing")

    replies = [
        scene.port.ask("get-blueprint", path=path).refused(404),
        scene.port.ask("replace-blueprint", path=path, body=body).refused(404),
        scene.port.ask("change-blueprint", path=path, body={"title": "x"}).refused(404),
        scene.port.ask("delete-blueprint", path=path).refused(404),
    ]

    assert {reply["error"] for reply in replies} == {"not_found"}
    assert scene.named("nothing") not in listed(scene)


@question("blueprints.deleted.is-gone", source=DELETE, needs=NEEDS)
def test_a_deleted_blueprint_is_gone_and_no_other(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        make(scene, plain(scene, name))
    path = {"identifier": scene.named("b")}

    whole(scene.port.get("delete-blueprint", path=path))

    scene.port.ask("get-blueprint", path=path).refused(404)
    scene.port.ask("delete-blueprint", path=path).refused(404)
    assert [one for one in listed(scene) if one in map(scene.named, "abc")] == [
        scene.named("a"),
        scene.named("c"),
    ]


@question("blueprints.deleted.not-with-entities", source="Assumed: 409", needs=NEEDS)
def test_a_blueprint_that_has_entities_stays(scene: Scene) -> None:
    blueprint = scene.blueprint()
    scene.entity(blueprint)

    scene.port.ask("delete-blueprint", path={"identifier": blueprint}).refused(409)

    path = {"blueprint_identifier": blueprint}
    assert scene.port.get("count-entities", path=path)["count"] == 1


@question("blueprints.deleted.actions-on-request", source=f"{DELETE}, delete_actions", needs=NEEDS)
@pytest.mark.parametrize(
    "query",
    [{}, {"delete_actions": False}, {"delete_actions": True}],
    ids=["absent", "false", "true"],
)
def test_the_actions_of_a_blueprint_go_with_it_on_request(
    scene: Scene, query: dict[str, Any]
) -> None:
    blueprint, other = scene.blueprint(), scene.blueprint("other")
    scene.action("bound", blueprint=blueprint)
    scene.action("elsewhere", blueprint=other)
    scene.action("free")

    scene.port.get("delete-blueprint", path={"identifier": blueprint}, query=query)

    found = things(scene.port.get("get-actions"), "actions")
    mine = [scene.named(name) for name in ("bound", "elsewhere", "free")]
    left = [one.get("identifier") for one in found if one.get("identifier") in mine]
    assert left == (mine[1:] if query.get("delete_actions") else mine)


@question(
    "blueprints.deleted.runs-say-so", source="OpenAPI 1.0, a run's blueprint: deleted", needs=NEEDS
)
def test_a_run_says_that_its_blueprint_is_gone(scene: Scene) -> None:
    blueprint = scene.blueprint()
    run = scene.run(scene.action(blueprint=blueprint))
    before = scene.read(run["id"], "v1").get("relatedBlueprintExists")

    scene.port.get("delete-blueprint", path={"identifier": blueprint})
    told = scene.read(run["id"]).get("blueprint")
    if not isinstance(told, dict):
        raise AnswerError(f"a run must have its blueprint as an object, and has {told!r}")

    assert (told.get("identifier"), told.get("deleted")) == (blueprint, True)
    assert before is True
    assert scene.read(run["id"], "v1").get("relatedBlueprintExists") is False


@question("blueprints.list.order", source="Assumed: oldest first", level=Level.UNKNOWN, needs=NEEDS)
def test_blueprints_are_listed_oldest_first(scene: Scene) -> None:
    for name in ("m", "a", "z"):
        make(scene, plain(scene, name))

    assert listed(scene)[-3:] == [scene.named(name) for name in ("m", "a", "z")]


@question("blueprints.list.holds-each-once", source=LIST, needs=NEEDS)
def test_a_list_of_blueprints_holds_each_once_and_is_stable(scene: Scene) -> None:
    names = [f"kind-{number}" for number in range(7)]
    for name in names:
        make(scene, plain(scene, name))

    first, second = listed(scene), listed(scene)

    assert first == second
    assert sorted(set(first) & set(map(scene.named, names))) == sorted(map(scene.named, names))
    assert len(first) == len(set(first))
