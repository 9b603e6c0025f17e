"""An action: what may be run, on what, with which inputs, and who must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from port_fake.engine.approvals import Policy


class Happening(StrEnum):
    """What may come to pass with a thing."""

    MADE = auto()
    CHANGED = auto()
    GONE = auto()
    EXPIRED = auto()


class Kind(StrEnum):
    """What a trigger watches."""

    ENTITIES = auto()
    RUNS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """When an automation runs by itself.

    *subject* is the blueprint of the entities, or the action of the runs, that it watches;
    *expiring* the property whose time it waits for. It runs if the *conditions* hold of what has
    happened: all of them, or with *any_will_do* one; none is always true.
    """

    kind: Kind
    subject: str
    on: frozenset[Happening]
    expiring: str | None = None
    conditions: tuple[str, ...] = ()
    any_will_do: bool = False
    is_live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A stored action.

    *definition* is the document as it was sent, in the words of its dialect; the other fields
    are what the engine reads of it. An action with a *trigger* is an automation. *is_open* says
    whether everybody may see its runs. *invocation* is how its backend is called, None if that has
    to be rendered for each run; *encrypted* names the inputs that are kept encrypted, with the
    algorithm of each. Nobody changes the mappings: a new version is a new value.
    """

    id: str
    identifier: str
    title: str | None = None
    icon: str | None = None
    blueprint: str | None = None
    needs_entity: bool = False
    trigger: Trigger | None = None
    is_open: bool = True
    policy: Policy | None = None
    invocation: Mapping[str, Any] | None = None
    encrypted: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    definition: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str

    @property
    def is_automation(self) -> bool:
        """Whether the action runs by itself."""
        return self.trigger is not None
