"""The spans of time that presets mean, and the texts that name an instant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.world.clock import EPOCH, TICK
from port_fake.world.search.periods import PRESETS
from port_fake.world.search.values import moment_of, written
from tests.world.builders import MACHINE, blueprint, make_world, write
from tests.world.search.catalogs import both, found, rule

DAYS: Final = {
    "today": (0, 1),
    "tomorrow": (1, 2),
    "yesterday": (-1, 0),
    "lastDay": 1,
    "lastWeek": 7,
    "last2Weeks": 14,
    "lastMonth": 30,
    "last3Months": 90,
    "last6Months": 180,
    "last12Months": 365,
}
"""The first day and the one after the last, counted from today; or how many days until now."""
MIDNIGHT: Final = EPOCH.replace(hour=0)


def test_the_table_knows_every_preset() -> None:
    assert {*DAYS} == {*PRESETS}


@pytest.mark.parametrize(("preset", "days"), DAYS.items())
def test_a_preset_is_a_span_around_the_clock(preset: str, days: Any) -> None:
    world = make_world()
    world.blueprints.define(blueprint("event", properties={"at": {"type": "string"}}), MACHINE)
    now = world.clock.peek() + 4 * TICK
    if isinstance(days, int):
        first, last = now - timedelta(days=days), now
    else:
        first, last = (MIDNIGHT + timedelta(days=day) for day in days)
        last -= TICK
    for moment in (first - TICK, first, last, last + TICK):
        write(world, f"event/{written(moment)}", properties={"at": written(moment)})

    within = found(world, both(rule("at", "between", {"preset": preset})), blueprint="event")
    beyond = found(world, both(rule("at", "notBetween", {"preset": preset})), blueprint="event")

    assert world.clock.peek() == now
    assert within == [written(first), written(last)]
    assert beyond == [written(first - TICK), written(last + TICK)]


def test_a_date_time_expires_when_the_clock_reaches_it() -> None:
    world = make_world()
    world.blueprints.define(blueprint("lock", properties={"until": {"type": "string"}}), MACHINE)
    until = world.clock.peek() + timedelta(seconds=2)
    write(world, "lock/it", properties={"until": written(until)})

    outcomes = []
    while world.clock.peek() < until + TICK:
        outcomes.append(found(world, both(rule("until", "isExpired")), blueprint="lock"))
        left = (until - world.clock.peek()).total_seconds()
        world.clock.advance(left - 0.001 if left > 0.001 else 0.001)

    assert outcomes == [[], [], ["it"]]


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_that_is_written_is_read_to_the_millisecond(time: Any) -> None:
    if not 1 < time.year < 9999:
        return  # in UTC it may be a year that does not exist

    read = moment_of(written(time))

    assert read is not None
    assert timedelta() <= time - read < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T10:00:00Z",
        "2026-01-05t10:00:00z",
        "2026-01-05T10:00:00.000000000Z",
        "2026-01-05T12:30:00+02:30",
        "2026-01-05T09:00:00.0-01:00",
    ],
)
def test_an_instant_may_be_written_in_many_ways(text: str) -> None:
    assert moment_of(text) == EPOCH


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-01-05",
        "20260105T100000Z",
        "2026-01-05 10:00:00Z",
        "2026-01-05T10:00:00",
        "2026-01-05T10:00Z",
        "2026-02-30T10:00:00Z",
        "2026-01-05T25:00:00Z",
        "2026-01-05T10:00:00Z\n",
        "\u0662026-01-05T10:00:00Z",
        "today",
        None,
        1767607200,
        ["2026-01-05T10:00:00Z"],
    ],
)
def test_what_is_no_whole_date_time_is_no_instant(value: Any) -> None:
    assert moment_of(value) is None
