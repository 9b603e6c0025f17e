"""Entities that are written or deleted as parts of a run."""

from typing import Final

import pytest

from port_fake.engine.states import UNDER_WAY, State
from port_fake.errors import InvalidError, NotFoundError
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import (
    MACHINE,
    blueprint,
    key,
    make_run,
    make_world,
    many,
    one,
    snapshot,
    write,
)

LIVE: Final = sorted(UNDER_WAY)
NOT_LIVE: Final = sorted(set(State) - UNDER_WAY)


def catalog(state: State) -> World:
    world = make_world()
    world.runs.add(make_run("r_1", state=state))
    world.blueprints.define(blueprint("team"), MACHINE)
    world.blueprints.define(
        blueprint("service", team=one("team", required=True), uses=many("service")), MACHINE
    )
    write(world, "team/core")
    write(world, "service/api", relations={"team": "core"})
    return world


@pytest.mark.parametrize("state", LIVE)
def test_a_run_under_way_lists_the_entities_that_were_written_for_it(state: State) -> None:
    world = catalog(state)
    draft = {"identifier": "web", "relations": {"team": "data"}}

    for how in (Write.CREATE, Write.MERGE):
        world.write_entity("service", draft, MACHINE, how=how, run_id="r_1", make_related=True)

    assert world.runs["r_1"].affected == (key("team/data"), key("service/web"))


def test_a_run_lists_the_entities_that_were_deleted_for_it() -> None:
    world = catalog(State.QUEUED)

    world.delete_entity(key("team/core"), run_id="r_1", dependents=True, caller=MACHINE)

    assert world.runs["r_1"].affected == (key("team/core"), key("service/api"))


def test_an_entity_that_was_only_checked_affects_no_run() -> None:
    world = catalog(State.QUEUED)

    world.write_entity(
        "team", {"identifier": "data"}, MACHINE, how=Write.CREATE, run_id="r_1", only_check=True
    )

    assert world.runs["r_1"].affected == ()


@pytest.mark.parametrize("state", NOT_LIVE)
def test_entities_cannot_be_tied_to_a_run_that_is_not_under_way(state: State) -> None:
    world = catalog(state)
    before = snapshot(world)

    message = f"run 'r_1' is {state}; entities can be tied to a run only while it is in progress"
    with pytest.raises(InvalidError, match=message):
        world.write_entity("team", {}, MACHINE, how=Write.CREATE, run_id="r_1")
    with pytest.raises(InvalidError, match=message):
        world.delete_entity(key("service/api"), run_id="r_1", caller=MACHINE)

    assert snapshot(world) == before


def test_entities_cannot_be_tied_to_a_run_that_does_not_exist() -> None:
    world = catalog(State.QUEUED)

    with pytest.raises(NotFoundError, match="no run has the identifier 'r_none'"):
        world.write_entity("team", {}, MACHINE, how=Write.CREATE, run_id="r_none")
    with pytest.raises(NotFoundError, match="no run has the identifier 'r_none'"):
        world.delete_entity(key("service/api"), run_id="r_none", caller=MACHINE)
