"""What may be true of a run at once: drawn as facts, told later in the shape of a version.

Facts are drawn in the order in which they come about (asked for, decided, invoked, reported,
ended), so each can only be what those before it allow, and nothing is filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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

STATUSES: Final = (UNDER_WAY, SUCCEEDED, FAILED, WAITING, DECLINED)
"""The five statuses of a run, those that need no approval first."""

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
THINGS: Final = st.sampled_from(["service", "checkout", "payments"])
NAMES: Final = st.sampled_from(["deploy", "create_microservice", "scale-up", "équipe@1.2"])
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
    """Draw a run. Shrinks to one under way, without approval, that says as little as it may."""
    status = draw(st.sampled_from(tuple(statuses)))
    gated = status in {WAITING, DECLINED} or draw(st.booleans())
    withdrawn = gated and status == FAILED and draw(st.booleans())
    released = status not in {WAITING, DECLINED} and not withdrawn
    run_id = draw(RUN_IDS)
    asked = draw(_requests(gated=gated))
    blueprint = draw(st.none() | _things())
    entity = None if blueprint is None else draw(st.none() | _things(lost=blueprint.deleted))
    raw, defaults, linked = draw(_inputs(properties, max_inputs))

    time = created_at = EPOCH + draw(_spans(365 * DAY_MS))
    verdict, updated_by = None, asked.created_by
    if gated and (released or status == DECLINED):
        verdict = draw(_verdicts(approves=released))
        updated_by, time = verdict["userId"], time + draw(_spans(DAY_MS))
    invocation = draw(invocations) if released else None
    claimed_until = None
    if invocation is not None and invocation.installation is not None and draw(st.booleans()):
        claimed_until = time + draw(_spans(DAY_MS))
    notes: Mapping[str, Any] = {}
    if released or withdrawn:
        notes = draw(NOTES if released else LAST_WORDS)
    ended_at, response = None, None
    if status not in {WAITING, UNDER_WAY}:
        if status != DECLINED:
            time += draw(_spans(DAY_MS))
            updated_by = asked.created_by if withdrawn else MACHINE
        ended_at = time
        if invocation is not None and invocation.synchronized:
            response = draw(st.none() | RESPONSES)
    elif notes:
        updated_by, time = MACHINE, time + draw(_spans(DAY_MS))
    return RunFacts(
        id=run_id,
        status=status,
        action=draw(_things(named=NAMES, keeps_title=True)),
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
        is_queued=status == UNDER_WAY and draw(st.booleans()),
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
    source = draw(st.sampled_from(["API", "UI"] if gated else ["API", "UI", "AUTOMATION"]))
    policies: list[bool | Mapping[str, str]] = [{"type": "ANY"}, {"type": "ALL"}, True]
    person = draw(USER_IDS if source == "UI" else st.just(MACHINE) | USER_IDS)
    may_be_for_another = source == "API" and person != MACHINE
    return _Request(
        source=source,
        required_approval=draw(st.sampled_from(policies)) if gated else False,
        created_by=person,
        impersonated_by=draw(st.sampled_from([None, MACHINE])) if may_be_for_another else None,
    )


@st.composite
def _verdicts(draw: st.DrawFn, *, approves: bool) -> dict[str, Any]:
    because = draw(st.none() | TEXTS)
    verdict = {
        "userId": draw(USER_IDS | st.just(MACHINE)),
        "state": "APPROVED" if approves else "DECLINED",
    }
    return verdict if because is None else {**verdict, "description": because}


@st.composite
def _things(
    draw: st.DrawFn,
    *,
    named: st.SearchStrategy[str] | None = None,
    lost: bool = False,
    keeps_title: bool = False,
) -> Thing:
    identifier = draw(THINGS if named is None else named)
    # One in eight: most runs point at what is there.
    deleted = lost or draw(st.integers(0, 7)) == 7  # noqa: PLR2004 - the last of the eight
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
    raw = draw(st.dictionaries(INPUTS, JSONS, max_size=most))
    if most < 1:
        return raw, {}, {}
    defaults = draw(st.sampled_from([{}, {"region": "eu-west-1"}])) if len(raw) < most else {}
    if len(raw) + len(defaults) < most and draw(st.booleans()):
        name = draw(st.sampled_from(["checkout", "payments"]))
        return {**raw, "service": name}, defaults, {"service": name}
    return raw, defaults, {}


def _spans(most_ms: int) -> st.SearchStrategy[timedelta]:
    return st.integers(0, most_ms).map(lambda ms: timedelta(milliseconds=ms))
