"""Timers: a property of an entity that holds a time goes off when that time has come."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.actions import Happening
from port_fake.world.clock import EPOCH, RepeatableClock, SystemClock
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_world, write

TIMER: Final = {"type": "string", "format": "timer"}
MINUTE: Final = timedelta(minutes=1)


def timed() -> World:
    world = make_world()
    world.blueprints.define(blueprint("lease", properties={"ends": TIMER, "note": {}}), MACHINE)
    return world


def at(minutes: float) -> str:
    return (EPOCH + minutes * MINUTE).isoformat()


def expired(world: World) -> list[tuple[str, str]]:
    """What has gone off so far: identifier and the value that the timer had."""
    world.entities.expire()
    return [
        (change.thing.key.identifier, change.thing.properties[change.expired])  # type: ignore[union-attr, index]  # only entities expire
        for change in world.journal.rows
        if change.happening is Happening.EXPIRED
    ]


def lease(world: World, ends: Any, name: str = "lease/a", **more: Any) -> None:
    write(world, name, Write.UPSERT, properties={"ends": ends, **more})


def test_a_timer_goes_off_when_its_time_has_come_and_only_once() -> None:
    world = timed()
    lease(world, at(1))

    assert expired(world) == []
    world.clock.advance(60)

    assert expired(world) == [("a", at(1))]
    assert expired(world) == [("a", at(1))]


@given(st.lists(st.integers(min_value=1, max_value=9), max_size=6), st.integers(0, 10))
def test_timers_go_off_in_the_order_of_their_times(minutes: list[int], now: int) -> None:
    world = timed()
    for number, ends in enumerate(minutes):
        lease(world, at(ends), f"lease/{number}")

    world.clock.advance(60 * now)

    due = [(ends, number) for number, ends in enumerate(minutes) if ends <= now]
    assert expired(world) == [(str(number), at(ends)) for ends, number in sorted(due)]


def test_a_timer_that_is_set_anew_goes_off_at_its_new_time() -> None:
    world = timed()
    lease(world, at(1))

    lease(world, at(2))
    world.clock.advance(60)
    assert expired(world) == []
    world.clock.advance(60)

    assert expired(world) == [("a", at(2))]


def test_a_write_that_leaves_the_time_as_it_was_starts_no_second_timer() -> None:
    world = timed()
    lease(world, at(1))

    lease(world, at(1), note="changed")
    world.clock.advance(60)

    assert expired(world) == [("a", at(1))]


def test_a_timer_ends_with_its_entity() -> None:
    world = timed()
    lease(world, at(1))

    world.delete_entity(key("lease/a"), caller=MACHINE)
    world.clock.advance(60)

    assert expired(world) == []


def test_a_time_that_has_passed_already_goes_off_as_well() -> None:
    world = timed()

    lease(world, at(-5))

    assert expired(world) == [("a", at(-5))]


def test_a_time_without_an_offset_is_utc() -> None:
    world = timed()

    lease(world, at(1).removesuffix("+00:00"))

    assert world.entities.next_timer == EPOCH + MINUTE


@pytest.mark.parametrize("ends", [None, "soon", 7])
def test_what_is_no_time_never_goes_off(ends: Any) -> None:
    world = make_world()
    world.blueprints.define(
        blueprint("lease", properties={"ends": {"type": ["string", "number"]}}), MACHINE
    )
    timers = world.entities._timers  # noqa: SLF001 - no form lets such a value through
    kind = world.blueprints["lease"]
    write(world, "lease/a", properties={})
    entity = world.entities[key("lease/a")]

    timers.follow(replace(kind, timers=("ends",)), None, replace(entity, properties={"ends": ends}))

    assert world.entities.next_timer is None


def test_only_the_clock_of_the_machine_runs_by_itself() -> None:
    assert SystemClock().runs
    assert not RepeatableClock().runs
