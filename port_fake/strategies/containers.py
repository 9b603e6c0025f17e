"""Lists and objects that a definition accepts, made to size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.strategies import patterns
from port_fake.strategies.formats import WORDS
from port_fake.strategies.rules import Around, Rules, UnsatisfiableError, canonical, checked, fits

Values = SearchStrategy[Any]
Compile = Callable[[object, Around], Values]

LONGEST_KEY: Final = 12


def lists(kept: Rules, around: Around, compiled: Compile) -> Values:
    """Lists of what *kept* allows, empty ones where it does. Shrinks to the shortest.

    Raises:
        UnsatisfiableError: There are none.
    """
    low = kept.get("minItems", 0)
    high = kept.get("maxItems", low + around.max_items)
    rules = kept.get("items", {})
    unique = kept.get("uniqueItems") is True
    members = members_of(rules, around) if unique else None
    if members is not None:
        high = min(high, len(members))
    if low > high:
        raise UnsatisfiableError(f"a list of at least {low} items has room for {high}")
    try:
        items = st.sampled_from(members) if members else compiled(rules, around)
    except UnsatisfiableError:
        if low:
            raise
        return st.just([]).map(list)
    return st.lists(items, min_size=low, max_size=high, unique_by=canonical if unique else None)


def members_of(rules: object, around: Around) -> list[Any] | None:
    """Return all values that *rules* accept, each once, or None where they are too many to list."""
    if not isinstance(rules, Mapping):
        return None
    kept = checked(rules)
    if rules.get("format") == "entity":
        members: list[Any] = list(around.identifiers(rules.get("blueprint")))
    elif kept.get("format") in {"user", "team"}:
        members = list(around.users if kept["format"] == "user" else around.teams)
        if not members:
            return None
    elif "enum" in kept:
        members = kept["enum"]
    elif kept.get("type") == "boolean":
        members = [False, True]
    else:
        return None
    fitting = {canonical(one): one for one in members if fits(rules, one)}
    return list(fitting.values())


def objects(kept: Rules, around: Around, compiled: Compile, *, anything: Values) -> Values:
    """Objects that *kept* allows: what it requires, some of what it knows, more where it must.

    Shrinks to what is required.

    Raises:
        UnsatisfiableError: There are none.
    """
    fields = _fields(kept, around, compiled, anything)
    required = [name for name in kept.get("required", ()) if isinstance(name, str)]
    for name in required:
        if name not in fields:
            fields[name] = _extra(kept, around, compiled, anything)
    optional = [name for name in fields if name not in required]
    low, high = kept.get("minProperties", 0), kept.get("maxProperties", len(fields) + 3)
    keys, extra = _keys(kept, around, compiled, anything)
    most = high if extra is not None else min(high, len(fields))
    if most < max(low, len(required)):
        raise UnsatisfiableError(f"an object of {low} to {high} properties cannot be made")
    is_free = not fields and extra is not None
    which = st.integers(0, 2 ** len(optional) - 1)

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        room = most - len(required)
        bits = draw(which) if optional else 0
        chosen = [name for place, name in enumerate(optional) if bits >> place & 1][:room]
        missing = low - len(required) - len(chosen)
        for name in optional:
            if missing > 0 and name not in chosen:
                chosen.append(name)
                missing -= 1
        made = {name: draw(fields[name]) for name in (*required, *chosen)}
        if extra is None or keys is None:
            return made
        size = max(0, missing, draw(st.integers(0, min(most, 3))) if is_free else 0)
        taken = draw(st.lists(keys, min_size=size, max_size=size, unique=True))
        made.update({f"{name}": draw(extra) for name in taken})
        return made

    return drawn()


def _fields(kept: Rules, around: Around, compiled: Compile, anything: Values) -> dict[str, Values]:
    required = kept.get("required", ())
    fields = {}
    for name, rules in kept.get("properties", {}).items():
        try:
            fields[name] = anything if rules is True else compiled(rules, around)
        except UnsatisfiableError:
            if name in required:
                raise
    return fields


def _extra(kept: Rules, around: Around, compiled: Compile, anything: Values) -> Values:
    """Values of keys that no definition names."""
    rules = kept.get("additionalProperties", True)
    return anything if rules is True else compiled(rules, around)


def _keys(
    kept: Rules, around: Around, compiled: Compile, anything: Values
) -> tuple[Values | None, Values | None]:
    """Return keys beyond those that are named, and their values, or None where none may be."""
    for pattern, rules in kept.get("patternProperties", {}).items():
        try:
            found = patterns.matching(pattern, 1, LONGEST_KEY)
            if found is not None:
                return found, compiled(rules, around)
        except (patterns.UnknownPatternError, UnsatisfiableError):
            continue
    if kept.get("additionalProperties") is False:
        return None, None
    named = {*kept.get("properties", ()), *kept.get("required", ())}
    keys = WORDS.map(lambda word: f"{word}_" if word in named else word)
    try:
        return keys, _extra(kept, around, compiled, anything)
    except UnsatisfiableError:
        return None, None
