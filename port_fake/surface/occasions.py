"""What automations wait for, come to pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from port_fake.engine.actions import Action
from port_fake.engine.changes import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An automation, and the *event* that sets it off if its conditions hold of it."""

    automation: Action
    event: Mapping[str, Any] = field(repr=False)
    cause: Cause

    @property
    def conditions(self) -> tuple[str, ...]:
        """Expressions over the event."""
        trigger = self.automation.trigger
        return () if trigger is None else trigger.conditions

    def holds(self, values: Iterable[object]) -> bool:
        """Whether the automation runs, if its conditions have these *values*.

        Assumed: a condition holds if it is true, and nothing else counts as that.
        """
        held = [value is True for value in values]
        trigger = self.automation.trigger
        any_will_do = trigger is not None and trigger.any_will_do
        return not held or (any(held) if any_will_do else all(held))
