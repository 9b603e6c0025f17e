"""A dialect's operations behind plain values: requests in, answers out, no sockets.

From the outside in: find the route, authenticate, bind, call the handler, and turn whatever was
refused into the dialect's answer. This is the only place where an error becomes an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, Final
from urllib.parse import unquote

from pydantic_core import to_json

from port_fake.delivery.errands import Errand
from port_fake.delivery.office import Office
from port_fake.engine.people import Caller
from port_fake.errors import (
    MalformedError,
    MethodNotAllowedError,
    NotFoundError,
    RefusedError,
    TooLargeError,
    UnexpectedError,
)
from port_fake.http.letters import request_of
from port_fake.http.messages import HEADERS, LIMIT_BYTES, PREFLIGHT, Answer, Request
from port_fake.http.rates import RateMeter
from port_fake.http.recorder import Exchange, Recorder
from port_fake.http.routes import Routes
from port_fake.surface.binding import Binding
from port_fake.surface.dialect import Dialect
from port_fake.surface.letters import Letter
from port_fake.surface.operation import Call, Later, Operation, Reply
from port_fake.world.organisations import Organisations
from port_fake.world.verdicts import Question, UndecidedError, Verdicts
from port_fake.world.world import World

LOG: Final = logging.getLogger("port_fake")

OPENAPI: Final = "/openapi.json"


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
    recorded: bytes | None = None
    errand: Errand | None = None
    verdicts: Verdicts | None = None
    status: int = 0
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Waiting:
    """An answer that waits for jq: call `work`, which may block, then `finish`, and so on."""

    work: Callable[[], None]
    finish: Callable[[], Answer | Waiting]


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
        self.office = Office(dialect, self._letter_to_self)

    def recorder(self, world: World) -> Recorder:
        """Return the record of an organisation."""
        return self._recorders.setdefault(id(world), Recorder())

    def forget(self, world: World) -> None:
        """Drop what is kept of an organisation that is gone."""
        self._recorders.pop(id(world), None)
        self._meters.pop(id(world), None)
        self.office.courier.drop(world)

    def answer(self, request: Request) -> Answer:
        """Answer a request; never raises, and may block for templates."""
        outcome = self.begin(request)
        while isinstance(outcome, Waiting):
            outcome.work()
            outcome = outcome.finish()
        return outcome

    def begin(self, request: Request) -> Answer | Waiting:
        """Answer a request, or say what has to be waited for first; never raises, nor blocks."""
        if request.preflight:
            return Answer(status=204, body=b"", headers={**HEADERS, **PREFLIGHT})
        if request.path == OPENAPI and request.method == "GET":
            return self._dressed(200, self._document(), None)
        return self._tried(request, _Context())

    def _tried(self, request: Request, context: _Context) -> Answer | Waiting:
        try:
            context.status, context.value = self._handled(request, context)
            return self._followed(request, context)
        except UndecidedError as undecided:
            learn = partial(self._learn, context, undecided.question)
            return Waiting(learn, partial(self._tried, request, context))
        except Exception as error:  # noqa: BLE001 - every error becomes an answer, here and below
            return self._finished(request, context, *self._failed(request, error))

    def _learn(self, context: _Context, question: Question) -> None:
        if context.world is not None:
            context.verdicts = context.verdicts or Verdicts()
            context.verdicts.learn(question, self.office.decide(context.world, question))

    def _followed(self, request: Request, context: _Context) -> Answer | Waiting:
        """See to what the request has set off, then answer."""
        errand = context.errand
        while errand is not None and errand.jobs:
            if errand.must_wait:
                return Waiting(errand.work, partial(self._resumed, request, context, errand))
            errand.work()
            errand.finish()
        return self._made(request, context)

    def _resumed(self, request: Request, context: _Context, errand: Errand) -> Answer | Waiting:
        try:
            errand.finish()
            return self._followed(request, context)
        except Exception as error:  # noqa: BLE001 - as above
            return self._finished(request, context, *self._failed(request, error))

    def _made(self, request: Request, context: _Context) -> Answer:
        status, value = context.status, context.value
        try:
            if isinstance(value, Later) and context.world is not None:
                if value.recorded is not None:
                    context.recorded = to_json(value.recorded)
                with context.world.lock:
                    value = value.make()
            body = to_json(value, inf_nan_mode="null")
        except Exception as error:  # noqa: BLE001 - as above
            status, body = self._failed(request, error)
        return self._finished(request, context, status, body)

    def _finished(self, request: Request, context: _Context, status: int, body: bytes) -> Answer:
        answer = self._dressed(status, body, context.world)
        answer.headers.update(context.headers)
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

    def _handled(self, request: Request, context: _Context) -> tuple[int, Any]:
        endpoint, path = self._found(request, context.headers)
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
            if operation.hides is not None and operation.hides(world, path):
                context.recorded = b""
            if operation.mutates:
                root = request.root if request.depth else world.begin()
                caller = replace(caller, depth=request.depth, root=root)
            call = Call(path, binding.query(request.pairs), binding.body(request.body), caller)
            with world.lock:
                world.verdicts = context.verdicts
                value = operation.handler(world, call)
                context.errand = self.office.collect(world)
        if isinstance(value, Reply):
            return value.status, value.body
        return operation.success, value

    def _failed(self, request: Request, error: Exception) -> tuple[int, bytes]:
        if isinstance(error, RefusedError):
            return self._refused(error)
        LOG.error("the fake failed on %s %s", request.method, request.path, exc_info=error)
        return self._refused(FAILED)

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

    def _letter_to_self(self, world: World, letter: Letter) -> Answer:
        """Answer a call of Port's own API, made by a letter, as the organisation itself.

        Source: docs, webhooks: calls of Port's API need no credentials of their own.
        """
        authorization = next(
            (value for name, value in letter.headers.items() if name.lower() == "authorization"),
            None,
        )
        member = self.organisations.get(world.machine.id)
        if authorization is None and member is not None:
            authorization = self.dialect.authorize(member)
        return self.answer(request_of(letter, authorization))

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
        keep = caller is not None and not (operation is not None and operation.confidential)
        seen = request.shown or request
        body = seen.body if context.recorded is None else context.recorded
        recorder = self.strangers if world is None else self.recorder(world)
        recorder.add(
            Exchange(
                at=None if world is None else world.clock.peek(),
                method=request.method,
                path=unquote(seen.path),
                query=seen.query,
                operation=None if operation is None else operation.name,
                caller=None if caller is None else caller.id,
                status=answer.status,
                body=body if keep and len(body) <= LIMIT_BYTES else b"",
                answer=answer.body if keep else b"",
            )
        )


def _must_fit(body: bytes) -> None:
    if len(body) > LIMIT_BYTES:
        raise TooLargeError(f"the body is over {LIMIT_BYTES} bytes")


ANYBODY: Final = Caller(id="")
"""Who calls an operation that needs no token."""

FAILED: Final = UnexpectedError("the fake failed; see its log")
