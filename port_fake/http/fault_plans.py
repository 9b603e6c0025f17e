"""Faults as plain values: which requests are struck, and what happens to them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import NamedTuple

from port_fake.surface.operation import Operation


class Asked(NamedTuple):
    """What a fault may look at; *path* is decoded, *email* is None for the organisation itself."""

    method: str
    path: str
    query: str
    operation: Operation | None
    caller: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which requests are struck; None means: any. In *path*, ``*`` stands for anything."""

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    as_user: str | None = None

    def fits(self, asked: Asked) -> bool:
        """Whether a request is one of them."""
        name = None if asked.operation is None else asked.operation.name
        return (
            self.operation in {None, name}
            and self.method in {None, asked.method}
            and (self.path is None or fnmatchcase(asked.path, self.path.replace("[", "[[]")))
            and self.as_user in {None, asked.email}
        )

    @property
    def text(self) -> str:
        """The same in words."""
        words = [self.operation, self.method, self.path]
        words += [] if self.as_user is None else [f"as_user={self.as_user}"]
        return " ".join(word for word in words if word is not None) or "any request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What happens to a request that is struck; `port_fake.fault` explains each."""

    status: int | None = None
    message: str | None = None
    retry_after_s: float | None = None
    latency_s: float | None = None
    on_clock: bool = False
    drop: str | None = None
    body: str | None = None
    stale: bool = False

    @property
    def text(self) -> str:
        """The same in words."""
        return " ".join(
            one.name if value is True else f"{one.name}={_word(value)}"
            for one in fields(self)
            if (value := getattr(self, one.name)) is not None and value is not False
        )

    @property
    def stops(self) -> bool:
        """Whether the request never reaches its operation."""
        return self.status is not None or self.drop == "before"

    def suits(self, asked: Asked) -> bool:
        """Whether it can happen to a request: only what reads can be out of date."""
        return not self.stale or (asked.operation is not None and not asked.operation.mutates)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """A fault to be: whom it strikes, how, how often, and how likely."""

    aim: Aim
    effect: Effect
    times: int | None
    probability: float


def _word(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return repr(text) if " " in text else text
