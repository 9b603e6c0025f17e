"""What may stop a request on its way in and spoil its answer on the way out."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from typing import Any, Final

from pydantic_core import from_json, to_json

from port_fake.http.contexts import Context
from port_fake.http.fault_plans import Asked
from port_fake.http.faults import Fault
from port_fake.http.messages import Answer, Request
from port_fake.http.recorder import Exchange
from port_fake.http.tenants import Tenant
from port_fake.surface.dialect import Dialect

NO_ANSWER: Final = 0
"""The status of a request whose connection was dropped."""


class StoppedError(Exception):
    """A request is answered, or not, without its operation; *status* 0 means: not."""

    def __init__(self, status: int, body: bytes = b"") -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def meet(request: Request, context: Context, *, tenant: Tenant, dialect: Dialect) -> None:
    """Let rate limit and faults have their say on a request of an organisation.

    The fake does not refuse what it asks of itself.

    Raises:
        StoppedError: The request goes no further.
    """
    is_allowed = tenant.meter.count()
    if request.shown is not None:
        return
    if not is_allowed and tenant.world.settings.rate_limit_enforced:
        context.headers.update(tenant.meter.refusal())
        _stop_by_limit(tenant, dialect)
    if tenant.faults.live:
        context.fault = tenant.faults.strike(context.asked(request))
        if context.fault is not None:
            _stop_by_fault(context.fault, dialect)


def _stop_by_limit(tenant: Tenant, dialect: Dialect) -> None:
    """Refuse a request that the rate limit does not allow.

    Source: Ocean and Terraform's provider, which wait and repeat after a 429.
    Assumed: its error word.

    Raises:
        StoppedError: Always.
    """
    settings = tenant.world.settings
    message = (
        f"more than {settings.rate_limit} requests in {settings.rate_limit_period_s} s: "
        "wait for as long as Retry-After says"
    )
    raise _refusal(dialect, HTTPStatus.TOO_MANY_REQUESTS, message)


def _stop_by_fault(fault: Fault, dialect: Dialect) -> None:
    """Let a fault act that keeps a request from its operation; others act in `spoil`.

    Raises:
        StoppedError: It does.
    """
    effect = fault.effect
    if effect.status is not None:
        message = effect.message or f"a fault was set for this request: {effect.text}"
        raise _refusal(dialect, effect.status, message)
    if effect.stops:
        raise StoppedError(NO_ANSWER)


def spoil(
    answer: Answer, request: Request, context: Context, *, tenant: Tenant, dialect: Dialect
) -> None:
    """Do to an answer what the fault does that has struck its request, if one has."""
    if context.fault is None:
        return
    effect = context.fault.effect
    if effect.status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers.update(tenant.meter.refusal(effect.retry_after_s))
    elif effect.retry_after_s is not None:
        answer.headers["Retry-After"] = str(ceil(effect.retry_after_s))
    if effect.stale:
        _make_stale(answer, context.asked(request), tenant, dialect)
    if effect.drop is not None:
        context.lost = answer.status
        answer.status, answer.body, answer.is_dropped = NO_ANSWER, b"", True
    if effect.body is not None:
        whole = len(answer.body)
        answer.body = answer.body[: whole // 2]
        if effect.body == "truncated":
            answer.missing_bytes = whole - len(answer.body)
    if effect.latency_s is not None and not effect.on_clock:
        answer.delay_s = effect.latency_s


def _make_stale(answer: Answer, asked: Asked, tenant: Tenant, dialect: Dialect) -> None:
    """Put an older answer in the place of one.

    It is what the same caller was last answered to the same question, path and query alike. Who
    has not asked yet sees nothing of what there is: lists are empty, and one thing is not found.
    What the organisation has always had is answered as it is, and so is a refusal.
    """
    for known in reversed(tenant.recorder.all()):
        if _is_an_answer_to(known, asked):
            answer.status, answer.body = known.status, known.answer
            return
    if answer.status != HTTPStatus.OK or asked.operation is None:
        return
    value: dict[str, Any] = from_json(answer.body)
    lists: dict[str, Any] = {name: [] for name, one in value.items() if isinstance(one, list)}
    if lists:
        answer.body = to_json({**value, **lists})
    elif "{" in asked.operation.path:
        missing = _refusal(dialect, HTTPStatus.NOT_FOUND, f"nothing is at {asked.path} yet")
        answer.status, answer.body = missing.status, missing.body


def _is_an_answer_to(known: Exchange, asked: Asked) -> bool:
    return (
        (known.method, known.path, known.query) == (asked.method, asked.path, asked.query)
        and known.caller == asked.caller
        and known.status == HTTPStatus.OK
        and known.answer_json is not None
    )


def _refusal(dialect: Dialect, status: int, message: str) -> StoppedError:
    reply = dialect.fail(status, message)
    return StoppedError(reply.status, to_json(reply.body))
