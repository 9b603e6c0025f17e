"""The four operators and two combinators that pick entities."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.world.search import OPERATORS, matches

RECORD: Final = {"$identifier": "web", "$team": ["core"], "name": "web shop", "size": 3, "no": None}
WORDS: Final = st.sampled_from(["web", "shop", "core", "x"])
RULES: Final = st.builds(
    lambda name, operator, value: {"property": name, "operator": operator, "value": value},
    st.sampled_from([*RECORD, "unheard of"]),
    st.sampled_from(sorted(OPERATORS)),
    WORDS | st.lists(WORDS, max_size=2) | st.none() | st.integers(2, 4),
)
QUERIES: Final = st.recursive(
    st.builds(
        lambda combinator, rules: {"combinator": combinator, "rules": rules},
        st.sampled_from(["and", "or"]),
        st.lists(RULES, max_size=3),
    ),
    lambda inner: st.builds(
        lambda combinator, rules: {"combinator": combinator, "rules": rules},
        st.sampled_from(["and", "or"]),
        st.lists(inner | RULES, max_size=3),
    ),
    max_leaves=4,
)


def holds(name: str, operator: str, value: Any) -> bool:
    rule = {"property": name, "operator": operator, "value": value}
    return matches(RECORD, {"combinator": "and", "rules": [rule]})


@pytest.mark.parametrize(
    ("name", "operator", "value", "expected"),
    [
        ("$identifier", "=", "web", True),
        ("$identifier", "=", "shop", False),
        ("size", "=", 3, True),
        ("no", "=", None, True),
        ("unheard of", "=", None, True),
        ("$identifier", "in", ["api", "web"], True),
        ("$identifier", "in", ["api"], False),
        ("$identifier", "in", "website", False),
        ("name", "contains", "shop", True),
        ("name", "contains", "bank", False),
        ("name", "contains", 3, False),
        ("$team", "contains", "core", True),
        ("$team", "contains", "co", False),
        ("size", "contains", "3", False),
        ("$team", "containsAny", ["data", "core"], True),
        ("$team", "containsAny", ["data"], False),
        ("name", "containsAny", ["bank", "shop"], True),
        ("$team", "containsAny", "core", False),
    ],
)
def test_a_rule_compares_one_property_with_one_value(
    name: str,
    operator: str,
    value: Any,
    *,
    expected: bool,
) -> None:
    assert holds(name, operator, value) is expected


@given(st.lists(QUERIES | RULES, max_size=4))
def test_and_needs_every_rule_and_or_needs_one_at_any_depth(rules: list[Any]) -> None:
    answers = [matches(RECORD, {"combinator": "or", "rules": [rule]}) for rule in rules]

    assert matches(RECORD, {"combinator": "and", "rules": rules}) is all(answers)
    assert matches(RECORD, {"combinator": "or", "rules": rules}) is any(answers)


@given(QUERIES)
def test_a_query_inside_a_query_means_what_it_means_alone(query: dict[str, Any]) -> None:
    for combinator in ("and", "or"):
        wrapped = {"combinator": combinator, "rules": [query]}

        assert matches(RECORD, wrapped) is matches(RECORD, query)
