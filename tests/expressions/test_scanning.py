"""Where expressions begin and end in a text."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from port_fake.expressions.scanning import parts, with_double_quotes
from tests.expressions.json_strategies import TEXTS


def expressions(text: str) -> list[str]:
    return [part.expression for part in parts(text) if part.expression is not None]


@given(TEXTS | st.text("{}'\"\\() .a"))
@example("{{ ' {{ ' }} '\\' }}")
def test_the_parts_of_a_text_joined_are_the_text(text: str) -> None:
    assert "".join(part.text for part in parts(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ .x }}", [".x"]),
        ("{{.x}}", [".x"]),
        ("a {{ .x }} b {{ .y }} c", [".x", ".y"]),
        ("{{.x}}{{.y}}", [".x", ".y"]),
        ("{{ {a:{b:1}} }}", ["{a:{b:1}}"]),
        ("{{ {a:{b:1}}}}", ["{a:{b:1}}"]),
        ("{{ .trigger | {by, origin, at} }}", [".trigger | {by, origin, at}"]),
        ('{{ "}}" }}', ['"}}"']),
        ('{{ "a\\"}}" }}', ['"a\\"}}"']),
        ("{{ .a == '}}' }}", [".a == '}}'"]),
        ("{{ .a == 'it\\'s }}' }}", [".a == 'it\\'s }}'"]),
        ('{{ "\\(.a | {b: "}}"})" }}', ['"\\(.a | {b: "}}"})"']),
        ('{{ "\\((1) + (2))}}" }}', ['"\\((1) + (2))}}"']),
        ('{{ "it\'s" }} {{ .b }}', ['"it\'s"', ".b"]),
        ("{{\n  if .a then 1\n  else 2 end\n}}", ["if .a then 1\n  else 2 end"]),
        ("{{ .a }}}", [".a"]),
        ("{{}}", [""]),
    ],
)
def test_an_expression_ends_where_jq_would_say_so(text: str, expected: list[str]) -> None:
    assert expressions(text) == expected


@pytest.mark.parametrize(
    "text", ["{{ .a", "{{ .a }", '{{ "a }}', "}} {{", "{{ {a: 1 }}", "{ {.a} }"]
)
def test_an_opening_that_never_closes_is_literal_text(text: str) -> None:
    assert expressions(text) == []


def test_an_opening_without_an_end_does_not_take_the_next_one_along() -> None:
    assert expressions("{{ .a and {{ .b }}") == [".b"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (".a == 'Production'", '.a == "Production"'),
        ("""'say "hi"'""", '"say \\"hi\\""'),
        ("'it\\'s'", '"it\'s"'),
        ("'a\\nb'", '"a\\nb"'),
        ("test('\\d+')", 'test("\\\\d+")'),
        ("\"it's\" + 'x'", '"it\'s" + "x"'),
        ("\"\\(.a == 'x') it's\"", '"\\(.a == "x") it\'s"'),
        (".a'b", ".a'b"),
        (".a", ".a"),
    ],
)
def test_only_literals_in_single_quotes_get_double_ones(expression: str, expected: str) -> None:
    assert with_double_quotes(expression) == expected


@pytest.mark.parametrize(
    "piece", ["{", "{{ ", "{{ ' ", "{{ \\' ", '{{ "\\(', "}", "{{ .a }}", "{{ '"]
)
def test_the_time_to_scan_grows_with_the_text_only(piece: str) -> None:
    text = piece * (200_000 // len(piece))

    start_s = time.process_time()
    found = parts(text)

    assert "".join(part.text for part in found) == text
    assert time.process_time() - start_s < 3
