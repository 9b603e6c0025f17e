"""An endpoint, declared once: routes, validation, authority and the document are read from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from typing_extensions import TypedDict

from port_fake.engine.people import Caller
from port_fake.errors import Fault
from port_fake.world.world import World

Query = TypeVar("Query")
Body = TypeVar("Body")
Answer = TypeVar("Answer")


class Nothing(TypedDict):
    """The shape of a query or a body that an operation does not read."""


@dataclass(frozen=True, slots=True)
class Call(Generic[Query, Body]):
    """A validated request: path parameters, query and body as their shapes say, and who asks."""

    path: Mapping[str, str]
    query: Query
    body: Body
    caller: Caller


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose status is not the operation's usual one."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Later(Generic[Answer]):
    """An answer that is made once everything that the operation set off is rendered.

    *recorded* is what the recorder keeps in the place of a body that holds secrets.
    """

    make: Callable[[], Answer]
    recorded: Any = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One row of a dialect.

    The shapes of query, body and answer are read from the annotations of *handler*, which is
    called with a `Call` after the `World` that the caller belongs to; a *public* operation needs
    no token and gets the `Organisations` instead. The bodies of a *confidential* one are never
    recorded, and one that *hides* those of a path records what `Later` names instead. *scopes*
    are labels of the document. *nonempty* names path parameters whose document says so.
    *other_answers* are further successes by status, *v1* the shape that ``version=v1`` answers,
    where that differs.
    """

    name: str
    tag: str
    route: str
    handler: Callable[..., Any]
    success: int = 200
    public: bool = False
    confidential: bool = False
    hides: Callable[[World, Mapping[str, str]], bool] | None = None
    scopes: tuple[str, ...] = ()
    nonempty: tuple[str, ...] = ()
    body_required: bool = True
    refuses: frozenset[Fault] = frozenset()
    other_answers: Mapping[int, Any] | None = None
    v1: Any = None

    @property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path template."""
        return self.route.partition(" ")[2]

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the handler's annotations."""
        hints = get_type_hints(self.handler, include_extras=True)
        call = list(inspect.signature(self.handler).parameters)[1]
        query, body = get_args(hints[call])
        return Shapes(query=query, body=body, answer=hints["return"])

    @property
    def mutates(self) -> bool:
        """Whether the operation may change something."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """What an operation reads and answers; `Nothing` where it reads nothing."""

    query: Any
    body: Any
    answer: Any
