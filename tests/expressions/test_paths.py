"""Plain paths say what jq says, without asking it."""

from __future__ import annotations

import json
import math
from typing import Any

import jq  # type: ignore[import-not-found]  # a compiled module without types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.expressions.evaluator import Evaluator
from port_fake.expressions.paths import follow, plain_path
from port_fake.expressions.values import Allowance, Value
from tests.expressions.json_strategies import JSON, KEYS, spelled

CONTEXT = {
    "a": {"b": 1, "x": {"b": 2}, "a-b": 3},
    "list": [10, 20, 30],
    "text": "t",
    "null": None,
    "b c": 4,
}


def evaluated(path: str, context: Any = CONTEXT) -> Value:
    steps = plain_path(path)
    assert steps is not None, f"{path} is not taken for a plain path"
    return follow(steps, context, Allowance())


def asked_of_jq(path: str, context: Any) -> tuple[Any, bool]:
    # As text, because the package hands out long numbers as floats.
    try:
        program = jq.compile(f"{path} | tojson").input_value(context)
        return json.loads(next(iter(program), "null")), False
    except ValueError:
        return None, True


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".", CONTEXT),
        (".a.b", 1),
        ('.a."a-b"', 3),
        ('."b c"', 4),
        ('.["b c"]', 4),
        ('.a["x"].b', 2),
        ('.a.["x"].b', 2),
        (".list[0]", 10),
        (".list[-1]", 30),
        (".list[ 1 ]", 20),
        (".list[3]", None),
        (".list[-4]", None),
        (".missing", None),
        (".missing.deeper[0]", None),
        (".null.x", None),
        (".text.x?", None),
        (".a.b?", 1),
        ("  .a.b\n", 1),
    ],
)
def test_a_path_leads_to_what_is_there_or_to_null(path: str, expected: Any) -> None:
    assert evaluated(path) == Value(expected)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (".text.x", 'cannot index string with "x"'),
        (".list.x", 'cannot index array with "x"'),
        (".a[0]", "cannot index object with a number"),
        (".a.b.c", 'cannot index number with "c"'),
        (".text[0]", "cannot index string with a number"),
    ],
)
def test_a_step_into_the_wrong_type_is_null_with_an_error(path: str, error: str) -> None:
    assert evaluated(path) == Value(None, error)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "..",
        "a",
        ".a | .b",
        ".a, .b",
        ".list[0:1]",
        ".list[]",
        ".list[1.5]",
        ".list[.a]",
        ".a + 1",
        "keys",
        ".a as $x | $x",
        '."\\(.a)"',
        '."\\u0061"',
        '.["a"',
        "[0]",
        '["a"]',
        '"a"',
        ".a #",
        "$ENV",
        ".a.",
        ".é",
        ".a" * 1000,
    ],
)
def test_more_than_a_path_is_left_to_jq(expression: str) -> None:
    assert plain_path(expression) is None
    assert Evaluator.needs_worker([".a", expression])


def test_plain_paths_do_not_need_the_worker() -> None:
    assert not Evaluator.needs_worker([".", ".a.b", '.secrets["my-name"]'])


@given(
    JSON,
    st.lists(st.tuples(KEYS | st.integers(-3, 3), st.booleans()), max_size=4),
)
def test_jq_agrees_about_every_path(context: Any, drawn: list[tuple[str | int, bool]]) -> None:
    path = spelled([step for step, _ in drawn], [optional for _, optional in drawn])

    ours = evaluated(path, context)

    assert (ours.value, ours.error is not None) == asked_of_jq(path, context)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_does_not_have_becomes_null(number: float) -> None:
    assert evaluated(".a", {"a": number}) == Value(None)
    assert evaluated(".", {"a": [number, 1]}) == Value({"a": [None, 1]})


def test_the_result_shares_nothing_with_the_context() -> None:
    context = {"a": {"b": [1]}}

    evaluated(".a", context).value["b"].append(2)

    assert context == {"a": {"b": [1]}}
