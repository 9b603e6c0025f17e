"""Port's words for the engine's states and events, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias

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


@lru_cache(4096)
def moment(time: datetime) -> str:
    """Return *time* as Port writes it: ISO 8601, UTC, milliseconds and ``Z``."""
    return time.isoformat(timespec="milliseconds")[:-6] + "Z"
