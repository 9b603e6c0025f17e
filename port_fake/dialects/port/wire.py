"""Shapes that several resources share."""

from typing import Any, Literal

from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import moment
from port_fake.engine.catalog import Blueprint, Entity, Stamps
from port_fake.engine.people import Permissions, Rules
from port_fake.surface.values import closed


@closed
class Ok(TypedDict):
    """An answer that says only that it worked."""

    ok: Literal[True]


OK: Ok = {"ok": True}


def stamps_json(stamps: Stamps) -> dict[str, str]:
    """Return who made and changed a thing, and when, under Port's names."""
    return {
        "createdAt": moment(stamps.created_at),
        "createdBy": stamps.created_by,
        "updatedAt": moment(stamps.updated_at),
        "updatedBy": stamps.updated_by,
    }


def entity_json(entity: Entity) -> dict[str, Any]:
    """Return an entity as Port answers it; a title or icon that is not set is left out.

    Source: docs and clients, against the six keys that the OpenAPI document lists.
    """
    shown: dict[str, Any] = {
        "identifier": entity.key.identifier,
        "blueprint": entity.key.blueprint,
        "team": list(entity.team),
        "properties": entity.properties,
        "relations": entity.relations,
        **stamps_json(entity.stamps),
    }
    if entity.title is not None:
        shown["title"] = entity.title
    if entity.icon is not None:
        shown["icon"] = entity.icon
    return shown


def blueprint_json(blueprint: Blueprint) -> dict[str, Any]:
    """Return a blueprint as Port answers it: as it was sent, with stamps.

    Source: Ocean reads ``relations``, which is answered even when empty.
    """
    return {"relations": {}, **blueprint.definition, **stamps_json(blueprint.stamps)}


def permissions_json(permissions: Permissions) -> dict[str, Any]:
    """Return permissions as Port answers them; a policy that is not set is left out."""
    execute = _rules_json(permissions.execute)
    return {
        "execute": {**execute, "ownedByTeam": permissions.execute.owned_by_team},
        "approve": _rules_json(permissions.approve),
    }


def _rules_json(rules: Rules) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "users": list(rules.users),
        "roles": list(rules.roles),
        "teams": list(rules.teams),
    }
    if rules.policy is not None:
        shown["policy"] = rules.policy
    return shown


def only_fields(shown: dict[str, Any], fields: list[str] | None) -> dict[str, Any]:
    """Return the fields that a query asks for by name or ``name.part``; all, if by none."""
    if fields is None:
        return shown
    names = {field.partition(".")[0] for field in fields}
    return {key: value for key, value in shown.items() if key in names}
