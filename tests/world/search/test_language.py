"""Laws of the whole language: groups, refusals, order, limits and presets."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import InvalidError, NotFoundError
from port_fake.world.search.grammar import DEEPEST
from port_fake.world.search.operators import Operator
from port_fake.world.search.periods import PRESETS
from tests.world.builders import MACHINE, blueprint, make_world, write
from tests.world.search.catalogs import (
    BEFORE,
    HELD,
    both,
    either,
    found,
    make_catalog,
    rule,
)

WORLD, ADA = make_catalog()
EMPTY: Final = make_world()
EVERYTHING: Final = found(WORLD, both())

TEXTS: Final = st.sampled_from(
    ["api", "checkout-api", "web", "core", "Shop", "ada@x.io", BEFORE, ""]
)
SCALARS: Final = TEXTS | st.booleans() | st.none() | st.sampled_from([1, 2.5, 3, 4])
LISTS: Final = st.lists(SCALARS, max_size=3)
ORDERED: Final = st.sampled_from([2, 3, 4.5, BEFORE, "2026-01-07T10:00:00+01:00"])
PERIODS: Final = st.sampled_from([*PRESETS]).map(lambda name: {"preset": name})
CONTEXTS: Final = st.builds(
    lambda context, name: {"context": context, "property": name},
    st.sampled_from(["user", "userTeams"]),
    st.sampled_from(["$identifier", "$team", "port_role", "unheard of"]),
)
WANTED: Final = {
    "=": SCALARS | LISTS | PERIODS | CONTEXTS,
    ">": ORDERED | CONTEXTS,
    ">=": ORDERED | CONTEXTS,
    "<": ORDERED | CONTEXTS,
    "<=": ORDERED | CONTEXTS,
    "contains": SCALARS | LISTS | CONTEXTS,
    "containsAny": LISTS | CONTEXTS,
    "beginsWith": TEXTS | CONTEXTS,
    "endsWith": TEXTS | CONTEXTS,
    "in": LISTS | CONTEXTS,
    "between": PERIODS | CONTEXTS,
    "matchAny": TEXTS | st.lists(TEXTS, max_size=2) | CONTEXTS,
}
PAIRS: Final = {
    "=": "!=",
    "contains": "doesNotContains",
    "beginsWith": "doesNotBeginsWith",
    "endsWith": "doesNotEndsWith",
    "in": "notIn",
    "between": "notBetween",
    "isEmpty": "isNotEmpty",
    "isExpired": "isNotExpired",
}
SUBJECTS: Final = st.sampled_from(
    [*HELD, "unheard of", "$identifier", "$blueprint", "$title", "$team", "$createdAt"]
)


@st.composite
def rules(draw: st.DrawFn, operators: tuple[str, ...] = (*WANTED, "isEmpty", "isExpired")) -> Any:
    """Draw a rule about a property that the language knows."""
    operator = draw(st.sampled_from(operators))
    value = (draw(WANTED[operator]),) if operator in WANTED else ()
    asked = rule(draw(SUBJECTS), operator, *value)
    if operator in PAIRS and draw(st.booleans()):
        asked["operator"] = PAIRS[operator]
    return asked


GROUPS: Final = st.recursive(
    st.builds(lambda make, inner: make(*inner), st.sampled_from([both, either]), st.lists(rules())),
    lambda inner: st.builds(
        lambda make, parts: make(*parts),
        st.sampled_from([both, either]),
        st.lists(inner | rules(), max_size=3),
    ),
    max_leaves=5,
)
PARTS: Final = st.lists(GROUPS | rules(), max_size=4)


def seen(part: Any) -> set[str]:
    return set(found(WORLD, both(part), ADA))


@given(PARTS)
def test_and_finds_what_all_find_and_or_what_any_finds(parts: list[Any]) -> None:
    each = [seen(part) for part in parts]

    assert set(found(WORLD, both(*parts), ADA)) == set(EVERYTHING).intersection(*each)
    assert set(found(WORLD, either(*parts), ADA)) == set[str]().union(*each)


@given(PARTS, PARTS)
def test_a_group_inside_a_group_of_its_own_kind_says_nothing_new(
    outer: list[Any], inner: list[Any]
) -> None:
    for make in (both, either):
        nested, flat = make(*outer, make(*inner)), make(*outer, *inner)

        assert found(WORLD, nested, ADA) == found(WORLD, flat, ADA)


@given(rules(tuple(PAIRS)), rules(tuple(PAIRS)))
def test_none_of_two_is_neither_the_one_nor_the_other(one: Any, other: Any) -> None:
    present = [rule(asked["property"], "isNotEmpty") for asked in (one, other)]
    values = [str(asked.get("value")) for asked in (one, other)]
    if any("context" in value for value in values):
        return  # a value of the user that is missing satisfies neither

    neither = found(WORLD, both(*present, opposite(one), opposite(other)), ADA)
    some = found(WORLD, both(*present, either(one, other)), ADA)

    assert sorted([*neither, *some]) == sorted(found(WORLD, both(*present), ADA))


def opposite(asked: dict[str, Any]) -> dict[str, Any]:
    opposites = {**PAIRS, **{other: one for one, other in PAIRS.items()}}
    return {**asked, "operator": opposites[asked["operator"]]}


@given(GROUPS, st.integers(0, 8))
def test_a_limit_leaves_the_oldest_in_order(query: Any, limit: int) -> None:
    whole = found(WORLD, query, ADA)

    assert found(WORLD, query, ADA, limit=limit) == whole[:limit]
    assert whole == [name for name in EVERYTHING if name in whole]


@given(GROUPS)
def test_the_entities_of_one_blueprint_are_those_found_in_it(query: Any) -> None:
    for name in ("service", "_user", "_team"):
        inside = found(WORLD, both(query, rule("$blueprint", "=", name)), ADA)

        assert found(WORLD, query, ADA, blueprint=name) == inside


@pytest.mark.parametrize("names", [both, either])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule("$blueprint", "=", "service"), ["api", "web", "full", "bare"]),
        (rule("$blueprint", "in", ["_team", "_user", "x", 3]), ["core", "ada@x.io"]),
        (rule("$blueprint", "matchAny", ["_team", "_user"]), ["core", "ada@x.io"]),
        (rule("$blueprint", "=", ["service"]), []),
        (rule("$blueprint", "=", None), []),
        (rule("$blueprint", "=", BEFORE), []),
        (rule("$identifier", "=", "web"), ["web"]),
        (rule("$identifier", "matchAny", "web"), ["web"]),
        (rule("$identifier", "in", ["web"]), ["web"]),
        (rule("$identifier", "in", ["web", "api"]), ["api", "web"]),
        (rule("$identifier", "=", "nobody"), []),
        (both(rule("$identifier", "=", "web"), rule("$blueprint", "=", "service")), ["web"]),
        (both(rule("$identifier", "=", "web"), rule("$identifier", "=", "api")), []),
        (either(rule("$identifier", "=", "web"), rule("$identifier", "=", "api")), ["api", "web"]),
    ],
)
def test_names_at_the_top_find_the_same_as_names_below(
    names: Any, asked: Any, expected: list[str]
) -> None:
    assert found(WORLD, names(asked)) == expected
    assert found(WORLD, either(asked, either())) == expected


def test_entities_are_found_oldest_first_across_blueprints() -> None:
    world = make_world()
    for name in ("b", "a"):
        world.blueprints.define(blueprint(name), MACHINE)
    for name in ("a/1", "b/2", "a/3", "b/4"):
        write(world, name)

    assert found(world, both()) == ["1", "2", "3", "4"]
    assert found(world, both(rule("$blueprint", "in", ["a", "b"])), limit=3) == ["1", "2", "3"]


def test_one_instant_as_an_identifier_is_found_however_it_is_written() -> None:
    world = make_world()
    world.blueprints.define(blueprint("day"), MACHINE)
    write(world, "day/2026-01-05T09:00:00Z")

    assert found(world, both(rule("$identifier", "=", "2026-01-05T10:00:00+01:00")))


# Refusals.

NONSENSE: Final = [
    (rule("a", "~", 1), "unknown operator '~'"),
    (rule("a", "", 1), "unknown operator ''"),
    (rule("a", "EQUALS", 1), "unknown operator"),
    (rule("a", None, 1), "'operator' is a text, not None"),  # type: ignore[arg-type]
    ({"property": "a", "value": 1}, "needs 'operator'"),
    (rule("a", "="), "needs 'value'"),
    (rule("a", "isEmpty", 1), "does not know 'value'"),
    (rule("a", "=", 1, surprise=1), "does not know 'surprise'"),
    (rule("a", "=", 1, targetProperty="$title"), "does not know 'targetProperty'"),
    (rule("$nothing", "=", 1), r"unknown meta property '\$nothing' \(known: \$identifier"),
    (rule(3, "=", 1), "'property' is a text, not 3"),
    (rule(["a"], "=", 1), "'property' is a text"),
    (rule({"property": "a"}, "=", 1), "'property' is a text"),
    (rule({"property": "a", "context": "x"}, "=", 1), "unknown context 'x'"),
    (rule({"property": "a", "context": ["user"]}, "=", 1), "'context' is a text"),
    (rule({"context": "user"}, "=", 1), "needs 'property'"),
    (rule({"property": "$x", "context": "user"}, "=", 1), "unknown meta property"),
    (rule({"property": 1, "context": "user"}, "=", 1), "'property' is a text"),
    (rule("a", "=", {"property": "a", "context": "x"}), "unknown context 'x'"),
    (rule("a", "=", {"property": "$x", "context": "userTeams"}), "unknown meta property"),
    ({"operator": "=", "value": 1}, "is about nothing: it needs one of property, relation"),
    ({"scorecard": "x", "operator": "=", "value": "Gold"}, "the fake keeps no scorecards"),
    ({"relation": 3, "operator": "=", "value": 1}, "'relation' is a text"),
    ({"relation": "a", "operator": ">", "value": 1}, "> does not go with 'relation'"),
    ({"relation": "a", "operator": "="}, "needs 'value'"),
    (
        {"relation": "a", "operator": "=", "value": {"context": "user", "property": "a"}},
        "= takes null, a text",
    ),
    (
        {"relation": "a", "operator": "=", "value": 1, "targetProperty": "a"},
        "unknown targetProperty 'a'",
    ),
    ({"propertySchema": "string", "operator": "=", "value": 1}, "'propertySchema' is an object"),
    ({"propertySchema": {}, "operator": "=", "value": 1}, "needs 'type'"),
    ({"propertySchema": {"type": "string", "a": 1}, "operator": "="}, "does not know 'a'"),
    ({"propertySchema": {"type": "string"}, "operator": ">", "value": 1}, "> does not go with"),
    ({"propertySchema": {"type": "string"}, "operator": "=", "value": {}}, "= takes"),
    ({"operator": "relatedTo", "value": "a"}, "needs 'blueprint'"),
    ({"operator": "relatedTo", "blueprint": "a"}, "needs 'value'"),
    ({"operator": "relatedTo", "blueprint": 1, "value": "a"}, "'blueprint' is a text"),
    ({"operator": "relatedTo", "blueprint": "a", "value": 1}, "'value' is an identifier or a list"),
    ({"operator": "relatedTo", "blueprint": "a", "value": [1]}, "'value' is an identifier"),
    (
        {"operator": "relatedTo", "blueprint": "a", "value": "a", "direction": "up"},
        "unknown direction 'up'",
    ),
    (
        {"operator": "relatedTo", "blueprint": "a", "value": "a", "direction": None},
        "'direction' is a text",
    ),
    (
        {"operator": "relatedTo", "blueprint": "a", "value": "a", "required": 1},
        "'required' is a boolean, not 1",
    ),
    (rule({"path": ["a"]}, "=", "a"), "= does not go with 'property' here"),
    (rule({"path": ["a"], "x": 1}, "matchAny", "a"), "does not know 'x'"),
    (rule({"path": []}, "matchAny", "a"), "'path' is a list of relations"),
    (rule({"path": "a"}, "matchAny", "a"), "'path' is a list of relations"),
    (rule({"path": [3]}, "matchAny", "a"), "a step of a path is a relation, not 3"),
    (rule({"path": [{"maxHops": 1}]}, "matchAny", "a"), "needs 'relation'"),
    (rule({"path": [{"relation": 1}]}, "matchAny", "a"), "'relation' is a text"),
    (rule({"path": ["a"], "fromBlueprint": 1}, "matchAny", "a"), "'fromBlueprint' is a text"),
    (rule({"path": ["a"]}, "matchAny", 3), "'value' is an identifier or a list"),
    (rule({"path": ["a"]}, "matchAny", {"context": "x", "property": "a"}), "unknown context"),
    *(
        (
            rule({"path": [{"relation": "a", "maxHops": hops}]}, "matchAny", "a"),
            "'maxHops' is a whole number from 1 to 15",
        )
        for hops in (0, 16, 1.5, True, "1", None)
    ),
    (
        rule({"path": [{"relation": "a", "maxHops": 1}] * 2}, "matchAny", "a"),
        "only one step of a path may have 'maxHops'",
    ),
    ("a rule", "a rule is an object, not 'a rule'"),
    (None, "a rule is an object, not None"),
    ({}, "needs 'operator'"),
    ({"combinator": "and"}, "needs 'rules'"),
    ({"rules": []}, "needs 'combinator'"),
    ({"combinator": "xor", "rules": []}, "unknown combinator 'xor'"),
    ({"combinator": ["and"], "rules": []}, "'combinator' is a text"),
    ({"combinator": "and", "rules": {}}, "'rules' is a list"),
    ({"combinator": "and", "rules": [], "operator": "="}, "does not know 'operator'"),
]


@pytest.mark.parametrize(("nonsense", "reason"), NONSENSE)
def test_what_the_language_does_not_know_is_refused_by_its_place(
    nonsense: Any, reason: str
) -> None:
    for query, place in [
        (both(nonsense), r"rules\[0\]"),
        (either(rule("a", "=", 1), both(nonsense)), r"rules\[1\]\.rules\[0\]"),
    ]:
        for world in (WORLD, EMPTY):
            with pytest.raises(InvalidError, match=rf"^{place}: .*{reason}"):
                world.search.find(query, MACHINE)


@given(GROUPS, st.sampled_from([one for one, _ in NONSENSE]), st.data())
def test_nonsense_anywhere_in_a_query_is_refused_whatever_there_is(
    query: Any, nonsense: Any, data: st.DataObject
) -> None:
    group = query
    while inner := [part for part in group["rules"] if "rules" in part]:
        if not data.draw(st.booleans()):
            break
        group = data.draw(st.sampled_from(inner))
    group["rules"].insert(data.draw(st.integers(0, len(group["rules"]))), nonsense)

    for world, caller in ((WORLD, ADA), (EMPTY, MACHINE)):
        with pytest.raises(InvalidError, match=r"^(rules\[\d+\]\.?)+: "):
            world.search.find(query, caller, limit=0)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (None, "query: is an object with a combinator and rules"),
        ([], "query: is an object"),
        ({}, "query: needs 'combinator'"),
        (rule("a", "=", 1), "query: needs 'combinator'"),
        ({"combinator": "and", "rules": [], "type": "SEARCH"}, "query: does not know 'type'"),
    ],
)
def test_a_query_is_a_group(query: Any, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        EMPTY.search.find(query, MACHINE)


def test_groups_lie_inside_each_other_only_so_deep() -> None:
    query = both(rule("$identifier", "=", "web"))
    for _ in range(DEEPEST - 1):
        query = both(query)

    assert found(WORLD, query) == ["web"]
    with pytest.raises(InvalidError, match=f"more than {DEEPEST} groups"):
        found(WORLD, both(query))


def test_a_blueprint_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="'unheard of'"):
        found(WORLD, both(), blueprint="unheard of")


def test_an_operator_of_its_own_is_known_by_no_other_name() -> None:
    for operator in Operator:
        with pytest.raises(InvalidError, match="unknown operator"):
            found(EMPTY, both(rule("a", operator.upper() + "?", 1)))
