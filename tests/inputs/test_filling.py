"""Forms as a whole: defaults, what must and may be given, and what values point at."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import InvalidError
from port_fake.inputs.forms import Form, Reference

JQ: Final = {"jqQuery": ".user.email"}
SIZE: Final = {"type": "number", "default": 1}
TEXT: Final = {"type": "string"}
ENTITY: Final = {"type": "string", "format": "entity", "blueprint": "service"}
NAMES: Final = st.sampled_from(["a", "b", "c", "d"])


def make_form(
    properties: dict[str, Any],
    *,
    required: object = (),
    closed: bool = True,
    nullable: bool = False,
) -> Form:
    return Form(properties, required=required, noun="input", closed=closed, nullable=nullable)


def reference(name: str, kind: str, identifier: str, *, many: bool = False) -> Reference:
    blueprint = "service" if kind == "entity" else None
    return Reference(input=name, kind=kind, blueprint=blueprint, identifier=identifier, many=many)


@given(st.dictionaries(NAMES, st.integers()), st.dictionaries(NAMES, st.integers()))
def test_a_default_stands_in_for_what_is_not_given_and_for_nothing_else(
    defaults: dict[str, int], given_values: dict[str, int]
) -> None:
    properties: dict[str, Any] = {name: {"type": "number"} for name in "abcd"}
    for name, value in defaults.items():
        properties[name]["default"] = value

    assert make_form(properties).fill(given_values) == {**defaults, **given_values}


def test_filling_a_form_changes_neither_the_values_nor_the_form() -> None:
    form = make_form({"size": SIZE, "name": TEXT})
    values = {"name": "web"}

    first, second = form.fill(values), form.fill({})

    assert values == {"name": "web"}
    assert (first, second) == ({"size": 1, "name": "web"}, {"size": 1})


def test_a_default_that_jq_computes_is_no_default() -> None:
    assert make_form({"size": {"type": "number", "default": JQ}}).fill({}) == {}


def test_a_default_may_be_null_false_or_an_object() -> None:
    properties = {
        "flag": {"type": "boolean", "default": False},
        "map": {"type": "object", "default": {"a": 1}},
        "text": {"type": ["string", "null"], "default": None},
    }

    assert make_form(properties).fill({}) == {"flag": False, "map": {"a": 1}, "text": None}


def test_a_default_is_checked_like_a_value() -> None:
    with pytest.raises(InvalidError, match="input 'size': the value is not of type"):
        make_form({"size": {"type": "number", "default": "big"}}).fill({})


@given(st.lists(NAMES, unique=True), st.dictionaries(NAMES, st.none() | st.integers()))
def test_every_required_value_that_is_missing_or_null_is_named(
    required: list[str], values: dict[str, int | None]
) -> None:
    form = make_form({name: {} for name in "abcd"}, required=required)
    missing = [f"input {name!r} is required" for name in required if values.get(name) is None]
    message = ""

    try:
        form.fill(values)
    except InvalidError as refusal:
        message = str(refusal)

    assert message == "; ".join(missing)


def test_a_default_satisfies_what_is_required() -> None:
    assert make_form({"size": SIZE}, required=["size"]).fill({}) == {"size": 1}


@pytest.mark.parametrize("required", [JQ, None, True])
def test_a_list_of_required_inputs_that_jq_computes_requires_nothing(required: object) -> None:
    assert make_form({"name": TEXT}, required=required).fill({}) == {}


def test_a_closed_form_names_every_value_that_it_does_not_know_and_those_that_it_does() -> None:
    form = make_form({"size": SIZE, "name": TEXT})

    with pytest.raises(InvalidError) as refusal:
        form.fill({"sice": 1, "nane": "web"})

    assert str(refusal.value) == (
        "input 'sice' is not defined (defined: size, name); "
        "input 'nane' is not defined (defined: size, name)"
    )


def test_a_closed_form_without_inputs_says_so() -> None:
    with pytest.raises(InvalidError, match=r"input 'size' is not defined \(defined: none\)"):
        make_form({}).fill({"size": 1})


def test_an_open_form_lets_everything_pass_that_it_does_not_know() -> None:
    form = make_form({"size": SIZE}, closed=False)

    assert form.fill({"extra": [None]}) == {"size": 1, "extra": [None]}


def test_null_is_a_value_like_any_other_unless_the_form_is_nullable() -> None:
    strict, nullable = make_form({"name": TEXT}), make_form({"name": TEXT}, nullable=True)

    assert nullable.fill({"name": None}) == {"name": None}
    with pytest.raises(InvalidError, match="input 'name': the value is not of type"):
        strict.fill({"name": None})


def test_a_nullable_form_still_checks_what_is_not_null_and_asks_for_what_is_required() -> None:
    form = make_form({"name": TEXT, "size": SIZE}, required=["name"], nullable=True)

    with pytest.raises(InvalidError) as refusal:
        form.fill({"name": None, "size": "big"})

    assert str(refusal.value) == (
        "input 'name' is required; input 'size': the value is not of type \"number\""
    )


def test_all_breaches_are_told_at_once() -> None:
    form = make_form({"name": TEXT, "size": SIZE}, required=["name"])

    with pytest.raises(InvalidError, match=r"'name' is required; .*'extra' is not .*; .*'size': "):
        form.fill({"size": "big", "extra": 1})


def test_entities_users_and_teams_are_referred_to_by_input() -> None:
    properties = {
        "plain": TEXT,
        "main": ENTITY,
        "others": {"type": "array", "items": ENTITY},
        "person": {"type": "string", "format": "user"},
        "teams": {"type": "array", "items": {"type": "string", "format": "team"}},
    }
    values = {
        "plain": "text",
        "main": {"identifier": "web"},
        "others": ["api", {"identifier": "db"}],
        "person": "ana@x.io",
        "teams": ["core"],
    }

    assert list(make_form(properties).references(values)) == [
        reference("main", "entity", "web"),
        reference("others", "entity", "api", many=True),
        reference("others", "entity", "db", many=True),
        reference("person", "user", "ana@x.io"),
        reference("teams", "team", "core", many=True),
    ]


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        (ENTITY, None),
        ({"type": "array", "items": ENTITY}, []),
        ({"type": "object", "format": "user"}, {"email": "ana@x.io"}),
        ({"type": "array", "items": {"format": "team"}}, [1, None, {"name": "core"}]),
        ({"type": "array", "items": {"format": ["team"]}}, ["core"]),
        ({"type": "array", "items": True}, ["core"]),
    ],
)
def test_a_value_that_names_nothing_refers_to_nothing(rules: dict[str, Any], value: Any) -> None:
    assert list(make_form({"x": rules}).references({"x": value})) == []


def test_a_blueprint_that_is_not_a_name_is_no_blueprint() -> None:
    form = make_form({"x": {"type": "array", "items": {"format": "entity", "blueprint": ["a"]}}})

    (found,) = form.references({"x": ["web"]})

    assert (found.blueprint, found.identifier) == (None, "web")
