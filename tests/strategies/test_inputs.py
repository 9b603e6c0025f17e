"""Inputs as the fake's own form judges them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from operator import itemgetter
from typing import Any, Final

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from port_fake.dialects.port.definitions.blueprints import COMMON_FORMATS
from port_fake.errors import InvalidError, MisuseError
from port_fake.inputs import forms
from port_fake.inputs.encryption import encrypted_inputs, seal
from port_fake.strategies import Broken, inputs_for, invalid_inputs_for, user_inputs
from port_fake.strategies import formats as drawn_formats
from port_fake.strategies.breaches import BREAKING, breaches_of
from port_fake.strategies.rules import Around
from tests.strategies.kinds import (
    ENTITY,
    FORMATS,
    KINDS,
    KNOWN,
    MIXED,
    NUMBER,
    ONLY_NESTED,
    TEXT,
    action,
    action_of,
)

EACH: Final = settings(max_examples=8)
DRAWN: Final = settings(phases=[Phase.generate])
SIMPLEST: Final = settings(phases=[Phase.generate, Phase.shrink])


def refusal(
    definition: Mapping[str, Any], values: Mapping[str, Any], *, closed: bool = True
) -> str:
    """What the form of an action says to values; nothing if it takes them."""
    properties = definition["properties"]
    form = forms.Form(
        properties, required=definition.get("required", ()), noun="input", closed=closed
    )
    try:
        filled = form.fill(values)
        for one in form.references(filled):
            known = KNOWN["entities"].get(str(one.blueprint), ())
            if one.kind == "entity" and one.identifier not in known:
                return f"no entity {one.identifier!r}"
        seal(filled, encrypted_inputs(properties), "secret", lambda: bytes(16))
    except InvalidError as error:
        return str(error)
    return ""


def inputs_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = asked["trigger"]["userInputs"]
    return found


# What is accepted.


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_of_every_kind_are_accepted(kind: str) -> None:
    asked = action(kind)

    @EACH
    @given(inputs_for(asked, **KNOWN))
    def accepted(values: dict[str, Any]) -> None:
        assert list(values) == list(inputs_of(asked)["properties"])
        assert refusal(inputs_of(asked), values) == ""

    accepted()


@settings(max_examples=35)
@given(st.data())
def test_every_definition_that_is_drawn_has_inputs(data: st.DataObject) -> None:
    definition = data.draw(user_inputs(blueprints=["service"]))
    asked = action_of(definition["properties"], required=definition["required"])

    values = data.draw(inputs_for(asked, **KNOWN))

    assert refusal(definition, values) == ""


def test_the_kinds_of_the_table_are_all_that_the_fake_knows() -> None:
    used = {keyword for rules in KINDS.values() for keyword in rules}
    known = {*COMMON_FORMATS, *forms.FORMATS, "entity", "multi-line"}

    assert forms.CHECKED.keys() | {*forms.NESTED, *forms.NESTED_MAPS} <= used
    assert known <= {*FORMATS, "entity"}
    assert {*FORMATS, *ONLY_NESTED} == drawn_formats.FORMATS.keys() | {"user", "team"}


@pytest.mark.parametrize("name", drawn_formats.FORMATS)
def test_examples_of_a_format_have_it_and_wrong_ones_do_not(name: str) -> None:
    form = drawn_formats.FORMATS[name]
    definition = {"properties": {"x": {**TEXT, "format": name}}}

    assert [one for one in form.examples if refusal(definition, {"x": one})] == []
    assert [one for one in form.wrong if not refusal(definition, {"x": one})] == []


@pytest.mark.parametrize(
    ("kind", "edges"),
    [
        (
            "at most",
            [lambda one: len(one) == 3, lambda one: one == "", lambda one: not one.isascii()],
        ),
        ("short slug", [lambda one: len(one) == 2, lambda one: len(one) == 4]),
        ("between", [lambda one: one == 0, lambda one: one == 1, lambda one: 0 < one < 1]),
        ("step", [lambda one: one == 0, lambda one: one == 5]),
        ("numbers", [lambda one: len(one) == 1, lambda one: len(one) == 3]),
        ("texts", [lambda one: one == [], lambda one: len(one) > 2]),
        ("flags", [lambda one: one == [False, True], lambda one: one == [True, False]]),
        ("sized", [lambda one: len(one) == 1, lambda one: len(one) == 2]),
        ("entity", [lambda one: one == "db", lambda one: one == {"identifier": "api"}]),
    ],
)
def test_edges_are_among_what_is_drawn(kind: str, edges: list[Any]) -> None:
    name = kind.replace(" ", "_")
    for edge in edges:
        values = inputs_for(action(kind), **KNOWN).map(itemgetter(name))

        assert edge(find(values, edge, settings=DRAWN))


def test_optional_inputs_are_given_and_left_out() -> None:
    inputs = inputs_for(action("text", "flag", required=False))

    assert find(inputs, lambda values: not values) == {}
    assert find(inputs, lambda values: len(values) == 2) == {"text": "", "flag": False}


def test_a_required_input_with_a_default_may_be_left_out() -> None:
    asked = action_of({"size": {**NUMBER, "default": 2}}, required=["size"])

    assert find(inputs_for(asked), lambda _: True, settings=SIMPLEST) == {}
    assert find(inputs_for(asked), bool, settings=SIMPLEST) == {"size": 0}


def test_an_input_whose_default_breaks_its_rules_is_always_given() -> None:
    asked = action_of({"size": {**NUMBER, "default": "big"}, "svc": {**ENTITY, "default": "gone"}})

    assert find(inputs_for(asked, **KNOWN), lambda _: True, settings=SIMPLEST) == {
        "size": 0,
        "svc": "web",
    }


def test_inputs_that_jq_requires_are_not_required() -> None:
    asked = action_of({"size": NUMBER}, required={"jqQuery": '["size"]'})

    assert find(inputs_for(asked), lambda _: True, settings=SIMPLEST) == {}


@given(inputs_for(action("text", "entity", required=False)))
def test_an_optional_entity_input_without_known_entities_is_left_out(
    values: dict[str, Any],
) -> None:
    assert "entity" not in values


def test_a_strategy_may_be_put_in_the_place_of_an_input() -> None:
    asked = action_of({"twice": {**TEXT, "pattern": r"^(a|b)\1$"}}, required=["twice"])
    mine = st.sampled_from(["aa", "bb"])

    assert find(inputs_for(asked, instead={"twice": mine}), lambda _: True, settings=SIMPLEST) == {
        "twice": "aa"
    }


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (action("entity"), r"no entity of blueprint 'service'.*pass entities=\{'service'"),
        (action("entities"), r"input 'entities': no entity of blueprint 'service'"),
        (action_of({"x": {**TEXT, "pattern": r"^(a)\1$"}}, required=["x"]), "instead="),
        (action_of({"x": {**TEXT, "pattern": "^a$", "minLength": 2}}, required=["x"]), "matches"),
        (action_of({"x": {**NUMBER, "minimum": 2, "maximum": 1}}, required=["x"]), "no number"),
        (action_of({"x": {**TEXT, "enum": []}}, required=["x"]), "no member of its enum"),
        (action_of({}, required=["x"]), "requires the input 'x' and does not define it"),
        ({"identifier": "a", "trigger": {"type": "automation"}}, "'a' has no trigger.userInputs"),
    ],
)
def test_an_action_that_nothing_fits_is_a_mistake_that_says_what_to_do(
    asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(MisuseError, match=message):
        inputs_for(asked)


# What is refused.


def loosened(definition: Mapping[str, Any], broken: Broken) -> dict[str, Any]:
    """The definition without the rule that is broken, and nothing else changed."""
    left: dict[str, Any] = deepcopy(dict(definition))
    name, *path = broken.property, *broken.rule.split("/")
    if broken.rule == "required" and broken.inputs.get(name) is None:
        left["required"] = [one for one in left["required"] if one != name]
        return left
    rules = left["properties"]
    for step in (name, *path[:-1]):
        if rules[step].get("format") == "entity" or "encryption" in rules[step]:
            rules[step] = {}
            return left
        rules = rules[step]
    del rules[path[-1]]
    return left


@pytest.mark.parametrize("kind", KINDS)
def test_invalid_inputs_of_every_kind_break_one_rule_and_say_which(kind: str) -> None:
    asked = action(kind, "flag")
    definition = inputs_of(asked)

    @settings(max_examples=12)
    @given(invalid_inputs_for(asked, **KNOWN))
    def refused(broken: Broken) -> None:
        assert refusal(definition, broken.inputs), "nothing is broken"
        if broken.rule == "unknown":
            assert broken.property not in definition["properties"]
            assert refusal(definition, broken.inputs, closed=False) == ""
        elif broken.rule.endswith("exists"):
            assert refusal(definition, broken.inputs).startswith("no entity")
        elif broken.rule == "encryption":
            assert "must be encrypted by the client" in refusal(definition, broken.inputs)
        else:
            values = dict(broken.inputs)
            if values.get(broken.property) is None and broken.rule == "required":
                values.pop(broken.property, None)
            assert refusal(loosened(definition, broken), values) == "", "more is broken"

    refused()


def test_every_keyword_that_the_fake_checks_is_broken_by_something() -> None:
    rules = {breach.rule for one in KINDS.values() for breach in breaches_of(one, Around.of(KNOWN))}

    assert BREAKING.keys() == forms.CHECKED.keys()
    assert BREAKING.keys() <= rules
    assert {"exists", "encryption", "additionalProperties", "items/exists"} <= rules
    assert {"items/type", "items/items/pattern", "properties/b/minimum"} <= rules
    assert {"additionalProperties/maxLength", "items/required"} <= rules


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("text", "required"),
        ("text", "unknown"),
        ("text", "type"),
        ("choice", "enum"),
        ("slug", "pattern"),
        ("at least", "minLength"),
        ("at most", "maxLength"),
        ("from", "minimum"),
        ("to", "maximum"),
        ("over", "exclusiveMinimum"),
        ("under", "exclusiveMaximum"),
        ("step", "multipleOf"),
        ("numbers", "minItems"),
        ("numbers", "maxItems"),
        ("set", "uniqueItems"),
        ("sized", "minProperties"),
        ("sized", "maxProperties"),
        ("fixed", "const"),
        ("format email", "format"),
        ("shape", "additionalProperties"),
        ("entity", "exists"),
        ("sealed", "encryption"),
    ],
)
def test_every_kind_of_rule_is_broken_by_what_is_drawn(kind: str, rule: str) -> None:
    found = find(
        invalid_inputs_for(action(kind), **KNOWN),
        lambda broken: broken.rule == rule,
        settings=DRAWN,
    )

    assert found.rule == rule


def test_invalid_inputs_shrink_to_the_first_rule_and_what_must_be_given() -> None:
    found = find(
        invalid_inputs_for(action(*MIXED, required=False), **KNOWN),
        lambda _: True,
        settings=SIMPLEST,
    )

    assert found == Broken(rule="type", property="at_least", inputs={"at_least": 0})


def test_inputs_shrink_to_something_readable() -> None:
    assert find(inputs_for(action(*MIXED), **KNOWN), lambda _: True, settings=SIMPLEST) == {
        "at_least": "00",
        "slug": "a00",
        "choice": "eu",
        "format_date-time": "2000-01-01T00:00:00.000Z",
        "format_url": "https://example.com/a",
        "between": 0,
        "inside": 0.5,
        "flag": False,
        "shape": {"a": ""},
        "set": [],
        "entity": "web",
        "format_user": "ana@example.com",
    }


def test_definitions_shrink_to_short_names_and_texts_without_bounds() -> None:
    found = find(user_inputs(min_inputs=2), lambda _: True, settings=SIMPLEST)

    assert found == {"properties": {"a": TEXT, "b": TEXT}, "required": []}
