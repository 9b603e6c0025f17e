"""The journal: every change has a number and an id, and is found by what it is about."""

from collections.abc import Mapping
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.approvals import Policy
from port_fake.engine.people import Permissions
from port_fake.engine.runs import Annotations
from port_fake.engine.states import Event
from port_fake.world.entities import Write
from port_fake.world.queries import RunFilter
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_action, make_world, write


def told(world: World, **wanted: str) -> list[str]:
    """What the journal finds, oldest first, each as its kind of thing and what happened."""
    numbers = list(world.journal.find(wanted))
    assert numbers == sorted(numbers, reverse=True)
    changes = [world.journal[number] for number in reversed(numbers)]
    return [f"{type(one.thing).__name__} {one.happening}" for one in changes]


def lived() -> World:
    """A world in which a run of `scale` on service/api has ended after it wrote service/db."""
    world = make_world()
    world.blueprints.define(blueprint("service"), MACHINE)
    world.actions.add(make_action("deploy"))
    world.actions.add(make_action("scale", blueprint="service", needs_entity=True))
    write(world, "service/api")
    run = world.execute("scale", {}, MACHINE, entity="api")
    world.write_entity("service", {"identifier": "db"}, MACHINE, how=Write.CREATE, run_id=run.id)
    world.update(run.id, Event.SUCCEED, Annotations(), MACHINE)
    world.actions.permit("deploy", Permissions(), MACHINE)
    world.actions.remove("deploy", MACHINE)
    return world


RUN: Final = ["Run made", "Run changed"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"identifier": "api"}, ["Entity made"]),
        ({"entity": "api"}, ["Entity made", *RUN]),
        ({"entity": "db"}, ["Entity made"]),
        ({"identifier": "deploy"}, ["Action made", "Grant changed", "Action gone"]),
        ({"identifier": "service"}, ["Blueprint made"]),
        (
            {"blueprint": "service"},
            ["Blueprint made", "Action made", "Entity made", "Run made", "Entity made", RUN[1]],
        ),
        ({"run": "RUN"}, ["Run made", "Entity made", "Run changed"]),
        ({"run": "RUN", "entity": "db"}, ["Entity made"]),
        ({"identifier": "nobody"}, []),
        ({"identifier": "api", "run": "RUN"}, []),
    ],
)
def test_changes_are_found_by_what_they_are_about(
    wanted: Mapping[str, str], found: list[str]
) -> None:
    world = lived()
    run_id = next(iter(world.runs.find(RunFilter(), 1))).id

    sought = {name: run_id if value == "RUN" else value for name, value in wanted.items()}

    assert told(world, **sought) == found


def test_without_a_wish_every_visible_change_is_found() -> None:
    world = lived()

    assert len(told(world)) == sum(change.is_visible for change in world.journal.rows)
    assert len(told(world)) < len(world.journal.rows)


def test_what_comes_after_a_look_is_found_by_the_next() -> None:
    world = lived()
    assert told(world, identifier="web") == []

    write(world, "service/web")
    world.delete_entity(key("service/web"), caller=MACHINE)

    assert told(world, identifier="web") == ["Entity made", "Entity gone"]


@given(st.lists(st.integers(min_value=0, max_value=5), min_size=1))
def test_the_id_of_a_change_does_not_depend_on_when_it_is_asked_for(asked: list[int]) -> None:
    first, second = lived().journal, lived().journal

    ids = {number: first.event_id(number) for number in asked}

    assert ids == {number: second.event_id(number) for number in sorted(ids)}
    assert len(set(ids.values())) == len(ids)


def test_news_are_told_once_also_those_that_come_while_they_are_told() -> None:
    world = make_world()
    world.actions.add(make_action("deploy", policy=Policy.ANY))

    numbers = []
    for number in world.journal.news():
        numbers.append(number)
        if number == 0:
            world.execute("deploy", {}, MACHINE)

    assert numbers == [0, 1]
    assert not world.journal.has_news


def test_a_run_that_acts_on_nothing_is_found_by_its_own_id_only() -> None:
    world = make_world()
    world.actions.add(make_action("deploy"))

    run = world.execute("deploy", {}, MACHINE)

    assert told(world, identifier=run.id) == told(world, run=run.id) == ["Run made"]
    assert told(world, entity="api") == told(world, blueprint="service") == []
