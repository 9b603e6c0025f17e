"""What goes wrong on purpose, for requests of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.control.bodies import FaultBody
from port_fake.control.desk import Desk
from port_fake.control.organisations import MISSING, ONE
from port_fake.control.shapes import FaultsView, FaultView, ForgottenView
from port_fake.errors import NotFoundError
from port_fake.http.faults import Fault
from port_fake.surface.operation import Call, Nothing, Operation

TAG: Final = "Faults"
ALL: Final = f"{ONE}/faults"
EACH: Final = f"{ALL}/{{number}}"


def list_faults(desk: Desk, call: Call[Nothing, Nothing]) -> FaultsView:
    """List every fault that was set, oldest first, also those that are used up or removed.

    Raises: NotFoundError.
    """
    return {"faults": [_view(fault) for fault in desk.port(call.path).faults]}


def set_fault(desk: Desk, call: Call[Nothing, FaultBody]) -> FaultView:
    """Let the next requests that fit go wrong; the oldest fault that fits strikes.

    *status* answers that error, with *message*, and nothing has changed; 429 and 503 may say when
    to come back. *latency_s* holds the answer back, after the change; with *on_clock* the
    organisation's clock moves on instead, and nobody waits. *drop* ends the connection ``before``
    or ``after`` the state has changed. *body* is cut in half: a ``truncated`` one ends the
    connection short of its length, a ``malformed`` one is broken JSON. *stale* answers a GET as
    the caller was last answered to the same path and query.
    Raises: NotFoundError, InvalidError, MisuseError.
    """
    return _view(desk.port(call.path).tenant.faults.add(call.body))


def show_fault(desk: Desk, call: Call[Nothing, Nothing]) -> FaultView:
    """Show a fault and how often it has struck.

    Raises: NotFoundError.
    """
    return _view(_found(desk, call.path))


def remove_fault(desk: Desk, call: Call[Nothing, Nothing]) -> FaultView:
    """Let a fault strike no more; it stays in the list.

    Raises: NotFoundError.
    """
    fault = _found(desk, call.path)
    fault.remove()
    return _view(fault)


def clear_faults(desk: Desk, call: Call[Nothing, Nothing]) -> ForgottenView:
    """Remove and forget all faults.

    Raises: NotFoundError.
    """
    port = desk.port(call.path)
    count = len(port.faults)
    port.clear_faults()
    return {"forgotten": count}


def _found(desk: Desk, path: Mapping[str, str]) -> Fault:
    faults = desk.port(path).faults
    for fault in faults:
        if str(fault.number) == path["number"]:
            return fault
    known = ", ".join(str(fault.number) for fault in faults) or "none"
    raise NotFoundError(
        f"organisation {path['organisation']!r} has no fault {path['number']!r}; there are: {known}"
    )


def _view(fault: Fault) -> FaultView:
    aim, effect = fault.aim, fault.effect
    return {
        "number": fault.number,
        "operation": aim.operation,
        "method": aim.method,
        "path": aim.path,
        "as_user": aim.as_user,
        "status": effect.status,
        "message": effect.message,
        "retry_after_s": effect.retry_after_s,
        "latency_s": effect.latency_s,
        "on_clock": effect.on_clock,
        "drop": effect.drop,
        "body": effect.body,
        "stale": effect.stale,
        "times": fault.times,
        "probability": fault.probability,
        "hits": fault.hits,
        "fitting": fault.fitting,
        "live": fault.is_live,
    }


def _row(name: str, route: str, handler: Any, success: int = 200) -> Operation:
    return Operation(
        name=name,
        tag=TAG,
        route=route,
        handler=handler,
        success=success,
        public=True,
        refuses=MISSING,
    )


OPERATIONS: Final = (
    _row("list-faults", f"GET {ALL}", list_faults),
    _row("set-fault", f"POST {ALL}", set_fault, 201),
    _row("clear-faults", f"DELETE {ALL}", clear_faults),
    _row("get-fault", f"GET {EACH}", show_fault),
    _row("remove-fault", f"DELETE {EACH}", remove_fault),
)
