"""What the operations of the control API answer. Moments are ISO 8601, UTC, in milliseconds."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from port_fake.surface.values import Moment, closed


@closed
class HealthView(TypedDict):
    """Whether the fake is there."""

    status: Literal["ok"]
    version: str
    organisations: int


@closed
class OrganisationView(TypedDict):
    """An organisation; *removable* says whether it was made by this API."""

    name: str
    id: str
    base_url: str
    client_id: str
    now: Moment
    removable: bool


@closed
class CreatedView(TypedDict):
    """A new organisation with its credentials."""

    name: str
    id: str
    base_url: str
    client_id: str
    client_secret: str
    now: Moment
    removable: bool


@closed
class OrganisationsView(TypedDict):
    """The organisations of the server, oldest first."""

    organisations: list[OrganisationView]


@closed
class RemovedView(TypedDict):
    """The name that is free again."""

    name: str


@closed
class CredentialsView(TypedDict):
    """The credentials of a user, or with *email* null of the organisation, and a token for them."""

    email: str | None
    client_id: str
    client_secret: str
    access_token: str


@closed
class ClockView(TypedDict):
    """Where a clock stands. *running* says whether it goes on without being moved."""

    now: Moment
    frozen: bool
    running: bool


@closed
class FaultView(TypedDict):
    """A fault: what it was set to, and how often it has struck.

    *fitting* counts the requests that it might have struck, *hits* those that it did; it is *live*
    until it is used up or removed.
    """

    number: int
    operation: str | None
    method: str | None
    path: str | None
    as_user: str | None
    status: int | None
    message: str | None
    retry_after_s: float | None
    latency_s: float | None
    on_clock: bool
    drop: str | None
    body: str | None
    stale: bool
    times: int | None
    probability: float
    hits: int
    fitting: int
    live: bool


@closed
class FaultsView(TypedDict):
    """Faults, oldest first."""

    faults: list[FaultView]


@closed
class RequestView(TypedDict):
    """A request and its answer, without credentials and tokens.

    Bodies are JSON where they can be, otherwise text, and null where there is none. *caller* is
    null without a valid token, *status* if the connection was dropped; *fault* is what has struck.
    """

    number: int
    at: Moment | None
    method: str
    path: str
    query: dict[str, str]
    operation: str | None
    caller: str | None
    status: int | None
    body: Any
    answer: Any
    fault: str | None


@closed
class RequestsView(TypedDict):
    """Requests, oldest first. With *next_since* as ``since``, the next list goes on from here."""

    requests: list[RequestView]
    next_since: int


@closed
class ForgottenView(TypedDict):
    """How many are forgotten."""

    forgotten: int


@closed
class AttemptView(TypedDict):
    """One try to deliver; *error* says why there is no *status*."""

    at: Moment
    duration_s: float
    status: int | None
    headers: dict[str, str]
    body: str
    error: str | None


@closed
class DeliveryView(TypedDict):
    """A letter that has left or should have; *message* is as it may be shown, without secrets."""

    number: int
    kind: str
    run_id: str
    fate: Literal["waiting", "sent", "failed", "not sent", "recorded"]
    message: dict[str, Any]
    notes: list[str]
    reason: str | None
    attempts: list[AttemptView]


@closed
class DeliveriesView(TypedDict):
    """Letters, oldest first."""

    deliveries: list[DeliveryView]
