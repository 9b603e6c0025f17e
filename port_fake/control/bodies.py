"""What the operations of the control API read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias, get_args, get_type_hints

from typing_extensions import TypedDict

from port_fake.settings import Settings
from port_fake.surface.schema import Schema, array, choice, closed, flag, number, text
from port_fake.surface.values import Bounded, Described, Document
from port_fake.surface.values import closed as closed_shape

MOST: Final = 2**31 - 1
"""Of a setting; more would only overflow somebody's clock."""

POSITIVE: Final = frozenset({"rate_limit_period_s", "visibility_timeout_ms", "webhook_timeout_s"})
"""Settings that are meaningless at 0."""

LONGEST_WAIT_S: Final = 600
MOST_EXCHANGES: Final = 10_000


def whole(**rules: object) -> Schema:
    """Any whole number."""
    return {"type": "integer", **rules}


def _setting(name: str, kind: Any) -> Schema:
    bounds = {"minimum": 1 if name in POSITIVE else 0, "maximum": MOST}
    known: Mapping[Any, Schema] = {
        int: whole(**bounds),
        float: number(**bounds),
        bool: flag(),
        str: text(),
        frozenset[str]: array(text()),
    }
    return known[kind] if kind in known else choice(*get_args(kind))


SETTINGS: Final = Document(
    closed(
        {name: _setting(name, kind) for name, kind in get_type_hints(Settings).items()},
        description="What to change of port_fake.Settings, which explains each.",
    )
)

Overrides: TypeAlias = Annotated[dict[str, Any], Described(**SETTINGS.shown)]
Snapshot: TypeAlias = Annotated[
    dict[str, Any], Described(description="An organisation, whole, with all its secrets.")
]
Name: TypeAlias = Annotated[
    str, Document(text(minLength=1, maxLength=200, pattern=r"^(?!\.{1,2}$)"))
]
Secret: TypeAlias = Annotated[str, Document(text(minLength=1, maxLength=200))]


@closed_shape
class PopulationBody(TypedDict, total=False):
    """How many of what to make up, from which seed, over how many past weeks."""

    runs: int
    seed: int
    people: int
    services: int
    weeks: int


@closed_shape
class ScenarioBody(TypedDict, total=False):
    """What to furnish with; one of the three.

    *name* is of a scenario that comes along, or a folder on the server's machine; *parts* are the
    items themselves, a list for each of teams, users, secrets, blueprints, entities, actions,
    permissions and runs; *populate* makes up what looks real, and needs the extra ``strategies``.
    """

    name: str
    parts: dict[str, list[dict[str, Any]]]
    populate: PopulationBody


@closed_shape
class CreationBody(TypedDict, total=False):
    """An organisation to be. The same name and seed give the same credentials and ids.

    Without *name* it gets a free one; the seed is 0 if none is given, and null lets ids be random
    and time be the machine's. With *snapshot* it begins as that was, id and credentials included,
    and there is no scenario.
    """

    name: Name
    seed: int | None
    scenario: ScenarioBody
    snapshot: Snapshot
    settings: Overrides
    client_id: Secret
    client_secret: Secret


@closed_shape
class ResetBody(TypedDict):
    """What the organisation is furnished with afterwards, if with anything."""

    scenario: NotRequired[ScenarioBody]


@closed_shape
class ClockBody(TypedDict):
    """First the clock is *set* to a time in ISO 8601, then it moves on, then it stops or goes.

    What was waiting for the time that it reaches happens.
    """

    set: NotRequired[str]
    advance_s: NotRequired[Annotated[float, Bounded(0)]]
    frozen: NotRequired[bool]


@closed_shape
class FaultBody(TypedDict, total=False):
    """Which requests go wrong (the first four; any, if none is given), how, and how often.

    *path* may hold ``*``; *times* null means always, and one time is what is not given.
    """

    operation: str | None
    method: str | None
    path: str | None
    as_user: str | None
    status: int | None
    message: str | None
    retry_after_s: float | None
    latency_s: float | None
    on_clock: bool
    drop: Literal["before", "after"] | None
    body: Literal["truncated", "malformed"] | None
    stale: bool
    times: int | None
    probability: float


@closed_shape
class SettleBody(TypedDict):
    """How long to wait, in seconds; 10, if it is not said."""

    timeout_s: NotRequired[Annotated[float, Bounded(0, LONGEST_WAIT_S)]]


class RequestsQuery(TypedDict, total=False):
    """Which requests: all that is given must fit. In *path*, ``*`` stands for anything.

    Those after number *since*, at most *limit*, oldest first.
    """

    method: str
    path: str
    operation: str
    caller: str
    status: Annotated[float, Bounded(0, 599)]
    since: Annotated[float, Bounded(0)]
    limit: Annotated[float, Bounded(1, MOST_EXCHANGES), Described(default=MOST_EXCHANGES)]
