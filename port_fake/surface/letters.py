"""What leaves the fake: letters, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from port_fake.engine.effects import Effect
from port_fake.world.world import World


class Carrier(StrEnum):
    """Who carries a letter."""

    HTTP = "http"
    KAFKA = "kafka"
    WORLD = "world"
    NOBODY = "nobody"


class Fate(StrEnum):
    """What has become of a letter."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOT_SENT = "not sent"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver. *body* is text as it came, *error* says why there is no *status*."""

    at: datetime
    duration_s: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str | None = None

    @property
    def went_well(self) -> bool:
        """Whether the receiver answered 2xx, or the deed was done."""
        return self.error is None and (self.status is None or self.status // 100 == 2)  # noqa: PLR2004


Shown: TypeAlias = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""A message, or what makes it for those who look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to deliver, as it goes on the wire.

    *kind* is the type of the invocation method, or ``EMAIL`` and ``APPROVAL_WEBHOOK`` for
    notifications, or ``CHANGE_LOG``, where *run_id* is empty if an entity has changed. *shown* is
    what the ledger tells of it: the same without secrets. *deed* is carried out by
    `Carrier.WORLD`. *depth* counts the letters that led to this one, and *root* is the
    number of the request that the first of them goes back to.
    """

    kind: str
    carrier: Carrier
    run_id: str
    shown: Shown
    url: str = field(default="", repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    deed: Callable[[World], None] | None = field(default=None, repr=False)
    synchronized: bool = False
    reports: bool = True
    depth: int = 0
    root: int = 0
    notes: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A letter in the ledger, with every attempt. Secrets are not in it.

    *message* is the letter: ``url``, ``method``, ``headers`` and ``body`` of a webhook, or the
    rendered invocation of another backend. *notes* name templates that failed; *reason* says why
    a letter was not sent.
    """

    number: int
    kind: str
    run_id: str
    fate: Fate
    shown: Shown = field(repr=False)
    notes: tuple[str, ...] = ()
    reason: str | None = None
    attempts: tuple[Attempt, ...] = ()

    @property
    def message(self) -> Mapping[str, Any]:
        """The letter as it may be shown."""
        return self.shown() if callable(self.shown) else self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A letter to be: a template, and what its expressions are evaluated over.

    *masked* is the same context with other texts in the place of secrets, None if there are
    none: what is shown is rendered with it. A *plain* template has no expressions.
    """

    effect: Effect
    template: Any
    context: Mapping[str, Any] = field(repr=False)
    masked: Mapping[str, Any] | None = field(repr=False)
    is_plain: bool = False
