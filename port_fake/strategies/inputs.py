"""Inputs of an action: those that it accepts, and those that break one of its rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Unpack

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.errors import MisuseError
from port_fake.strategies.breaches import UNKNOWN, Breach, breaches_of
from port_fake.strategies.formats import WORDS
from port_fake.strategies.rules import Around, Known, UnsatisfiableError, fits
from port_fake.strategies.values import values_of

REQUIRED: Final = "required"

Inputs = SearchStrategy[dict[str, Any]]
Instead = Mapping[str, SearchStrategy[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Inputs that break one rule.

    *rule* is the keyword, after the path to it in the definition of *property*: ``maxLength``,
    ``items/pattern``. Beside the keywords of JSON Schema there are ``unknown`` (no such input),
    ``exists`` (no such entity) and ``encryption`` (not encrypted by the client).
    """

    rule: str
    property: str
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The user inputs of an action, compiled: what must be given, and what may be."""

    required: Mapping[str, SearchStrategy[Any]]
    optional: Mapping[str, SearchStrategy[Any]]

    def filled(self, instead: Instead) -> Inputs:
        """Return a strategy for inputs, with *instead* in the place of some of them."""
        required = [(name, instead.get(name, one)) for name, one in self.required.items()]
        optional = [(name, instead.get(name, one)) for name, one in self.optional.items()]

        @st.composite
        def inputs(draw: st.DrawFn) -> dict[str, Any]:
            values = {name: draw(one) for name, one in required}
            # One draw says which, a bit for each: a draw for each would cost as much as a value.
            chosen = draw(st.integers(0, 2 ** len(optional) - 1)) if optional else 0
            for place, (name, one) in enumerate(optional):
                if chosen >> place & 1:
                    values[name] = draw(one)
            return values

        return inputs()


def inputs_for(
    action: Mapping[str, Any], *, instead: Instead | None = None, **known: Unpack[Known]
) -> Inputs:
    r"""Inputs that *action* accepts: the ``properties`` of an execute call.

    *action* is one as Port answers it. Every definition is met, its bounds included; inputs that
    are optional or have a default are left out in half of the draws. *instead* puts strategies of
    yours in the place of those of some inputs. Entity inputs name one of the ``entities=`` that
    are known; an optional one of a blueprint without any is left out.

    Nothing is filtered, but where a pattern looks around (``(?=``, ``\b``) or keys of an object
    have patterns. Shrinks to the inputs that must be given, each to its simplest value: the empty
    or shortest text, the number nearest to zero, the first member of an enum, the empty list.

    Raises:
        MisuseError: A required input has no value that can be drawn; the text says what to pass.
    """
    return _sheet(action, known, instead or {}).filled(instead or {})


def invalid_inputs_for(
    action: Mapping[str, Any], *, instead: Instead | None = None, **known: Unpack[Known]
) -> SearchStrategy[Broken]:
    """Inputs that break exactly one rule of *action*, with the rule and the input it is about.

    The other inputs are drawn as by `inputs_for`, and so are the parameters. A rule that cannot be
    broken alone (the type of an input that has an enum) is not drawn. Shrinks to the inputs that
    must be given and to the rule that comes first in the definition.

    Raises:
        MisuseError: As for `inputs_for`.
    """
    sheet = _sheet(action, known, instead or {})
    names = user_inputs_of(action).get("properties", {})
    found: list[tuple[str, Breach | None]] = [
        (name, breach)
        for name in names
        for breach in _breaches(name, user_inputs_of(action), Around.of(known))
    ]
    strange = WORDS.map(lambda word: f"{word}_" if word in names else word)

    @st.composite
    def broken(draw: st.DrawFn) -> Broken:
        inputs = draw(filled)
        name, breach = draw(choice)
        if breach is None:
            name = draw(strange)
            return Broken(rule=UNKNOWN, property=name, inputs={**inputs, name: draw(WORDS)})
        value = draw(breach.values)
        if value is OMITTED:
            inputs.pop(name, None)
        else:
            inputs[name] = value
        return Broken(rule=breach.rule, property=name, inputs=inputs)

    filled = sheet.filled(instead or {})
    choice = st.sampled_from([*found, ("", None)])
    return broken()


OMITTED: Final = object()


def _breaches(name: str, definition: Mapping[str, Any], around: Around) -> list[Breach]:
    rules = definition["properties"][name]
    found = list(breaches_of(rules, around))
    if name in required_of(definition):
        values = [None] if has_default(rules) else [OMITTED, None]
        given = [one for one in found if not one.is_null]
        return [Breach(rule=REQUIRED, values=st.sampled_from(values)), *given]
    return found


def user_inputs_of(action: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the user inputs of an action as Port answers it.

    Raises:
        MisuseError: It is none, or an automation, which nobody executes.
    """
    trigger = action.get("trigger")
    if not isinstance(trigger, Mapping) or not isinstance(trigger.get("userInputs"), Mapping):
        raise MisuseError(
            f"{action.get('identifier')!r} has no trigger.userInputs: pass a self-service action "
            "as Port answers it, or as port_fake.add_action(...) returns it"
        )
    found: Mapping[str, Any] = trigger["userInputs"]
    return found


def required_of(definition: Mapping[str, Any]) -> list[str]:
    """Return the inputs that must be given; those that jq names are known in the browser only."""
    required = definition.get("required")
    return list(required) if isinstance(required, (list, tuple)) else []


def has_default(rules: Mapping[str, Any]) -> bool:
    """Whether a definition has a default that is no jq."""
    default = rules.get("default")
    return "default" in rules and not (isinstance(default, Mapping) and "jqQuery" in default)


def _sheet(action: Mapping[str, Any], known: Known, instead: Instead) -> Sheet:
    text = json.dumps(user_inputs_of(action), sort_keys=False)
    try:
        return _compiled(text, Around.of(known), frozenset(instead))
    except UnsatisfiableError as reason:
        raise MisuseError(f"action {action.get('identifier')!r}: {reason}") from None


@lru_cache(256)
def _compiled(text: str, around: Around, instead: frozenset[str]) -> Sheet:
    definition = json.loads(text)
    required: dict[str, SearchStrategy[Any]] = {}
    optional: dict[str, SearchStrategy[Any]] = {}
    names = required_of(definition)
    for name in names:
        if name not in definition["properties"]:
            raise UnsatisfiableError(f"it requires the input {name!r} and does not define it")
    for name, rules in definition["properties"].items():
        stands = has_default(rules) and _is_default_good(rules, around)
        must = (name in names and not stands) or (has_default(rules) and not stands)
        try:
            values = st.nothing() if name in instead else values_of(rules, around)
        except UnsatisfiableError as reason:
            if must:
                raise UnsatisfiableError(f"input {name!r}: {reason}") from None
            continue
        (required if must else optional)[name] = values
    return Sheet(required=required, optional=optional)


def _is_default_good(rules: Mapping[str, Any], around: Around) -> bool:
    """Whether an input may be left to its default."""
    default = rules["default"]
    if not fits(rules, default):
        return False
    if rules.get("encryption") is not None and not isinstance(rules["encryption"], str):
        return False  # nobody has encrypted it
    inner = rules.get("items") if isinstance(default, list) else rules
    if not isinstance(inner, Mapping) or inner.get("format") != "entity":
        return True
    known = around.identifiers(inner.get("blueprint"))
    named = default if isinstance(default, list) else [default]
    return all((one["identifier"] if isinstance(one, Mapping) else one) in known for one in named)
