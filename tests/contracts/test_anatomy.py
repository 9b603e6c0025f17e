"""What a run must look like: the samples do, and each spoilt one does not."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import (
    enveloped,
    is_moment,
    lasting,
    misshapen,
    misshapen_line,
    moment_of,
    text_of,
)
from port_fake.contracts.replies import AnswerError, Reply

STAMPS = {
    "createdAt": "2026-01-05T10:00:00.000Z",
    "createdBy": "ana",
    "updatedAt": "2026-01-05T10:00:00.001Z",
    "updatedBy": "ana",
}
RUN: dict[str, Any] = {
    **STAMPS,
    "id": "r_0123456789abcdef",
    "status": "IN_PROGRESS",
    "action": {"identifier": "deploy", "title": None, "icon": None},
    "properties": {},
    "source": "API",
    "link": [],
    "requiredApproval": {"type": "ANY"},
}
RUN_V1: dict[str, Any] = {
    **{key: value for key, value in RUN.items() if key not in {"link", "requiredApproval"}},
    "action": "deploy",
    "endedAt": None,
    "relatedEntityExists": False,
    "relatedBlueprintExists": True,
}
ODD: list[Any] = [None, True, 1, "", [], {}, {"identifier": []}, {"type": []}, [[]], "x" * 9]


def test_samples_have_their_shape() -> None:
    assert misshapen(RUN) == []
    assert misshapen(RUN_V1, "v1") == []


@pytest.mark.parametrize("key", [key for key in RUN if key != "link"])
def test_a_run_without_a_required_key_is_told(key: str) -> None:
    spoilt = {name: value for name, value in RUN.items() if name != key}

    assert misshapen(spoilt) == [f"{key} is missing"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "CANCELLED"),
        ("status", ["SUCCESS"]),
        ("action", "deploy"),
        ("action", {"identifier": ""}),
        ("source", "CLI"),
        ("link", None),
        ("link", [1]),
        ("requiredApproval", None),
        ("requiredApproval", {"type": "SOME"}),
        ("requiredApproval", {"type": ["ANY"]}),
        ("endedAt", None),
        ("createdAt", "2026-01-05T10:00:00Z"),
        ("updatedAt", "2026-13-05T10:00:00.000Z"),
        ("summary", None),
    ],
)
def test_a_run_with_a_wrong_value_is_told(key: str, value: object) -> None:
    assert misshapen({**RUN, key: value}) == [f"{key} is {value!r}"]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_whatever_a_run_holds_it_can_be_looked_at(value: object) -> None:
    for run in (dict.fromkeys(RUN, value), dict.fromkeys(RUN_V1, value)):
        assert misshapen(run)
        assert misshapen(run, "v1")
        assert misshapen_line(run)
        lasting(run)


def test_what_lasts_leaves_out_that_something_was_deleted() -> None:
    deleted = {**RUN, "action": {"identifier": "deploy", "deleted": True}, "status": "SUCCESS"}

    assert lasting(deleted) == lasting(RUN)
    assert lasting({**RUN, "source": "UI"}) != lasting(RUN)


def test_a_moment_has_milliseconds_and_z() -> None:
    assert is_moment("2026-01-05T10:00:00.000Z")
    for wrong in ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00.000+00:00", "", 1767607200000, None):
        assert not is_moment(wrong)


def test_a_missing_moment_or_text_is_an_answer_of_the_target() -> None:
    with pytest.raises(AnswerError, match="'endedAt' of r_0123456789abcdef is None"):
        moment_of(RUN, "endedAt")
    with pytest.raises(AnswerError, match="'summary' must be a text"):
        text_of(RUN, "summary")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"run": {}}'),
        (200, b'{"ok": 1, "run": {}, "more": 1}'),
        (200, b'{"ok": 1, "run": {}}'),
        (200, b'{"ok": "true", "run": {}}'),
        (200, b'{"ok": true}'),
        (404, b'{"ok": true, "run": {}}'),
        (200, b"[]"),
        (200, b"<html>"),
    ],
)
def test_another_envelope_is_an_answer_of_the_target(status: int, body: bytes) -> None:
    with pytest.raises(AnswerError):
        enveloped(Reply("GET /x", status, {}, body), "run")
