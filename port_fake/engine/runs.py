"""A run and its log lines: frozen values, and the functions that make the next value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot
from port_fake.engine.catalog import Entity, EntityKey
from port_fake.engine.states import TERMINAL, TRANSITIONS, Event, State, Transitions, step


class Source(StrEnum):
    """Where a run came from."""

    UI = "UI"
    API = "API"
    AUTOMATION = "AUTOMATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotations:
    """What a backend may hang on a run. None means: not given."""

    label: str | None = None
    link: str | list[str] | None = None
    message: dict[str, Any] | None = None
    summary: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of one action, as it stands at one moment.

    *inputs* are the values with defaults applied, *submitted* the map exactly as it was sent,
    *linked* the entities that entity inputs named. *action* and *linked* stay as they were when
    the run was made. *verdict* is the ballot that decided the vote. *encrypted* names inputs that
    are kept encrypted. *response* is what a synchronized backend answered. A run of an
    *installation* is fetched from its queue instead of being sent. *approvers* are the ids of the
    users whom a policy has named, None if the lists of the action say who may approve. *event* is
    what set an automation off. *depth* counts the calls of the fake to itself, and the
    automations, that led to the run as it stands; *root* is the number of the request from outside
    that they go back to.
    """

    id: str
    action: Action
    entity: str | None
    state: State
    source: Source
    inputs: dict[str, Any]
    submitted: dict[str, Any]
    linked: Mapping[str, Entity | list[Entity]] = field(default_factory=dict)
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    impersonated_by: str | None = None
    ended_at: datetime | None = None
    ballots: tuple[Ballot, ...] = ()
    verdict: Ballot | None = None
    approvers: tuple[str, ...] | None = None
    event: Mapping[str, Any] | None = None
    notes: Annotations = Annotations()
    affected: tuple[EntityKey, ...] = ()
    encrypted: tuple[str, ...] = ()
    response: Any = None
    installation: str | None = None
    is_queued: bool = False
    claimed_until: datetime | None = None
    depth: int = 0
    root: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether no event can change the run any more."""
        return self.state in TERMINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a run's log."""

    id: str
    run_id: str
    message: str
    created_at: datetime
    created_by: str


def advance(
    run: Run, event: Event, *, at: datetime, by: str, table: Transitions = TRANSITIONS
) -> Run:
    """Return *run* after *event*; an end stamps `ended_at`.

    Raises:
        IllegalTransitionError: *table* does not let the run do that.
    """
    state = step(run.state, event, table)
    ended_at = at if state in TERMINAL else None
    return replace(run, state=state, updated_at=at, updated_by=by, ended_at=ended_at)


def annotate(run: Run, notes: Annotations) -> Run:
    """Return *run* with each note that is given written over the old one, the rest kept.

    Source: docs, "Reflect action progress": PATCH overwrites, lists of links are not merged.
    """
    given = {name: value for name, value in _fields(notes) if value is not None}
    return replace(run, notes=replace(run.notes, **given)) if given else run


def led(run: Run, *, depth: int, root: int) -> Run:
    """Return *run* as something that so many steps have led to, from that request; 0 for none."""
    if depth <= run.depth and root in {0, run.root}:
        return run
    return replace(run, depth=max(depth, run.depth), root=root or run.root)


def cast(run: Run, ballot: Ballot) -> Run:
    """Return *run* with one more ballot."""
    return replace(run, ballots=(*run.ballots, ballot))


def touch(run: Run, entity: EntityKey) -> Run:
    """Return *run* with *entity* among those it affected, each once, in order of first touch."""
    return run if entity in run.affected else replace(run, affected=(*run.affected, entity))


def _fields(notes: Annotations) -> list[tuple[str, Any]]:
    return [(name, getattr(notes, name)) for name in Annotations.__slots__]
