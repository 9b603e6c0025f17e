"""Which runs a list holds: filters answered from indexes, newest first.

Every filter value has a bitmap of the runs that carry it. A list is the intersection of some
bitmaps, read from its newest end and cut at the limit, so its cost follows what it answers and
not what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyroaring import BitMap

from port_fake.engine.runs import Run, Source
from port_fake.engine.states import State

NEWEST = 2**32 - 1
"""Positions count down from here, so that a bitmap's own order is newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What *viewer* may not see: the runs of *hidden* actions.

    Except the viewer's own, those that a policy named the viewer an approver of, and those of
    *judged* actions that asked for approval.
    """

    viewer: str
    hidden: frozenset[str]
    judged: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """What to list; None means: any. Several are combined with AND, members of one with OR."""

    action: str | None = None
    blueprint: str | None = None
    entity: str | None = None
    creator: str | None = None
    external_id: str | None = None
    sources: frozenset[Source] | None = None
    states: frozenset[State] | None = None
    sight: Sight | None = None


class RunIndex:
    """The bitmaps, kept up to date run by run."""

    __slots__ = ("_bitmaps", "_ids", "_positions")

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._positions: dict[str, int] = {}
        self._bitmaps: dict[tuple[str, str], BitMap] = {}

    def add(self, run: Run) -> None:
        """Take a new run in, as the newest."""
        position = NEWEST - len(self._ids)
        self._ids.append(run.id)
        self._positions[run.id] = position
        for key in (*_lasting(run), *_changing(run)):
            self._mark(key, position)

    def update(self, old: Run, new: Run) -> None:
        """Follow the marks that a run may change in its life."""
        before, after = _changing(old), _changing(new)
        if before == after:
            return
        position = self._positions[new.id]
        for key in before:
            self._bitmaps[key].discard(position)
        for key in after:
            self._mark(key, position)

    def find(self, wanted: RunFilter, limit: int) -> Iterator[str]:
        """Return the ids of at most *limit* runs that match, newest first."""
        bitmaps = list(self._wanted(wanted))
        if wanted.sight is not None:
            found = self._common(bitmaps) - self._unseen(wanted.sight)
        elif bitmaps:
            found = self._common(bitmaps)
        else:
            return islice(reversed(self._ids), limit)
        return (self._ids[NEWEST - position] for position in islice(found, limit))

    def _common(self, bitmaps: list[BitMap]) -> BitMap:
        if not bitmaps:
            return BitMap(range(NEWEST - len(self._ids) + 1, NEWEST + 1))
        bitmaps.sort(key=len)
        return bitmaps[0] if len(bitmaps) == 1 else BitMap.intersection(*bitmaps)

    def _unseen(self, sight: Sight) -> BitMap:
        hidden = BitMap.union(*(self._of("action", one) for one in sight.hidden))
        own = self._of("creator", sight.viewer) | self._of("approver", sight.viewer)
        judged = (self._of("asked", one) for one in sight.judged)
        return hidden - BitMap.union(own, *judged)

    def _of(self, name: str, value: str) -> BitMap:
        return self._bitmaps.get((name, value), BitMap())

    def _mark(self, key: tuple[str, str], position: int) -> None:
        bitmap = self._bitmaps.get(key)
        if bitmap is None:
            bitmap = self._bitmaps[key] = BitMap()
        bitmap.add(position)

    def _wanted(self, wanted: RunFilter) -> Iterator[BitMap]:
        for name in ("action", "blueprint", "entity", "creator", "external_id"):
            value = getattr(wanted, name)
            if value is not None:
                yield self._of(name, value)
        for name, members in (("source", wanted.sources), ("state", wanted.states)):
            if members is not None:
                sets = [self._of(name, member) for member in members]
                yield BitMap.union(*sets) if sets else BitMap()


def _lasting(run: Run) -> list[tuple[str, str]]:
    keys = [("action", run.action.identifier), ("creator", run.created_by), ("source", run.source)]
    if run.action.blueprint is not None:
        keys.append(("blueprint", run.action.blueprint))
    if run.entity is not None:
        keys.append(("entity", run.entity))
    if run.approvers is not None:
        keys += [("approver", user_id) for user_id in run.approvers]
    elif run.action.policy is not None:
        keys.append(("asked", run.action.identifier))
    return keys


def _changing(run: Run) -> tuple[tuple[str, str], ...]:
    state = ("state", run.state)
    external_id = run.notes.external_id
    return (state,) if external_id is None else (state, ("external_id", external_id))
