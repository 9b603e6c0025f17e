"""The life of a run, the whole table of it."""

from collections.abc import Mapping
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.states import (
    TERMINAL,
    TRANSITIONS,
    UNDER_WAY,
    Event,
    State,
    Transitions,
    narrow,
    step,
)
from port_fake.errors import Fault, IllegalTransitionError

HOUSE_RULES: Final = """
                    APPROVE  DECLINE   WITHDRAW  START    ANNOTATE  SUCCEED    FAIL    CANCEL
AWAITING_APPROVAL   QUEUED   DECLINED  FAILED    .        =         .          .       CANCELLED
QUEUED              .        .         .         RUNNING  =         SUCCEEDED  FAILED  CANCELLED
RUNNING             .        .         .         .        =         SUCCEEDED  FAILED  CANCELLED
SUCCEEDED           .        .         .         .        .         .          .       .
FAILED              .        .         .         .        .         .          .       .
DECLINED            .        .         .         .        .         .          .       .
CANCELLED           .        .         .         .        .         .          .       .
"""
"""A dot is refused, an equals sign changes nothing but the annotations.

Withdrawing is an event of its own: a run that waits for approval cannot simply fail.
"""

EVENTS: Final = st.sampled_from(Event)
WITHOUT: Final = st.frozensets(EVENTS)


def read(table: str) -> dict[tuple[State, Event], State]:
    """Return the edges of a drawn table."""
    head, *lines = table.strip().splitlines()
    edges = {}
    for line in lines:
        name, *cells = line.split()
        for event, cell in zip(head.split(), cells, strict=True):
            if cell != ".":
                edges[State[name], Event[event]] = State[name if cell == "=" else cell]
    return edges


def edges_of(table: Transitions) -> dict[tuple[State, Event], State]:
    return {(state, event): end for state, exits in table.items() for event, end in exits.items()}


EDGES: Final[Mapping[tuple[State, Event], State]] = read(HOUSE_RULES)
UNLISTED: Final = [pair for pair in product(State, Event) if pair not in EDGES]


def test_the_table_is_the_one_of_the_house_rules_and_knows_every_state() -> None:
    assert edges_of(TRANSITIONS) == EDGES
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize(("state", "event"), EDGES)
def test_an_event_that_the_table_lists_leads_where_it_says(state: State, event: Event) -> None:
    assert step(state, event) is EDGES[state, event]


@pytest.mark.parametrize(("state", "event"), UNLISTED)
def test_an_event_that_the_table_does_not_list_is_refused_by_name(
    state: State, event: Event
) -> None:
    with pytest.raises(IllegalTransitionError) as refusal:
        step(state, event)

    assert str(refusal.value) == f"a run that is {state} cannot {event}"
    assert refusal.value.fault is Fault.ILLEGAL_TRANSITION


def test_the_four_ends_have_no_exit_and_every_other_state_has_one() -> None:
    assert {State.SUCCEEDED, State.FAILED, State.DECLINED, State.CANCELLED} == TERMINAL
    assert {state for state in State if not TRANSITIONS[state]} == TERMINAL


def test_a_run_is_under_way_once_nothing_but_its_backend_is_waited_for() -> None:
    assert set(State) - TERMINAL - UNDER_WAY == {State.AWAITING_APPROVAL}


@given(WITHOUT)
def test_narrowing_takes_the_named_events_away_and_nothing_else(without: frozenset[Event]) -> None:
    narrowed = narrow(TRANSITIONS, without=without)

    assert set(narrowed) == set(State)
    assert edges_of(narrowed) == {
        (state, event): end for (state, event), end in EDGES.items() if event not in without
    }
    assert edges_of(TRANSITIONS) == EDGES


@given(WITHOUT, WITHOUT)
def test_narrowing_twice_is_narrowing_once_by_both(
    first: frozenset[Event], second: frozenset[Event]
) -> None:
    twice = narrow(narrow(TRANSITIONS, without=first), without=second)

    assert twice == narrow(TRANSITIONS, without=first | second)


@given(st.sampled_from(State), EVENTS)
def test_a_narrowed_table_refuses_what_was_taken_away(state: State, event: Event) -> None:
    narrowed = narrow(TRANSITIONS, without={event})

    with pytest.raises(IllegalTransitionError, match=f"{state} cannot {event}"):
        step(state, event, narrowed)


@given(st.sampled_from(State), st.lists(EVENTS))
def test_whatever_happens_a_run_never_waits_again_and_never_leaves_its_end(
    start: State, events: list[Event]
) -> None:
    life = [start]
    for event in events:
        if event in TRANSITIONS[life[-1]]:
            life.append(step(life[-1], event))

    ended = [state for state in life if state in TERMINAL]
    moves = [state for state in life if state is not State.AWAITING_APPROVAL]
    assert ended in ([], [life[-1]])
    assert moves == life[len(life) - len(moves) :]
