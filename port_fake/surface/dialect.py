"""A dialect: the words, shapes, refusals and operations that one product's API has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from port_fake.engine.changes import Change
from port_fake.engine.effects import Effect
from port_fake.engine.people import Caller
from port_fake.engine.states import Transitions
from port_fake.errors import Fault, RefusedError
from port_fake.expressions.templates import Rendered
from port_fake.surface.letters import Attempt, Letter, Plan
from port_fake.surface.occasions import Occasion
from port_fake.surface.operation import Operation, Reply
from port_fake.world.organisations import Member, Organisations
from port_fake.world.policies import Policies
from port_fake.world.world import World


class Authenticate(Protocol):
    """Turns the value of an Authorization header into a caller and a world."""

    def __call__(
        self, organisations: Organisations, authorization: str | None
    ) -> tuple[World, Caller]:
        """Return who asks, and in which world.

        Raises:
            UnauthorizedError: The header proves nothing here and now.
        """
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Published:
    """What is told of an API in its document, and how it refuses.

    *statuses* is total over `Fault`; *refuse* makes the answer to a refusal, *error_shape* names
    the shape of that answer by status. *always* is what every operation may refuse for.
    """

    title: str
    operations: tuple[Operation, ...]
    components: Mapping[str, Any]
    statuses: Mapping[Fault, int]
    refuse: Callable[[RefusedError], Reply]
    error_shape: Callable[[int], Any]
    always: frozenset[Fault]


@dataclass(frozen=True, kw_only=True, eq=False)
class Dialect(Published):
    """One product's action-run API over the shared engine.

    *table* is the engine's, narrowed. *fail* makes an answer to an error on purpose, with any
    status and text. *plan* says what an effect needs rendered, *compose* makes letters of it (as
    it is, and as it may be shown), *report* lets a run know what came of its letter, *announce*
    makes the letter that tells of a change, if somebody is to hear of it, *occasions* finds the
    automations that wait for one, given its number, and *authorize* returns the header with which
    somebody calls. *policies* judges who may do what.
    """

    name: str
    table: Transitions
    policies: Policies
    authenticate: Authenticate
    fail: Callable[[int, str], Reply]
    plan: Callable[[World, Effect], Plan]
    compose: Callable[[World, Plan, Rendered, Rendered], list[Letter]]
    report: Callable[[World, Letter, Attempt], None]
    announce: Callable[[World, Change], Letter | None]
    occasions: Callable[[World, int], list[Occasion]]
    authorize: Callable[[Member], str]
