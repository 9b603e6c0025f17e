"""No expression takes for ever, fills the memory, or stands in the way of the next one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final

import pytest

from port_fake.expressions.evaluator import (
    EXPRESSION_TIMEOUT_S,
    NO_TIME_LEFT,
    RENDER_TIMEOUT_S,
    TOO_SLOW,
    Evaluator,
)
from port_fake.expressions.values import Value
from tests.expressions.conftest import NOON_S, Render

PATIENCE_S: Final = 2.0
"""What a busy machine may add: ending a process and starting the next."""

DEATH: Final = "ran out of memory, or made jq stop"


def elapsed_s(work: Callable[[], object]) -> float:
    start_s = time.monotonic()
    work()
    return time.monotonic() - start_s


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def test_endless_programs_end_and_together_keep_to_the_limit(shared_evaluator: Evaluator) -> None:
    endless = ["def f: f; f", "[range(1e9)]", "last(range(1e12))"]
    values: dict[str, Value] = {}

    took_s = elapsed_s(
        lambda: values.update(
            shared_evaluator.evaluate(["1 + 1", *endless, ".a + 1", ".a"], {"a": 1}, now=NOON_S)
        )
    )

    assert values["1 + 1"] == Value(2)
    assert [values[program] for program in endless[:2]] == [TOO_SLOW, TOO_SLOW]
    assert values[endless[2]] in {TOO_SLOW, NO_TIME_LEFT}
    assert values[".a + 1"] == NO_TIME_LEFT
    assert values[".a"] == Value(1)
    assert took_s < RENDER_TIMEOUT_S + PATIENCE_S
    assert shared_evaluator.evaluate(["1 + 1"], None, now=NOON_S) == {"1 + 1": Value(2)}


@pytest.mark.parametrize(
    ("bomb", "errors"),
    [
        ('"x" * 1e9', {TOO_SLOW.error, "the result is too large", DEATH}),
        ('reduce range(60) as $i ("xxxxxxxx"; . + .)', {TOO_SLOW.error, DEATH}),
        ("[recurse(if . == null then 1 else . end)]", {TOO_SLOW.error, DEATH}),
        ('"0123456789" * 420000', {TOO_SLOW.error, "the result is too large"}),
        (
            "reduce range(5000) as $i (null; [.])",
            {"the result cannot be used: it is nested too deep"},
        ),
        ("[[range(2000)] | .. | ..]", {None}),
    ],
)
def test_a_bomb_only_harms_itself(
    bomb: str, errors: set[str | None], shared_evaluator: Evaluator
) -> None:
    values = shared_evaluator.evaluate([bomb, "1 + 1"], None, now=NOON_S)

    assert values[bomb].error in errors
    assert values["1 + 1"] == Value(2)


def test_an_endless_program_delays_another_caller_by_the_limit_only(
    own_evaluator: Evaluator,
) -> None:
    own_evaluator.evaluate(["1 + 1"], None, now=NOON_S)
    first = threading.Thread(
        target=own_evaluator.evaluate, args=(["def f: f; f"], None), kwargs={"now": NOON_S}
    )
    values: list[dict[str, Value]] = []

    first.start()
    plain_s = elapsed_s(lambda: own_evaluator.evaluate([".a"], {"a": 1}, now=NOON_S))
    jq_s = elapsed_s(lambda: values.append(own_evaluator.evaluate(["2 + 2"], None, now=NOON_S)))
    first.join()

    assert plain_s < EXPRESSION_TIMEOUT_S / 2
    assert jq_s < EXPRESSION_TIMEOUT_S + PATIENCE_S
    assert values == [{"2 + 2": Value(4)}]


def test_a_long_template_is_rendered(render: Render) -> None:
    text = "x{{ .a }}{{ .a + 1 }}" * 500

    assert render(text, {"a": 1}).value == "x12" * 500


@pytest.mark.parametrize(
    "program", ["(" * 10_000, "1" + "+1" * 5_000, "." + "[0]" * 3_000, '"\\(' * 3_000]
)
def test_a_long_program_is_answered(program: str, render: Render) -> None:
    assert render(["{{ " + program + " }}", "{{ 1 + 1 }}"], None).value[1] == 2


@pytest.mark.parametrize("expression", [".", ". | length", ".a.a.a"])
def test_a_context_that_is_too_deep_is_an_error_and_no_exception(
    expression: str, shared_evaluator: Evaluator
) -> None:
    values = shared_evaluator.evaluate([expression], nested(100_000), now=NOON_S)

    assert values[expression].value is None
    assert "nested too deep" in str(values[expression].error)


def test_a_path_into_a_deep_context_is_still_followed(shared_evaluator: Evaluator) -> None:
    path = ".a" * 450

    assert shared_evaluator.evaluate([path], nested(450), now=NOON_S) == {path: Value(1)}


def test_a_context_that_holds_itself_is_an_error(shared_evaluator: Evaluator) -> None:
    context: dict[str, Any] = {}
    context["self"] = context

    values = shared_evaluator.evaluate([".", "length"], context, now=NOON_S)

    assert all(value.error for value in values.values())


def test_a_large_context_is_evaluated(shared_evaluator: Evaluator) -> None:
    context = {"list": ["x" * 100] * 40_000}

    values = shared_evaluator.evaluate([".list | length", ".list[7] | length"], context, now=NOON_S)

    assert [value.value for value in values.values()] == [40_000, 100]


def test_results_that_are_large_together_stop_at_a_limit(shared_evaluator: Evaluator) -> None:
    spellings = [".a" + " " * spaces for spaces in range(20)]

    values = shared_evaluator.evaluate(spellings, {"a": "x" * 1_000_000}, now=NOON_S)

    assert values[spellings[0]].error is None
    assert values[spellings[-1]] == Value(None, "all results together are too large")


@pytest.mark.parametrize(
    "program", ["nan", "infinite", "-infinite", "[nan, infinite] | .[1]", "1e1000"]
)
def test_a_result_that_json_does_not_have_is_null(
    program: str, shared_evaluator: Evaluator
) -> None:
    assert shared_evaluator.evaluate([program], None, now=NOON_S) == {program: Value(None)}


def test_numbers_keep_their_digits(render: Render) -> None:
    assert render("{{ [.a] }}", {"a": 12345678901234567890123}).value == [12345678901234567890123]
