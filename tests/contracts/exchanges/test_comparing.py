"""Every difference is found at its place and in its tier, and nothing else is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.exchanges.binding import Bindings
from port_fake.contracts.exchanges.comparing import Mode, Tier, compare
from port_fake.contracts.exchanges.lines import Answer, Body, Kind

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


def answer(value: Any, *, status: int = 200, **headers: str) -> Answer:
    return Answer(status, headers, Body(Kind.JSON, value))


def found(
    before: Any, now: Any, *, mode: Mode = Mode.STRICT, bindings: Bindings | None = None
) -> list[tuple[Tier, str]]:
    differences = compare(answer(before), answer(now), mode=mode, bindings=bindings)
    return [(one.tier, one.place) for one in differences]


@given(VALUES)
def test_an_answer_does_not_differ_from_itself(value: Any) -> None:
    for mode in Mode:
        assert found(value, deepcopy(value), mode=mode) == []


@given(VALUES, VALUES)
def test_values_that_are_equal_in_json_are_the_only_ones_without_a_difference(
    before: Any, now: Any
) -> None:
    assert (found(before, now) == []) == _same(before, now)


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, bool) or isinstance(now, bool):
        return before is now
    if isinstance(before, dict) and isinstance(now, dict):
        return before.keys() == now.keys() and all(_same(before[key], now[key]) for key in now)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_same, before, now))
    return bool(before == now)


PLANTED: list[tuple[Any, Any, Tier, str]] = [
    ({"a": 1}, {"a": 1, "b": 2}, Tier.INFO, "$.b"),
    ({"a": 1}, {"a": 1, "b": None}, Tier.INFO, "$.b"),
    ({"a": 1, "b": 2}, {"a": 1}, Tier.WARNING, "$.b"),
    ({"a": None}, {}, Tier.WARNING, "$.a"),
    ({"a": 1}, {"a": "1"}, Tier.ERROR, "$.a"),
    ({"a": None}, {"a": 0}, Tier.ERROR, "$.a"),
    ({"a": True}, {"a": 1}, Tier.ERROR, "$.a"),
    ({"a": {"b": [1, {"c": "x"}]}}, {"a": {"b": [1, {"c": "y"}]}}, Tier.ERROR, "$.a.b[1].c"),
    ({"a b": 1}, {"a b": 2}, Tier.ERROR, '$["a b"]'),
    ({"a": [1, 2]}, {"a": [1]}, Tier.ERROR, "$.a"),
    ({"a": ["x", "y"]}, {"a": ["y", "x"]}, Tier.ERROR, "$.a"),
    ({"a": []}, {"a": {}}, Tier.ERROR, "$.a"),
]


@pytest.mark.parametrize(("before", "now", "tier", "place"), PLANTED)
def test_a_planted_difference_is_found_in_its_tier_at_its_place(
    before: Any, now: Any, tier: Tier, place: str
) -> None:
    assert found(before, now)[0] == (tier, place)


def test_integers_and_floats_of_the_same_value_are_the_same() -> None:
    assert found({"a": 1}, {"a": 1.0}) == []


def test_things_of_a_list_are_matched_by_what_tells_them_apart() -> None:
    before = [{"identifier": name, "n": 1} for name in "abc"]
    now = [{"identifier": "c", "n": 1}, {"identifier": "a", "n": 2}, {"identifier": "d", "n": 1}]

    texts = [f"{one.place} {one.text}" for one in compare(answer(before), answer(now))]

    assert texts == [
        "$[0].n 1 expected, 2 answered",
        '$[1] missing from the list: "b"',
        '$[2] not expected in the list: "d"',
        '$ in another order: ["c", "a"]',
    ]


def test_a_status_is_an_error_that_says_why() -> None:
    refusal = answer({"ok": False, "message": "no such run"}, status=404)

    first, *_ = compare(answer({"ok": True}), refusal)

    assert (first.tier, first.place) == (Tier.ERROR, "status")
    assert "200 expected, 404 answered" in first.text
    assert "no such run" in first.text


def test_a_refusal_may_be_worded_otherwise_but_its_code_may_not() -> None:
    before = {"ok": False, "error": "not_found", "message": "no run"}

    worded = compare(
        answer(before, status=404), answer({**before, "message": "not there"}, status=404)
    )
    coded = compare(answer(before, status=404), answer({**before, "error": "gone"}, status=404))

    assert [(one.tier, one.place) for one in worded] == [(Tier.INFO, "$.message")]
    assert [(one.tier, one.place) for one in coded] == [(Tier.ERROR, "$.error")]


def test_headers_are_compared_as_well() -> None:
    before = Answer(200, {"content-type": "application/json", "x-ratelimit-limit": "present"})
    now = Answer(200, {"content-type": "text/plain", "retry-after": "present"})

    tiers = {one.place: one.tier for one in compare(before, now)}

    assert tiers == {
        "x-ratelimit-limit": Tier.WARNING,
        "retry-after": Tier.INFO,
        "content-type": Tier.ERROR,
    }


def test_a_shape_has_no_values_and_no_lengths() -> None:
    before = {"a": "x", "b": [1, 2], "c": {"d": None}}

    assert found(before, {"a": "y", "b": [3], "c": {"d": None}}, mode=Mode.SHAPE) == []
    assert found(before, {"a": 1, "b": ["x"], "c": {}}, mode=Mode.SHAPE) == [
        (Tier.ERROR, "$.a"),
        (Tier.ERROR, "$.b[0]"),
        (Tier.WARNING, "$.c.d"),
    ]


def test_a_placeholder_takes_a_value_and_keeps_it() -> None:
    bindings = Bindings()
    before = {"id": "<run:1>", "text": "run <run:1> of <user:1>"}

    assert found(before, {"id": "r_1", "text": "run r_1 of u|1"}, bindings=bindings) == []
    assert found({"id": "<run:1>"}, {"id": "r_1"}, bindings=bindings) == []
    assert found({"id": "<run:1>"}, {"id": "r_2"}, bindings=bindings) == [(Tier.ERROR, "$.id")]
    assert bindings.filled("/runs/<run:1>") == "/runs/r_1"


def test_two_placeholders_are_two_values() -> None:
    differences = compare(answer(["<run:1>", "<run:2>"]), answer(["r_1", "r_1"]))

    assert [one.text for one in differences] == [
        '"<run:2>" expected, "r_1" answered: it is the same as <run:1>'
    ]


def test_of_times_only_the_form_counts_unless_they_are_exact() -> None:
    before = {"createdAt": "<time:1>", "updatedAt": "<time:1>"}
    now = {"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00.001Z"}

    assert found(before, now) == []
    assert found(before, {**now, "updatedAt": "yesterday"}) == [(Tier.ERROR, "$.updatedAt")]
    assert found(before, now, bindings=Bindings(exact_times=True)) == [(Tier.ERROR, "$.updatedAt")]


def test_an_id_of_another_kind_is_fine_but_a_text_is_not() -> None:
    assert found({"id": "<user:1>"}, {"id": "9f8e-77"}) == []
    assert found({"id": "<user:1>"}, {"id": "two words"}) == [(Tier.ERROR, "$.id")]


def test_a_body_of_another_kind_is_an_error() -> None:
    text = Answer(200, {}, Body(Kind.TEXT, "gone"))

    assert [one.place for one in compare(answer({}), text)] == ["$"]
    assert [one.place for one in compare(Answer(200), text)] == ["$"]
    assert compare(Answer(200, {}, Body(Kind.CUT, "too large")), text) == []
