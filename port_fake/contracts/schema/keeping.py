"""Where what was accepted is to be read again, and which of its keys show what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Kept(NamedTuple):
    """Where something that was answered under *key* can be read again: by its *field*.

    *parameter* is what the reading operation calls it; *listed* is a list with its key.
    """

    key: str
    read: str
    parameter: str
    field: str
    listed: tuple[str, str] | None = None


ACTION: Final = Kept(
    "action", "get-action", "action_identifier", "identifier", ("get-actions", "actions")
)
BLUEPRINT: Final = Kept(
    "blueprint", "get-blueprint", "identifier", "identifier", ("get-blueprints", "blueprints")
)
ENTITY: Final = Kept(
    "entity", "get-entity", "entity_identifier", "identifier", ("get-entities", "entities")
)
TEAM: Final = Kept("team", "get-team", "name", "name", ("get-teams", "teams"))
SECRET: Final = Kept(
    "secret",
    "get-organization-secret",
    "secret_name",
    "secretName",
    ("get-organization-secrets", "secrets"),
)
LEGACY: Final = Kept(
    "action",
    "get-blueprint-action",
    "action_identifier",
    "identifier",
    ("get-blueprint-actions", "actions"),
)
RUN: Final = Kept("run", "get-action-run-s-details", "run_id", "id")

KEPT: Final[Mapping[str, Kept]] = {
    **dict.fromkeys(("create-action", "replace-action"), ACTION),
    **dict.fromkeys(("create-blueprint", "replace-blueprint", "change-blueprint"), BLUEPRINT),
    **dict.fromkeys(("create-entity", "replace-entity", "change-entity"), ENTITY),
    **dict.fromkeys(("create-team", "replace-team", "change-team"), TEAM),
    **dict.fromkeys(("create-organization-secret", "change-organization-secret"), SECRET),
    **dict.fromkeys(("create-blueprint-action", "replace-blueprint-action"), LEGACY),
    **dict.fromkeys(("update-action-run", "approve-action-run"), RUN),
}
"""What accepts something, and where it is to be found."""

SHOWN_AS_SENT: Final[Mapping[str, tuple[str, ...]]] = {
    "create-action": ("identifier", "title", "description", "invocationMethod"),
    "replace-action": ("identifier", "title", "description", "invocationMethod"),
    "create-blueprint": ("identifier", "title", "description", "icon"),
    "replace-blueprint": ("identifier", "title", "description", "icon"),
    "change-blueprint": ("title", "description", "icon"),
    "create-entity": ("title", "icon"),
    "replace-entity": ("title", "icon"),
    "change-entity": ("title", "icon"),
    "create-team": ("name", "description"),
    "replace-team": ("name", "description"),
    "change-team": ("name", "description"),
    "create-organization-secret": ("secretName", "description"),
    "change-organization-secret": ("description",),
    "update-action-run": ("status", "statusLabel", "summary", "externalRunId"),
}
"""Keys of a body that are to be seen as they were sent, unless they are null."""
