"""Operations carried out without HTTP, by the same rules."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from port_fake.delivery.errands import Rendering
from port_fake.dialects.port.dialect import PORT
from port_fake.engine.people import Caller
from port_fake.errors import MisuseError
from port_fake.http.api import Api
from port_fake.surface.binding import Binding
from port_fake.surface.operation import Call, Later, Operation, Reply
from port_fake.world.verdicts import UndecidedError, Verdicts
from port_fake.world.world import World

PATH_PARAMETER: Final = re.compile(r"{(\w+)}")
BINDINGS: Final = {operation.name: (operation, Binding(operation)) for operation in PORT.operations}


class Performing(ABC):
    """What the commands need of the handle, and the one way in which they act."""

    world: World
    api: Api

    @abstractmethod
    def caller(self, email: str | None) -> Caller:
        """Return a user, or the organisation itself, as one who calls.

        Raises:
            NotFoundError: There is no such user.
        """

    def perform(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Any:
        """Carry out any operation by its ``operationId``, without HTTP, and return its answer.

        As over HTTP, the world shares no value with whoever asks.

        Raises:
            RefusedError: Port would refuse it.
            MisuseError: There is no such operation, or it has other path parameters.
        """
        return self._done(
            operation,
            self.api.office.dispatch,
            path=path or {},
            query=query or {},
            body=body,
            as_user=as_user,
        )

    def recall(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        as_user: str | None = None,
    ) -> Any:
        """Carry out an operation as `perform` does, as something of the past.

        What it sets off is written down as always, such as a run's payload and its place in a
        queue, but nothing is sent and nobody is told.

        Raises:
            RefusedError: Port would refuse it.
            MisuseError: There is no such operation, or it has other path parameters.
        """
        return self._done(
            operation,
            self._keep_to_ourselves,
            path=path or {},
            query=query or {},
            body=body,
            as_user=as_user,
        )

    def _done(
        self,
        operation: str,
        dispatch: Callable[[World], None],
        *,
        path: Mapping[str, str],
        query: Mapping[str, Any],
        body: Any,
        as_user: str | None,
    ) -> Any:
        row, binding = BINDINGS.get(operation) or _unknown(operation)
        if row.public:
            raise MisuseError(f"{operation!r} needs no caller: ask for token() instead")
        call = Call(
            _values(row, path),
            binding.query(_pairs(query)),
            binding.value(deepcopy(body)),
            replace(self.caller(as_user), root=self.world.begin() if row.mutates else 0),
        )
        value = self._carried_out(row, call)
        dispatch(self.world)
        with self.world.lock:
            if isinstance(value, Later):
                value = value.make()
            return deepcopy(value.body if isinstance(value, Reply) else value)

    def _carried_out(self, row: Operation, call: Call[Any, Any]) -> Any:
        verdicts = Verdicts()
        while True:
            try:
                with self.world.lock:
                    self.world.verdicts = verdicts
                    return row.handler(self.world, call)
            except UndecidedError as undecided:
                question = undecided.question
                verdicts.learn(question, self.api.office.decide(self.world, question))

    def _keep_to_ourselves(self, world: World) -> None:
        with world.lock:
            world.journal.tell_nobody()
            plans = [PORT.plan(world, effect) for effect in world.outbox]
            world.outbox.clear()
        for plan in plans:
            job = Rendering(plan)
            if not plan.is_plain:
                job.work(self.api.office, world)
            with world.lock:
                PORT.compose(world, plan, job.real, job.shown)
                world.journal.tell_nobody()


def _values(operation: Operation, path: Mapping[str, str]) -> dict[str, str]:
    names = PATH_PARAMETER.findall(operation.path)
    if sorted(names) != sorted(path):
        wanted = ", ".join(names) or "none"
        given = ", ".join(path) or "none"
        raise MisuseError(
            f"{operation.name!r} has other path parameters: wanted {wanted}, given {given}"
        )
    return dict(path)


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (key, str(one).lower() if isinstance(one, bool) else str(one))
        for key, value in query.items()
        for one in (value if isinstance(value, (list, tuple)) else [value])
    ]


def _unknown(operation: str) -> tuple[Operation, Binding]:
    names = ", ".join(BINDINGS)
    raise MisuseError(f"no operation {operation!r}; there are: {names}")
