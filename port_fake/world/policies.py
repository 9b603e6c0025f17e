"""What a policy is asked, and who answers: a dialect, which knows how its policies read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from port_fake.engine.actions import Action
from port_fake.engine.catalog import Entity
from port_fake.engine.people import Caller

if TYPE_CHECKING:
    from port_fake.world.parts import Parts

Policy = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An action that *caller* is about to run on *entity*, with inputs as the run would have."""

    action: Action
    inputs: Mapping[str, Any]
    linked: Mapping[str, Entity | list[Entity]]
    entity: Entity | None
    caller: Caller


class Policies(Protocol):
    """Judges cases. May raise `UndecidedError` before anything has changed."""

    def allows(self, world: Parts, policy: Policy, case: Case) -> bool:
        """Whether the caller may run the action."""
        ...

    def names(self, world: Parts, policy: Policy, case: Case) -> list[str]:
        """Return the emails of those who may approve the run."""
        ...
