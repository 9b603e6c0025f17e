"""An action: what may be run, on what, with which inputs, and who must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from port_fake.engine.approvals import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A stored action.

    *definition* is the document as it was sent, in the words of its dialect; the other fields
    are what the engine reads of it. *invocation* is how its backend is called, None if that has
    to be rendered for each run; *encrypted* names the inputs that are kept encrypted, with the
    algorithm of each. Nobody changes the mappings: a new version is a new value.
    """

    id: str
    identifier: str
    title: str | None = None
    icon: str | None = None
    blueprint: str | None = None
    needs_entity: bool = False
    is_automation: bool = False
    policy: Policy | None = None
    invocation: Mapping[str, Any] | None = None
    encrypted: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    definition: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
