"""The operator of a rule and the value that it wants, as one check of a held value."""

from __future__ import annotations

from collections.abc import Mapping
from reprlib import repr as shortened
from typing import Any

from port_fake.world.search.operators import COMPARISONS, COMPLEMENTS, QUESTIONS, Operator
from port_fake.world.search.places import Place
from port_fake.world.search.scene import Scene
from port_fake.world.search.subjects import CONTEXTS, META, Subject, of_entity
from port_fake.world.search.values import Check


def operator_of(rule: Mapping[str, Any], place: Place) -> Operator:
    """Return the operator of a rule.

    Raises:
        InvalidError: There is none, or it is not known.
    """
    place.must_hold(rule, ("operator",), also=rule)
    name = place.text(rule, "operator")
    try:
        return Operator(name)
    except ValueError:
        place.refuse(f"unknown operator {shortened(name)}")


def check_of(operator: Operator, wanted: Any, scene: Scene, place: Place) -> Check:
    """Return how *operator* checks what is held, against the value of the rule if it wants one.

    Raises:
        InvalidError: The operator cannot compare with that value.
    """
    if operator in QUESTIONS:
        return QUESTIONS[operator](scene.now)
    comparison = COMPARISONS[COMPLEMENTS.get(operator, operator)]
    check = comparison.against(wanted, scene.now)
    if check is None:
        place.refuse(f"{operator} takes {comparison.takes}, not {shortened(wanted)}")
    return _signed(operator, check)


def check_with_caller(
    operator: Operator, wanted: Mapping[str, Any], scene: Scene, place: Place
) -> Check | None:
    """Return how *operator* checks what is held against a value of the user who asks.

    None means that nothing satisfies it.
    Assumed: so it is if that value is missing or of the wrong type for the operator.

    Raises:
        InvalidError: The context or the meta property is not known.
    """
    value = of_caller(wanted, scene, place)
    if value is None:
        return None
    comparison = COMPARISONS[COMPLEMENTS.get(operator, operator)]
    if comparison.listed and not isinstance(value, list):
        value = [value]
    check = comparison.against(value, scene.now)
    return None if check is None else _signed(operator, check)


def _signed(operator: Operator, check: Check) -> Check:
    return (lambda held: not check(held)) if operator in COMPLEMENTS else check


def subject_of(name: str, place: Place) -> Subject:
    """Return the property or meta property of an entity that is called *name*.

    Raises:
        InvalidError: There is no such meta property.
    """
    subject = of_entity(name)
    if subject is None:
        place.refuse(f"unknown meta property {shortened(name)} (known: {', '.join(META)})")
    return subject


def is_context(value: object) -> bool:
    """Whether *value* stands for one of the user who asks."""
    return isinstance(value, Mapping) and "context" in value


def of_caller(value: Mapping[str, Any], scene: Scene, place: Place) -> Any:
    """Return the value of the user who asks that ``{context, property}`` stands for.

    Raises:
        InvalidError: The context or the meta property is not known.
    """
    place.must_hold(value, ("context", "property"), also=value)
    context = place.text(value, "context")
    if context not in CONTEXTS:
        place.refuse(f"unknown context {shortened(context)} (known: {', '.join(CONTEXTS)})")
    return CONTEXTS[context](scene, subject_of(place.text(value, "property"), place))
