"""The audit log: what has become of runs, entities, actions, permissions and blueprints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.events import event_json, resource, triggered
from port_fake.dialects.port.vocabulary import DEEDS
from port_fake.engine.actions import Action
from port_fake.engine.catalog import Entity
from port_fake.engine.changes import Change, Grant, Thing
from port_fake.engine.people import ADMIN, Caller
from port_fake.engine.runs import Run
from port_fake.errors import Fault, ForbiddenError, InvalidError
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Flag, Moment, Number, closed
from port_fake.world.world import World

Resource: TypeAlias = Literal[
    "blueprint", "entity", "run", "webhook", "scorecard", "action", "integration"
]
Include: TypeAlias = Literal[
    "action",
    "context",
    "diff",
    "identifier",
    "resourceType",
    "status",
    "trigger",
    "additionalData",
    "message",
]
AuditQuery = TypedDict(
    "AuditQuery",
    {
        "identifier": str,
        "entity": str,
        "include_deleted_entities": Flag,
        "blueprint": str,
        "run_id": str,
        "webhookId": str,
        "webhookEventId": str,
        "origin": list[str],
        "InstallationId": str,
        "resources": list[Resource] | Resource,
        "includes": list[Include],
        "from": Moment,
        "to": Moment,
        "action": str,
        "status": Literal["SUCCESS", "FAILURE"],
        "limit": Number,
        "actionType": Literal["automation", "self-service"],
    },
    total=False,
)
"""Which records to answer, and what of them; everything given must fit.

The fake has no webhooks that bring data in, so nothing has come from one.
"""

INDEXED: Final = {
    "identifier": "identifier",
    "entity": "entity",
    "blueprint": "blueprint",
    "run_id": "run",
}
"""Filters that are looked up, and the keys of the journal."""

EVER: Final = datetime.min.replace(tzinfo=UTC)
ALWAYS: Final = datetime.max.replace(tzinfo=UTC)

NARROW: Final = ("identifier", "entity", "run_id")


@closed
class AuditEnvelope(TypedDict):
    """An answer that holds records."""

    ok: Literal[True]
    audits: list[dict[str, Any]]


def read_audit_log(world: World, call: Call[AuditQuery, Nothing]) -> AuditEnvelope:
    """Answer with the records that match, newest first.

    Raises: ForbiddenError, InvalidError.
    Source: OpenAPI 1.0, GET /v1/audit-log: who is no Admin must name a thing, an entity or a run.
    Assumed: the key of the records; records of runs that the caller may not see, and of what was
    done on their behalf, are left out.
    """
    query: Mapping[str, Any] = call.query
    caller = call.caller
    if not _is_admin(caller) and not any(name in query for name in NARROW):
        raise ForbiddenError(
            "only Admins read the whole audit log: name an identifier, an entity or a run_id"
        )
    period = _period(query)
    keys = {key: query[name] for name, key in INDEXED.items() if name in query}
    found = (
        number
        for number in world.journal.find(keys)
        if _fits(world, world.journal[number], query, period)
        and _is_seen(world, world.journal[number], caller)
    )
    asked = int(query.get("limit", world.settings.audit_limit))
    limit = min(max(0, asked), len(world.journal.rows))  # a number may be larger than any list
    return {"ok": True, "audits": [_record(world, one, query) for one in islice(found, limit)]}


def _is_admin(caller: Caller) -> bool:
    return caller.user is None or ADMIN in caller.user.roles


def _is_seen(world: World, change: Change, caller: Caller) -> bool:
    if isinstance(change.thing, Run):
        return world.access.may_see(change.thing, caller)
    run_id = change.cause.run_id
    return run_id is None or world.access.may_see(world.runs[run_id], caller)


def _period(query: Mapping[str, Any]) -> tuple[datetime, datetime]:
    start, end = query.get("from"), query.get("to")
    return (
        EVER if start is None else _time("from", start),
        ALWAYS if end is None else _time("to", end),
    )


def _time(name: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidError(f"query parameter {name!r} is not a date-time: {text!r}") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _fits(
    world: World, change: Change, query: Mapping[str, Any], period: tuple[datetime, datetime]
) -> bool:
    """Whether a record fits what is not looked up.

    Assumed: ``include_deleted_entities=false`` leaves out the records of entities that are gone;
    ``action`` is the word for what was done.
    """
    held: dict[str, Any] = {
        "webhookId": None,
        "webhookEventId": None,
        "InstallationId": _installation(change.thing),
        "action": DEEDS[change.happening],
        "status": _status(change),
        "actionType": _type(change.thing),
    }
    if any(query[name] != value for name, value in held.items() if name in query):
        return False
    if "resources" in query and resource(change.thing) not in query["resources"]:
        return False
    if "origin" in query and triggered(world, change)["origin"] not in query["origin"]:
        return False
    if query.get("include_deleted_entities") is False and _is_gone(world, change.thing):
        return False
    return period[0] <= change.cause.at <= period[1]


def _installation(thing: Thing) -> str | None:
    return thing.installation if isinstance(thing, Run) else None


def _type(thing: Thing) -> str | None:
    if isinstance(thing, Run | Grant):
        thing = thing.action
    if not isinstance(thing, Action):
        return None
    return "automation" if thing.is_automation else "self-service"


def _status(change: Change) -> str:
    return "SUCCESS" if change.problem is None else "FAILURE"


def _is_gone(world: World, thing: Thing) -> bool:
    return (
        isinstance(thing, Entity)
        and world.entities.find(thing.key.blueprint, thing.key.identifier) is None
    )


def _record(world: World, number: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record, or what ``includes`` asks for of it; its trigger tells the time.

    Assumed: additional data are empty.
    """
    change = world.journal[number]
    record = {
        **event_json(world, number),
        "identifier": _identifier(change.thing),
        "additionalData": {},
        "message": change.problem or "",
    }
    record["context"] = {**record["context"], "runId": change.cause.run_id}
    wanted = query.get("includes")
    if wanted is None:
        return record
    return {name: value for name, value in record.items() if name in wanted}


def _identifier(thing: Thing) -> str:
    match thing:
        case Run():
            return thing.id
        case Entity():
            return thing.key.identifier
        case Grant():
            return thing.action.identifier
        case _:
            return thing.identifier


OPERATIONS: Final = (
    Operation(
        name="get-audit-logs",
        tag="Audit",
        route="GET /v1/audit-log",
        handler=read_audit_log,
        scopes=("read:audit-log",),
        refuses=frozenset({Fault.FORBIDDEN}),
    ),
)
