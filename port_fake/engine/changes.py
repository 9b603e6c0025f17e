"""What has become of a run or an entity: the value it was, and the value it is."""

from __future__ import annotations

from dataclasses import dataclass

from port_fake.engine.catalog import Entity
from port_fake.engine.runs import Run


@dataclass(frozen=True, slots=True)
class Change:
    """One change. *before* is None for what is new, *after* for what is gone."""

    before: Run | Entity | None
    after: Run | Entity | None
