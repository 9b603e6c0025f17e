"""The runs of a scenario: played through the operations of the dialect, so that they are real.

They are the past: what they set off then is written down, and nobody outside hears of it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from port_fake.dialects.port.vocabulary import ENDINGS, RULINGS, STATUS
from port_fake.engine.runs import Run
from port_fake.engine.states import State
from port_fake.scenarios.durations import duration
from port_fake.scenarios.parts import Item, Perform
from port_fake.surface.schema import array, choice, closed, opened, text
from port_fake.surface.values import Document
from port_fake.world.clock import reading, resume
from port_fake.world.world import World

STATUSES: Final = tuple(
    dict.fromkeys(STATUS[state] for state in State if state is not State.CANCELLED)
)

LIFE: Final = Document(
    closed(
        {
            "action": text(minLength=1),
            "as": text(),
            "entity": text(),
            "properties": opened(),
            "ago": {},
            "approvals": array(
                closed(
                    {
                        "as": text(),
                        "status": choice(*RULINGS),
                        "description": text(),
                        "after": {},
                    },
                    ["status"],
                )
            ),
            "took": {},
            "logs": array(text()),
            "links": {"type": ["string", "array"], "items": text()},
            "summary": text(),
            "label": text(),
            "status": text(),
        },
        ["action"],
    )
)
"""An item of the part ``runs``.

*as* is who pressed the button, by email; without it, and without that of an approval, it was the
organisation itself. *ago* is when, counted back from the organisation's time; *after* how long
each approval took, *took* how long the backend worked; the logs lie evenly in that time. *status*
is where the run ends up; without it, wherever its approvals lead.
"""

WORK: Final = frozenset({"logs", "links", "summary", "took"})
"""What shows that the backend of a run has begun to work on it."""

NO_TIME: Final = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One run to play: *ago* it began, after *waits* its approvals came, then it *took* so long."""

    item: Item
    ago: timedelta
    waits: tuple[timedelta, ...]
    took: timedelta


def lives(items: Iterable[Item]) -> list[Life]:
    """Return the runs to play, in the order in which they began.

    Raises:
        MisuseError: An item has a mistake.
    """
    return sorted(map(_life, items), key=lambda life: life.ago, reverse=True)


def _life(item: Item) -> Life:
    with item.told():
        LIFE.check(item.value)
    if item.value.get("status", STATUSES[0]) not in STATUSES:
        raise item.mistake(f"expected one of {', '.join(STATUSES)}", "status")
    waits = tuple(
        _length(item, one, "approvals", number, "after")
        for number, one in enumerate(item.value.get("approvals", ()))
    )
    took = _length(item, item.value, "took")
    needed = sum(waits, took)
    ago = _length(item, item.value, "ago") if "ago" in item.value else needed
    if ago < needed:
        raise item.mistake(
            f"the run would end after now: expected at least {needed.total_seconds():g} s, which "
            "is what its approvals and its work take",
            "ago",
        )
    return Life(item=item, ago=ago, waits=waits, took=took)


def _length(item: Item, holder: dict[str, Any], *steps: object) -> timedelta:
    try:
        return duration(holder.get(str(steps[-1]), 0))
    except ValueError as error:
        raise item.mistake(str(error), *steps) from None


class Player:
    """Plays runs in *world*, whose clock it moves, and puts back if all goes well."""

    def __init__(self, world: World, perform: Perform) -> None:
        self._world = world
        self._perform = perform
        self._base = reading(world.clock)
        self._latest = self._base.time

    def play(self, played: Iterable[Life]) -> None:
        """Play runs, those of the past first.

        Raises:
            MisuseError: Port would refuse what a run does, or it ends up elsewhere.
        """
        is_moved = False
        for life in played:
            if is_moved and life.ago == NO_TIME:
                self._come_back()
            is_moved = life.ago > NO_TIME
            if is_moved:
                self._world.clock.set(self._base.time - life.ago)
            self._live(life)
            self._latest = max(self._latest, self._world.clock.peek())
        if is_moved:
            self._come_back()

    def _come_back(self) -> None:
        clock = self._world.clock
        resume(clock, self._base)
        if clock.peek() < self._latest:  # by the stamps of a run that ends just now
            clock.set(self._latest)

    def _live(self, life: Life) -> None:
        item, value, moment = life.item, life.item.value, -life.ago
        run_id = self._execute(item)
        for number, (wait, approval) in enumerate(
            zip(life.waits, value.get("approvals", ()), strict=True)
        ):
            moment += wait
            self._go(life, moment)
            with item.told("approvals", number):
                self._rule(run_id, approval)
        if value.keys() & WORK:
            self._fetch(run_id)
        for line, after in _spread(value.get("logs", []), life.took):
            self._go(life, moment + after)
            with item.told("logs"):
                self._perform("add-log-action-run", path=_of(run_id), body={"message": line})
        self._go(life, moment + life.took)
        self._end(item, run_id)
        stands = STATUS[self._run(run_id).state]
        if value.get("status", stands) != stands:
            raise item.mistake(f"the run ends up as {stands}", "status")

    def _go(self, life: Life, moment: timedelta) -> None:
        # Never back within a run: each of its stamps is later than the one before.
        if life.ago > NO_TIME and self._world.clock.peek() < self._base.time + moment:
            self._world.clock.set(self._base.time + moment)

    def _run(self, run_id: str) -> Run:
        return self._world.runs[run_id]

    def _execute(self, item: Item) -> str:
        value = item.value
        body = {"properties": value.get("properties", {})}
        if "entity" in value:
            body["entity"] = value["entity"]
        with item.told():
            answer = self._perform(
                "execute-self-service-action",
                path={"action_identifier": value["action"]},
                body=body,
                as_user=value.get("as"),
            )
        run_id: str = answer["run"]["id"]
        return run_id

    def _rule(self, run_id: str, approval: dict[str, str]) -> None:
        body = {key: approval[key] for key in ("status", "description") if key in approval}
        self._perform("approve-action-run", path=_of(run_id), body=body, as_user=approval.get("as"))

    def _fetch(self, run_id: str) -> None:
        # An agent or an integration takes a run out of its queue before it works on it.
        if self._run(run_id).is_queued:
            self._perform("acknowledge-runs", path={}, body={"runIds": [run_id]})

    def _end(self, item: Item, run_id: str) -> None:
        value = item.value
        status = value.get("status")
        given = {
            "status": status if status in ENDINGS else None,
            "link": value.get("links"),
            "summary": value.get("summary"),
            "statusLabel": value.get("label"),
        }
        body = {key: one for key, one in given.items() if one is not None}
        if not body:
            return
        withdrawn = self._run(run_id).state is State.AWAITING_APPROVAL
        with item.told("status" if "status" in body else "links"):
            self._perform(
                "update-action-run",
                path=_of(run_id),
                body=body,
                as_user=value.get("as") if withdrawn else None,
            )


def _of(run_id: str) -> dict[str, str]:
    return {"run_id": run_id}


def _spread(lines: list[str], took: timedelta) -> Iterator[tuple[str, timedelta]]:
    for number, line in enumerate(lines):
        yield line, took * (number + 1) / (len(lines) + 1)
