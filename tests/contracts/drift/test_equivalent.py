"""A document in other words has no differences; one that says something else always has."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake.contracts.drift.classes import Severity
from port_fake.contracts.drift.compare import compared
from port_fake.contracts.drift.documents import parsed
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document
from tests.contracts.drift.documents import DOCUMENT
from tests.contracts.drift.rewriting import LISTS, MAPS, PARTS, REWRITES, Rewrite

pytestmark = pytest.mark.slow  # thousands of draws

Json = Any
CHANCES: Final = st.integers(0, 2**32).map(random.Random)
OWN: Final = document(PORT)


def differences(fake: Json, published: Json) -> list[Any]:
    found = compared(fake, published).findings
    return [one for one in found if one.severity is not Severity.COSMETIC]


def test_the_fakes_own_document_does_not_differ_from_itself() -> None:
    assert compared(OWN, json.loads(json.dumps(OWN))).findings == []


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_the_fakes_own_document_in_other_words(rewrite: Rewrite) -> None:
    assert differences(OWN, rewrite(OWN, random.Random(1))) == []  # noqa: S311 - no secret


@given(st.lists(st.sampled_from(REWRITES), max_size=4), CHANCES)
def test_a_document_rewritten_again_and_again(
    rewrites: list[Rewrite], chance: random.Random
) -> None:
    published: Json = DOCUMENT
    for rewrite in rewrites:
        published = rewrite(published, chance)

    assert differences(DOCUMENT, published) == []


@given(st.lists(st.sampled_from(REWRITES), max_size=4), CHANCES)
def test_the_direction_does_not_matter_to_what_is_the_same(
    rewrites: list[Rewrite], chance: random.Random
) -> None:
    fake: Json = DOCUMENT
    for rewrite in rewrites:
        fake = rewrite(fake, chance)

    assert differences(fake, DOCUMENT) == []


def test_the_same_as_yaml() -> None:
    text = yaml.safe_dump(OWN, sort_keys=True)

    loaded = parsed(text, suffix=".yaml")

    assert loaded.findings == []
    assert compared(OWN, loaded.raw).findings == []


SCHEMA_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "type enum const required minLength maxLength minimum maximum exclusiveMinimum pattern "
        "format items additionalProperties properties default maxItems uniqueItems multipleOf not "
        "prefixItems patternProperties anyOf oneOf propertyNames",
    )
)


def constraints(raw: Json) -> list[tuple[Json, str]]:
    """Return each keyword of each schema that an operation leads to, with its owner."""
    operations = [one for item in raw["paths"].values() for one in item.values()]
    bodies = [
        media["schema"]
        for operation in operations
        for body in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in body.get("content", {}).values()
    ]
    parameters = [one["schema"] for operation in operations for one in operation["parameters"]]
    waiting, seen = [*bodies, *parameters], set[int]()
    found: list[tuple[Json, str]] = []
    while waiting:
        schema = waiting.pop()
        if not isinstance(schema, dict) or id(schema) in seen:
            continue
        seen.add(id(schema))
        found += [(schema, word) for word in schema if word in SCHEMA_WORDS]
        waiting += inside(raw, schema)
    return found


def inside(raw: Json, schema: Json) -> Iterator[Json]:
    if "$ref" in schema:
        yield raw["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for word in MAPS:
        yield from schema.get(word, {}).values()
    for word in LISTS:
        yield from schema.get(word, [])
    yield from (schema[word] for word in PARTS if word in schema)


def altered(value: Json) -> Json:
    """Return something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return {"string": "number", "date-time": "date"}.get(value, f"{value}x")
    if isinstance(value, list):
        return value[1:]
    return {"type": "boolean"} if "type" in value else {}


@pytest.mark.parametrize("name", ["the fake's", "a small one"])
@settings(max_examples=15)  # each compares two documents of the full size
@given(chance=CHANCES, drop=st.booleans())
def test_no_constraint_goes_or_changes_unseen(
    name: str, chance: random.Random, *, drop: bool
) -> None:
    own = OWN if name == "the fake's" else DOCUMENT
    published = json.loads(json.dumps(own))
    owner, word = chance.choice(constraints(published))
    before = json.dumps(owner, sort_keys=True)
    silent = drop and word == "type" and is_typed_around(published, owner)
    if drop:
        del owner[word]
    else:
        owner[word] = altered(owner[word])

    found = compared(own, published).findings

    assert found or silent or says_the_same(json.loads(before), word), f"{word} of {before}"


def is_typed_around(raw: Json, member: Json) -> bool:
    """Say whether a schema is written inside of a union or intersection of the same type.

    Every value must have the type of the schema around before its members are asked, so a member
    that leaves out the same type accepts the same. This holds only where the member is written in
    place: what is referred to may be referred to from elsewhere too.
    """
    types = type_names(member)
    while (around := group_around(raw, member)) is not None:
        if "type" in around and type_names(around) <= types:
            return True
        member = around
    return False


def type_names(schema: Json) -> set[str]:
    names = schema["type"]
    null = {"null"} if schema.get("nullable") is True else set[str]()
    return {names} | null if isinstance(names, str) else {*names} | null


def group_around(raw: Json, member: Json) -> Json | None:
    """Return the schema of which *member* is an alternative or a part, if there is one."""
    owners = {id(owner): owner for owner, _ in constraints(raw)}.values()
    groups = ("anyOf", "oneOf", "allOf")
    for owner in owners:
        if any(member is one for word in groups for one in owner.get(word, [])):
            return owner
    return None


def says_the_same(before: Json, word: str) -> bool:
    """Say whether a keyword said nothing that its neighbours do not say."""
    typed_by_values = word == "type" and ("enum" in before or "const" in before)
    typed_by_members = word == "type" and ("oneOf" in before or "anyOf" in before)
    return typed_by_values or typed_by_members or before[word] in ([], {}, True, 0)
