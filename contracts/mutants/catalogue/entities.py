"""Entities, and how they are searched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed
from contracts.mutants.rows import (
    Document,
    listed,
    not_deleted,
    of_all,
    put,
    said,
    sent,
    without,
)
from port_fake.contracts.proxy import Answered

SHOWN: Final = ("get-entity", "get-entities", "create-entity", "replace-entity", "change-entity")
SEARCHES: Final = ("search-entities", "search-blueprint-entities")
POSITIVE: Final = {
    "!=": "=",
    "doesNotContains": "contains",
    "notContains": "contains",
    "notIn": "in",
    "isEmpty": "isNotEmpty",
    "notBetween": "between",
}


def _rules(document: Any) -> list[Document]:
    """Return all rules of a query, however deep."""
    if not isinstance(document, dict):
        return []
    inner = document.get("rules", [])
    nested = inner if isinstance(inner, list) else []
    return [document, *(rule for one in nested for rule in _rules(one))]


def _query(fields: Document) -> Document:
    """Return the query of a search: in one of the two it is an object of its own."""
    query = fields.get("query", fields)
    return query if isinstance(query, dict) else fields


def _never_not(fields: Document) -> None:
    for rule in _rules(_query(fields)):
        if isinstance(rule.get("operator"), str):
            rule["operator"] = POSITIVE.get(rule["operator"], rule["operator"])


def _always_and(fields: Document) -> None:
    for rule in _rules(_query(fields)):
        if rule.get("combinator") == "or":
            rule["combinator"] = "and"


def _first_rule(fields: Document) -> None:
    query = _query(fields)
    if isinstance(query.get("rules"), list):
        query["rules"] = query["rules"][:1]


async def _put_merges(passing: Passing) -> Answered:
    if passing.operation != "replace-entity" or "properties" not in passing.fields:
        return await passing.go()
    found = (await passing.look(passing.asked.target) or {}).get("entity")
    given = passing.fields["properties"]
    if found is None or not isinstance(given, dict):
        return await passing.go()
    merged = {**passing.fields, "properties": {**found["properties"], **given}}
    return await passing.go(passing.with_body(merged))


async def _patch_replaces(passing: Passing) -> Answered:
    """Let a change of an entity lose the properties that it does not name."""
    given = passing.fields.get("properties")
    if passing.operation != "change-entity" or not isinstance(given, dict):
        return await passing.go()
    found = (await passing.look(passing.asked.target) or {}).get("entity", {})
    nothing = dict.fromkeys(found.get("properties", {}))
    return await passing.go(passing.with_body({**passing.fields, "properties": nothing | given}))


async def _same_twice(passing: Passing) -> Answered:
    """Take an entity that exists for a new one, and keep the old."""
    answered = await passing.go()
    if passing.operation == "create-entity" and answered.status == 409:
        return replace(answered, status=201, body=_as_entity(passing))
    return answered


def _as_entity(passing: Passing) -> bytes:
    return answer(201, {"ok": True, "entity": passing.fields}).body


def _third_is_lost() -> Alteration:
    """Answer each organisation's third entity without keeping it."""
    made: Counter[str] = Counter()

    async def alter(passing: Passing) -> Answered:
        if passing.operation != "create-entity":
            return await passing.go()
        made[passing.organisation] += 1
        answered = await passing.go()
        if made[passing.organisation] == 3 and answered.status == 201:
            entity = parsed(answered.body)["entity"]
            gone = f"/v1/blueprints/{entity['blueprint']}/entities/{entity['identifier']}"
            await passing.go(replace(passing.asked, method="DELETE", target=gone, body=b""))
        return answered

    return alter


async def _partly_is_all(passing: Passing) -> Answered:
    answered = await passing.go()
    if passing.operation == "write-entities" and answered.status == 207:
        document = parsed(answered.body)
        return answer(200, {**document, "errors": []})
    return answered


def _count(document: Document) -> None:
    for key in ("count", "entitiesCount"):
        if isinstance(document.get(key), int) and document[key]:
            document[key] += 1


ENTITIES: Final = (
    Mutant(
        "entities.put-merges", "keeps properties that a replacement leaves out", lambda: _put_merges
    ),
    Mutant(
        "entities.patch-replaces",
        "loses properties that a change leaves out",
        lambda: _patch_replaces,
    ),
    Mutant(
        "entities.not-deleted",
        "answers the deletion of an entity and keeps it",
        lambda: not_deleted(
            "delete-entity", "/v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}"
        ),
    ),
    Mutant("entities.same-twice", "takes an entity that exists for a new one", lambda: _same_twice),
    Mutant("entities.third-is-lost", "loses an organisation's third entity", _third_is_lost),
    Mutant(
        "entities.partly-is-all",
        "reports no errors of entities written together",
        lambda: _partly_is_all,
    ),
    said(
        "entities.no-relations",
        "loses the relations of entities",
        *SHOWN,
        change=of_all("entity", "entities", change=without("relations")),
    ),
    said(
        "entities.no-blueprint",
        "loses the blueprint of entities",
        "get-entity",
        change=of_all("entity", change=without("blueprint")),
    ),
    said(
        "entities.title-is-identifier",
        "shows the identifier as the title",
        "get-entity",
        change=of_all("entity", change=lambda one: one.update(title=one["identifier"])),
    ),
    said("entities.one-too-many", "counts one entity too many", "count-entities", change=_count),
    said(
        "entities.last-is-lost",
        "lists all entities but the last",
        "get-entities",
        change=listed("entities", lambda found: found[:-1] if len(found) > 1 else found),
    ),
    sent("search.never-not", "searches != as =", *SEARCHES, body=_never_not),
    sent("search.or-is-and", "searches or as and", *SEARCHES, body=_always_and),
    sent("search.first-rule-only", "heeds the first of several rules", *SEARCHES, body=_first_rule),
    said("search.finds-nothing", "finds nothing", *SEARCHES, change=put("entities", [])),
)
