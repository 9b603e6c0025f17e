"""What becomes known of a request on its way, and what is kept of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from port_fake.delivery.errands import Errand
from port_fake.engine.people import Caller
from port_fake.http.fault_plans import Asked
from port_fake.http.faults import Fault
from port_fake.http.messages import LIMIT_BYTES, Answer, Request
from port_fake.http.recorder import Exchange
from port_fake.surface.operation import Operation
from port_fake.world.verdicts import Verdicts
from port_fake.world.world import World

UNREADABLE: Final = "(not readable as HTTP)"
"""Stands where the method of a request is told."""


@dataclass(slots=True)
class Context:
    """What is known of a request so far; the recorder wants it however far that is.

    *met* says whether rate limit and faults have had their say: they have it once. *lost* is the
    status of an answer that a fault keeps from the caller.
    """

    operation: Operation | None = None
    world: World | None = None
    caller: Caller | None = None
    email: str | None = None
    recorded: bytes | None = None
    errand: Errand | None = None
    verdicts: Verdicts | None = None
    fault: Fault | None = None
    met: bool = False
    lost: int = 0
    status: int = 0
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def asked(self, request: Request) -> Asked:
        """Return what a fault may look at."""
        return Asked(
            method=request.method,
            path=unquote(request.path),
            query=request.query,
            operation=self.operation,
            caller=None if self.caller is None else self.caller.id,
            email=self.email,
        )


@dataclass(slots=True)
class Waiting:
    """An answer that waits for jq: call `work`, which may block, then `finish`, and so on."""

    work: Callable[[], None]
    finish: Callable[[], Answer | Waiting]


def exchange_of(request: Request, context: Context, answer: Answer) -> Exchange:
    """Return what is kept of a request and its answer."""
    operation, world, caller = context.operation, context.world, context.caller
    # Who does not show a valid token may be showing credentials, to whatever route.
    keep = caller is not None and not (operation is not None and operation.confidential)
    seen = request.shown or request
    body = seen.body if context.recorded is None else context.recorded
    return Exchange(
        at=None if world is None else world.clock.peek(),
        method=request.method,
        path=unquote(seen.path),
        query=seen.query,
        operation=None if operation is None else operation.name,
        caller=None if caller is None else caller.id,
        status=answer.status,
        body=body if keep and len(body) <= LIMIT_BYTES else b"",
        answer=answer.body if keep else b"",
        fault=_told(context),
    )


def unreadable(answer: Answer) -> Exchange:
    """Return what is kept of something that was not even a request."""
    return Exchange(
        at=None,
        method=UNREADABLE,
        path="",
        query="",
        operation=None,
        caller=None,
        status=answer.status,
    )


def _told(context: Context) -> str | None:
    if context.fault is None:
        return None
    lost = f", the lost answer is {context.lost}" if context.lost else ""
    return f"{context.fault.effect.text}{lost}"
