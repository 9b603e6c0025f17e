"""What follows from what: where the answer of one operation holds what others are asked with.

Port's document has no links. These stand in no document either: they are what its paths mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

Json: TypeAlias = dict[str, Any]


class Links(NamedTuple):
    """The operations that are asked with what an answer holds.

    *value* is where it is found, as OpenAPI writes it; *targets* are operations with the name of
    the parameter; *also* are further parameters of all of them.
    """

    value: str
    targets: Mapping[str, str]
    also: Mapping[str, str] = {}


RUN_ID: Final = "$response.body#/run/id"
OF_A_RUN: Final = dict.fromkeys(
    (
        "get-action-run-s-details",
        "update-action-run",
        "add-log-action-run",
        "get-action-s-run-logs",
        "get-action-run-s-approvers",
        "keep-run-response",
    ),
    "run_id",
)
OF_AN_ACTION: Final = dict.fromkeys(
    (
        "get-action",
        "execute-self-service-action",
        "get-action-permissions",
        "update-action-permissions",
        "delete-action",
    ),
    "action_identifier",
)
OF_A_BLUEPRINT: Final = {
    **dict.fromkeys(("get-blueprint", "change-blueprint", "delete-blueprint"), "identifier"),
    **dict.fromkeys(("create-entity", "get-entities", "count-entities"), "blueprint_identifier"),
}
OF_AN_ENTITY: Final = dict.fromkeys(
    ("get-entity", "change-entity", "delete-entity"), "entity_identifier"
)
OF_A_TEAM: Final = dict.fromkeys(("get-team", "change-team", "delete-team"), "name")
OF_A_SECRET: Final = dict.fromkeys(
    ("get-organization-secret", "change-organization-secret", "delete-organization-secret"),
    "secret_name",
)
OF_A_USER: Final = dict.fromkeys(("get-user", "change-user", "delete-user"), "user_email")

LINKS: Final[Mapping[str, Links]] = {
    "execute-self-service-action": Links(RUN_ID, OF_A_RUN),
    "update-action-run": Links(RUN_ID, {"get-action-run-s-details": "run_id"}),
    "create-action": Links("$response.body#/action/identifier", OF_AN_ACTION),
    "create-blueprint": Links("$response.body#/blueprint/identifier", OF_A_BLUEPRINT),
    "create-entity": Links(
        "$response.body#/entity/identifier",
        OF_AN_ENTITY,
        {"blueprint_identifier": "$request.path.blueprint_identifier"},
    ),
    "create-team": Links("$response.body#/team/name", OF_A_TEAM),
    "create-organization-secret": Links("$response.body#/secret/secretName", OF_A_SECRET),
    "invite-user": Links("$request.body#/invitee/email", OF_A_USER),
}
"""By the operation whose success is followed."""

LINKED: Final = frozenset(LINKS) | {target for one in LINKS.values() for target in one.targets}
"""All operations that take part."""


BODIES: Final[Mapping[str, Any]] = {
    "execute-self-service-action": {"properties": {"version": "2"}},
    "update-action-run": {"statusLabel": "under way", "summary": "so far so good"},
    "create-entity": {"title": "Linked", "properties": {"tier": "gold"}},
    "update-action-permissions": {"execute": {"roles": ["Admin"]}},
    "change-user": {"roles": ["Member"]},
    "change-team": {"description": "linked"},
    "change-blueprint": {"title": "Linked"},
    "change-entity": {"title": "Linked"},
}
"""Bodies for operations that are led to by a link, where what is made up could name what is not
there; the others get what is made up.
"""


def write_links(document: Json) -> None:
    """Write the links into a document, and take out of it what has none.

    Bodies that are known are described as no more than objects.
    """
    for path, item in [*document["paths"].items()]:
        for method, operation in [*item.items()]:
            name = operation["operationId"]
            if name not in LINKED:
                del item[method]
                continue
            if "requestBody" in operation and (name in LINKS or name in BODIES):
                # What is sent is known: making it up as well would take most of the time.
                content = operation["requestBody"]["content"]
                content["application/json"] = {"schema": {"type": "object"}}
            if name in LINKS:
                success = next(status for status in operation["responses"] if status < "3")
                operation["responses"][success]["links"] = _written(LINKS[name])
        if not item:
            del document["paths"][path]


def _written(links: Links) -> Json:
    return {
        target: {"operationId": target, "parameters": {parameter: links.value, **links.also}}
        for target, parameter in links.targets.items()
    }
