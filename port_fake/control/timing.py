"""The clock of an organisation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from port_fake.control.bodies import ClockBody
from port_fake.control.desk import Desk
from port_fake.control.organisations import MISSING, ONE
from port_fake.control.shapes import ClockView
from port_fake.dialects.port.vocabulary import moment
from port_fake.errors import InvalidError
from port_fake.fake import FakePort
from port_fake.surface.operation import Call, Nothing, Operation

TAG: Final = "Clock"
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Between these, whatever is reckoned from a time is a time as well."""


def show_clock(desk: Desk, call: Call[Nothing, Nothing]) -> ClockView:
    """Show where the clock stands; looking at it takes no time.

    Raises: NotFoundError.
    """
    return _view(desk.port(call.path))


def move_clock(desk: Desk, call: Call[Nothing, ClockBody]) -> ClockView:
    """Set the clock, move it on, freeze it or let it go again.

    Tokens, claims, timers and rate limits follow it; nobody else's clock is touched.
    Raises: NotFoundError, InvalidError.
    """
    port, body = desk.port(call.path), call.body
    start = _time(body["set"]) if "set" in body else None
    _must_be_a_time(port.now if start is None else start, body.get("advance_s", 0))
    if start is not None:
        port.set_time(start)
    if "advance_s" in body:
        port.advance(body["advance_s"])
    if "frozen" in body:
        (port.freeze if body["frozen"] else port.thaw)()
    return _view(port)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidError(
            f"body/set must be a time in ISO 8601, such as 2026-03-01T12:00:00Z; it is {text!r}"
        ) from None


def _must_be_a_time(start: datetime, seconds: float) -> None:
    try:
        end = start + timedelta(seconds=seconds)
    except OverflowError:
        end = None
    if end is None or not (start >= FIRST and end <= LAST):
        raise InvalidError(f"body: the clock goes from {FIRST:%Y} to {LAST:%Y} only")


def _view(port: FakePort) -> ClockView:
    clock = port.world.clock
    return {"now": moment(port.now), "frozen": clock.is_frozen, "running": clock.runs}


OPERATIONS: Final = (
    Operation(
        name="get-clock",
        tag=TAG,
        route=f"GET {ONE}/clock",
        handler=show_clock,
        public=True,
        refuses=MISSING,
    ),
    Operation(
        name="move-clock",
        tag=TAG,
        route=f"PATCH {ONE}/clock",
        handler=move_clock,
        public=True,
        refuses=MISSING,
    ),
)
