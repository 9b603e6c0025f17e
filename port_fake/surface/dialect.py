"""A dialect: the words, shapes, refusals and operations that one product's API has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from port_fake.engine.people import Caller
from port_fake.engine.states import Transitions
from port_fake.errors import Fault, RefusedError
from port_fake.surface.operation import Operation, Reply
from port_fake.world.organisations import Organisations
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
class Dialect:
    """One product's action-run API over the shared engine.

    *table* is the engine's, narrowed. *statuses* is total over `Fault`; *refuse* makes the
    answer to a refusal, *error_shape* names the shape of that answer by status.
    """

    name: str
    title: str
    operations: tuple[Operation, ...]
    table: Transitions
    components: Mapping[str, Any]
    authenticate: Authenticate
    statuses: Mapping[Fault, int]
    refuse: Callable[[RefusedError], Reply]
    error_shape: Callable[[int], Any]
