from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.pace import (
    LONGEST_WAIT_S,
    TRIES,
    USUAL_WAIT_S,
    Clock,
    Pace,
    TimeIsUpError,
)

BEGIN = 1_760_000_000.0


class Hours:
    """A clock that stands still but for what is waited."""

    def __init__(self) -> None:
        self.now_s = BEGIN
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now_s += seconds

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.now_s, wait=self.wait)


def moment(seconds: float) -> str:
    """The moment that many seconds after the beginning, as HTTP writes it."""
    return format_datetime(datetime.fromtimestamp(BEGIN + seconds, UTC), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": moment(30)}, 30.0),
        ({"retry-after": str(BEGIN + 12)}, 12.0),
        ({"retry-after": "4", "x-ratelimit-reset": "9"}, 4.0),
        ({"retry-after": "soon", "x-ratelimit-reset": "9"}, 9.0),
        ({"retry-after": "", "x-ratelimit-reset": str(BEGIN + 60)}, 60.0),
        ({"retry-after": "later"}, USUAL_WAIT_S),
        ({"retry-after": "nan"}, USUAL_WAIT_S),
        ({"retry-after": "inf"}, USUAL_WAIT_S),
        ({"retry-after": "-5"}, USUAL_WAIT_S),
        ({"retry-after": moment(-30)}, USUAL_WAIT_S),
    ],
)
def test_a_busy_target_is_asked_again_after_the_time_it_names(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    hours = Hours()
    pace = Pace(clock=hours.clock)
    pace.before()

    again = pace.again(status, headers, tries=1)
    pace.before()

    assert again
    assert hours.waits == [seconds]


def test_too_many_requests_without_a_hint_are_waited_for_a_moment() -> None:
    hours = Hours()
    pace = Pace(clock=hours.clock)

    assert pace.again(429, {}, tries=1)
    pace.before()

    assert hours.waits == [USUAL_WAIT_S]


@pytest.mark.parametrize("status", [200, 202, 302, 401, 404, 422, 500, 502, 503, 504])
def test_other_answers_are_taken_as_they_are(status: int) -> None:
    assert not Pace(clock=Hours().clock).again(status, {}, tries=1)


def test_a_target_that_stays_busy_is_not_asked_for_ever() -> None:
    pace = Pace(clock=Hours().clock)

    answers = [pace.again(429, {}, tries=tries) for tries in range(1, TRIES + 1)]

    assert answers == [True] * (TRIES - 1) + [False]


@pytest.mark.parametrize(
    ("reset", "seconds"), [("40", 40.0), (str(int(BEGIN) + 40), 40.0), (str(BEGIN - 40), 0.0)]
)
def test_the_last_request_of_a_window_is_followed_by_its_end(reset: str, seconds: float) -> None:
    hours = Hours()
    pace = Pace(clock=hours.clock)
    pace.before()

    pace.after({"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset})
    pace.before()

    assert sum(hours.waits) == seconds


def test_requests_that_are_left_are_not_waited_for() -> None:
    hours = Hours()
    pace = Pace(clock=hours.clock)

    pace.after({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "40"})
    pace.before()

    assert hours.waits == []


def test_requests_are_kept_apart() -> None:
    hours = Hours()
    pace = Pace(apart_s=0.1, clock=hours.clock)

    for _ in range(4):
        pace.before()

    assert hours.now_s - BEGIN == pytest.approx(0.3)


def test_threads_take_their_turns() -> None:
    hours = Hours()
    pace = Pace(apart_s=1.0, clock=hours.clock)
    turns: list[float] = []

    def ask() -> None:
        for _ in range(20):
            pace.before()
            turns.append(hours.now_s)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(turns) == 80
    assert hours.now_s - BEGIN >= 79, "two have asked in one turn"


def test_a_wait_of_one_thread_holds_for_all() -> None:
    hours = Hours()
    pace = Pace(clock=hours.clock)

    pace.again(429, {"retry-after": "5"}, tries=1)
    pace.before()

    assert hours.now_s == BEGIN + 5


def test_nothing_is_asked_when_the_time_is_up() -> None:
    hours = Hours()
    pace = Pace(until=BEGIN + 1, clock=hours.clock)
    pace.before()
    hours.now_s += 1

    assert pace.is_over
    with pytest.raises(TimeIsUpError, match="the time was up"):
        pace.before()


@given(
    until=st.floats(0, 1000),
    said=st.sampled_from(["retry-after", "x-ratelimit-reset"]),
    seconds=st.floats(0, 2 * BEGIN),
    status=st.sampled_from([200, 429, 503]),
    apart=st.sampled_from([0.0, 0.1, 3.0]),
)
def test_no_wait_goes_past_the_end_or_is_longer_than_a_person_would_bear(
    until: float, said: str, seconds: float, status: int, apart: float
) -> None:
    hours = Hours()
    pace = Pace(apart_s=apart, until=BEGIN + until, clock=hours.clock)
    headers = {said: str(seconds), "x-ratelimit-remaining": "0"}

    try:
        for tries in range(1, 9):
            pace.before()
            assert not pace.is_over
            pace.after(headers)
            pace.again(status, headers, tries=tries)
    except TimeIsUpError as error:
        assert "time was up" in str(error) or "too long" in str(error)  # noqa: PT017 - either may be

    assert hours.now_s <= BEGIN + until + 1e-3
    assert all(wait <= LONGEST_WAIT_S for wait in hours.waits)


def test_what_must_be_put_in_order_gets_its_time() -> None:
    hours = Hours()
    late, unlimited = (Pace(until=until, clock=hours.clock) for until in (BEGIN, None))

    for pace in (late, unlimited):
        pace.extend(60)
        pace.before()
        assert pace.left_s == 60

    hours.now_s += 60
    assert late.is_over
    assert unlimited.is_over


def test_more_time_never_means_less() -> None:
    pace = Pace(until=BEGIN + 100, clock=Hours().clock)

    pace.extend(60)

    assert pace.left_s == 100


def test_a_rest_is_taken_on_the_real_clock() -> None:
    pace = Pace(apart_s=0.02)
    clock = Clock()
    began = clock.now()

    for _ in range(3):
        pace.before()

    assert clock.now() - began >= 0.035
