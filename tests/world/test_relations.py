"""What becomes of the relatives of an entity that goes."""

from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import ConflictError, NotFoundError, RefusedError
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_world, many, one, snapshot, write

NODES: Final = st.sampled_from(["a", "b", "c", "d"])
SOME: Final = st.lists(NODES, max_size=3)
STEPS: Final = st.tuples(st.sampled_from(["write", "delete", "purge"]), NODES, SOME, SOME)


def catalog() -> World:
    """Services that use services, groups that cannot be without members, and their teams."""
    world = make_world()
    world.blueprints.define(blueprint("team"), MACHINE)
    world.blueprints.define(blueprint("service", uses=many("service"), team=one("team")), MACHINE)
    world.blueprints.define(blueprint("group", members=many("service", required=True)), MACHINE)
    world.blueprints.define(blueprint("pair", left=one("pair", required=True)), MACHINE)
    return world


def names(world: World) -> set[str]:
    return {
        f"{entity.key.blueprint}/{entity.key.identifier}"
        for each in world.blueprints
        for entity in world.entities.of(each.identifier)
    }


def test_whoever_merely_relates_to_a_deleted_entity_loses_the_relation() -> None:
    world = catalog()
    for name in ("team/core", "service/api", "service/db"):
        write(world, name)
    write(world, "service/web", relations={"uses": ["api", "db"], "team": "core"})

    world.delete_entity(key("service/api"), caller=MACHINE)
    world.delete_entity(key("team/core"), caller=MACHINE)

    assert world.entities[key("service/web")].relations == {"uses": ["db"], "team": None}


def test_an_entity_that_others_require_is_kept_as_a_conflict() -> None:
    world = catalog()
    write(world, "service/api")
    write(world, "group/g", relations={"members": ["api"]})
    before = snapshot(world)

    with pytest.raises(ConflictError, match="entity 'api' is required by 1 others"):
        world.delete_entity(key("service/api"), caller=MACHINE)

    assert snapshot(world) == before


def test_an_entity_is_not_required_where_others_can_stand_in() -> None:
    world = catalog()
    for name in ("service/api", "service/db"):
        write(world, name)
    write(world, "group/g", relations={"members": ["api", "db"]})

    world.delete_entity(key("service/api"), caller=MACHINE)

    assert world.entities[key("group/g")].relations == {"members": ["db"]}


def test_deleting_dependents_takes_everything_along_that_cannot_stand_without() -> None:
    world = catalog()
    world.blueprints.define(blueprint("label", group=one("group", required=True)), MACHINE)
    for name in ("service/api", "service/db"):
        write(world, name)
    write(world, "group/g", relations={"members": ["api"]})
    write(world, "group/h", relations={"members": ["api", "db"]})
    write(world, "label/l", relations={"group": "g"})

    gone = world.entities.delete(key("service/api"), caller=MACHINE, dependents=True)

    assert gone == [key("service/api"), key("group/g"), key("label/l")]
    assert names(world) == {"service/db", "group/h"}


def test_what_requires_several_goes_when_the_last_of_them_goes() -> None:
    world = catalog()
    world.blueprints.define(blueprint("cell", team=one("team", required=True)), MACHINE)
    world.blueprints.define(blueprint("ward", cells=many("cell", required=True)), MACHINE)
    write(world, "team/core")
    for name in ("cell/x", "cell/y"):
        write(world, name, relations={"team": "core"})
    write(world, "ward/w", relations={"cells": ["x", "y"]})

    world.delete_entity(key("team/core"), dependents=True, caller=MACHINE)

    assert names(world) == set()


def test_entities_that_require_each_other_go_together() -> None:
    world = catalog()
    write(world, "pair/a", relations={"left": "a"})
    write(world, "pair/b", relations={"left": "a"})
    write(world, "pair/a", Write.MERGE, relations={"left": "b"})

    world.delete_entity(key("pair/b"), dependents=True, caller=MACHINE)

    assert names(world) == set()


def test_an_entity_that_requires_itself_can_go() -> None:
    world = catalog()
    write(world, "pair/a", relations={"left": "a"})

    world.delete_entity(key("pair/a"), caller=MACHINE)

    assert names(world) == set()


def test_a_relation_that_was_written_over_holds_nobody_back() -> None:
    world = catalog()
    for name in ("service/api", "service/db"):
        write(world, name)
    write(world, "group/g", relations={"members": ["api"]})

    write(world, "group/g", Write.REPLACE, relations={"members": ["db"]})
    world.delete_entity(key("service/api"), caller=MACHINE)

    assert names(world) == {"service/db", "group/g"}


def test_a_relation_that_the_blueprint_no_longer_has_is_forgotten() -> None:
    world = catalog()
    write(world, "service/api")
    write(world, "group/g", relations={"members": ["api"]})

    world.blueprints.redefine("group", blueprint("group"), MACHINE)
    world.delete_entity(key("group/g"), caller=MACHINE)
    world.remove_blueprint("group", MACHINE, with_actions=False)
    world.delete_entity(key("service/api"), caller=MACHINE)

    assert names(world) == set()


def test_a_relation_leads_where_the_blueprint_says_now() -> None:
    world = catalog()
    for name in ("team/core", "service/core"):
        write(world, name)
    write(world, "service/web", relations={"team": "core"})

    moved = blueprint("service", uses=many("service"), team=one("service"))
    world.blueprints.redefine("service", moved, MACHINE)
    world.delete_entity(key("team/core"), caller=MACHINE)
    kept = world.entities[key("service/web")]
    world.delete_entity(key("service/core"), caller=MACHINE)

    assert kept.relations["team"] == "core"
    assert world.entities[key("service/web")].relations["team"] is None


def test_what_does_not_exist_cannot_be_deleted() -> None:
    world = catalog()

    for name in ("service/web", "missing/web"):
        with pytest.raises(NotFoundError, match="has the identifier"):
            world.delete_entity(key(name), caller=MACHINE)


def take(world: World, verb: str, name: str, needs: list[str], likes: list[str]) -> None:
    if verb == "write":
        write(world, f"node/{name}", Write.UPSERT, relations={"needs": needs, "likes": likes})
    else:
        world.delete_entity(key(f"node/{name}"), dependents=verb == "purge", caller=MACHINE)


@given(st.lists(STEPS, max_size=20))
def test_no_relation_ever_leads_nowhere_and_no_required_one_is_ever_empty(
    steps: list[tuple[str, str, list[str], list[str]]],
) -> None:
    world = make_world()
    needs, likes = many("node", required=True), many("node")
    world.blueprints.define(blueprint("node", needs=needs, likes=likes), MACHINE)

    for step in steps:
        with suppress(RefusedError):
            take(world, *step)

    held = {entity.key.identifier: entity.relations for entity in world.entities.of("node")}
    assert all(relations["needs"] for relations in held.values())
    assert all(held.keys() >= {*(ends or ())} for one in held.values() for ends in one.values())
