"""A dialect's operations behind plain values: requests in, answers out, no sockets.

From the outside in: find the route, authenticate, bind, call the handler, and turn whatever was
refused into the dialect's answer. This is the only place where an error becomes an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from urllib.parse import unquote

from pydantic_core import to_json

from port_fake.engine.people import Caller
from port_fake.errors import (
    MalformedError,
    MethodNotAllowedError,
    NotFoundError,
    RefusedError,
    TooLargeError,
    UnexpectedError,
)
from port_fake.http.rates import RateMeter
from port_fake.http.recorder import Exchange, Recorder
from port_fake.http.routes import Routes
from port_fake.surface.binding import Binding
from port_fake.surface.dialect import Dialect
from port_fake.surface.operation import Call, Operation, Reply
from port_fake.world.organisations import Organisations
from port_fake.world.world import World

LOG: Final = logging.getLogger("port_fake")

LIMIT_BYTES: Final = 1024 * 1024
"""Source: OpenAPI 1.0, 413: a body may have 1 MiB."""

OPENAPI: Final = "/openapi.json"

HEADERS: Final[Mapping[str, str]] = {
    "Content-Type": "application/json; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
}
"""On every answer. Assumed: any page may call, as the documentation's own pages do."""

PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "*, Authorization",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. *path* is raw, *query* the raw text and its decoded pairs."""

    method: str
    path: str
    query: str = ""
    pairs: Sequence[tuple[str, str]] = ()
    authorization: str | None = field(default=None, repr=False)
    preflight: bool = False
    body: bytes = field(default=b"", repr=False)


@dataclass(slots=True, kw_only=True)
class Answer:
    """An answer, ready for the wire."""

    status: int
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Endpoint:
    operation: Operation
    binding: Binding


@dataclass(slots=True)
class _Context:
    """What is known of a request so far; the recorder wants it however far that is."""

    operation: Operation | None = None
    world: World | None = None
    caller: Caller | None = None


class Api:
    """One dialect, served to all organisations of one server."""

    def __init__(self, dialect: Dialect, organisations: Organisations) -> None:
        self.dialect = dialect
        self.organisations = organisations
        self.strangers = Recorder()
        """Requests that belong to no organisation: no valid token, or no such route."""
        self._routes = Routes(
            (operation.method, operation.path, _Endpoint(operation, Binding(operation)))
            for operation in dialect.operations
        )
        self._recorders: dict[int, Recorder] = {}
        self._meters: dict[int, RateMeter] = {}
        self._traces = count(1)

    def recorder(self, world: World) -> Recorder:
        """Return the record of an organisation."""
        return self._recorders.setdefault(id(world), Recorder())

    def forget(self, world: World) -> None:
        """Drop what is kept of an organisation that is gone."""
        self._recorders.pop(id(world), None)
        self._meters.pop(id(world), None)

    def answer(self, request: Request) -> Answer:
        """Answer a request; never raises."""
        if request.preflight:
            return Answer(status=204, body=b"", headers={**HEADERS, **PREFLIGHT})
        if request.path == OPENAPI and request.method == "GET":
            return self._dressed(200, self._document(), None)
        context = _Context()
        headers: dict[str, str] = {}
        status, body = self._outcome(request, context, headers)
        answer = self._dressed(status, body, context.world)
        answer.headers.update(headers)
        self._record(request, context, answer)
        return answer

    def _document(self) -> bytes:
        # Most servers are never asked for it, and making it takes longer than starting.
        from port_fake.surface.document import document

        return to_json(document(self.dialect))

    def unreadable(self, message: str, status: int | None = None) -> Answer:
        """Answer something that is not even a request."""
        usual, body = self._refused(MalformedError(message))
        return self._dressed(status or usual, body, None)

    def failed(self) -> Answer:
        """Answer a request that met a defect of the fake; whoever asks has logged it."""
        return self._dressed(*self._refused(FAILED), None)

    def _outcome(
        self, request: Request, context: _Context, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        try:
            status, value = self._handled(request, context, headers)
            return status, to_json(value, inf_nan_mode="null")
        except RefusedError as error:
            return self._refused(error)
        except Exception:
            LOG.exception("the fake failed on %s %s", request.method, request.path)
            return self._refused(FAILED)

    def _handled(
        self, request: Request, context: _Context, headers: dict[str, str]
    ) -> tuple[int, Any]:
        endpoint, path = self._found(request, headers)
        operation = context.operation = endpoint.operation
        binding = endpoint.binding
        if operation.public:
            _must_fit(request.body)
            call: Call[Any, Any] = Call(path, {}, binding.body(request.body), ANYBODY)
            context.world = self._owner(call.body)
            value = operation.handler(self.organisations, call)
        else:
            world, caller = self.dialect.authenticate(self.organisations, request.authorization)
            context.world, context.caller = world, caller
            _must_fit(request.body)
            call = Call(path, binding.query(request.pairs), binding.body(request.body), caller)
            with world.lock:
                value = operation.handler(world, call)
        if isinstance(value, Reply):
            return value.status, value.body
        return operation.success, value

    def _found(
        self, request: Request, headers: dict[str, str]
    ) -> tuple[_Endpoint, Mapping[str, str]]:
        found = self._routes.find(request.path)
        if found is None:
            LOG.warning("the fake does not have %s %s", request.method, request.path)
            raise NotFoundError(
                f"the fake has no route {request.method} {request.path}; GET {OPENAPI} lists them"
            )
        methods, values = found
        if request.method not in methods:
            headers["Allow"] = ", ".join(sorted(methods))
            raise MethodNotAllowedError(
                f"{request.method} is not allowed on {request.path}, only {headers['Allow']}"
            )
        endpoint, names = methods[request.method]
        return endpoint, dict(zip(names, values, strict=True))

    def _owner(self, body: Any) -> World | None:
        member = self.organisations.get(body.get("clientId", ""))
        return None if member is None else member.world

    def _refused(self, error: RefusedError) -> tuple[int, bytes]:
        reply = self.dialect.refuse(error)
        return reply.status, to_json(reply.body)

    def _dressed(self, status: int, body: bytes, world: World | None) -> Answer:
        headers = {**HEADERS, "x-trace-id": f"{next(self._traces):032x}"}
        if world is not None:
            meter = self._meters.get(id(world))
            if meter is None:
                meter = self._meters[id(world)] = RateMeter(world)
            headers.update(meter.headers())
        return Answer(status=status, body=body, headers=headers)

    def _record(self, request: Request, context: _Context, answer: Answer) -> None:
        operation, world, caller = context.operation, context.world, context.caller
        # Who does not show a valid token may be showing credentials, to whatever route.
        keep = caller is not None
        recorder = self.strangers if world is None else self.recorder(world)
        recorder.add(
            Exchange(
                at=None if world is None else world.clock.peek(),
                method=request.method,
                path=unquote(request.path),
                query=request.query,
                operation=None if operation is None else operation.name,
                caller=None if caller is None else caller.id,
                status=answer.status,
                body=request.body if keep and len(request.body) <= LIMIT_BYTES else b"",
                answer=answer.body if keep else b"",
            )
        )


def _must_fit(body: bytes) -> None:
    if len(body) > LIMIT_BYTES:
        raise TooLargeError(f"the body is over {LIMIT_BYTES} bytes")


ANYBODY: Final = Caller(id="")
"""Who calls an operation that needs no token."""

FAILED: Final = UnexpectedError("the fake failed; see its log")
