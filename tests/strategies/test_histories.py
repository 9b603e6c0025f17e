"""Drawn lives are accepted by the fake, step for step."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from port_fake import FakePort, RunView, State
from port_fake.dialects.port.vocabulary import TABLE
from port_fake.engine.states import Event, narrow, step
from port_fake.strategies.lives import PLAYABLE, History, Line, Step, Update, Vote, histories

QUIET = settings(
    database=None, max_examples=5_000, derandomize=True, phases=[Phase.generate, Phase.shrink]
)
REACHABLE = sorted(set(State) - {State.CANCELLED})


@given(history=histories())
def test_the_fake_accepts_every_step_and_goes_where_it_leads(history: History) -> None:
    seen: list[State] = []

    def watch(_: Step | None, run: RunView) -> None:
        seen.append(run.state)

    run = history.play(FakePort(), watch=watch)

    assert tuple(seen) == history.states
    assert run.state is history.state


@given(history=histories())
def test_what_was_said_is_what_the_run_tells(history: History) -> None:
    run = history.play(FakePort())

    said = [one.body["message"] for one in history.steps if isinstance(one, Line)]
    links = [
        one.body["link"] for one in history.steps if isinstance(one, Update) and "link" in one.body
    ]
    votes = [one for one in history.steps if isinstance(one, Vote)]
    assert run.logs == tuple(said)
    assert run.link == (links[-1] if links else None)
    decided = bool(votes) and votes[-1].event in {Event.APPROVE, Event.DECLINE}
    assert ("approval" in run.json) == decided


@given(first=histories(), second=histories())
def test_many_lives_are_played_on_one_fake(first: History, second: History) -> None:
    port = FakePort()

    runs = [history.play(port) for history in (first, second)]

    assert [run.state for run in runs] == [first.state, second.state]
    assert len({run.id for run in runs}) == 2


@given(history=histories())
def test_a_life_follows_the_table(history: History) -> None:
    states = [State.AWAITING_APPROVAL if history.policy else State.QUEUED]
    for one in history.steps:
        states.append(step(states[-1], one.event, TABLE))

    assert history.states == tuple(states)


@pytest.mark.parametrize("without", list(PLAYABLE))
@given(data=st.data())
def test_a_narrowed_table_takes_its_event_out_of_all_lives(
    without: Event, data: st.DataObject
) -> None:
    history = data.draw(histories(table=narrow(TABLE, without=[without])))

    assert without not in [one.event for one in history.steps]


@given(history=histories(max_steps=2, max_voters=1))
def test_lives_are_bounded(history: History) -> None:
    assert len(history.steps) <= 2
    assert len(history.voters) <= 1


def test_every_event_that_port_knows_can_be_played() -> None:
    assert set(PLAYABLE) == {event for exits in TABLE.values() for event in exits}


# Shrinking.


def ends_in(state: State, history: History) -> bool:
    return history.state is state


@pytest.mark.parametrize("state", REACHABLE)
def test_every_state_is_reached_in_as_few_steps_as_there_may_be(state: State) -> None:
    history = find(histories(), partial(ends_in, state), settings=QUIET)

    at_once = {State.AWAITING_APPROVAL, State.QUEUED}
    assert len(history.steps) == (0 if state in at_once else 1)
    assert len(history.voters) <= 1


def test_a_vote_of_two_shrinks_to_the_first_two_voters() -> None:
    def approved_by_all(history: History) -> bool:
        return history.policy == "ALL" and len(history.voters) > 1 and "QUEUED" in names(history)

    history = find(histories(), approved_by_all, settings=QUIET)

    votes = [one for one in history.steps if isinstance(one, Vote)]
    assert [(one.voter, one.event) for one in votes] == [
        ("ana@example.com", Event.ANNOTATE),
        ("ben@example.com", Event.APPROVE),
    ]
    assert len(history.steps) == 2


def names(history: History) -> list[str]:
    return [state.name for state in history.states]
