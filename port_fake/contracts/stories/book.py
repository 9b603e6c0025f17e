"""All stories, by the names of their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from port_fake.contracts.stories import (
    accounts,
    actions,
    agents,
    catalog,
    history,
    people,
    refusing,
    runs,
    searching,
    seeing,
)
from port_fake.contracts.stories.stage import Tell

STORIES: Final[Mapping[str, Tell]] = {
    "tokens": accounts.tokens,
    "organisation": accounts.organisation,
    "secrets": accounts.secrets,
    "teams": people.teams,
    "users": people.users,
    "blueprints": catalog.blueprints,
    "entities": catalog.entities,
    "dependents": catalog.dependents,
    "bulk": catalog.bulk,
    "search": searching.search,
    "search-rules": searching.rules,
    "actions": actions.actions,
    "blueprint-actions": actions.legacy,
    "permissions": actions.permissions,
    "backends": actions.other_backends,
    "runs": runs.runs,
    "lists-of-runs": runs.listing,
    "logs": runs.logs,
    "approvals": runs.approvals,
    "approvers": seeing.judges,
    "visibility": seeing.visibility,
    "inputs": seeing.inputs,
    "queues": agents.queues,
    "workflows": agents.workflows,
    "audit-log": history.audit,
    "automations": history.automations,
    "strangers": refusing.strangers,
    "nothing": refusing.nothing,
    "unreadable": refusing.unreadable,
}
