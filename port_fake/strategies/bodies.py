"""Bodies of the operations on action runs, read from the shapes that the fake checks them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Unpack

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import TypeAdapter

from port_fake.dialects.port.run_shapes import ApprovalBody, ExecuteBody, LogBody, UpdateBody
from port_fake.dialects.port.stored_action import ON_AN_ENTITY
from port_fake.errors import MisuseError
from port_fake.strategies.breaches import Breach, breaches_of
from port_fake.strategies.formats import WORDS
from port_fake.strategies.inputs import Broken, Instead, inputs_for, invalid_inputs_for
from port_fake.strategies.rules import Around, Known, Rules
from port_fake.strategies.values import values_of

Body = dict[str, Any]
Bodies = SearchStrategy[Body]

NO_OBJECTS: Final[tuple[Any, ...]] = (0, "text", True, [], [{}], None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenBody:
    """A body that breaks one rule.

    *rule* is the keyword after the place in the body: ``required``, ``status/enum``,
    ``properties/<input>/minLength``. *body* is any JSON value: it may be no object.
    """

    rule: str
    body: Any


BrokenBodies = SearchStrategy[BrokenBody]


def execute_bodies(
    action: Mapping[str, Any], *, instead: Instead | None = None, **known: Unpack[Known]
) -> Bodies:
    """Bodies that execute *action*: its inputs, and the entity to act on where it needs one.

    The parameters are those of `inputs_for`, and so is what is drawn; an action on an entity of a
    blueprint takes one of the ``entities=`` of that blueprint. Shrinks to the
    inputs that must be given, each to its simplest value, and to the first entity.

    Raises:
        MisuseError: As for `inputs_for`, or the action needs an entity and none is known.
    """
    parts: dict[str, SearchStrategy[Any]] = {
        "properties": inputs_for(action, instead=instead, **known)
    }
    blueprint = blueprint_acted_on(action)
    if blueprint is not None:
        parts["entity"] = _targets(action, blueprint, known)
    return st.fixed_dictionaries(parts)


def invalid_execute_bodies(
    action: Mapping[str, Any], *, instead: Instead | None = None, **known: Unpack[Known]
) -> BrokenBodies:
    """Bodies that Port refuses with 422, each for breaking one rule: of the body or of its inputs.

    The parameters are those of `inputs_for`. Shrinks to a body that is no object.

    Raises:
        MisuseError: As for `execute_bodies`.
    """
    whole = execute_bodies(action, instead=instead, **known)
    parts: dict[str, SearchStrategy[Any]] = {}
    blueprint = blueprint_acted_on(action)
    if blueprint is not None:
        parts["entity"] = _targets(action, blueprint, known)

    def composed(pair: tuple[Broken, Body]) -> BrokenBody:
        broken, others = pair
        rule = f"properties/{broken.property}/{broken.rule}"
        return BrokenBody(rule=rule, body={"properties": broken.inputs, **others})

    inputs = invalid_inputs_for(action, instead=instead, **known)
    broken_inputs = st.tuples(inputs, st.fixed_dictionaries(parts)).map(composed)
    found = list(_breaches(_schema(ExecuteBody), whole, Around.of(known)))
    if blueprint is not None:
        nowhere = whole.map(lambda body: _without(body, "entity"))
        found.append(Breach(rule="entity/required", values=nowhere))
    return st.one_of(_drawn(found), broken_inputs)


def update_bodies(*, ends: bool | None = None, max_length: int = 20, max_items: int = 4) -> Bodies:
    """Bodies with which a backend reports on a run: any of its keys, and none as well.

    With *ends* every one ends the run, with ``ends=False`` none does. Texts have at most
    *max_length* characters, *max_items* bounds lists of links. Shrinks to ``{}``, or to
    ``{"status": "SUCCESS"}``.
    """
    schema = _ending(_schema(UpdateBody), "status", ends=ends)
    return values_of(schema, Around(max_length=max_length, max_items=max_items))


def approval_bodies(*, max_length: int = 20) -> Bodies:
    """Rulings on a run that waits, with or without a description of at most *max_length*.

    Shrinks to ``{"status": "DECLINE"}``.
    """
    return values_of(_schema(ApprovalBody), Around(max_length=max_length))


def log_bodies(*, ends: bool | None = None, max_length: int = 20) -> Bodies:
    """Lines for the log of a run; with *ends* every one ends the run, with ``ends=False`` none.

    Shrinks to ``{"message": ""}``, or to that with ``"terminationStatus": "SUCCESS"``.
    """
    schema = _ending(_schema(LogBody), "terminationStatus", ends=ends)
    return values_of(schema, Around(max_length=max_length))


def invalid_update_bodies(*, max_length: int = 20, max_items: int = 4) -> BrokenBodies:
    """Reports that Port refuses with 422, each for breaking one rule.

    Shrinks to a body that is no object.
    """
    return _invalid(UpdateBody, Around(max_length=max_length, max_items=max_items))


def invalid_approval_bodies(*, max_length: int = 20) -> BrokenBodies:
    """Rulings that Port refuses with 422, each for breaking one rule.

    Shrinks to a body that is no object.
    """
    return _invalid(ApprovalBody, Around(max_length=max_length))


def invalid_log_bodies(*, max_length: int = 20) -> BrokenBodies:
    """Log lines that Port refuses with 422, each for breaking one rule.

    Shrinks to a body that is no object.
    """
    return _invalid(LogBody, Around(max_length=max_length))


def blueprint_acted_on(action: Mapping[str, Any]) -> str | None:
    """Return the blueprint whose entity an action needs, or None."""
    trigger = action["trigger"]
    if trigger.get("operation") not in ON_AN_ENTITY:
        return None
    blueprint: str | None = trigger.get("blueprintIdentifier")
    return blueprint


def _targets(action: Mapping[str, Any], blueprint: str, known: Known) -> SearchStrategy[str]:
    identifiers = known.get("entities", {}).get(blueprint)
    if not identifiers:
        raise MisuseError(
            f"action {action.get('identifier')!r} acts on an entity of blueprint {blueprint!r} "
            f"and none is known: pass entities={{{blueprint!r}: [identifiers]}}"
        )
    return st.sampled_from(identifiers)


@cache
def _schema(shape: Any) -> dict[str, Any]:
    schema: dict[str, Any] = TypeAdapter(shape).json_schema()
    return schema


def _ending(schema: Rules, key: str, *, ends: bool | None) -> dict[str, Any]:
    if ends is None:
        return dict(schema)
    if ends:
        return {**schema, "required": [*schema.get("required", ()), key]}
    return {**schema, "properties": _without(schema["properties"], key)}


def _invalid(shape: Any, around: Around) -> BrokenBodies:
    schema = _schema(shape)
    return _drawn(list(_breaches(schema, values_of(schema, around), around)))


def _drawn(found: list[Breach]) -> BrokenBodies:
    @st.composite
    def broken(draw: st.DrawFn) -> BrokenBody:
        breach = draw(st.sampled_from(found))
        return BrokenBody(rule=breach.rule, body=draw(breach.values))

    return broken()


def _breaches(schema: Rules, whole: Bodies, around: Around) -> Iterator[Breach]:
    yield Breach(rule="type", values=st.sampled_from(NO_OBJECTS))
    for name in schema.get("required", ()):
        yield Breach(rule="required", values=_lacking(whole, name))
    for name, rules in schema["properties"].items():
        for breach in breaches_of(rules, around):
            yield breach.inside(name, values=_holding(whole, st.just(name), breach.values))
    strange = WORDS.map(lambda word: f"{word}_" if word in schema["properties"] else word)
    yield Breach(rule="additionalProperties", values=_holding(whole, strange, WORDS))


def _lacking(whole: Bodies, name: str) -> Bodies:
    return whole.map(lambda body: _without(body, name))


def _holding(whole: Bodies, names: SearchStrategy[str], values: SearchStrategy[Any]) -> Bodies:
    parts = st.tuples(whole, names, values)
    return parts.map(lambda part: {**part[0], part[1]: part[2]})


def _without(body: Rules, key: str) -> Body:
    return {name: value for name, value in body.items() if name != key}
