"""What is told while questions are asked."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.outcomes import Outcome, Verdict
from port_fake.contracts.reports.progress import Progress
from tests.contracts.reports.drawn import outcomes
from tests.contracts.reports.samples import outcome

CLEAR = "\r\x1b[K"


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    with io.StringIO() as made:
        yield made


def screen(written: str) -> str:
    """What is left on a terminal that obeys the one command."""
    return "\n".join(line.rpartition(CLEAR)[2] for line in written.split("\n"))


def ask(progress: Progress, *asked: Outcome) -> None:
    for one in asked:
        progress.asking(one.question)
        progress.found(one)


def test_a_terminal_shows_how_far_it_is_on_one_line(clock: Clock, stream: io.StringIO) -> None:
    progress = Progress(30, stream, clock=clock, live=True)
    ask(progress, outcome("runs.a"))
    clock.now += 2.5

    progress.asking(outcome("runs.b").question)

    assert screen(stream.getvalue()) == " 1/30  0 failed    2.5 s  runs.b"


def test_the_line_is_gone_at_the_end(clock: Clock, stream: io.StringIO) -> None:
    with Progress(1, stream, clock=clock, live=True) as progress:
        ask(progress, outcome("runs.a"))

    assert screen(stream.getvalue()) == ""


def test_the_line_is_gone_though_asking_went_wrong(clock: Clock, stream: io.StringIO) -> None:
    def broken() -> None:
        with Progress(1, stream, clock=clock, live=True) as progress:
            progress.asking(outcome("runs.a").question)
            raise KeyError

    with pytest.raises(KeyError):
        broken()

    assert screen(stream.getvalue()) == ""


def test_the_line_names_the_question_that_is_asked_now(clock: Clock, stream: io.StringIO) -> None:
    progress = Progress(50, stream, clock=clock, live=True)

    for number in range(50):
        progress.asking(outcome(f"runs.n{number}").question)
        assert screen(stream.getvalue()).endswith(f" runs.n{number}")
        progress.found(outcome(f"runs.n{number}"))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_the_line_leaves_the_last_column_free(
    clock: Clock, stream: io.StringIO, width: int
) -> None:
    progress = Progress(10, stream, clock=clock, live=True, width=width)

    progress.asking(outcome("runs." + "long." * 40).question)

    assert len(screen(stream.getvalue())) == width - 1


@pytest.mark.parametrize("live", [True, False])
def test_a_failure_is_told_at_once_on_a_line_of_its_own(
    clock: Clock, stream: io.StringIO, *, live: bool
) -> None:
    progress = Progress(10, stream, clock=clock, live=live)

    ask(progress, outcome("runs.a"), outcome("runs.b", Verdict.FAILED, reason="answered\n500"))

    assert screen(stream.getvalue()) == "FAILED  runs.b: answered 500\n"


def test_where_nothing_can_be_drawn_over_there_is_a_line_now_and_then(
    clock: Clock, stream: io.StringIO
) -> None:
    with Progress(70, stream, clock=clock, live=False) as progress:
        ask(progress, *(outcome(f"runs.n{n}") for n in range(45)))
        ask(progress, *(outcome(f"logs.n{n}") for n in range(25)))

    assert stream.getvalue().splitlines() == [
        "20/70  0 failed     0 ms  runs",
        "40/70  0 failed     0 ms  runs",
        "45/70  0 failed     0 ms  runs",
        "65/70  0 failed     0 ms  logs",
        "70/70  0 failed     0 ms  logs",
    ]


def test_areas_that_take_turns_share_a_line(clock: Clock, stream: io.StringIO) -> None:
    with Progress(40, stream, clock=clock, live=False) as progress:
        ask(progress, *(outcome(f"{'ab'[n % 2]}.n{n}") for n in range(40)))

    assert stream.getvalue().splitlines() == [
        "20/40  0 failed     0 ms  a, b",
        "40/40  0 failed     0 ms  a, b",
    ]


def test_a_stream_that_is_no_terminal_gets_no_commands(clock: Clock, stream: io.StringIO) -> None:
    with Progress(1, stream, clock=clock) as progress:
        ask(progress, outcome("runs.a", Verdict.BROKEN, reason="KeyError"))

    assert "\x1b" not in stream.getvalue()


@given(asked=st.lists(outcomes, max_size=12), live=st.booleans())
def test_every_bad_outcome_is_told_once_and_nothing_else_commands(
    asked: list[Outcome], *, live: bool
) -> None:
    stream = io.StringIO()

    with Progress(len(asked), stream, clock=Clock(), live=live) as progress:
        ask(progress, *asked)

    lines = screen(stream.getvalue()).split("\n")
    bad = [one for one in asked if one.verdict in {Verdict.FAILED, Verdict.BROKEN}]
    assert len([line for line in lines if line.startswith(("FAILED", "BROKEN"))]) == len(bad)
    assert all(line.isprintable() for line in lines)
