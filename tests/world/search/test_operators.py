"""Every operator on every kind of property, on what is missing, and on what it cannot take."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest

from port_fake.dialects.port.vocabulary import moment
from port_fake.errors import InvalidError
from port_fake.world.search.operators import COMPARISONS, COMPLEMENTS, QUESTIONS, Operator
from tests.world.builders import key
from tests.world.search.catalogs import BEFORE, HELD, both, found, make_catalog, rule

META: Final = ("$title", "$team", "$createdAt")
RELATIONS: Final = ("main", "uses")
KINDS: Final = (*HELD, *META, *RELATIONS)
"""A property of each type and format, three meta properties, a relation to one and to many."""

WORLD, ADA = make_catalog()
CREATED: Final = moment(WORLD.entities[key("service/full")].stamps.created_at)
ELSEWHERE: Final = "2026-01-05T11:00:00.0+02:00"
"""The instant of `BEFORE`, written in another way."""
EARLY: Final = "2026-01-05T08:59:59.999Z"
LATE: Final = "2026-01-06T00:00:00Z"
HOUR: Final = {"from": BEFORE, "to": "2026-01-05T09:59:59Z"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was tried against each kind of property, and which of it found the property.

    What is not named under a kind finds nothing there; None: the rule is refused.
    """

    tried: Sequence[Any]
    finds: Mapping[str, Sequence[Any] | None]


def row(tried: Sequence[Any], *, refused: Sequence[str] = (), **finds: Sequence[Any]) -> Row:
    named = {kind.replace("_", "-").replace("meta-", "$"): values for kind, values in finds.items()}
    cells: dict[str, Sequence[Any] | None] = dict.fromkeys(KINDS, ())
    return Row(tried=tried, finds={**cells, **named, **dict.fromkeys(refused, None)})


TABLE: Final[Mapping[str, Row]] = {
    "=": row(
        [
            "checkout-api", "CHECKOUT-API", "checkout", 3, 3.0, 4, "3", True, False, 1, None, "api",
            ["api", "web"], ["web", "api"], ["api"], [], "ada@x.io", "core", "Shop",
            ["core", "data"], BEFORE, ELSEWHERE, EARLY, CREATED, HOUR,
            {"preset": "today"}, {"preset": "yesterday"},
        ],
        string=["checkout-api"],
        number=[3, 3.0],
        boolean=[True],
        array=[["api", "web"]],
        date_time=[BEFORE, ELSEWHERE, HOUR, {"preset": "today"}],
        user=["ada@x.io"],
        team=["core"],
        meta_title=["Shop"],
        meta_team=[["core", "data"]],
        meta_createdAt=[CREATED, {"preset": "today"}],
        main=["api"],
        uses=[["api", "web"]],
    ),
    ">": row(
        [
            2.5, 3, 4, EARLY, BEFORE, LATE,
        ],
        refused=RELATIONS, number=[2.5], date_time=[EARLY], meta_createdAt=[EARLY, BEFORE],
    ),
    ">=": row(
        [
            2.5, 3, 4, EARLY, ELSEWHERE, LATE,
        ],
        refused=RELATIONS,
        number=[2.5, 3],
        date_time=[EARLY, ELSEWHERE],
        meta_createdAt=[EARLY, ELSEWHERE],
    ),
    "<": row(
        [
            2.5, 3, 4, EARLY, BEFORE, LATE,
        ],
        refused=RELATIONS, number=[4], date_time=[LATE], meta_createdAt=[LATE],
    ),
    "<=": row(
        [
            2.5, 3, 4, EARLY, ELSEWHERE, LATE,
        ],
        refused=RELATIONS, number=[3, 4], date_time=[ELSEWHERE, LATE], meta_createdAt=[LATE],
    ),
    "contains": row(
        [
            "out-a", "OUT", "api", "ap", "@x", "core", "cor", "2026", "hop", 3, True, None, "",
            ["api"], ["web", "api"], ["api", "db"],
        ],
        string=["out-a", "api", "ap", "", ["api"]],
        array=["api", ["api"], ["web", "api"]],
        date_time=["2026", ""],
        user=["@x", ""],
        team=["core", "cor", ""],
        meta_title=["hop", ""],
        meta_team=["core"],
        meta_createdAt=["2026", ""],
        main=["api", "ap", "", ["api"]],
        uses=["api", ["api"], ["web", "api"]],
    ),
    "containsAny": row(
        [
            ["db", "api"], ["ap"], ["core", "x@"], ["a@x"], ["hop"], ["2026"], [], [3], [True],
        ],
        string=[["db", "api"], ["ap"]],
        array=[["db", "api"]],
        date_time=[["2026"]],
        user=[["a@x"]],
        team=[["core", "x@"]],
        meta_title=[["hop"]],
        meta_team=[["core", "x@"]],
        meta_createdAt=[["2026"]],
        main=[["db", "api"], ["ap"]],
        uses=[["db", "api"]],
    ),
    "beginsWith": row(
        [
            "check", "CHECK", "api", "ap", "ada@", "co", "Sh", "2026-", "",
        ],
        string=["check", ""],
        date_time=["2026-", ""],
        user=["ada@", ""],
        team=["co", ""],
        meta_title=["Sh", ""],
        meta_createdAt=["2026-", ""],
        main=["api", "ap", ""],
    ),
    "endsWith": row(
        [
            "-api", "API", "api", "pi", ".io", "re", "op", "Z", "",
        ],
        string=["-api", "api", "pi", ""],
        date_time=["Z", ""],
        user=[".io", ""],
        team=["re", ""],
        meta_title=["op", ""],
        meta_createdAt=["Z", ""],
        main=["api", "pi", ""],
    ),
    "in": row(
        [
            ["checkout-api", "x"], ["checkout"], [3, "x"], ["3"], [True], [1], [False],
            ["db", "api"], ["ada@x.io"], ["core"], ["Shop"], [ELSEWHERE], [CREATED], [], [None],
        ],
        string=[["checkout-api", "x"]],
        number=[[3, "x"]],
        boolean=[[True]],
        array=[["db", "api"]],
        date_time=[[ELSEWHERE]],
        user=[["ada@x.io"]],
        team=[["core"]],
        meta_title=[["Shop"]],
        meta_team=[["core"]],
        meta_createdAt=[[CREATED]],
        main=[["db", "api"]],
        uses=[["db", "api"]],
    ),
    "between": row(
        [
            HOUR, {"preset": "today"}, {"preset": "tomorrow"}, {"preset": "yesterday"},
            {"preset": "lastDay"}, {"from": LATE, "to": EARLY}, {"from": EARLY, "to": ELSEWHERE},
        ],
        refused=RELATIONS,
        date_time=[
            HOUR, {"preset": "today"}, {"preset": "lastDay"}, {"from": EARLY, "to": ELSEWHERE},
        ],
        meta_createdAt=[{"preset": "today"}, {"preset": "lastDay"}],
    ),
    "matchAny": row(
        [
            "checkout-api", ["x", "checkout-api"], "checkout", "api", ["api", "db"], "ada@x.io",
            "core", "Shop", ELSEWHERE, CREATED, [],
        ],
        refused=RELATIONS,
        string=["checkout-api", ["x", "checkout-api"]],
        array=["api", ["api", "db"]],
        date_time=[ELSEWHERE],
        user=["ada@x.io"],
        team=["core"],
        meta_title=["Shop"],
        meta_team=["core"],
        meta_createdAt=[CREATED],
    ),
}  # fmt: skip
"""The operators that compare and do not say "not"."""

OPPOSITES: Final = {
    "!=": "=",
    "doesNotContains": "contains",
    "doesNotBeginsWith": "beginsWith",
    "doesNotEndsWith": "endsWith",
    "notIn": "in",
    "notBetween": "between",
}
"""The operators that find exactly what others do not."""

ASKED: Final[Mapping[str, frozenset[str]]] = {
    "isEmpty": frozenset(),
    "isNotEmpty": frozenset(KINDS),
    "isExpired": frozenset({"date-time", "$createdAt"}),
    "isNotExpired": frozenset({*HELD, *META}) - {"date-time", "$createdAt"},
}
"""The operators that want no value, and the kinds in which they find the property."""

NOT_OF_RELATIONS: Final = {
    *(one for one in TABLE if TABLE[one].finds["main"] is None),
    "notBetween",
    "isExpired",
    "isNotExpired",
}
"""The operators that rules about a relation do not have."""

MISSING: Final[Mapping[str, Sequence[tuple[Any, bool]]]] = {
    "=": [("a", False), (3, False), (True, False), (["a"], False), ([], False), (HOUR, False),
          (None, True)],
    "!=": [("a", True), (3, True), (True, True), (["a"], True), (HOUR, True), (None, False)],
    ">": [(0, False), (EARLY, False)],
    ">=": [(0, False), (EARLY, False)],
    "<": [(0, False), (EARLY, False)],
    "<=": [(0, False), (EARLY, False)],
    "contains": [("", False), ("a", False), (None, False), ([], False)],
    "doesNotContains": [("", True), ("a", True), (None, True), ([], True)],
    "containsAny": [(["a"], False), ([], False)],
    "beginsWith": [("", False), ("a", False)],
    "doesNotBeginsWith": [("", True), ("a", True)],
    "endsWith": [("", False), ("a", False)],
    "doesNotEndsWith": [("", True), ("a", True)],
    "in": [(["a"], False), ([], False)],
    "notIn": [(["a"], True), ([], True)],
    "isEmpty": [((), True)],
    "isNotEmpty": [((), False)],
    "between": [(HOUR, False), ({"preset": "today"}, False)],
    "notBetween": [(HOUR, True), ({"preset": "today"}, True)],
    "isExpired": [((), False)],
    "isNotExpired": [((), False)],
    "matchAny": [("a", False), (["a"], False)],
}  # fmt: skip
"""Whether each operator finds an entity without the property."""

WRONG: Final[Mapping[str, Sequence[Any]]] = {
    "=": [{}, {"a": 1}, [["a"]], [{}], {"preset": "someday"}, {"preset": []}, {"from": BEFORE}],
    ">": ["3", True, None, [1], {}, HOUR, "2026-01-05", "2026-13-05T10:00:00Z"],
    ">=": ["3", True, None, [1], {}],
    "<": ["3", True, None, [1], {}],
    "<=": ["3", True, None, [1], {}],
    "contains": [{}, [["a"]]],
    "containsAny": ["a", 3, None, {}, [["a"]]],
    "beginsWith": [3, True, None, ["a"], {}],
    "endsWith": [3, True, None, ["a"], {}],
    "in": ["a", 3, None, {}, [["a"]]],
    "between": ["a", 3, None, [], {}, {"preset": "lastYear"}, {"from": BEFORE, "to": "a"}, BEFORE],
    "matchAny": [3, True, None, [3], {}],
}
"""Values that an operator cannot compare with."""


def about(kind: str, operator: str, *value: Any) -> dict[str, Any]:
    """Return a rule about a kind of property."""
    asked = rule(kind, operator, *value)
    return asked if kind not in RELATIONS else {"relation": asked.pop("property"), **asked}


def finds(identifier: str, asked: dict[str, Any]) -> bool:
    return identifier in found(WORLD, both(asked), ADA, blueprint="service")


def test_the_tables_know_every_operator() -> None:
    compared = {*TABLE, *OPPOSITES}
    everything = {one.value for one in Operator}

    assert compared | {*ASKED} | {"relatedTo"} == everything
    assert {*MISSING} | {"relatedTo"} == everything
    assert {*COMPARISONS} == {*TABLE} == {*WRONG}
    assert {*QUESTIONS} == {*ASKED}
    assert {str(one): str(other) for one, other in COMPLEMENTS.items()} == OPPOSITES
    assert all({*one.finds} == {*KINDS} for one in TABLE.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operator", TABLE)
def test_an_operator_finds_what_it_is_like(operator: str, kind: str) -> None:
    hits = TABLE[operator].finds[kind]

    for wanted in TABLE[operator].tried:
        asked = about(kind, operator, wanted)
        if hits is None:
            with pytest.raises(InvalidError, match=rf"rules\[0\]: {operator} does not go with"):
                finds("full", asked)
        else:
            expected = json.dumps(wanted) in map(json.dumps, hits)
            assert finds("full", asked) is expected, asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operator", OPPOSITES)
def test_an_opposite_finds_what_the_other_does_not(operator: str, kind: str) -> None:
    other = TABLE[OPPOSITES[operator]]
    hits = other.finds[kind]

    for wanted in other.tried:
        asked = about(kind, operator, wanted)
        if hits is None:
            with pytest.raises(InvalidError, match=f"{operator} does not go with 'relation'"):
                finds("full", asked)
        else:
            expected = json.dumps(wanted) not in map(json.dumps, hits)
            assert finds("full", asked) is expected, asked


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("operator", ASKED)
def test_a_question_wants_no_value(operator: str, kind: str) -> None:
    if kind in RELATIONS and operator in NOT_OF_RELATIONS:
        with pytest.raises(InvalidError, match=f"{operator} does not go with 'relation'"):
            finds("full", about(kind, operator))
    else:
        assert finds("full", about(kind, operator)) is (kind in ASKED[operator])
    with pytest.raises(InvalidError, match=r"rules\[0\]: "):
        finds("full", about(kind, operator, "a value"))


@pytest.mark.parametrize("kind", [*HELD, "unheard of", "$icon", "main"])
@pytest.mark.parametrize("operator", MISSING)
def test_an_operator_on_a_missing_property(operator: str, kind: str) -> None:
    for wanted, expected in MISSING[operator]:
        asked = about(kind, operator) if wanted == () else about(kind, operator, wanted)
        if kind == "main" and operator in NOT_OF_RELATIONS:
            with pytest.raises(InvalidError, match="does not go with"):
                finds("bare", asked)
        else:
            assert finds("bare", asked) is expected, asked


@pytest.mark.parametrize("kind", ["$team", "uses"])
def test_a_list_of_nothing_is_empty_and_is_not_missing(kind: str) -> None:
    assert finds("bare", about(kind, "isEmpty"))
    assert not finds("bare", about(kind, "isNotEmpty"))
    assert finds("bare", about(kind, "=", []))
    assert not finds("bare", about(kind, "=", None))
    assert finds("bare", about(kind, "contains", []))


@pytest.mark.parametrize("operator", [*TABLE, *OPPOSITES])
def test_an_operator_refuses_what_it_cannot_compare_with(operator: str) -> None:
    for wanted in WRONG[OPPOSITES.get(operator, operator)]:
        with pytest.raises(InvalidError, match=rf"rules\[0\]: {operator} takes .*, not "):
            finds("full", rule("string", operator, wanted))


@pytest.mark.parametrize("kind", KINDS)
def test_related_to_is_about_no_property(kind: str) -> None:
    with pytest.raises(InvalidError, match=r"rules\[0\]: needs 'blueprint'"):
        finds("full", about(kind, "relatedTo", "api"))
