"""What a template becomes, when the values of its expressions are known."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.expressions.templates import expressions_in, render
from port_fake.expressions.values import DEPTH_LIMIT, RESULTS_LIMIT_CHARS, Value

VALUES = {
    ".text": Value("été"),
    ".null": Value(None),
    ".number": Value(7),
    ".float": Value(1.5),
    ".true": Value(value=True),
    ".list": Value([1, {"a": "é"}]),
    ".object": Value({"a": 1, "b": 2}),
}


def rendered(template: Any) -> Any:
    return render(template, VALUES).value


def test_expressions_are_listed_once_in_the_order_of_reading() -> None:
    template = {
        "{{ .key }}": "{{ .b }}{{ .a }}",
        "list": ["{{ .b }}", {"{{ spreadValue() }}": "{{ .c }}"}, 1, None],
        "plain": "text",
    }

    assert expressions_in(template) == [".key", ".b", ".a", ".c"]


@pytest.mark.parametrize("expression", VALUES)
def test_a_string_that_is_one_expression_becomes_its_value(expression: str) -> None:
    assert rendered([f"{{{{ {expression} }}}}"]) == [VALUES[expression].value]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a {{ .text }} b", "a été b"),
        ("{{ .text }}{{ .number }}", "été7"),
        (" {{ .text }}", " été"),
        ("<{{ .list }}>", '<[1,{"a":"é"}]>'),
        ("{{ .true }}/{{ .float }}", "true/1.5"),
        ("<{{ .null }}>", "<null>"),
    ],
)
def test_expressions_among_text_are_joined_with_it(template: str, expected: str) -> None:
    assert rendered(template) == expected


def test_null_among_text_reads_as_the_caller_says() -> None:
    assert render("<{{ .null }}>", VALUES, null_text="").value == "<>"


@pytest.mark.parametrize("template", ["", "text", "{ .a }", "{{ .a", 1, 1.5, True, None, [], {}])
def test_what_holds_no_expression_stays_as_it_is(template: Any) -> None:
    result = render(template, {})

    assert result.value == template
    assert result.notes == ()


def test_a_key_may_be_a_template() -> None:
    assert rendered({"{{ .text }}": 1, "a-{{ .number }}": 2}) == {"été": 1, "a-7": 2}


def test_a_key_that_is_null_drops_the_pair_in_silence() -> None:
    result = render({"{{ .null }}": "{{ .text }}", "b": 1}, VALUES)

    assert result.value == {"b": 1}
    assert result.notes == ()


@pytest.mark.parametrize("expression", [".number", ".true", ".list", ".object"])
def test_a_key_that_is_no_string_drops_the_pair_with_a_note(expression: str) -> None:
    result = render({f"{{{{ {expression} }}}}": 1, "b": 1}, VALUES)

    assert result.value == {"b": 1}
    assert result.notes == (f"a key was dropped: {{{{ {expression} }}}} is not a string",)


@pytest.mark.parametrize(
    "key", ["{{ spreadValue() }}", "{{spreadValue()}}", "{{  spreadValue ( ) }}"]
)
def test_a_spread_merges_an_object_into_its_level(key: str) -> None:
    template = {"a": 0, key: "{{ .object }}", "b": "late", "c": 3}

    assert rendered({"deep": template}) == {"deep": {"a": 1, "b": "late", "c": 3}}


def test_a_spread_object_may_itself_hold_templates() -> None:
    template = {"{{ spreadValue() }}": {"x": "{{ .number }}"}, "port_context": {"y": "{{ .text }}"}}

    assert rendered(template) == {"x": 7, "port_context": {"y": "été"}}


@pytest.mark.parametrize("value", ["{{ .text }}", "{{ .null }}", "{{ .list }}", 5])
def test_a_spread_of_no_object_is_dropped_with_a_note(value: Any) -> None:
    result = render({"{{ spreadValue() }}": value, "a": 1}, VALUES)

    assert result.value == {"a": 1}
    assert result.notes == ("spreadValue() was dropped: its value is not an object",)


def test_a_template_that_is_too_deep_is_null_from_there_on() -> None:
    template: Any = "{{ .text }}"
    for _ in range(100_000):
        template = [template]

    result = render(template, {})

    assert expressions_in(template) == []
    assert "levels" in result.notes[0]
    depth, value = 0, result.value
    while value is not None:
        depth, value = depth + 1, value[0]
    assert depth == DEPTH_LIMIT


def test_a_value_used_over_and_over_does_not_fill_the_memory() -> None:
    values = {".big": Value("x" * 1_000_000)}

    result = render(["{{ .big }}{{ .big }}"] * 1000, values)

    assert sum(len(text or "") for text in result.value) < RESULTS_LIMIT_CHARS + 10_000
    assert "too large" in result.notes[0]
