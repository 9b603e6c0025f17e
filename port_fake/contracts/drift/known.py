"""Differences from Port's published document that the fake has on purpose, each with its reason.

They are shown apart and never counted. The list is exact: one that no longer occurs is a finding,
so it cannot go stale. Each is a thing that one side has and the other lacks; a difference between
two values would need the values here as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from port_fake.contracts.drift.classes import Aspect, Change, Finding

Key: TypeAlias = tuple[str, str, Aspect, Change]

UNLISTED: Final = "Port's document leaves the operation out; Port's own clients use it"
ERRORS: Final = "Port's document does not name the code; the fake checks and tells what it refuses"
SUCCESS: Final = "Port's document declares no success; clients take any 2xx"
ALWAYS: Final = "the fake always answers it; Port's document only leaves it optional"
ENTITY_KEYS: Final = (
    "documentation and clients read more keys of an entity than Port's document has"
)
EXTERNAL_ID: Final = "it can be written and searched, and is answered once it is set"
AGENT: Final = "Port's agent starts with exactly such a request"

ACTION: Final = "/v1/actions/{action_identifier}"
ACTIONS_OF: Final = "/v1/blueprints/{blueprint_identifier}/actions"
ENTITIES: Final = "/v1/blueprints/{blueprint_identifier}/entities"
ENTITY: Final = f"{ENTITIES}/{{entity_identifier}}"
RUN: Final = "/v1/actions/runs/{run_id}"
SECRET: Final = "/v1/organization/secrets/{secret_name}"  # noqa: S105 - a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One or more known differences: every one of *places* in every one of *operations*."""

    reason: str
    aspect: Aspect
    change: Change
    operations: Sequence[str]
    places: Sequence[str] = ("",)

    def identities(self) -> Iterator[Key]:
        """Yield what identifies each of the differences."""
        for operation in self.operations:
            for place in self.places:
                yield operation, place, self.aspect, self.change


def key_of(finding: Finding) -> Key:
    """Return what identifies *finding*."""
    return finding.operation, finding.place, finding.aspect, finding.change


def _codes(reason: str, codes: str, *operations: str) -> Known:
    return Known(
        reason=reason,
        aspect=Aspect.STATUS,
        change=Change.GONE,
        operations=operations,
        places=[f"answer {code}" for code in codes.split()],
    )


def _always(places: str, *operations: str) -> Known:
    return Known(
        reason=ALWAYS,
        aspect=Aspect.REQUIRED,
        change=Change.WIDER,
        operations=operations,
        places=[f"answer {place}" for place in places.split()],
    )


def _entity(place: str, *operations: str) -> tuple[Known, ...]:
    own = "blueprint createdAt createdBy scorecards updatedAt updatedBy"
    always = "blueprint identifier properties relations"
    answered = Known(
        reason=ENTITY_KEYS,
        aspect=Aspect.PROPERTY,
        change=Change.GONE,
        operations=operations,
        places=[f"answer {place}.{key}" for key in own.split()],
    )
    return answered, _always(" ".join(f"{place}.{key}" for key in always.split()), *operations)


def _external(place: str, *operations: str) -> Known:
    return Known(
        reason=EXTERNAL_ID,
        aspect=Aspect.PROPERTY,
        change=Change.GONE,
        operations=operations,
        places=[f"answer {place}.externalRunId"],
    )


CREATED: Final = ("POST /v1/actions", f"POST {ACTIONS_OF}", "POST /v1/organization/secrets")
REPLACED: Final = (f"PUT {ACTION}", f"PUT {ACTIONS_OF}", f"PUT {ACTIONS_OF}/{{action_identifier}}")
CHANGED: Final = (f"PATCH {ACTION}/permissions", f"PATCH {SECRET}")

KNOWN: Final[tuple[Known, ...]] = (
    Known(
        reason=UNLISTED,
        aspect=Aspect.OPERATION,
        change=Change.GONE,
        operations=(
            "GET /v1/auth/permissions",
            "GET /v1/kafka-credentials",
            "PATCH /v1/actions/runs/ack",
            "POST /v1/actions/runs/claim-pending",
            f"PATCH {RUN}/response",
            "GET /v1/workflows/nodes/runs",
            "PATCH /v1/workflows/nodes/runs/{node_run_id}",
            "POST /v1/workflows/nodes/runs/{node_run_id}/logs",
            "PATCH /v1/workflows/runs/ack",
            "POST /v1/workflows/runs/claim-pending",
        ),
    ),
    _codes(SUCCESS, "201", *CREATED),
    _codes(SUCCESS, "200", *REPLACED, *CHANGED),
    _codes(
        SUCCESS,
        "200",
        "GET /v1/actions",
        f"GET {ACTION}",
        f"DELETE {ACTION}",
        f"GET {ACTION}/permissions",
        f"GET {ACTIONS_OF}",
        f"GET {ACTIONS_OF}/{{action_identifier}}",
        f"DELETE {ACTIONS_OF}/{{action_identifier}}",
        "GET /v1/organization",
        "GET /v1/organization/secrets",
        f"DELETE {SECRET}",
    ),
    _codes(
        ERRORS,
        "422",
        "GET /v1/actions",
        "GET /v1/actions/runs",
        f"GET {RUN}",
        f"GET {RUN}/approvers",
        f"GET {RUN}/logs",
        f"GET {ENTITIES}",
        f"GET {ENTITY}",
        "GET /v1/teams",
        "GET /v1/teams/{name}",
        "GET /v1/users",
    ),
    _codes(ERRORS, "400 403", f"PATCH {RUN}", f"PATCH {RUN}/approval", f"POST {ACTION}/runs"),
    _codes(
        ERRORS,
        "400",
        *CHANGED,
        f"POST {RUN}/logs",
        "POST /v1/auth/access_token",
        "PATCH /v1/blueprints/{identifier}",
        "PUT /v1/blueprints/{identifier}",
        f"POST {ENTITIES}/bulk",
        f"PATCH {ENTITY}",
        f"PUT {ENTITY}",
        "PATCH /v1/organization",
        "PUT /v1/organization",
        "PATCH /v1/users/{user_email}",
    ),
    _codes(
        ERRORS,
        "400 409",
        *CREATED,
        *REPLACED,
        "POST /v1/blueprints",
        "POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete",
        f"POST {ENTITIES}",
        "POST /v1/teams",
        "PATCH /v1/teams/{name}",
        "PUT /v1/teams/{name}",
        "POST /v1/users/invite",
    ),
    _codes(ERRORS, "409", "DELETE /v1/blueprints/{identifier}", f"DELETE {ENTITY}"),
    _always("200.runs", "GET /v1/actions/runs"),
    _always("200.run", f"GET {RUN}", f"PATCH {RUN}"),
    _always("201.run", f"PATCH {RUN}/approval"),
    _always("200.approvers", f"GET {RUN}/approvers"),
    _always("200.runLogs", f"GET {RUN}/logs"),
    _always("201.runLog", f"POST {RUN}/logs"),
    _always("202.run", f"POST {ACTION}/runs"),
    _always("200.ok", "POST /v1/auth/access_token"),
    _always("200.count", f"GET {ENTITIES}-count"),
    _always("200.user", "GET /v1/users/{user_email}"),
    *_entity("200.entities[]", f"GET {ENTITIES}"),
    *_entity("201.entity", f"POST {ENTITIES}"),
    *_entity("200.entity", f"GET {ENTITY}", f"PATCH {ENTITY}", f"PUT {ENTITY}"),
    _external("200.runs[]", "GET /v1/actions/runs"),
    _external("200.run", f"GET {RUN}", f"PATCH {RUN}"),
    _external("201.run", f"PATCH {RUN}/approval"),
    _external("202.run", f"POST {ACTION}/runs"),
    Known(
        reason=AGENT,
        aspect=Aspect.REQUIRED,
        change=Change.NARROWER,
        operations=("PATCH /v1/organization",),
        places=("body.name",),
    ),
    Known(
        reason=AGENT,
        aspect=Aspect.PROPERTY,
        change=Change.GONE,
        operations=("PATCH /v1/organization",),
        places=("body.settings.portAgentStreamerName",),
    ),
)
