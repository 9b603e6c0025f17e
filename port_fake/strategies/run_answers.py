"""Runs as Port answers them, for those who test code that reads runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hypothesis import strategies as st

from port_fake.dialects.port.vocabulary import Version, moment
from port_fake.strategies.run_facts import STATUSES, RunFacts, Thing, run_facts

__all__ = ["STATUSES", "run_v1_of", "run_v2_of", "runs"]


def runs(
    version: Version = "v2",
    *,
    statuses: Collection[str] = STATUSES,
    properties: st.SearchStrategy[Mapping[str, Any]] | None = None,
    max_inputs: int = 4,
) -> st.SearchStrategy[dict[str, Any]]:
    """Draw whole runs in the shape of *version*, each of them one that could be.

    *statuses* narrows the choice, *properties* replaces the inputs that are made up, *max_inputs*
    bounds those.

    What a run says fits together: ``endedAt`` is there once it has ended; ``approval`` once it is
    decided, and only where one is required; ``payload`` once it was invoked, so not while it waits
    nor after it was declined or withdrawn; ``response`` if the backend was called synchronously;
    ``installationId`` and ``pendingExecution`` if it went to a queue; ``impersonatedBy`` if a
    user was acted for; timestamps follow one another; nothing is ``deleted`` and has a title.
    In lists, ``unique_by=lambda run: run["id"]`` keeps ids apart, and filters next to nothing.

    Never filters. Shrinks to a run to which as little as possible has happened: it waits, or it is
    under way without approval, was made by the organisation and says nothing else.

    Source: OpenAPI 1.0, the run of every run operation, for v2; tutorial of 2022 for v1.
    """
    facts = run_facts(statuses=statuses, properties=properties, max_inputs=max_inputs)
    return facts.map(run_v1_of if version == "v1" else run_v2_of)


def run_v1_of(facts: RunFacts) -> dict[str, Any]:
    """Return a run in the shape of v1."""
    shown = {
        **_shared(facts),
        "action": facts.action.identifier,
        "properties": dict(facts.properties),
        "endedAt": None if facts.ended_at is None else moment(facts.ended_at),
        "relatedEntityExists": facts.entity is not None and not facts.entity.deleted,
        "relatedBlueprintExists": facts.blueprint is not None and not facts.blueprint.deleted,
        **facts.notes,
    }
    for key, thing in (("blueprint", facts.blueprint), ("entity", facts.entity)):
        if thing is not None:
            shown[key] = {"identifier": thing.identifier, "title": thing.title}
    return shown


def run_v2_of(facts: RunFacts) -> dict[str, Any]:
    """Return a run in the shape of v2."""
    link = facts.notes.get("link", [])
    shown = {
        **_shared(facts),
        "action": _reference(facts.action),
        "properties": {
            **facts.properties,
            **{name: _entity(one) for name, one in facts.linked.items()},
        },
        "rawProperties": dict(facts.raw),
        "link": [link] if isinstance(link, str) else link,
        "requiredApproval": facts.required_approval,
        **{key: facts.notes[key] for key in ("statusLabel", "summary") if key in facts.notes},
    }
    for key, thing in (("blueprint", facts.blueprint), ("entity", facts.entity)):
        if thing is not None:
            shown[key] = _reference(thing)
    invoked = facts.invoked
    if invoked is not None and invoked.installation is not None:
        shown["installationId"] = invoked.installation
        shown["pendingExecution"] = facts.is_queued
    once_there = {
        "approval": None if facts.verdict is None else dict(facts.verdict),
        "endedAt": None if facts.ended_at is None else moment(facts.ended_at),
        "claimedUntil": None if facts.claimed_until is None else moment(facts.claimed_until),
        "impersonatedBy": facts.impersonated_by,
        "externalRunId": facts.notes.get("externalRunId"),
        "payload": None if invoked is None else dict(invoked.payload),
        "response": facts.response,
    }
    return {**shown, **{key: value for key, value in once_there.items() if value is not None}}


def _shared(facts: RunFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "status": facts.status,
        "source": facts.source,
        "createdBy": facts.created_by,
        "updatedBy": facts.updated_by,
        "createdAt": moment(facts.created_at),
        "updatedAt": moment(facts.updated_at),
    }


def _reference(thing: Thing) -> dict[str, Any]:
    shown = {"identifier": thing.identifier, "title": thing.title, "icon": thing.icon}
    return {**shown, "deleted": True} if thing.deleted else shown


def _entity(identifier: str) -> dict[str, Any]:
    """Return the entity behind an input: v2 shows it whole, in the place of its identifier."""
    return {
        "identifier": identifier,
        "blueprint": "service",
        "title": identifier.title(),
        "team": [],
        "properties": {},
        "relations": {},
    }
