"""Runs: every change makes a new value and leaves the old one as it was."""

from copy import deepcopy
from dataclasses import fields, replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.approvals import Ballot
from port_fake.engine.catalog import EntityKey
from port_fake.engine.runs import Annotations, Run, advance, annotate, cast, led, touch
from port_fake.engine.states import TERMINAL, TRANSITIONS, Event, State, narrow
from port_fake.errors import IllegalTransitionError
from port_fake.world.clock import EPOCH
from tests.world.builders import BALLOTS, KEYS, NOTES, RUNS, make_run

LATER: Final = EPOCH + timedelta(hours=1)
EDGES: Final = [
    (state, event, end) for state, exits in TRANSITIONS.items() for event, end in exits.items()
]


@given(RUNS, st.sampled_from(EDGES))
def test_advancing_moves_the_state_and_stamps_the_change_and_the_end(
    run: Run, edge: tuple[State, Event, State]
) -> None:
    start, event, state = edge
    run = replace(run, state=start)
    before = deepcopy(run)

    after = advance(run, event, at=LATER, by="eve")

    assert after == replace(
        before,
        state=state,
        updated_at=LATER,
        updated_by="eve",
        ended_at=LATER if state in TERMINAL else None,
    )
    assert run == before


def test_advancing_obeys_the_table_that_it_is_given() -> None:
    table = narrow(TRANSITIONS, without={Event.CANCEL})

    with pytest.raises(IllegalTransitionError, match="queued cannot be cancelled"):
        advance(make_run(), Event.CANCEL, at=LATER, by="eve", table=table)


@given(RUNS, NOTES)
def test_annotating_overwrites_the_notes_that_are_given_and_no_others(
    run: Run, notes: Annotations
) -> None:
    before = deepcopy(run)
    expected = {
        one.name: getattr(run.notes, one.name)
        if getattr(notes, one.name) is None
        else getattr(notes, one.name)
        for one in fields(Annotations)
    }

    after = annotate(run, notes)

    assert after == replace(before, notes=Annotations(**expected))
    assert run == before


def test_links_are_replaced_and_not_merged() -> None:
    run = annotate(make_run(), Annotations(link=["https://a.io"], label="building"))

    run = annotate(run, Annotations(link=["https://b.io"]))

    assert run.notes == Annotations(link=["https://b.io"], label="building")


@given(RUNS, BALLOTS)
def test_casting_adds_a_ballot_at_the_end(run: Run, ballot: Ballot) -> None:
    before = deepcopy(run)

    after = cast(run, ballot)

    assert after == replace(before, ballots=(*before.ballots, ballot))
    assert run == before


@given(RUNS, st.lists(KEYS))
def test_what_a_run_has_touched_is_listed_once_in_order_of_first_touch(
    run: Run, keys: list[EntityKey]
) -> None:
    before = deepcopy(run)
    after = run
    for key in keys:
        after = touch(after, key)

    assert after == replace(before, affected=tuple(dict.fromkeys((*before.affected, *keys))))
    assert run == before


@pytest.mark.parametrize("state", State)
def test_a_run_has_ended_when_its_state_has_no_exit(state: State) -> None:
    assert make_run(state=state).has_ended == (not TRANSITIONS[state])


@given(RUNS, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_what_led_to_a_run_is_the_longest_way_and_the_latest_request(
    run: Run, had: int, depth: int, first: int, root: int
) -> None:
    before = replace(run, depth=had, root=first)

    after = led(before, depth=depth, root=root)

    assert (after.depth, after.root) == (max(had, depth), root or first)
    assert replace(after, depth=had, root=first) == before
