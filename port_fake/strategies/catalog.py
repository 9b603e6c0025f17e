"""Blueprints and the entities made after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.errors import MisuseError
from port_fake.strategies.definitions import PROPERTIES
from port_fake.strategies.formats import WORDS, texts
from port_fake.strategies.inputs import has_default
from port_fake.strategies.names import CATALOG_IDENTIFIERS, PROPERTY_NAMES, titles
from port_fake.strategies.rules import Around, UnsatisfiableError
from port_fake.strategies.values import values_of


@st.composite
def blueprints(
    draw: st.DrawFn,
    *,
    identifiers: SearchStrategy[str] = CATALOG_IDENTIFIERS,
    targets: Sequence[str] = (),
    max_properties: int = 5,
    max_relations: int = 3,
) -> dict[str, Any]:
    """Blueprints as they are sent to Port: properties of every kind, relations to *targets*.

    Without *targets* a blueprint relates to itself only, and never has to. Every property has
    values that `entities` can draw. Shrinks to a blueprint ``a`` without properties.
    """
    identifier = draw(identifiers)
    names = draw(st.lists(PROPERTY_NAMES, max_size=max_properties, unique=True))
    blueprint: dict[str, Any] = {
        "identifier": identifier,
        "title": draw(titles()),
        "schema": {
            "properties": {name: draw(PROPERTIES) for name in names},
            "required": [name for name in names if draw(st.booleans())],
        },
        "relations": draw(
            st.dictionaries(PROPERTY_NAMES, _relations(identifier, targets), max_size=max_relations)
        ),
    }
    if draw(st.booleans()):
        blueprint["description"] = draw(texts(0, 20))
        blueprint["icon"] = "Microservice"
    return blueprint


def _relations(itself: str, targets: Sequence[str]) -> SearchStrategy[dict[str, Any]]:
    own = {"target": st.just(itself), "required": st.sampled_from([False])}
    relations = st.fixed_dictionaries({**own, "many": st.booleans()})
    if not targets:
        return relations
    to_others = {"target": st.sampled_from(targets), "required": st.booleans()}
    return st.one_of(st.fixed_dictionaries({**to_others, "many": st.booleans()}), relations)


def entities(
    blueprint: Mapping[str, Any],
    *,
    identifiers: SearchStrategy[str] = CATALOG_IDENTIFIERS,
    targets: Mapping[str, Sequence[str]] | None = None,
    teams: Sequence[str] = (),
    max_length: int = 20,
    max_items: int = 4,
) -> SearchStrategy[dict[str, Any]]:
    """Entities of *blueprint* as they are sent to Port.

    *blueprint* is one as `blueprints` draws it or as Port answers it. Properties that are not
    required are left out, null or given. Relations lead to the entities in *targets*, identifiers
    by blueprint; one to a blueprint without any is left out. *teams* may own the entity.
    Shrinks to an entity ``a`` with what its blueprint requires.

    Raises:
        MisuseError: A required property has no value that can be drawn, or a required relation
            leads to a blueprint without entities; the text says what to pass.
    """
    parts: dict[str, SearchStrategy[Any]] = {
        "identifier": identifiers,
        "properties": _properties(blueprint, Around(max_length=max_length, max_items=max_items)),
        "relations": _ends(blueprint, targets or {}),
    }
    owners: dict[str, SearchStrategy[Any]] = {"title": titles(), "icon": WORDS}
    if teams:
        some = st.lists(st.sampled_from(teams), max_size=2, unique=True)
        owners["team"] = st.one_of(st.sampled_from(teams), some)
    return st.fixed_dictionaries(parts, optional=owners)


def _properties(blueprint: Mapping[str, Any], around: Around) -> SearchStrategy[dict[str, Any]]:
    schema = blueprint["schema"]
    needed: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, rules in schema["properties"].items():
        is_needed = name in schema.get("required", ()) and not has_default(rules)
        try:
            values = values_of(rules, around)
        except UnsatisfiableError as reason:
            if not is_needed:
                continue
            raise MisuseError(
                f"blueprint {blueprint['identifier']!r}, property {name!r}: {reason}"
            ) from None
        if is_needed:
            needed[name] = values
        elif name in schema.get("required", ()):
            optional[name] = values
        else:
            optional[name] = st.one_of(values, st.none())
    return st.fixed_dictionaries(needed, optional=optional)


def _ends(
    blueprint: Mapping[str, Any], targets: Mapping[str, Sequence[str]]
) -> SearchStrategy[dict[str, Any]]:
    needed: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    for name, relation in blueprint.get("relations", {}).items():
        known = targets.get(relation["target"], ())
        if relation["required"] and not known:
            raise MisuseError(
                f"blueprint {blueprint['identifier']!r} requires the relation {name!r} and no "
                f"entity of blueprint {relation['target']!r} is known: pass "
                f"targets={{{relation['target']!r}: [identifiers]}}"
            )
        if not known:
            continue
        some = st.lists(
            st.sampled_from(known), min_size=relation["required"], max_size=3, unique=True
        )
        ends: SearchStrategy[Any] = some if relation["many"] else st.sampled_from(known)
        if relation["required"]:
            needed[name] = ends
        else:
            optional[name] = st.one_of(ends, st.none())
    return st.fixed_dictionaries(needed, optional=optional)
