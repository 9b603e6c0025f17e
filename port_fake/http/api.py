"""A dialect's operations behind plain values: requests in, answers out, no sockets.

From the outside in: find the route, authenticate, bind, call the handler, and turn whatever was
refused into the dialect's answer. This is the only place where an error becomes an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, Final

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
    UnauthorizedError,
    UnexpectedError,
)
from port_fake.http.annex import Annex
from port_fake.http.contexts import Context, Waiting, exchange_of, unreadable
from port_fake.http.gate import StoppedError, meet, spoil
from port_fake.http.letters import request_of
from port_fake.http.messages import HEADERS, LIMIT_BYTES, PREFLIGHT, Answer, Request
from port_fake.http.recorder import Recorder
from port_fake.http.routes import Routes
from port_fake.http.tenants import Tenant
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
        self.annex: Annex | None = None
        """What is served on the same sockets beside this."""
        self._tenants: dict[int, Tenant] = {}
        self._traces = count(1)
        self.office = Office(dialect, self._letter_to_self)

    def tenant(self, world: World) -> Tenant:
        """Return what is kept of an organisation beside its world."""
        tenant = self._tenants.get(id(world))
        if tenant is None:
            tenant = self._tenants.setdefault(id(world), Tenant(world, self.dialect))
        return tenant

    def house(self, tenant: Tenant) -> None:
        """Keep what there is of an organisation already."""
        self._tenants[id(tenant.world)] = tenant

    def forget(self, world: World) -> None:
        """Drop what is kept of an organisation that is gone."""
        self._tenants.pop(id(world), None)
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
        return self._tried(request, Context())

    def _tried(self, request: Request, context: Context) -> Answer | Waiting:
        try:
            context.status, context.value = self._handled(request, context)
            return self._followed(request, context)
        except UndecidedError as undecided:
            learn = partial(self._learn, context, undecided.question)
            return Waiting(learn, partial(self._tried, request, context))
        except Exception as error:  # noqa: BLE001 - every error becomes an answer, here and below
            return self._finished(request, context, *self._failed(request, error))

    def _learn(self, context: Context, question: Question) -> None:
        if context.world is not None:
            context.verdicts = context.verdicts or Verdicts()
            context.verdicts.learn(question, self.office.decide(context.world, question))

    def _followed(self, request: Request, context: Context) -> Answer | Waiting:
        """See to what the request has set off, then answer."""
        errand = context.errand
        while errand is not None and errand.jobs:
            if errand.must_wait:
                return Waiting(errand.work, partial(self._resumed, request, context, errand))
            errand.work()
            errand.finish()
        return self._made(request, context)

    def _resumed(self, request: Request, context: Context, errand: Errand) -> Answer | Waiting:
        try:
            errand.finish()
            return self._followed(request, context)
        except Exception as error:  # noqa: BLE001 - as above
            return self._finished(request, context, *self._failed(request, error))

    def _made(self, request: Request, context: Context) -> Answer | Waiting:
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

    def _finished(
        self, request: Request, context: Context, status: int, body: bytes
    ) -> Answer | Waiting:
        world, fault = context.world, context.fault
        tenant = None if world is None else self.tenant(world)
        answer = self._dressed(status, body, tenant)
        answer.headers.update(context.headers)
        if tenant is not None:
            spoil(answer, request, context, tenant=tenant, dialect=self.dialect)
        recorder = self.strangers if tenant is None else tenant.recorder
        recorder.add(exchange_of(request, context, answer))
        if world is None or fault is None or not fault.effect.on_clock:
            return answer
        with world.lock:
            world.clock.advance(fault.effect.latency_s or 0)
        return Waiting(partial(self.office.dispatch, world), lambda: answer)

    def _document(self) -> bytes:
        # Most servers are never asked for it, and making it takes longer than starting.
        from port_fake.surface.document import document

        return to_json(document(self.dialect))

    def unreadable(self, message: str, status: int | None = None) -> Answer:
        """Answer something that is not even a request."""
        usual, body = self._refused(MalformedError(message))
        answer = self._dressed(status or usual, body, None)
        self.strangers.add(unreadable(answer))
        return answer

    def failed(self) -> Answer:
        """Answer a request that met a defect of the fake; whoever asks has logged it."""
        return self._dressed(*self._refused(FAILED), None)

    def _handled(self, request: Request, context: Context) -> tuple[int, Any]:
        endpoint, path = self._found(request, context)
        operation = context.operation = endpoint.operation
        binding = endpoint.binding
        if operation.public:
            _must_fit(request.body)
            call: Call[Any, Any] = Call(path, {}, binding.body(request.body), ANYBODY)
            self._own(call.body, context)
            self._meet(request, context)
            value = operation.handler(self.organisations, call)
        else:
            world, caller = self._recognised(request, context)
            self._meet(request, context)
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

    def _recognised(self, request: Request, context: Context) -> tuple[World, Caller]:
        world, caller = self.dialect.authenticate(self.organisations, request.authorization)
        context.world, context.caller = world, caller
        context.email = None if caller.user is None else caller.user.email
        return world, caller

    def _meet(self, request: Request, context: Context) -> None:
        # A command that waits for jq is sent again, and is one request all the same.
        if context.world is not None and not context.met:
            context.met = True
            meet(request, context, tenant=self.tenant(context.world), dialect=self.dialect)

    def _failed(self, request: Request, error: Exception) -> tuple[int, bytes]:
        if isinstance(error, StoppedError):
            return error.status, error.body
        if isinstance(error, RefusedError):
            return self._refused(error)
        LOG.error("the fake failed on %s %s", request.method, request.path, exc_info=error)
        return self._refused(FAILED)

    def _found(self, request: Request, context: Context) -> tuple[_Endpoint, Mapping[str, str]]:
        methods, values = self._routes.find(request.path) or ({}, ())
        if request.method in methods:
            endpoint, names = methods[request.method]
            return endpoint, dict(zip(names, values, strict=True))
        with suppress(UnauthorizedError):
            self._recognised(request, context)
            self._meet(request, context)
        if not methods:
            LOG.warning("the fake does not have %s %s", request.method, request.path)
            raise NotFoundError(
                f"the fake has no route {request.method} {request.path}; GET {OPENAPI} lists them"
            )
        allowed = context.headers["Allow"] = ", ".join(sorted(methods))
        raise MethodNotAllowedError(
            f"{request.method} is not allowed on {request.path}, only {allowed}"
        )

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

    def _own(self, body: Any, context: Context) -> None:
        member = self.organisations.get(body.get("clientId", ""))
        if member is not None:
            context.world, context.email = member.world, member.email

    def _refused(self, error: RefusedError) -> tuple[int, bytes]:
        reply = self.dialect.refuse(error)
        return reply.status, to_json(reply.body)

    def _dressed(self, status: int, body: bytes, tenant: Tenant | None) -> Answer:
        headers = {**HEADERS, "x-trace-id": f"{next(self._traces):032x}"}
        if tenant is not None:
            headers.update(tenant.meter.headers())
        return Answer(status=status, body=body, headers=headers)


def _must_fit(body: bytes) -> None:
    if len(body) > LIMIT_BYTES:
        raise TooLargeError(f"the body is over {LIMIT_BYTES} bytes")


ANYBODY: Final = Caller(id="")
"""Who calls an operation that needs no token."""

FAILED: Final = UnexpectedError("the fake failed; see its log")
