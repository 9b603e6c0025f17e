"""The control API put together: its operations behind plain values, requests in, answers out."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any, Final

from pydantic_core import to_json

from port_fake.control import faulting, looking, organisations, timing
from port_fake.control.desk import Desk
from port_fake.control.register import Register
from port_fake.control.shapes import HealthView
from port_fake.control.visitors import admit
from port_fake.dialects.port.refusals import STATUSES, refuse, shape
from port_fake.engine.people import Caller
from port_fake.errors import (
    Fault,
    InvalidError,
    MethodNotAllowedError,
    MisuseError,
    NotFoundError,
    RefusedError,
    TooLargeError,
    UnexpectedError,
)
from port_fake.http.annex import Visit
from port_fake.http.messages import Answer
from port_fake.http.routes import Routes
from port_fake.surface.binding import Binding
from port_fake.surface.dialect import Published
from port_fake.surface.document import document, product_version
from port_fake.surface.operation import Call, Nothing, Operation, Reply

LOG: Final = logging.getLogger("port_fake")
TAG: Final = "The server"
DOCUMENT: Final = "/_fake/openapi.json"

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer; none of them lets a page of another origin read."""

NOBODY: Final = Caller(id="")


def check_health(desk: Desk, call: Call[Nothing, Nothing]) -> HealthView:
    """Say that the fake is there."""
    del call
    count = len(desk.register.all())
    return {"status": "ok", "version": product_version(), "organisations": count}


def describe(desk: Desk, call: Call[Nothing, Nothing]) -> dict[str, Any]:
    """Answer this document."""
    del desk, call
    return document(CONTROL)


CONTROL: Final = Published(
    title="Control API of port-fake",
    operations=tuple(
        chain(
            (
                Operation(
                    name="check-health",
                    tag=TAG,
                    route="GET /_fake/health",
                    handler=check_health,
                    public=True,
                ),
                Operation(
                    name="get-openapi-document",
                    tag=TAG,
                    route=f"GET {DOCUMENT}",
                    handler=describe,
                    public=True,
                ),
            ),
            organisations.OPERATIONS,
            timing.OPERATIONS,
            faulting.OPERATIONS,
            looking.OPERATIONS,
        )
    ),
    components={},
    statuses=STATUSES,
    refuse=refuse,
    error_shape=shape,
    always=frozenset({Fault.FORBIDDEN}),
)
"""It refuses with the envelope of Port's API, which its clients can read already."""


class ControlApi:
    """Serves `CONTROL` for the organisations of a register."""

    def __init__(self, register: Register, *, hosts: Collection[str], limit_bytes: int) -> None:
        """Prepare to answer to *hosts*, beside the machine's own names and addresses."""
        self._register = register
        self._hosts = hosts
        self._limit_bytes = limit_bytes
        self._routes = Routes(
            (operation.method, operation.path, (operation, Binding(operation)))
            for operation in CONTROL.operations
        )

    def answer(self, visit: Visit) -> Answer:
        """Answer a visit; never raises, and may block."""
        try:
            status, value = self._handled(visit)
            body = to_json(value, inf_nan_mode="null")
        except RefusedError as error:
            status, body = _refused(error)
        except MisuseError as error:
            status, body = _refused(InvalidError(str(error)))
        except Exception:  # every error becomes an answer
            LOG.exception("the fake failed on %s %s", visit.method, visit.path)
            status, body = _refused(UnexpectedError("the fake failed; see its log"))
        return Answer(status=status, body=body, headers=dict(HEADERS))

    def _handled(self, visit: Visit) -> tuple[int, Any]:
        admit(visit, self._hosts)
        operation, binding, path = self._found(visit)
        if len(visit.body) > self._limit_bytes:
            raise TooLargeError(f"the body is over {self._limit_bytes} bytes")
        call = Call(path, binding.query(visit.pairs), binding.body(visit.body), NOBODY)
        value = operation.handler(Desk(self._register, f"http://{visit.host}"), call)
        if isinstance(value, Reply):
            return value.status, value.body
        return operation.success, value

    def _found(self, visit: Visit) -> tuple[Operation, Binding, Mapping[str, str]]:
        methods, values = self._routes.find(visit.path) or ({}, ())
        if not methods:
            raise NotFoundError(
                f"the control API has no route {visit.method} {visit.path}; "
                f"GET {DOCUMENT} lists them"
            )
        if visit.method not in methods:
            allowed = ", ".join(sorted(methods))
            raise MethodNotAllowedError(
                f"{visit.method} is not allowed on {visit.path}, only {allowed}"
            )
        (operation, binding), names = methods[visit.method]
        return operation, binding, dict(zip(names, values, strict=True))


def _refused(error: RefusedError) -> tuple[int, bytes]:
    reply = CONTROL.refuse(error)
    return reply.status, to_json(reply.body)
