"""What the definition of one input or property lets pass and what it refuses."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import InvalidError
from port_fake.inputs.forms import CHECKED, Form

JQ: Final = {"jqQuery": ".form.size"}
TEXT: Final = {"type": "string"}
LIST: Final = {"type": "array"}
MAP: Final = {"type": "object"}
ENTITY: Final = {"type": "string", "format": "entity", "blueprint": "service"}
ADDRESSES: Final = ["https://x.io/a?b=c", "mailto:a@x.io", "ftp://x.io"]
NO_ADDRESSES: Final = ["", "x.io", "http://", "http://[", "a b:c"]

PASS_AND_FAIL: Final[list[tuple[dict[str, Any], list[Any], list[Any]]]] = [
    # types
    ({"type": "string"}, ["", "a"], [1, True, None, [], {}]),
    ({"type": "number"}, [1, -1.5, 10**400], ["1", True, None, [], {}]),
    ({"type": "boolean"}, [True, False], ["true", 0, 1, None]),
    ({"type": "object"}, [{}, {"a": 1}], ["{}", [], None]),
    ({"type": "array"}, [[], [1, "a"]], ["[]", {}, None]),
    ({"type": ["string", "null"]}, ["a", None], [1]),
    # texts
    ({**TEXT, "minLength": 2}, ["ab", "éé"], ["a", ""]),
    ({**TEXT, "maxLength": 2}, ["ab", "😀😀"], ["abc"]),
    ({**TEXT, "pattern": "^a+$"}, ["aa"], ["ab", "aa\n"]),
    ({**TEXT, "pattern": "b"}, ["abc"], ["ac"]),
    ({**TEXT, "pattern": r"^\p{L}+$"}, ["été"], ["1"]),
    ({**TEXT, "pattern": r"^(?!root)(a)\1"}, ["aa"], ["root", "ab"]),
    ({**TEXT, "enum": ["a", "b"]}, ["a", "b"], ["c", ""]),
    ({**TEXT, "const": "a"}, ["a"], ["b"]),
    # numbers
    ({"type": "number", "minimum": 1}, [1, 2], [0.9]),
    ({"type": "number", "maximum": 1}, [1, 0], [1.1]),
    ({"type": "number", "exclusiveMinimum": 1}, [1.1], [1]),
    ({"type": "number", "exclusiveMaximum": 1}, [0.9], [1]),
    ({"type": "number", "multipleOf": 0.1}, [0.3, 1], [0.35]),
    ({"type": "number", "enum": [1, 2]}, [1, 2.0], [3]),
    # lists
    ({**LIST, "minItems": 1}, [[1]], [[]]),
    ({**LIST, "maxItems": 1}, [[], [1]], [[1, 2]]),
    ({**LIST, "uniqueItems": True}, [[1, 2]], [[1, 1]]),
    ({**LIST, "items": TEXT}, [[], ["a"]], [[1], ["a", None]]),
    ({**LIST, "items": {**TEXT, "enum": ["a"]}}, [["a", "a"]], [["b"]]),
    ({**LIST, "items": {"type": "string", "format": "email"}}, [["a@x.io"]], [["a"]]),
    ({**LIST, "items": {**LIST, "items": TEXT}}, [[["a"]]], [[[1]], ["a"]]),
    ({**LIST, "items": False}, [[]], [[1]]),
    # objects
    ({**MAP, "properties": {"a": TEXT}}, [{}, {"a": "b"}, {"c": 1}], [{"a": 1}]),
    ({**MAP, "required": ["a"]}, [{"a": 1}], [{}]),
    ({**MAP, "properties": {"a": TEXT}, "additionalProperties": False}, [{"a": ""}], [{"b": ""}]),
    ({**MAP, "additionalProperties": TEXT}, [{"a": "b"}], [{"a": 1}]),
    ({**MAP, "patternProperties": {"^n": TEXT}}, [{"n": "a", "m": 1}], [{"n": 1}]),
    ({**MAP, "minProperties": 1}, [{"a": 1}], [{}]),
    ({**MAP, "maxProperties": 1}, [{"a": 1}], [{"a": 1, "b": 2}]),
    # formats that are checked
    ({**TEXT, "format": "email"}, ["a@x.io"], ["a", "@x.io"]),
    ({**TEXT, "format": "url"}, ADDRESSES, NO_ADDRESSES),
    ({**TEXT, "format": "date-time"}, ["2026-01-05T10:00:00.000Z"], ["2026-01-05", "noon"]),
    ({**TEXT, "format": "ipv4"}, ["127.0.0.1"], ["127.0.0", "::1"]),
    ({**TEXT, "format": "ipv6"}, ["::1"], ["127.0.0.1"]),
    (ENTITY, ["web", {"identifier": "web"}], ["", 1, None, ["web"], {}, {"identifier": ""}]),
    ({**LIST, "items": ENTITY}, [[], ["web", {"identifier": "web"}]], ["web", [""], [1]]),
]
ACCEPTED: Final = [(rules, value) for rules, good, _ in PASS_AND_FAIL for value in good]
REFUSED: Final = [(rules, value) for rules, _, bad in PASS_AND_FAIL for value in bad]

NOT_CHECKED: Final = [
    *({**TEXT, "format": name} for name in ("yaml", "markdown", "proto", "multi-line")),
    *({**TEXT, "format": name} for name in ("user", "team", "labeled-url", "timer", "unheard of")),
    # computed by jq, in the browser
    *({**TEXT, keyword: JQ} for keyword in CHECKED if keyword != "type"),
    # leftovers of older drafts, and values that say nothing
    {"type": "string", "exclusiveMinimum": True, "maxLength": False},
    {"type": "string", "required": True},
    {"type": 7, "minLength": "7"},
    {"type": "string", "items": 7, "properties": [], "additionalProperties": None},
    # what the page that draws the form makes of it
    {"type": "string", "visible": False, "disabled": True, "dependsOn": ["x"], "title": "A"},
    {},
]

ILL_DEFINED: Final = [
    {"type": "banana"},
    {"type": []},
    {"type": "string", "pattern": "("},
    {"type": "string", "minLength": -1},
    {"type": "number", "multipleOf": 0},
    {"type": "number", "minimum": float("nan")},
    {"type": "array", "items": {"type": "banana"}},
    {"type": "object", "required": [1]},
    {"type": "object", "properties": {"a": {"type": "banana"}}},
    {"type": "object", "patternProperties": {"(": {}}},
]

SECRETS: Final = st.recursive(
    st.text("sS3", min_size=4, max_size=12).map("hush-{}".format),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("key"), inner),
    max_leaves=3,
)


def form(rules: Mapping[str, Any]) -> Form:
    return Form({"x": rules}, noun="input", closed=True)


@pytest.mark.parametrize(("rules", "value"), ACCEPTED)
def test_a_value_that_fits_its_definition_is_taken_as_it_is(
    rules: dict[str, Any], value: Any
) -> None:
    assert form(rules).fill({"x": value}) == {"x": value}


@pytest.mark.parametrize(("rules", "value"), REFUSED)
def test_a_value_that_breaks_its_definition_is_refused_by_name(
    rules: dict[str, Any], value: Any
) -> None:
    with pytest.raises(InvalidError, match="input 'x"):
        form(rules).fill({"x": value})


@pytest.mark.parametrize("rules", NOT_CHECKED)
def test_what_is_not_for_a_server_to_check_lets_every_text_pass(rules: dict[str, Any]) -> None:
    assert form(rules).fill({"x": "whatever"}) == {"x": "whatever"}


@pytest.mark.parametrize("rules", ILL_DEFINED)
def test_a_definition_that_nothing_can_be_checked_against_is_refused_by_name(
    rules: dict[str, Any],
) -> None:
    with pytest.raises(InvalidError, match="property 'bad' is not well defined: "):
        Form({"good": TEXT, "bad": rules}, noun="property", closed=False)


def test_every_keyword_that_is_checked_has_a_value_that_it_refuses() -> None:
    refusing = {keyword for rules, _ in REFUSED for keyword in rules}

    assert CHECKED.keys() <= refusing


@given(st.sampled_from(REFUSED), SECRETS)
def test_no_message_tells_the_value(case: tuple[dict[str, Any], Any], secret: Any) -> None:
    rules, _ = case
    message = ""

    try:
        form(rules).fill({"x": secret})
    except InvalidError as refusal:
        message = str(refusal)

    assert "hush-" not in message


@pytest.mark.parametrize(
    ("rules", "value", "message"),
    [
        ({**TEXT, "enum": ["a", "b"]}, "c", """input 'x': the value is not one of "a" or "b\""""),
        ({**LIST, "items": TEXT}, ["a", 1], """input 'x/1': the value is not of type "string\""""),
        ({"type": "number", "minimum": 1}, 0, "input 'x': the value is less than the minimum of 1"),
        (ENTITY, "", "input 'x': the value is shorter than 1 character"),
        (ENTITY, {}, """input 'x': "identifier" is a required property"""),
    ],
)
def test_a_message_says_where_and_what_is_wrong(
    rules: dict[str, Any], value: Any, message: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        form(rules).fill({"x": value})

    assert str(refusal.value) == message
