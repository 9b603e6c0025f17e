"""The tables of words and statuses: nothing that the engine knows is missing from them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from port_fake.dialects.port.dialect import PORT
from port_fake.dialects.port.refusals import STATUSES, WORDS, refuse
from port_fake.dialects.port.vocabulary import (
    ENDINGS,
    RULINGS,
    STATUS,
    TABLE,
    VERDICTS,
    moment,
)
from port_fake.engine.approvals import RULINGS as ENGINE_RULINGS
from port_fake.engine.states import TRANSITIONS, Event, State
from port_fake.errors import Fault, RefusedError
from tests.support.client import ERRORS


def refusals() -> list[type[RefusedError]]:
    return [RefusedError, *RefusedError.__subclasses__()]


def test_every_fault_has_a_status_and_a_word() -> None:
    assert set(STATUSES) == set(WORDS) == set(Fault)


def test_one_status_has_one_word() -> None:
    assert len({(STATUSES[fault], WORDS[fault]) for fault in Fault}) == len(set(WORDS.values()))
    assert {STATUSES[fault]: WORDS[fault] for fault in Fault} == {
        **{status: word for status, word in ERRORS.items() if status != 417},
        500: "internal_error",
    }


def test_every_state_has_a_word() -> None:
    assert set(STATUS) == set(State)


def test_the_words_of_all_states_that_a_run_can_reach_are_ports() -> None:
    reachable = {end for exits in TABLE.values() for end in exits.values()}
    reachable |= {State.AWAITING_APPROVAL, State.QUEUED}

    assert {STATUS[state] for state in reachable} == {
        "WAITING_FOR_APPROVAL",
        "IN_PROGRESS",
        "SUCCESS",
        "FAILURE",
        "DECLINED",
    }


def test_the_table_of_port_is_the_engines_without_cancelling() -> None:
    assert {
        state: {event: end for event, end in exits.items() if event is not Event.CANCEL}
        for state, exits in TRANSITIONS.items()
    } == TABLE


def test_endings_and_rulings_lead_to_events_of_the_engine() -> None:
    assert set(ENDINGS.values()) == {Event.SUCCEED, Event.FAIL}
    assert set(RULINGS.values()) == set(VERDICTS) == set(ENGINE_RULINGS)


@pytest.mark.parametrize("kind", refusals())
def test_every_refusal_is_answered_in_the_one_envelope(kind: type[RefusedError]) -> None:
    reply = refuse(kind("something is wrong"))

    assert reply.status == PORT.statuses[kind.fault]
    assert reply.body == {
        "ok": False,
        "error": WORDS[kind.fault],
        "message": "something is wrong",
    }


def test_every_fault_is_raised_by_some_refusal() -> None:
    assert {kind.fault for kind in refusals()} == set(Fault)


def test_a_moment_has_milliseconds_and_a_z() -> None:
    time = datetime(2026, 1, 5, 10, 0, 0, 7000, tzinfo=UTC)

    assert moment(time) == "2026-01-05T10:00:00.007Z"
