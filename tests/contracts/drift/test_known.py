"""Known differences are set apart with their reasons, and missed when they are gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.contracts.drift.classes import Aspect, Change, Severity
from port_fake.contracts.drift.known import KNOWN, Known
from port_fake.contracts.drift.outcome import Code, Outcome, drift
from port_fake.dialects.port.dialect import PORT
from tests.contracts.drift.documents import DOCUMENT, PATH, copied, put

SIZE: Final = Known(
    reason="sizes are ours",
    aspect=Aspect.PROPERTY,
    change=Change.GONE,
    operations=[f"PUT {PATH}"],
    places=["body.size"],
)


def outcome(tmp_path: Path, document: Any, **more: Any) -> Outcome:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({**document, "info": {"title": "Port API"}}))
    return drift(str(file), fake=DOCUMENT, **more)


def without_size() -> Any:
    document = copied()
    thing = document["components"]["schemas"]["thing"]
    body = json.loads(json.dumps(thing))
    del body["properties"]["size"]
    put(document)["requestBody"]["content"]["application/json"]["schema"] = body
    return document


def test_a_known_difference_is_set_apart_and_does_not_count(tmp_path: Path) -> None:
    found = outcome(tmp_path, without_size(), known=[SIZE])

    assert [(one.place, reason) for one, reason in found.known] == [("body.size", "sizes are ours")]
    assert found.findings == []
    assert found.code(Severity.COSMETIC) is Code.AGREES


def test_the_same_difference_counts_where_it_is_not_known(tmp_path: Path) -> None:
    found = outcome(tmp_path, without_size(), known=[])

    assert found.code(Severity.BREAKING) is Code.DIFFERS


def test_a_known_difference_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    found = outcome(tmp_path, copied(), known=[SIZE])

    assert [(one.aspect, one.place) for one in found.findings] == [(Aspect.KNOWN, "body.size")]
    assert found.code(Severity.BREAKING) is Code.DIFFERS


def test_a_known_difference_of_an_operation_that_is_not_there_is_not_missed(
    tmp_path: Path,
) -> None:
    document = copied()
    del document["paths"][PATH]["put"]

    found = outcome(tmp_path, document, known=[SIZE], partial=True)

    assert found.findings == []
    assert found.absent == [f"PUT {PATH}"]


def test_what_the_fake_printed_itself_has_no_known_differences(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(copied()))

    assert drift(str(file), fake=DOCUMENT, known=[SIZE]).code(Severity.COSMETIC) is Code.AGREES


def test_a_partial_document_need_not_have_every_operation(tmp_path: Path) -> None:
    document = copied()
    del document["paths"][PATH]["get"]

    assert outcome(tmp_path, document, known=[]).code(Severity.BREAKING) is Code.DIFFERS
    assert outcome(tmp_path, document, known=[], partial=True).code(Severity.BREAKING) == 0


def test_each_known_difference_is_listed_once_and_has_a_reason() -> None:
    keys = [key for known in KNOWN for key in known.identities()]

    assert len(set(keys)) == len(keys)
    assert all(known.reason for known in KNOWN)


@pytest.mark.parametrize("operation", sorted({one for known in KNOWN for one in known.operations}))
def test_each_known_difference_is_of_an_operation_that_the_fake_has(operation: str) -> None:
    assert operation in {one.route for one in PORT.operations}


@pytest.mark.parametrize("title", ["Things of mine", "", None, 5])
def test_a_document_that_is_not_ports_has_no_known_differences(
    tmp_path: Path, title: object
) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({**copied(), "info": {"title": title}}))

    assert drift(str(file), fake=DOCUMENT, known=[SIZE]).findings == []
