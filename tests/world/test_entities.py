"""Entities: the five ways to write one, and what their blueprint asks of them."""

import re
from dataclasses import replace
from typing import Any, Final

import pytest

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.engine.people import Caller
from port_fake.errors import ConflictError, InvalidError, NotFoundError
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_world, many, one, snapshot, write

EVE: Final = Caller(id="eve")
FULL: Final[dict[str, Any]] = {
    "title": "Web",
    "icon": "Server",
    "team": ["core"],
    "properties": {"size": 1, "tier": "gold"},
    "relations": {"uses": ["api"]},
}


def catalog(**settings: bool) -> World:
    """A world with a service called ``api`` that other services may use."""
    world = make_world(**settings)
    sizes = {"size": {"type": "number"}, "tier": {"type": "string", "default": "iron"}}
    world.blueprints.define(
        blueprint("service", properties=sizes, uses=many("service"), team=one("team")), MACHINE
    )
    world.blueprints.define(blueprint("team"), MACHINE)
    write(world, "service/api", title="API")
    return world


def query(name: str, value: str) -> dict[str, Any]:
    rule = {"property": name, "operator": "=", "value": value}
    return {"combinator": "and", "rules": [rule]}


def change(world: World, name: str, how: Write, **draft: Any) -> Entity:
    """Write as Eve, so that stamps can tell."""
    named = key(name)
    written = world.write_entity(
        named.blueprint, {"identifier": named.identifier, **draft}, EVE, how=how
    )
    return written.entity


def test_a_new_entity_holds_what_was_sent_the_defaults_and_its_stamps() -> None:
    world = catalog()

    written = write(world, "service/web", **FULL)

    web = written.entity
    now = world.clock.peek()
    assert written.created
    assert web == world.entities[key("service/web")]
    assert (web.title, web.icon, web.team) == ("Web", "Server", ("core",))
    assert web.properties == {"size": 1, "tier": "gold"}
    assert web.relations == {"uses": ["api"], "team": None}
    assert (web.stamps.created_at, web.stamps.created_by) == (now, "machine")
    assert (web.stamps.updated_at, web.stamps.updated_by) == (now, "machine")


def test_an_entity_of_which_nothing_is_said_is_empty_but_for_its_defaults() -> None:
    web = write(catalog(), "service/web").entity

    assert (web.title, web.icon, web.team) == (None, None, ())
    assert web.properties == {"tier": "iron"}
    assert web.relations == {"uses": [], "team": None}


def test_an_entity_without_an_identifier_gets_one() -> None:
    world = catalog()

    written = world.write_entity("service", {}, MACHINE, how=Write.CREATE)

    assert re.fullmatch(r"e_[A-Za-z0-9]{16}", written.entity.key.identifier)
    assert world.entities[written.entity.key] == written.entity


def test_entities_are_listed_by_blueprint_oldest_first() -> None:
    world = catalog()
    write(world, "service/web")
    write(world, "team/core")

    assert [each.key.identifier for each in world.entities.of("service")] == ["api", "web"]
    assert [each.key.identifier for each in world.entities.of("team")] == ["core"]


@pytest.mark.parametrize("how", [Write.REPLACE, Write.UPSERT])
def test_replacing_keeps_the_maker_and_the_place_and_nothing_else(how: Write) -> None:
    world = catalog()
    old = write(world, "service/web", **FULL).entity
    write(world, "service/db")

    new = change(world, "service/web", how, properties={"size": 2})

    assert new == replace(
        old,
        title=None,
        icon=None,
        team=(),
        properties={"size": 2, "tier": "iron"},
        relations={"uses": [], "team": None},
        stamps=replace(old.stamps, updated_at=world.clock.peek(), updated_by="eve"),
    )
    assert [each.key.identifier for each in world.entities.of("service")] == ["api", "web", "db"]


@pytest.mark.parametrize("how", [Write.MERGE, Write.UPSERT_AND_MERGE])
def test_merging_changes_what_is_given_and_keeps_the_rest(how: Write) -> None:
    world = catalog()
    write(world, "team/core")
    old = write(world, "service/web", **FULL).entity

    new = change(
        world, "service/web", how, icon=None, properties={"size": 2}, relations={"team": "core"}
    )

    assert new == replace(
        old,
        icon=None,
        properties={"size": 2, "tier": "gold"},
        relations={"uses": ["api"], "team": "core"},
        stamps=replace(old.stamps, updated_at=world.clock.peek(), updated_by="eve"),
    )


@pytest.mark.parametrize("how", [Write.UPSERT, Write.UPSERT_AND_MERGE])
def test_upserting_makes_what_does_not_exist_and_says_whether_it_did(how: Write) -> None:
    world = catalog()

    first = write(world, "service/web", how, **FULL)
    second = write(world, "service/web", how, **FULL)

    assert (first.created, second.created) == (True, False)
    assert first.entity.title == "Web"


def test_creating_what_exists_is_a_conflict() -> None:
    with pytest.raises(ConflictError, match="entity 'api' exists already"):
        write(catalog(), "service/api")


@pytest.mark.parametrize("how", [Write.REPLACE, Write.MERGE])
def test_what_does_not_exist_cannot_be_changed(how: Write) -> None:
    message = "no entity of blueprint 'service' has the identifier 'web'"

    with pytest.raises(NotFoundError, match=message):
        write(catalog(), "service/web", how)


@pytest.mark.parametrize(("given", "held"), [(None, ()), ("core", ("core",)), (["a"], ("a",))])
def test_a_team_is_given_by_name_by_a_list_or_taken_away(
    given: object, held: tuple[str, ...]
) -> None:
    world = catalog()
    write(world, "service/web", team=["before"])

    assert change(world, "service/web", Write.MERGE, team=given).team == held


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        ({"properties": {"size": "big"}}, "property 'size': the value is not of type"),
        ({"relations": {"owner": "core"}}, r"relation 'owner' is not defined \(defined: uses, te"),
        ({"relations": {"team": ["core"]}}, "relation 'team' takes one entity, not a list"),
        ({"team": query("name", "core")}, "a team given by a query is not supported"),
    ],
)
def test_a_draft_that_breaks_the_blueprint_is_refused_by_name(
    draft: dict[str, Any], message: str
) -> None:
    world = catalog()
    before = snapshot(world)

    with pytest.raises(InvalidError, match=message):
        write(world, "service/web", **draft)

    assert snapshot(world) == before


def test_an_undefined_relation_of_a_blueprint_without_any_is_refused_as_well() -> None:
    with pytest.raises(InvalidError, match=r"relation 'owner' is not defined \(defined: none\)"):
        write(catalog(), "team/core", relations={"owner": "api"})


@pytest.mark.parametrize("given", [{}, {"owner": None}, {"owner": ""}])
def test_a_required_relation_must_be_given(given: dict[str, Any]) -> None:
    world = catalog()
    world.blueprints.define(blueprint("job", owner=one("team", required=True)), MACHINE)

    with pytest.raises(InvalidError, match="relation 'owner' is required"):
        write(world, "job/nightly", relations=given)


def test_a_required_relation_need_not_be_given_again_when_merging() -> None:
    world = catalog()
    world.blueprints.define(blueprint("job", owner=one("team", required=True)), MACHINE)
    write(world, "team/core")
    write(world, "job/nightly", relations={"owner": "core"})

    assert change(world, "job/nightly", Write.MERGE, title="New").relations == {"owner": "core"}


def test_what_an_entity_relates_to_must_exist_unless_the_settings_say_otherwise() -> None:
    strict, lenient = catalog(), catalog(relations_must_exist=False)
    given = {"uses": ["api", "db"], "team": "core"}

    web = write(lenient, "service/web", relations=given).entity

    assert web.relations == given
    message = "do not exist: 'db' of blueprint 'service', 'core' of blueprint 'team'"
    with pytest.raises(NotFoundError, match=message):
        write(strict, "service/web", relations=given)
    assert strict.entities.find("service", "web") is None


def test_an_entity_may_relate_to_itself_from_the_start() -> None:
    world = catalog()

    assert write(world, "service/web", relations={"uses": ["web"]}).created


def test_missing_relatives_are_made_on_request_each_once() -> None:
    world = catalog()
    draft = {"identifier": "web", "relations": {"uses": ["db", "db", "api"], "team": "core"}}

    written = world.write_entity("service", draft, EVE, how=Write.CREATE, make_related=True)

    assert written.made_for_it == (key("service/db"), key("team/core"))
    core = world.entities[key("team/core")]
    assert (core.title, core.properties, core.relations) == ("core", {}, {})
    assert core.stamps == written.entity.stamps


def test_a_check_answers_like_a_write_and_stores_nothing() -> None:
    world = catalog()
    draft = {"identifier": "web", "relations": {"team": "core"}}
    before = snapshot(world)

    written = world.write_entity(
        "service", draft, EVE, how=Write.CREATE, make_related=True, only_check=True
    )

    assert written.created
    assert written.entity.relations["team"] == "core"
    assert snapshot(world) == before


def test_a_relation_may_be_given_by_a_query() -> None:
    world = catalog()
    write(world, "team/core", title="Core")
    write(world, "service/db", title="API")

    found = write(
        world,
        "service/web",
        relations={"team": query("$title", "Core"), "uses": query("$title", "API")},
    )
    nothing = write(
        world,
        "service/cli",
        relations={"team": query("$title", "x"), "uses": query("$title", "x")},
    )

    assert found.entity.relations == {"team": "core", "uses": ["api", "db"]}
    assert nothing.entity.relations == {"team": None, "uses": []}


def test_a_relation_to_many_takes_a_single_one_as_well() -> None:
    world = catalog()

    assert write(world, "service/a", relations={"uses": "api"}).entity.relations["uses"] == ["api"]
    assert write(world, "service/b", relations={"uses": None}).entity.relations["uses"] == []


def test_an_identifier_may_be_given_by_a_query_that_matches_one_entity() -> None:
    world = catalog()
    write(world, "service/web", title="Web", properties={"size": 1})
    draft = {"identifier": query("$title", "Web"), "properties": {"size": 2}}

    written = world.write_entity("service", draft, MACHINE, how=Write.UPSERT)

    assert written.entity.key == key("service/web")
    assert not written.created


@pytest.mark.parametrize(("title", "count"), [("nothing", 0), ("twice", 2)])
def test_an_identifier_by_a_query_must_match_exactly_one(title: str, count: int) -> None:
    world = catalog()
    for name in ("service/a", "service/b"):
        write(world, name, title="twice")
    draft = {"identifier": query("$title", title)}

    with pytest.raises(InvalidError, match=f"query matches {count} entities, it must match exac"):
        world.write_entity("service", draft, MACHINE, how=Write.UPSERT)


def test_queries_know_properties_and_meta_properties() -> None:
    world = catalog()
    write(world, "service/web", **FULL)

    def finds(name: str, operator: str, value: object) -> bool:
        rules = [{"property": name, "operator": operator, "value": value}]
        wanted = {"identifier": {"combinator": "and", "rules": rules}}
        written = world.write_entity("service", wanted, MACHINE, how=Write.MERGE, only_check=True)
        return written.entity.key == key("service/web")

    assert finds("tier", "=", "gold")
    assert finds("$identifier", "=", "web")
    assert finds("$title", "=", "Web")
    assert finds("$icon", "=", "Server")
    assert finds("$team", "contains", "core")
    assert finds("size", "=", 1)


def test_nothing_is_found_of_a_blueprint_that_does_not_exist() -> None:
    world = catalog()

    assert world.entities.find("missing", "web") is None
    assert world.entities.find("service", "web") is None
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'missing'"):
        world.entities[EntityKey(blueprint="missing", identifier="web")]
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'missing'"):
        write(world, "missing/web")
