"""The forms of a rule, each as the test of an entity that it means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from reprlib import repr as shortened
from typing import Any, Final, TypeAlias

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.world.search.operands import (
    check_of,
    check_with_caller,
    is_context,
    of_caller,
    operator_of,
    subject_of,
)
from port_fake.world.search.operators import COMPARISONS, COMPLEMENTS, QUESTIONS, Operator
from port_fake.world.search.places import Place
from port_fake.world.search.scene import Scene
from port_fake.world.search.subjects import TARGETS, Subject, of_kind, of_relation
from port_fake.world.search.values import Check, is_number
from port_fake.world.search.walks import MOST_HOPS, Step, Ways, ends, related

Test: TypeAlias = Callable[[Entity], bool]
Rule: TypeAlias = Mapping[str, Any]

_OF_PROPERTY: Final = frozenset((*COMPARISONS, *COMPLEMENTS, *QUESTIONS))
_OF_KIND: Final = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.CONTAINS})
_OF_RELATION: Final = _OF_PROPERTY - {
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.BETWEEN,
    Operator.NOT_BETWEEN,
    Operator.IS_EXPIRED,
    Operator.IS_NOT_EXPIRED,
    Operator.MATCH_ANY,
}
_OF_PATH: Final = frozenset({Operator.MATCH_ANY})
_DIRECTIONS: Final[Mapping[str | None, bool | None]] = {
    None: None,
    "upstream": True,
    "downstream": False,
}


def read_rule(rule: Rule, scene: Scene, place: Place) -> Test:
    """Return the test that a rule means.

    Raises:
        InvalidError: The rule says something that the language does not know.
    """
    operator = operator_of(rule, place)
    if operator is Operator.RELATED_TO:
        return _related_to(rule, scene, place)
    subject = next((one for one in FORMS if one in rule), None)
    if subject is None:
        place.refuse(f"is about nothing: it needs one of {', '.join(FORMS)}")
    return FORMS[subject](rule, scene, place)


def _of_property(rule: Rule, scene: Scene, place: Place) -> Test:
    name = rule["property"]
    if isinstance(name, Mapping) and "path" in name:
        return _along_path(rule, scene, place)
    operator = _must_know(rule, "property", place, _OF_PROPERTY)
    check: Check | None
    if is_context(rule.get("value")):
        check = check_with_caller(operator, rule["value"], scene, place)
    else:
        check = check_of(operator, rule.get("value"), scene, place)
    if is_context(name):
        value = of_caller(name, scene, place)
        holds = check is not None and scene.user is not None and check(value)
        return lambda _entity: holds
    subject = subject_of(place.text(rule, "property"), place)
    return _nothing if check is None else _judged(subject, check)


def _of_relation(rule: Rule, scene: Scene, place: Place) -> Test:
    operator = _must_know(rule, "relation", place, _OF_RELATION, also=("targetProperty",))
    target = rule.get("targetProperty", "$identifier")
    if target not in TARGETS:
        place.refuse(f"unknown targetProperty {shortened(target)} (known: {', '.join(TARGETS)})")
    check = check_of(operator, rule.get("value"), scene, place)
    return _judged(of_relation(scene.catalog, place.text(rule, "relation"), target), check)


def _of_kind(rule: Rule, scene: Scene, place: Place) -> Test:
    """Test whether any property of a kind is as wanted; with != whether none is.

    Source: OpenAPI 1.0, components/schemas def-1, Property schema rule; docs, propertySchema.
    Assumed: a rule without a value wants null.
    """
    kind = rule["propertySchema"]
    if not isinstance(kind, Mapping):
        place.refuse(f"'propertySchema' is an object, not {shortened(kind)}")
    place.must_hold(kind, ("type",), also=("format", "items"))
    whole = {"value": None, **rule}
    operator = _must_know(whole, "propertySchema", place, _OF_KIND)
    check = check_of(COMPLEMENTS.get(operator, operator), whole["value"], scene, place)
    values = of_kind(scene.catalog, kind)
    found = operator not in COMPLEMENTS
    return lambda entity: any(map(check, values(entity))) is found


def _of_scorecard(_rule: Rule, _scene: Scene, place: Place) -> Test:
    place.refuse("the fake keeps no scorecards, so it cannot search by them")


FORMS: Final[Mapping[str, Callable[[Rule, Scene, Place], Test]]] = {
    "property": _of_property,
    "relation": _of_relation,
    "propertySchema": _of_kind,
    "scorecard": _of_scorecard,
}
"""The forms of a rule by what it is about; relatedTo is about the entity itself."""


def _related_to(rule: Rule, scene: Scene, place: Place) -> Test:
    place.must_hold(rule, ("operator", "blueprint", "value"), also=("direction", "required"))
    blueprint = place.text(rule, "blueprint")
    direction = place.text(rule, "direction") if "direction" in rule else None
    if direction not in _DIRECTIONS:
        place.refuse(f"unknown direction {shortened(direction)}: it is 'upstream' or 'downstream'")
    required = rule.get("required")
    if "required" in rule and not isinstance(required, bool):
        place.refuse(f"'required' is a boolean, not {shortened(required)}")
    sources = _keys(blueprint, _names(rule["value"], place))
    ways = Ways(upstream=_DIRECTIONS[direction], required=required)
    return _among(lambda: related(scene.catalog, sources, ways))


def _along_path(rule: Rule, scene: Scene, place: Place) -> Test:
    """Test whether a path leads from an entity, or from another to it.

    Source: docs, relation operators, matchAny: a path from the entity ends at one that is named;
    with fromBlueprint, it begins at one that is named and ends at the entity.
    """
    _must_know(rule, "property", place, _OF_PATH)
    way = rule["property"]
    place.must_hold(way, ("path",), also=("fromBlueprint",))
    path = _path(way["path"], place)
    if is_context(rule["value"]):
        value = of_caller(rule["value"], scene, place)
        names = value if isinstance(value, list) else [value]
    else:
        names = _names(rule["value"], place)
    if "fromBlueprint" in way:
        sources = _keys(place.text(way, "fromBlueprint"), names)
        return _among(lambda: ends(scene.catalog, sources, path))
    return lambda entity: any(
        end.identifier in names for end in ends(scene.catalog, [entity.key], path)
    )


def _path(steps: object, place: Place) -> list[Step]:
    if not isinstance(steps, list) or not steps:
        place.refuse(f"'path' is a list of relations, not {shortened(steps)}")
    path = [_step(step, place) for step in steps]
    if sum(step.most_hops is not None for step in path) > 1:
        place.refuse("only one step of a path may have 'maxHops'")
    return path


def _step(step: Any, place: Place) -> Step:
    if isinstance(step, str):
        return Step(relation=step)
    if not isinstance(step, Mapping):
        place.refuse(f"a step of a path is a relation, not {shortened(step)}")
    place.must_hold(step, ("relation",), also=("maxHops",))
    relation = place.text(step, "relation")
    if "maxHops" not in step:
        return Step(relation=relation)
    hops = step["maxHops"]
    if not is_number(hops) or hops not in range(1, MOST_HOPS + 1):
        place.refuse(f"'maxHops' is a whole number from 1 to {MOST_HOPS}, not {shortened(hops)}")
    return Step(relation=relation, most_hops=int(hops))


def _names(value: object, place: Place) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        place.refuse(f"'value' is an identifier or a list of them, not {shortened(value)}")
    return names


def _keys(blueprint: str, names: Iterable[str]) -> list[EntityKey]:
    return [EntityKey(blueprint=blueprint, identifier=name) for name in names]


def _must_know(
    rule: Rule,
    subject: str,
    place: Place,
    operators: Collection[Operator],
    *,
    also: Collection[str] = (),
) -> Operator:
    """Return the operator of a rule that has the right keys for it."""
    operator = operator_of(rule, place)
    if operator not in operators:
        known = " ".join(one for one in Operator if one in operators)
        place.refuse(f"{operator} does not go with {subject!r} here (these do: {known})")
    value = () if operator in QUESTIONS else ("value",)
    place.must_hold(rule, (subject, "operator", *value), also=also)
    return operator


def _judged(subject: Subject, check: Check) -> Test:
    return lambda entity: check(subject(entity))


def _among(find: Callable[[], Collection[EntityKey]]) -> Test:
    """Test whether an entity is one of those that *find* finds: it looks once, and when asked."""
    found = cache(find)
    return lambda entity: entity.key in found()


def _nothing(_entity: Entity) -> bool:
    return False
