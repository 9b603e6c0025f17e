"""What should happen outside when a run enters a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from port_fake.engine.states import State


@dataclass(frozen=True, slots=True)
class Invoke:
    """The backend of the run's action should be called."""

    run_id: str


@dataclass(frozen=True, slots=True)
class AskApprovers:
    """Those who may approve the run should hear of it."""

    run_id: str


Effect: TypeAlias = Invoke | AskApprovers

ON_ENTRY: Final[Mapping[State, type[Invoke | AskApprovers]]] = {
    State.AWAITING_APPROVAL: AskApprovers,
    State.QUEUED: Invoke,
}
"""States that are not listed call for nothing."""
