"""Entities whose properties hold a time that is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import heappop, heappush
from typing import Final, NamedTuple

from port_fake.engine.catalog import Blueprint, Entity, EntityKey

EVER: Final = datetime.min.replace(tzinfo=UTC)


class Timer(NamedTuple):
    """A property of an entity that expires *at* a time, as long as it still holds *value*."""

    at: datetime
    number: int
    key: EntityKey
    name: str
    value: str


class Timers:
    """What expires next. A timer goes off once; written anew with another time, it starts anew."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._latest: dict[tuple[EntityKey, str], int] = {}
        self._started = 0

    @property
    def next(self) -> datetime | None:
        """When the next one goes off, if it still stands then."""
        return self._heap[0].at if self._heap else None

    def follow(
        self, blueprint: Blueprint, old: Entity | None, new: Entity, *, after: datetime = EVER
    ) -> None:
        """Start the timers that *new* has and *old* had not, if they go off *after* that time.

        Assumed: a time that has passed already goes off as well; one without an offset is UTC.
        """
        for name in blueprint.timers:
            value = new.properties.get(name)
            if value == (old.properties.get(name) if old is not None else None):
                continue
            at = _moment(value)
            if at is not None and at > after:
                self._started += 1
                self._latest[new.key, name] = self._started
                heappush(self._heap, Timer(at, self._started, new.key, name, str(value)))

    def due(self, now: datetime) -> Iterator[Timer]:
        """Take out what has gone off by *now*, the earliest first, and none that was set anew."""
        while self._heap and self._heap[0].at <= now:
            timer = heappop(self._heap)
            if self._latest.get((timer.key, timer.name)) == timer.number:
                del self._latest[timer.key, timer.name]
                yield timer


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
