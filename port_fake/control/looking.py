"""What came over HTTP, and what has left."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

from pydantic_core import from_json

from port_fake.control.bodies import MOST_EXCHANGES, RequestsQuery, SettleBody
from port_fake.control.desk import Desk
from port_fake.control.organisations import MISSING, ONE, TAKEN
from port_fake.control.shapes import (
    AttemptView,
    DeliveriesView,
    DeliveryView,
    ForgottenView,
    RequestsView,
    RequestView,
)
from port_fake.dialects.port.vocabulary import moment
from port_fake.errors import ConflictError
from port_fake.http.recorder import Exchange, Recorder
from port_fake.surface.letters import Attempt, Delivery, Fate
from port_fake.surface.operation import Call, Nothing, Operation

TAG: Final = "Requests and deliveries"
WAIT_S: Final = 10


def list_requests(desk: Desk, call: Call[RequestsQuery, Nothing]) -> RequestsView:
    """List what the organisation was asked over HTTP, oldest first; the last 10,000 are kept.

    Raises: NotFoundError, InvalidError.
    """
    return _requests(desk.port(call.path).recorder, call.query)


def forget_requests(desk: Desk, call: Call[Nothing, Nothing]) -> ForgottenView:
    """Forget all requests; numbers go on.

    Raises: NotFoundError.
    """
    recorder = desk.port(call.path).recorder
    count = len(recorder.all())
    recorder.clear()
    return {"forgotten": count}


def list_strangers(desk: Desk, call: Call[RequestsQuery, Nothing]) -> RequestsView:
    """List requests that belong to no organisation: no valid token, or no such route.

    Raises: InvalidError.
    """
    return _requests(desk.register.home.api.strangers, call.query)


def list_deliveries(desk: Desk, call: Call[Nothing, Nothing]) -> DeliveriesView:
    """List every letter that has left, or should have, oldest first, with what became of it.

    Raises: NotFoundError.
    """
    return {"deliveries": [_delivery(one) for one in desk.port(call.path).deliveries]}


def settle(desk: Desk, call: Call[Nothing, SettleBody]) -> DeliveriesView:
    """Wait until no letter is on its way and nothing is set off any more, and list them all.

    Raises: NotFoundError, ConflictError (something is on its way after that time).
    """
    port, timeout_s = desk.port(call.path), call.body.get("timeout_s", WAIT_S)
    try:
        return {"deliveries": [_delivery(one) for one in port.settle(timeout_s=timeout_s)]}
    except TimeoutError:
        waiting = [one for one in port.deliveries if one.fate is Fate.WAITING]
        letters = ", ".join(f"{one.number} ({one.kind}, run {one.run_id})" for one in waiting)
        raise ConflictError(
            f"organisation {call.path['organisation']!r}: after {timeout_s:g} s something is still "
            f"on its way: {f'letters {letters}' if letters else 'nothing that can be seen yet'}; "
            "let the backend answer, or wait longer with timeout_s"
        ) from None


def _requests(recorder: Recorder, query: RequestsQuery) -> RequestsView:
    count = recorder.count  # before looking, so that nothing comes between unseen
    kept = recorder.numbered()
    since, limit = query.get("since", 0), int(query.get("limit", MOST_EXCHANGES))
    found = [pair for pair in kept if pair[0] > since and _fits(pair[1], query)]
    newest = kept[-1][0] if kept else count
    return {
        "requests": [_request(*pair) for pair in found[:limit]],
        "next_since": found[limit - 1][0] if len(found) > limit else newest,
    }


def _fits(exchange: Exchange, query: RequestsQuery) -> bool:
    return (
        query.get("method", exchange.method).upper() == exchange.method.upper()
        and query.get("operation", exchange.operation) == exchange.operation
        and query.get("caller", exchange.caller) == exchange.caller
        and query.get("status", exchange.status) == exchange.status
        and ("path" not in query or _like(exchange.path, query["path"]))
    )


def _like(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern.replace("[", "[[]").replace("?", "[?]"))


def _request(number: int, exchange: Exchange) -> RequestView:
    return {
        "number": number,
        "at": None if exchange.at is None else moment(exchange.at),
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.parameters,
        "operation": exchange.operation,
        "caller": exchange.caller,
        "status": exchange.status or None,
        "body": _body(exchange.body),
        "answer": _body(exchange.answer),
        "fault": exchange.fault,
    }


def _body(data: bytes) -> Any:
    if not data:
        return None
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError:
        return data.decode(errors="replace")


def _delivery(delivery: Delivery) -> DeliveryView:
    return {
        "number": delivery.number,
        "kind": delivery.kind,
        "run_id": delivery.run_id,
        "fate": delivery.fate.value,
        "message": dict(delivery.message),
        "notes": list(delivery.notes),
        "reason": delivery.reason,
        "attempts": [_attempt(one) for one in delivery.attempts],
    }


def _attempt(attempt: Attempt) -> AttemptView:
    return {
        "at": moment(attempt.at),
        "duration_s": attempt.duration_s,
        "status": attempt.status,
        "headers": dict(attempt.headers),
        "body": attempt.body,
        "error": attempt.error,
    }


def _row(name: str, route: str, handler: Any, **options: Any) -> Operation:
    return Operation(name=name, tag=TAG, route=route, handler=handler, public=True, **options)


OPERATIONS: Final = (
    _row("list-requests", f"GET {ONE}/requests", list_requests, refuses=MISSING),
    _row("forget-requests", f"DELETE {ONE}/requests", forget_requests, refuses=MISSING),
    _row("list-requests-of-strangers", "GET /_fake/requests", list_strangers),
    _row("list-deliveries", f"GET {ONE}/deliveries", list_deliveries, refuses=MISSING),
    _row(
        "settle",
        f"POST {ONE}/deliveries/settle",
        settle,
        body_required=False,
        refuses=MISSING | TAKEN,
    ),
)
