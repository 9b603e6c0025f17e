"""From a query, ``{combinator, rules}``, to the test of an entity that it means.

All that is wrong with a query is found before any entity is looked at, so whether a query is
refused depends on nothing but the query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any, Final

from port_fake.world.search.places import Place
from port_fake.world.search.rules import Test, read_rule
from port_fake.world.search.scene import Scene
from port_fake.world.search.values import moment_of

DEEPEST: Final = 50
"""How many groups may lie inside each other.

Assumed: Port has a limit of its own, which is not documented.
"""


def compiled(query: Any, scene: Scene) -> Test:
    """Return whether an entity is one that *query* means, as a function of the entity.

    Raises:
        InvalidError: The query says something that the language does not know. The text names the
            rule by its place, as in ``rules[1].rules[0]``.
    """
    place = Place()
    if not isinstance(query, Mapping):
        place.refuse(f"is an object with a combinator and rules, not {shortened(query)}")
    return _group(query, scene, place)


def _group(group: Mapping[str, Any], scene: Scene, place: Place) -> Test:
    """Read rules of which all or any must hold: all of none do, any of none does not."""
    place.must_hold(group, ("combinator", "rules"))
    combinator, rules = place.text(group, "combinator"), group["rules"]
    if combinator not in {"and", "or"}:
        place.refuse(f"unknown combinator {shortened(combinator)}: it is 'and' or 'or'")
    if not isinstance(rules, list):
        place.refuse(f"'rules' is a list, not {shortened(rules)}")
    if place.depth >= DEEPEST:
        place.refuse(f"more than {DEEPEST} groups lie inside each other")
    tests = [_part(rule, scene, place.rule(index)) for index, rule in enumerate(rules)]
    if len(tests) == 1:
        return tests[0]
    combine = all if combinator == "and" else any
    return lambda entity: combine(test(entity) for test in tests)


def _part(part: Any, scene: Scene, place: Place) -> Test:
    if not isinstance(part, Mapping):
        place.refuse(f"a rule is an object, not {shortened(part)}")
    if "combinator" in part or "rules" in part:
        return _group(part, scene, place)
    return read_rule(part, scene, place)


@dataclass(frozen=True, slots=True)
class Names:
    """The blueprints and identifiers that entities must have for a query; None is any."""

    blueprints: frozenset[str] | None = None
    identifiers: frozenset[str] | None = None

    def __and__(self, other: Names) -> Names:
        return Names(
            _both(self.blueprints, other.blueprints), _both(self.identifiers, other.identifiers)
        )


def names_in(query: Mapping[str, Any]) -> Names:
    """Return the names that *query*, which is well-formed, demands at its top.

    No entity with other names is meant by it; of those that have them, not all need be.
    """
    names = Names()
    if query["combinator"] == "and" or len(query["rules"]) == 1:
        for rule in query["rules"]:
            names &= names_in(rule) if "rules" in rule else _demanded(rule)
    return names


def _demanded(rule: Mapping[str, Any]) -> Names:
    wanted = rule.get("value")
    exact = isinstance(wanted, str) and rule["operator"] in {"=", "matchAny"}
    listed = isinstance(wanted, list) and rule["operator"] in {"in", "matchAny"}
    if not (exact or listed):
        return Names()
    values: list[Any] = [wanted] if exact else list(wanted or ())
    if any(moment_of(value) for value in values):  # one instant may be written in many ways
        return Names()
    match rule.get("property"):
        case "$blueprint":
            return Names(blueprints=frozenset(values))
        case "$identifier":
            return Names(identifiers=frozenset(values))
    return Names()


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other
