"""Whatever is given instead of a document: no crash, and never a success."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.drift.classes import Severity
from port_fake.contracts.drift.compare import compared
from port_fake.contracts.drift.documents import LIMIT_DEPTH, parsed
from port_fake.contracts.drift.outcome import Code, drift
from port_fake.contracts.drift.report import as_json, as_text
from port_fake.contracts.drift.unreadable import UnreadableError
from tests.contracts.drift.documents import DOCUMENT, copied

Json = Any
CHANCES: Final = st.integers(0, 2**32).map(random.Random)

JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
WORDS: Final = re.findall(
    r"\S+",
    "openapi paths components schemas get put parameters responses requestBody content schema "
    "properties items anyOf oneOf allOf $ref type enum required additionalProperties security "
    "application/json 200 /v1/things/{thing_id} #/components/schemas/thing name in query path "
    "not if then const minimum prefixItems servers url tags default headers",
)
NEARLY: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
    ),
    max_leaves=30,
)


@given(JSON | NEARLY)
def test_junk_is_told_and_compared_with_nothing(junk: Json) -> None:
    found = compared(DOCUMENT, junk)

    assert [one for one in found.findings if one.severity is Severity.UNCLEAR]


@given(CHANCES, NEARLY)
def test_a_document_with_junk_somewhere_is_still_read(chance: random.Random, junk: Json) -> None:
    published = copied()
    node: Json = published
    while True:
        keys = [*node] if isinstance(node, dict) else [*range(len(node))]
        key = chance.choice(keys)
        if not isinstance(node[key], (dict, list)) or not node[key] or chance.random() < 0.2:
            break
        node = node[key]
    node[key] = junk

    found = compared(DOCUMENT, published).findings

    assert all(as_json_entry(one) for one in found)


def as_json_entry(finding: Any) -> str:
    return json.dumps([finding.fake, finding.published, finding.note, finding.place])


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_text_is_read_or_refused_as_either(text: str) -> None:
    for suffix in ("", ".json", ".yaml"):
        try:
            loaded = parsed(text, suffix=suffix)
        except UnreadableError:
            continue
        assert compared(DOCUMENT, loaded.raw).compared == frozenset()


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_a_file_of_junk_never_passes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "junk"
    file.write_bytes(content)

    outcome = drift(str(file), fake=DOCUMENT)

    assert outcome.code(Severity.BREAKING) is Code.NOT_COMPARED
    assert as_text(outcome, width=80, threshold=Severity.BREAKING)
    assert json.dumps(as_json(outcome, threshold=Severity.BREAKING))


def test_schemas_that_multiply_are_compared_in_time() -> None:
    fake, published = copied(), copied()
    for document, leaf in ((fake, "string"), (published, "number")):
        schemas = document["components"]["schemas"]
        schemas["thing"] = {"$ref": "#/components/schemas/s0"}
        for level in range(60):
            inner = {"$ref": f"#/components/schemas/s{level + 1}"}
            schemas[f"s{level}"] = {"properties": {"a": inner, "b": inner}, "anyOf": [inner, inner]}
        schemas["s60"] = {"type": leaf}

    assert compared(fake, published).findings


def test_a_long_chain_of_schemas_is_no_trouble() -> None:
    fake, published = copied(), copied()
    for document, leaf in ((fake, "string"), (published, "number")):
        schemas = document["components"]["schemas"]
        for level in range(80):
            inner = {"$ref": f"#/components/schemas/s{level + 1}"}
            schemas[f"s{level}"] = {"type": "object", "properties": {"a": inner}}
        schemas["s80"] = {"type": leaf}
        schemas["thing"]["properties"]["chain"] = {"$ref": "#/components/schemas/s0"}

    assert compared(fake, fake).findings == []
    assert {one.aspect.value for one in compared(fake, published).findings} == {"type"}


def test_a_chain_without_end_is_told() -> None:
    published = copied()
    schemas = published["components"]["schemas"]
    for level in range(500):
        inner = {"$ref": f"#/components/schemas/s{level + 1}"}
        schemas[f"s{level}"] = {"type": "object", "properties": {"a": inner}}
    schemas["s500"] = {"type": "string"}
    schemas["thing"]["properties"]["chain"] = {"$ref": "#/components/schemas/s0"}

    assert [one for one in compared(published, published).findings if "deep" in one.note]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "[" * 1_000 + "]" * 1_000, "- " * 1_000, '{"a":' * 5_000 + "1" + "}" * 5_000],
    ids=["open", "lists", "dashes", "objects"],
)
@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_deep_nesting_is_refused(text: str, suffix: str) -> None:
    with pytest.raises(UnreadableError, match=f"deeper than {LIMIT_DEPTH}|not JSON"):
        parsed(text, suffix=suffix)


def test_a_document_larger_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("port_fake.contracts.drift.documents.LIMIT_BYTES", 2**20)
    file = tmp_path / "large.json"
    file.write_text(" " * (2**20 + 1))

    outcome = drift(str(file), fake=DOCUMENT)

    assert "larger than 1 MiB" in outcome.findings[0].note
