"""What may be true of a run at once: drawn as facts, told later in the shape of a version.

Facts are drawn in the order in which they come about (asked for, decided, invoked, reported,
ended), so each can only be what those before it allow, and nothing is filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from string import ascii_letters, digits
from typing import Any, Final

from hypothesis import strategies as st

from port_fake.dialects.port.vocabulary import STATUS
from port_fake.engine.states import State
from port_fake.strategies.invocations import INVOCATIONS, Invocation, Invoked
from port_fake.world.clock import EPOCH

WAITING: Final = STATUS[State.AWAITING_APPROVAL]
UNDER_WAY: Final = STATUS[State.RUNNING]
SUCCEEDED: Final = STATUS[State.SUCCEEDED]
FAILED: Final = STATUS[State.FAILED]
DECLINED: Final = STATUS[State.DECLINED]

STATUSES: Final = (WAITING, UNDER_WAY, DECLINED, SUCCEEDED, FAILED)
"""The five statuses of a run, first those in which the least has happened."""

MACHINE: Final = "fakeClientIdOfTheOrganisation000"
"""The organisation, as stamps name it."""

ALPHABET: Final = ascii_letters + digits
ID_LENGTH: Final = 16
HEX_LENGTH: Final = 24
DAY_MS: Final = 24 * 60 * 60 * 1000


def _run_id(number: int) -> str:
    text = ""
    for _ in range(ID_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        text = ALPHABET[place] + text
    return "r_" + text


# One number instead of sixteen letters: faster to draw, and it shrinks to r_aaaa.
RUN_IDS: Final = st.integers(0, len(ALPHABET) ** ID_LENGTH - 1).map(_run_id)
USER_IDS: Final = st.integers(0, 999).map(lambda one: f"auth0|{one:0{HEX_LENGTH}x}")
TEXTS: Final = st.text(max_size=20)
TITLES: Final = st.none() | st.text(min_size=1, max_size=12)
ICONS: Final = st.sampled_from([None, "Microservice", "Deployment"])
NAMES: Final = st.sampled_from(["deploy", "create_microservice", "scale-up", "équipe@1.2"])
THINGS: Final = st.sampled_from(["service", "checkout", "payments"])
SCALARS: Final = st.one_of(
    st.integers(-1000, 1000), st.booleans(), TEXTS, st.floats(-1e6, 1e6, allow_nan=False)
)
INPUTS: Final = st.sampled_from(["name", "region", "replicas", "tags", "config"])
LINKS: Final = st.integers(1, 999).map(lambda one: f"https://ci.example.com/job/{one}")
JSONS: Final = SCALARS | st.lists(SCALARS, max_size=2)
NOTES: Final = st.fixed_dictionaries(
    {},
    optional={
        "statusLabel": TEXTS,
        "link": LINKS | st.lists(LINKS, max_size=3),
        "summary": TEXTS,
        "externalRunId": st.integers(1, 999).map(lambda one: f"build-{one}"),
        "message": st.dictionaries(INPUTS, SCALARS, max_size=2),
    },
)
LAST_WORDS: Final = st.fixed_dictionaries({}, optional={"statusLabel": TEXTS, "summary": TEXTS})
RESPONSES: Final = st.one_of(
    TEXTS, st.lists(SCALARS, max_size=2), st.dictionaries(INPUTS, JSONS, max_size=2)
)


MAYBE_TEXT: Final = st.none() | TEXTS
MAYBE_RESPONSE: Final = st.none() | RESPONSES
DEFAULTS: Final[st.SearchStrategy[Mapping[str, Any]]] = st.sampled_from(
    [{}, {"region": "eu-west-1"}]
)
BOOLEANS: Final = st.booleans()
ONE_IN_EIGHT: Final = st.integers(0, 7)
PEOPLE: Final = st.just(MACHINE) | USER_IDS
MAYBE_MACHINE: Final = st.sampled_from([None, MACHINE])
ASKED_BY_SOMEBODY: Final = st.sampled_from(["API", "UI"])
SOURCES: Final = st.sampled_from(["API", "UI", "AUTOMATION"])
POLICIES: Final[st.SearchStrategy[bool | Mapping[str, str]]] = st.sampled_from(
    [{"type": "ANY"}, {"type": "ALL"}, True]
)
# Strategies are values of the module: to make one takes longer than to draw from it.
SPANS: Final = st.integers(0, DAY_MS).map(lambda ms: timedelta(milliseconds=ms))
YEAR: Final = st.integers(0, 365 * DAY_MS).map(lambda ms: timedelta(milliseconds=ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An action, blueprint or entity as a run points at it; *deleted* if it is no more."""

    identifier: str
    title: str | None
    icon: str | None
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """All that is known of a run.

    *properties* are the inputs with defaults, *raw* as they were submitted, *linked* the entities
    that some of them name.
    """

    id: str
    status: str
    action: Thing
    blueprint: Thing | None
    entity: Thing | None
    properties: Mapping[str, Any]
    raw: Mapping[str, Any]
    linked: Mapping[str, Any]
    source: str
    required_approval: bool | Mapping[str, str]
    verdict: Mapping[str, Any] | None
    created_by: str
    updated_by: str
    impersonated_by: str | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    notes: Mapping[str, Any]
    invoked: Invoked | None
    response: Any
    is_queued: bool
    claimed_until: datetime | None


@st.composite
def run_facts(
    draw: st.DrawFn,
    *,
    statuses: Collection[str] = STATUSES,
    properties: st.SearchStrategy[Mapping[str, Any]] | None = None,
    max_inputs: int = 4,
    invocations: st.SearchStrategy[Invocation] = INVOCATIONS,
) -> RunFacts:
    """Draw a run. Shrinks to one to which as little as possible has happened."""
    status = draw(_choices(tuple(statuses)))
    gated = status in {WAITING, DECLINED} or draw(BOOLEANS)
    withdrawn = gated and status == FAILED and draw(BOOLEANS)
    released = status not in {WAITING, DECLINED} and not withdrawn
    run_id = draw(RUN_IDS)
    asked = draw(GATED_REQUESTS if gated else FREE_REQUESTS)
    blueprint = draw(MAYBE_THING)
    entity = None
    if blueprint is not None:
        entity = draw(MAYBE_LOST_THING if blueprint.deleted else MAYBE_THING)
    raw, defaults, linked = draw(_inputs(properties, max_inputs))

    time = created_at = EPOCH + draw(YEAR)
    verdict, updated_by = None, asked.created_by
    if gated and (released or status == DECLINED):
        verdict = draw(APPROVED if released else DECLINES)
        updated_by, time = verdict["userId"], time + draw(SPANS)
    invocation = draw(invocations) if released else None
    claimed_until = None
    if invocation is not None and invocation.installation is not None and draw(BOOLEANS):
        claimed_until = time + draw(SPANS)
    notes: Mapping[str, Any] = {}
    if released or withdrawn:
        notes = draw(NOTES if released else LAST_WORDS)
    ended_at, response = None, None
    if status not in {WAITING, UNDER_WAY}:
        if status != DECLINED:
            time += draw(SPANS)
            updated_by = asked.created_by if withdrawn else MACHINE
        ended_at = time
        if invocation is not None and invocation.synchronized:
            response = draw(MAYBE_RESPONSE)
    elif notes:
        updated_by, time = MACHINE, time + draw(SPANS)
    return RunFacts(
        id=run_id,
        status=status,
        action=draw(ACTIONS),
        blueprint=blueprint,
        entity=entity,
        properties={**defaults, **raw},
        raw=raw,
        linked=linked,
        source=asked.source,
        required_approval=asked.required_approval,
        verdict=verdict,
        created_by=asked.created_by,
        updated_by=updated_by,
        impersonated_by=asked.impersonated_by,
        created_at=created_at,
        updated_at=time,
        ended_at=ended_at,
        notes=notes,
        invoked=None if invocation is None else invocation.of(run_id, {**defaults, **raw}),
        response=response,
        is_queued=status == UNDER_WAY and draw(BOOLEANS),
        claimed_until=claimed_until,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    source: str
    required_approval: bool | Mapping[str, str]
    created_by: str
    impersonated_by: str | None


@st.composite
def _requests(draw: st.DrawFn, *, gated: bool) -> _Request:
    source = draw(ASKED_BY_SOMEBODY if gated else SOURCES)
    person = draw(USER_IDS if source == "UI" else PEOPLE)
    may_be_for_another = source == "API" and person != MACHINE
    return _Request(
        source=source,
        required_approval=draw(POLICIES) if gated else False,
        created_by=person,
        impersonated_by=draw(MAYBE_MACHINE) if may_be_for_another else None,
    )


@st.composite
def _verdicts(draw: st.DrawFn, *, approves: bool) -> dict[str, Any]:
    because = draw(MAYBE_TEXT)
    verdict = {
        "userId": draw(PEOPLE),
        "state": "APPROVED" if approves else "DECLINED",
    }
    return verdict if because is None else {**verdict, "description": because}


@st.composite
def _things(
    draw: st.DrawFn,
    *,
    named: st.SearchStrategy[str] = THINGS,
    lost: bool = False,
    keeps_title: bool = False,
) -> Thing:
    identifier = draw(named)
    # One in eight: most runs point at what is there.
    deleted = lost or draw(ONE_IN_EIGHT) == 7  # noqa: PLR2004 - the last of the eight
    shown = keeps_title or not deleted
    return Thing(
        identifier=identifier,
        title=draw(TITLES) if shown else None,
        icon=draw(ICONS) if shown else None,
        deleted=deleted,
    )


@st.composite
def _inputs(
    draw: st.DrawFn, properties: st.SearchStrategy[Mapping[str, Any]] | None, most: int
) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Draw what was submitted, the defaults of the rest, and the entities behind identifiers."""
    if properties is not None:
        return draw(properties), {}, {}
    raw = draw(_dictionaries(most))
    if most < 1:
        return raw, {}, {}
    defaults = draw(DEFAULTS) if len(raw) < most else {}
    if len(raw) + len(defaults) < most and draw(BOOLEANS):
        name = draw(THINGS)
        return {**raw, "service": name}, defaults, {"service": name}
    return raw, defaults, {}


@cache
def _choices(words: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(words)


@cache
def _dictionaries(most: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(INPUTS, JSONS, max_size=most)


GATED_REQUESTS: Final = _requests(gated=True)
FREE_REQUESTS: Final = _requests(gated=False)
APPROVED: Final = _verdicts(approves=True)
DECLINES: Final = _verdicts(approves=False)
ACTIONS: Final = _things(named=NAMES, keeps_title=True)
MAYBE_THING: Final = st.none() | _things()
MAYBE_LOST_THING: Final = st.none() | _things(lost=True)
