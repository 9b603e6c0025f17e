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
from tests.contracts.drift.rewriting import REWRITES, Rewrite

Json = Any
OWN: Final = document(PORT)


def differences(fake: Json, published: Json) -> list[Any]:
    found = compared(fake, published).findings
    return [one for one in found if one.severity is not Severity.COSMETIC]


def test_the_fakes_own_document_does_not_differ_from_itself() -> None:
    assert compared(OWN, json.loads(json.dumps(OWN))).findings == []


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_the_fakes_own_document_in_other_words(rewrite: Rewrite) -> None:
    assert differences(OWN, rewrite(OWN, random.Random(1))) == []  # noqa: S311 - no secret


@given(st.lists(st.sampled_from(REWRITES), max_size=4), st.randoms(use_true_random=False))
def test_a_document_rewritten_again_and_again(
    rewrites: list[Rewrite], chance: random.Random
) -> None:
    published: Json = DOCUMENT
    for rewrite in rewrites:
        published = rewrite(published, chance)

    assert differences(DOCUMENT, published) == []


@given(st.lists(st.sampled_from(REWRITES), max_size=4), st.randoms(use_true_random=False))
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


def constraints(node: Json, *, within: str = "") -> Iterator[tuple[Json, str]]:
    """Yield each keyword of each schema with its owner."""
    if isinstance(node, list):
        for one in node:
            yield from constraints(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in SCHEMA_WORDS and within not in {"properties", "patternProperties"}:
                yield node, key
            named = key in {"properties", "patternProperties"} and within != key
            yield from constraints(value, within=key if named else "")


def schema_roots(raw: Json) -> list[Json]:
    operations = [one for item in raw["paths"].values() for one in item.values()]
    bodies = [
        media["schema"]
        for operation in operations
        for body in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in body.get("content", {}).values()
    ]
    parameters = [one["schema"] for operation in operations for one in operation["parameters"]]
    return [*bodies, *parameters, *raw["components"]["schemas"].values()]


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


@pytest.mark.parametrize("own", [OWN, DOCUMENT], ids=["the fake's", "a small one"])
@settings(max_examples=150)
@given(chance=st.randoms(use_true_random=False), drop=st.booleans())
def test_no_constraint_goes_or_changes_unseen(
    own: Json, chance: random.Random, *, drop: bool
) -> None:
    published = json.loads(json.dumps(own))
    owner, word = chance.choice([*constraints(schema_roots(published))])
    before = json.dumps(owner, sort_keys=True)
    if drop:
        del owner[word]
    else:
        owner[word] = altered(owner[word])

    found = compared(own, published).findings

    assert found or says_the_same(json.loads(before), word, owner), f"{word} of {before}"


def says_the_same(before: Json, word: str, after: Json) -> bool:
    """Say whether a keyword said nothing that its neighbours do not say."""
    del after
    typed_by_values = word == "type" and ("enum" in before or "const" in before)
    typed_by_members = word == "type" and ("oneOf" in before or "anyOf" in before)
    return typed_by_values or typed_by_members or before[word] in ([], {}, True, 0)
