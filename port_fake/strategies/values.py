"""Values that a definition accepts, made rather than tried."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.inputs.encryption import SEALED_BY_CLIENT_BYTES
from port_fake.inputs.forms import LINKING
from port_fake.strategies import patterns
from port_fake.strategies.containers import lists, objects
from port_fake.strategies.formats import FORMATS, TEXTS, WORDS, texts
from port_fake.strategies.numbers import FAR, numbers
from port_fake.strategies.rules import Around, Rules, UnsatisfiableError, checked, fits

Values = SearchStrategy[Any]

SCALARS: Final[Values] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-FAR, FAR),
    st.floats(-FAR, FAR),
    st.text(TEXTS, max_size=8),
)
ANYTHING: Final[Values] = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(WORDS, st.one_of(SCALARS, st.lists(SCALARS, max_size=2)), max_size=3),
)
"""Any JSON value of some size. Shrinks to null."""

TEXT_RULES: Final = frozenset({"minLength", "maxLength", "pattern"})
LONGEST_PATTERN: Final = 64

TYPE_OF: Final[Mapping[str, str]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), "string"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), "number"),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), "number"),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "items"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties", "required"), "object"),
    **dict.fromkeys(("properties", "patternProperties", "additionalProperties"), "object"),
}
"""What a definition without a type is probably about."""


def values_of(rules: object, around: Around) -> Values:
    """Values that the fake accepts for *rules*.

    Raises:
        UnsatisfiableError: There are none, or none can be made; the text says why.
    """
    if rules is False:
        raise UnsatisfiableError("nothing is allowed")
    if not isinstance(rules, Mapping):
        return ANYTHING
    if rules.get("format") == "entity":
        return _entities(rules, around)
    if isinstance(rules.get("encryption"), Mapping):
        return SEALED
    return _by_keywords(rules, around)


def _by_keywords(rules: Rules, around: Around) -> Values:
    kept = checked(rules)
    if isinstance(rules.get("anyOf"), list):
        return st.one_of([values_of(one, around) for one in rules["anyOf"]])
    fixed = [kept["const"]] if "const" in kept else kept.get("enum")
    if fixed is not None:
        return _chosen(rules, fixed)
    types = kept.get("type") or next(
        (TYPE_OF[keyword] for keyword in kept if keyword in TYPE_OF), None
    )
    if types is None:
        return ANYTHING
    return _of_types(types if isinstance(types, list) else [types], rules, around)


def _chosen(rules: Rules, members: list[Any]) -> Values:
    possible = [one for one in members if fits(rules, one)]
    if not possible:
        raise UnsatisfiableError("no member of its enum fits its other rules")
    return st.sampled_from(possible)


def _of_types(types: list[Any], rules: Rules, around: Around) -> Values:
    kept = checked(rules)
    found: list[Values] = []
    reasons: list[str] = []
    for one in types:
        try:
            found.append(_of_type(str(one), kept, rules, around))
        except UnsatisfiableError as reason:
            reasons.append(str(reason))
    if not found:
        raise UnsatisfiableError("; ".join(reasons) or "it has no type")
    return st.one_of(found)


def _of_type(name: str, kept: dict[str, Any], rules: Rules, around: Around) -> Values:
    match name:
        case "string":
            is_linked = kept.get("format") in LINKING
            return _linked(kept, around) if is_linked else _texts(kept, around)
        case "number" | "integer":
            return numbers(kept, whole=name == "integer")
        case "boolean":
            return st.sampled_from([False, True])
        case "null":
            return st.none()
        case "array":
            return lists(kept, around, values_of)
        case "object":
            return _objects(kept, rules, around)
        case _:
            raise UnsatisfiableError(f"there is no type {name!r}")


def _objects(kept: dict[str, Any], rules: Rules, around: Around) -> Values:
    made = objects(kept, around, values_of, anything=ANYTHING)
    # A key may happen to match somebody else's pattern.
    return made.filter(lambda value: fits(rules, value)) if "patternProperties" in kept else made


def _texts(kept: Rules, around: Around) -> Values:
    low = kept.get("minLength", 0)
    high = kept.get("maxLength", max(around.max_length, low + around.max_length))
    if low > high:
        raise UnsatisfiableError(f"minLength {low} is over maxLength {high}")
    named = FORMATS.get(str(kept.get("format")))
    if "pattern" in kept and not (named and named.wrong):
        return _matching(kept, low, min(high, low + LONGEST_PATTERN))
    if named is None or (not named.wrong and TEXT_RULES & kept.keys()):
        return texts(low, high)
    if not TEXT_RULES & kept.keys():
        return named.values if named.wrong else st.one_of(named.values, texts(low, high))
    sized = named.sized(low, high) if named.sized and "pattern" not in kept else None
    possible = [one for one in named.examples if fits(kept, one)]
    if sized is None and not possible:
        raise UnsatisfiableError(f"no known {kept['format']} fits its other rules")
    return sized if sized is not None else st.sampled_from(possible)


def _matching(kept: Rules, low: int, high: int) -> Values:
    pattern = kept["pattern"]
    try:
        found = patterns.matching(pattern, low, high)
    except patterns.UnknownPatternError as reason:
        raise UnsatisfiableError(
            f"texts that match {pattern!r} cannot be made ({reason}): pass a strategy of your own "
            "for this input, instead={name: strategy}"
        ) from None
    if found is None:
        raise UnsatisfiableError(f"no text of {low} to {high} characters matches {pattern!r}")
    if patterns.looks_around(pattern):
        return found.filter(lambda text: fits(kept, text))
    return found


def _entities(rules: Rules, around: Around) -> Values:
    blueprint = rules.get("blueprint")
    known = around.identifiers(blueprint)
    if not known:
        raise UnsatisfiableError(
            f"no entity of blueprint {blueprint!r} is known: pass "
            f"entities={{{blueprint!r}: [identifiers]}}"
        )
    # Every third choice is an object; one draw says which entity and in which form.
    return st.integers(0, 3 * len(known) - 1).map(lambda place: _named(known, place))


def _named(known: Sequence[str], place: int) -> str | dict[str, str]:
    identifier = known[place % len(known)]
    return {"identifier": identifier} if place >= 2 * len(known) else identifier


def _linked(kept: Rules, around: Around) -> Values:
    name = kept["format"]
    known = around.users if name == "user" else around.teams
    if known:
        return _chosen(kept, list(known))
    return WORDS.map("{}@example.com".format) if name == "user" else _texts(kept, around)


SEALED: Final[Values] = st.binary(
    min_size=SEALED_BY_CLIENT_BYTES + 1, max_size=SEALED_BY_CLIENT_BYTES + 16
).map(lambda data: b64encode(data).decode())
"""What a browser makes of a secret: nobody but the backend can look inside."""
