"""The life of a run as one table. Every other part reads it and none repeats it.

Terminal states are present and empty, loops are written down, absence means refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from port_fake.errors import IllegalTransitionError


class State(StrEnum):
    """Where a run stands."""

    AWAITING_APPROVAL = "awaiting approval"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What may happen to a run."""

    APPROVE = "be approved"
    DECLINE = "be declined"
    WITHDRAW = "be withdrawn"
    START = "start"
    ANNOTATE = "be annotated"
    SUCCEED = "succeed"
    FAIL = "fail"
    CANCEL = "be cancelled"


Transitions: TypeAlias = Mapping[State, Mapping[Event, State]]

TRANSITIONS: Final[Transitions] = {
    State.AWAITING_APPROVAL: {
        Event.APPROVE: State.QUEUED,
        Event.DECLINE: State.DECLINED,
        Event.WITHDRAW: State.FAILED,  # the requester takes the request back
        Event.ANNOTATE: State.AWAITING_APPROVAL,
        Event.CANCEL: State.CANCELLED,
    },
    State.QUEUED: {
        Event.START: State.RUNNING,
        Event.ANNOTATE: State.QUEUED,
        Event.SUCCEED: State.SUCCEEDED,  # a quick backend reports before its 2xx reaches us
        Event.FAIL: State.FAILED,
        Event.CANCEL: State.CANCELLED,
    },
    State.RUNNING: {
        Event.ANNOTATE: State.RUNNING,
        Event.SUCCEED: State.SUCCEEDED,
        Event.FAIL: State.FAILED,
        Event.CANCEL: State.CANCELLED,
    },
    State.SUCCEEDED: {},
    State.FAILED: {},
    State.DECLINED: {},
    State.CANCELLED: {},
}

TERMINAL: Final = frozenset(state for state, exits in TRANSITIONS.items() if not exits)
UNDER_WAY: Final = frozenset({State.QUEUED, State.RUNNING})


def narrow(table: Transitions, *, without: Collection[Event]) -> Transitions:
    """Return *table* less the edges of *without*: a dialect may take away, never add."""
    return {
        state: {event: end for event, end in exits.items() if event not in without}
        for state, exits in table.items()
    }


def step(state: State, event: Event, table: Transitions = TRANSITIONS) -> State:
    """Return the state that *event* leads to.

    Raises:
        IllegalTransitionError: *table* has no such edge. Nothing has changed.
    """
    try:
        return table[state][event]
    except KeyError:
        raise IllegalTransitionError(f"a run that is {state} cannot {event}") from None
