"""What the handle shows of a run."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Self, cast

from port_fake.dialects.port.vocabulary import STATUS
from port_fake.dialects.port.wire_v2 import run_v2
from port_fake.engine.catalog import EntityKey
from port_fake.engine.runs import Run
from port_fake.engine.states import State
from port_fake.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run as it stood when it was looked at, in Port's words.

    *status* is one of ``WAITING_FOR_APPROVAL``, ``IN_PROGRESS``, ``SUCCESS``, ``FAILURE`` and
    ``DECLINED``; *logs* holds the messages, oldest first; *json* is the run as ``version=v2``
    answers it.
    """

    id: str
    status: str
    state: State
    action: str
    entity: str | None
    properties: dict[str, Any]
    label: str | None
    link: str | list[str] | None
    summary: str | None
    logs: tuple[str, ...]
    affected_entities: tuple[EntityKey, ...]
    json: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, world: World, run: Run) -> Self:
        """Return what there is to see of *run*, as values that the world does not share."""
        return cls(
            id=run.id,
            status=STATUS[run.state],
            state=run.state,
            action=run.action.identifier,
            entity=run.entity,
            properties=deepcopy(run.inputs),
            label=run.notes.label,
            link=deepcopy(run.notes.link),
            summary=run.notes.summary,
            logs=tuple(line.message for line in world.runs.logs(run.id)),
            affected_entities=run.affected,
            json=deepcopy(cast("dict[str, Any]", run_v2(world, run))),
        )


def id_of(run: str | RunView) -> str:
    """Return the id of a run that is given as such or as it was seen."""
    return run if isinstance(run, str) else run.id
