"""Port's words for the engine's states and events, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from port_fake.engine.actions import Happening, Kind
from port_fake.engine.approvals import Ruling
from port_fake.engine.states import TRANSITIONS, Event, State, Transitions, narrow

TABLE: Final[Transitions] = narrow(TRANSITIONS, without={Event.CANCEL})
"""Source: docs: an action run cannot be cancelled, only withdrawn."""

Version: TypeAlias = Literal["v1", "v2"]
Ending: TypeAlias = Literal["SUCCESS", "FAILURE"]
RulingWord: TypeAlias = Literal["DECLINE", "APPROVE"]

STATUS: Final[Mapping[State, str]] = {
    State.AWAITING_APPROVAL: "WAITING_FOR_APPROVAL",
    State.QUEUED: "IN_PROGRESS",
    State.RUNNING: "IN_PROGRESS",
    State.SUCCEEDED: "SUCCESS",
    State.FAILED: "FAILURE",
    State.DECLINED: "DECLINED",
    State.CANCELLED: "CANCELLED",  # never reached: TABLE has no way there
}
"""Source: docs, "Interact with runs": the five statuses of a run."""

ENDINGS: Final[Mapping[Ending, Event]] = {"SUCCESS": Event.SUCCEED, "FAILURE": Event.FAIL}

RULINGS: Final[Mapping[RulingWord, Ruling]] = {"APPROVE": Event.APPROVE, "DECLINE": Event.DECLINE}

VERDICTS: Final[Mapping[Ruling, str]] = {Event.APPROVE: "APPROVED", Event.DECLINE: "DECLINED"}
"""What an approver's ruling, and the run's approval, are called once made.

Assumed: the words; no source lists them.
"""

PENDING: Final = "PENDING"
"""An approver who has not voted.

Assumed: the word; no source lists it.
"""


EVENTS: Final[Mapping[str, tuple[Kind, frozenset[Happening]]]] = {
    "ENTITY_CREATED": (Kind.ENTITIES, frozenset({Happening.MADE})),
    "ENTITY_UPDATED": (Kind.ENTITIES, frozenset({Happening.CHANGED})),
    "ENTITY_DELETED": (Kind.ENTITIES, frozenset({Happening.GONE})),
    "ANY_ENTITY_CHANGE": (
        Kind.ENTITIES,
        frozenset({Happening.MADE, Happening.CHANGED, Happening.GONE}),
    ),
    "TIMER_PROPERTY_EXPIRED": (Kind.ENTITIES, frozenset({Happening.EXPIRED})),
    "RUN_CREATED": (Kind.RUNS, frozenset({Happening.MADE})),
    "RUN_UPDATED": (Kind.RUNS, frozenset({Happening.CHANGED})),
    "ANY_RUN_CHANGE": (Kind.RUNS, frozenset({Happening.MADE, Happening.CHANGED})),
}
"""What an automation may wait for.

Source: OpenAPI 1.0, POST /v1/actions, ``trigger.event``.
"""

DEEDS: Final[Mapping[Happening, str]] = {
    Happening.MADE: "CREATE",
    Happening.CHANGED: "UPDATE",
    Happening.GONE: "DELETE",
    Happening.EXPIRED: "TIMER_EXPIRED",
}
"""What an event calls what has happened.

Source: docs, automations, for the first three.
Assumed: the last word.
"""


@lru_cache(4096)
def moment(time: datetime) -> str:
    """Return *time* as Port writes it: ISO 8601, UTC, milliseconds and ``Z``."""
    return time.isoformat(timespec="milliseconds")[:-6] + "Z"
