"""Time, of which the fake has its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.world.clock import (
    EPOCH,
    TICK,
    Clock,
    Reading,
    RepeatableClock,
    SystemClock,
    reading,
    resume,
)

STARTS: Final = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the strategy adds the zone itself
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
CLOCKS: Final[list[Callable[[], Clock]]] = [RepeatableClock, SystemClock]


def test_a_repeatable_clock_shows_the_same_times_in_every_test() -> None:
    clock = RepeatableClock()

    stamps = [clock.now(), clock.now()]

    assert stamps == [EPOCH + TICK, EPOCH + 2 * TICK]


@given(STARTS, st.lists(st.floats(0, 1e6), max_size=8))
def test_stamps_of_a_repeatable_clock_grow_and_are_whole_milliseconds_of_utc(
    start: datetime, leaps: list[float]
) -> None:
    clock = RepeatableClock(start)

    stamps = [clock.now()]
    for leap in leaps:
        clock.advance(leap)
        stamps.append(clock.now())

    assert stamps == sorted(set(stamps))
    assert stamps[0] > start
    assert {(stamp.tzinfo, stamp.microsecond % 1000) for stamp in stamps} == {(UTC, 0)}


def test_peeking_takes_no_time() -> None:
    clock = RepeatableClock()

    times = {clock.peek(), clock.peek()}

    assert times == {EPOCH}


@pytest.mark.parametrize("make", CLOCKS)
def test_every_clock_moves_forward_as_far_as_it_is_told(make: Callable[[], Clock]) -> None:
    clock = make()
    before = clock.peek()

    clock.advance(3600)

    assert clock.peek() - before >= timedelta(hours=1)
    assert clock.peek() - before < timedelta(hours=2)


def test_the_system_clock_tells_whole_milliseconds_of_utc() -> None:
    time = SystemClock().now()

    assert (time.tzinfo, time.microsecond % 1000) == (UTC, 0)


@pytest.mark.parametrize("make", CLOCKS)
@pytest.mark.parametrize("days", [-40, 40])
def test_every_clock_can_be_put_into_the_past_and_the_future(
    make: Callable[[], Clock], days: int
) -> None:
    clock = make()
    time = clock.peek() + timedelta(days=days)

    clock.set(time.astimezone(timezone(timedelta(hours=5, minutes=30))))

    assert timedelta() <= clock.peek() - time < timedelta(minutes=1)
    assert clock.now().tzinfo is UTC


def test_a_repeatable_clock_goes_on_from_where_another_stood() -> None:
    clock, other = RepeatableClock(), RepeatableClock()
    clock.advance(60)
    noted = reading(clock)

    resume(other, noted)

    assert noted == Reading(time=EPOCH + timedelta(seconds=60))
    assert other.now() == clock.now()


def test_a_clock_that_follows_the_machines_is_as_far_ahead_as_it_was() -> None:
    clock, other = SystemClock(), SystemClock()
    clock.advance(3600)

    resume(other, reading(clock))

    assert other.ahead == timedelta(hours=1)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_follows_the_machines_never_shows_less_than_was_noted(hours: int) -> None:
    clock = SystemClock()
    noted = Reading(time=clock.peek() + timedelta(hours=hours))

    resume(clock, noted)

    assert clock.peek() >= noted.time
    assert (clock.ahead > timedelta()) == (hours > 0)


@pytest.mark.parametrize("make", [RepeatableClock, SystemClock])
def test_a_frozen_clock_stands_still_and_is_moved_by_hand(make: Callable[[], Clock]) -> None:
    clock = make()

    clock.set(EPOCH)
    clock.freeze()
    clock.set(EPOCH + TICK)

    assert (clock.is_frozen, clock.runs) == (True, False)
    assert {clock.now(), clock.now(), clock.peek()} == {EPOCH + TICK}
    clock.advance(60)
    assert clock.now() == EPOCH + TICK + timedelta(minutes=1)


@pytest.mark.parametrize("make", [RepeatableClock, SystemClock])
def test_a_thawed_clock_goes_on_from_where_it_stood(make: Callable[[], Clock]) -> None:
    clock = make()
    clock.thaw()
    clock.freeze()
    clock.set(EPOCH)

    clock.thaw()
    clock.thaw()

    assert not clock.is_frozen
    assert timedelta() <= clock.now() - EPOCH < timedelta(minutes=5)
    assert clock.runs is isinstance(clock, SystemClock)


def test_a_frozen_clock_is_noted_by_its_time_alone() -> None:
    clock = SystemClock()
    clock.freeze()

    assert reading(clock) == Reading(time=clock.peek(), ahead=None)
