"""What has become of a thing: the value it was, the value it is, and whose doing that was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias, cast

from port_fake.engine.actions import Action, Happening
from port_fake.engine.catalog import Blueprint, Entity
from port_fake.engine.people import Permissions
from port_fake.engine.runs import Run
from port_fake.engine.states import UNDER_WAY


class Grant(NamedTuple):
    """An action and who may do what with it."""

    action: Action
    permissions: Permissions


Thing: TypeAlias = Run | Entity | Action | Blueprint | Grant


class Cause(NamedTuple):
    """Who made a change and when, on behalf of which run, and how many steps led to it.

    The first step is the request from outside with the number *root*, 0 for none. *by* is the id
    of an actor, empty if time alone did it.
    """

    by: str
    at: datetime
    run_id: str | None = None
    depth: int = 0
    root: int = 0


class Change(NamedTuple):
    """One change. *before* is None for what is new, *after* for what is gone.

    A run says itself what caused its change. *expired* names the property whose time has come:
    then nothing has changed but the time. *problem* says what could not be done about the thing.
    """

    before: Thing | None
    after: Thing | None
    told: Cause | None = None
    expired: str | None = None
    problem: str | None = None

    @property
    def thing(self) -> Thing:
        """What has changed, as it is or as it was last."""
        return cast("Thing", self.before if self.after is None else self.after)

    @property
    def happening(self) -> Happening:
        """What has come to pass."""
        if self.expired is not None:
            return Happening.EXPIRED
        if self.before is None:
            return Happening.MADE
        return Happening.GONE if self.after is None else Happening.CHANGED

    @property
    def cause(self) -> Cause:
        """Whose doing it was."""
        if self.told is not None:
            return self.told
        run = cast("Run", self.thing)
        return Cause(run.updated_by, run.updated_at, run.id, run.depth, run.root)

    @property
    def is_visible(self) -> bool:
        """Whether anybody outside can tell the thing from what it was.

        Who claims a run, and that its backend has it, shows in nothing that is told of it; nor
        does a write that leaves all of an entity as it was.
        """
        before, after = self.before, self.after
        if self.expired is not None or self.problem is not None:
            return True
        if isinstance(before, Run) and isinstance(after, Run):
            return _face(before) != _face(after)
        if isinstance(before, Entity) and isinstance(after, Entity):
            return replace(before, stamps=after.stamps) != after
        return True


def _face(run: Run) -> tuple[object, ...]:
    return (run.state in UNDER_WAY or run.state, run.notes, run.verdict, run.response)
