"""Values that break exactly one rule of a definition and keep all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.inputs.forms import ENTITY_VALUE
from port_fake.strategies.formats import FORMATS, WORDS
from port_fake.strategies.rules import Around, Rules, UnsatisfiableError, checked, fits
from port_fake.strategies.values import values_of

Values: TypeAlias = SearchStrategy[Any]

UNKNOWN: Final = "unknown"
"""The rule that inputs must be defined."""

EXISTS: Final = "exists"
"""The rule that an entity input must name an entity."""

MORE: Final = 3
"""By how many a bound on a length is overstepped at most."""

OF_ANOTHER_TYPE: Final[tuple[Any, ...]] = (0, "text", True, [], {}, 0.5)
NEIGHBOURS: Final[tuple[Any, ...]] = (
    *("other", "A", "0", "a", " ", "", "-", "!", "é", "a" * 5, "A" * 9, "0" * 7, "-" * 3),
    *(0, 1, -1, 0.5, 10**6, True, False, [], ["other"], {}, {"other": 1}),
)
"""Values of which some are near to any definition, and yet not among its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule by its path in a definition, such as ``items/pattern``, and values that break it.

    *is_null* tells that the value is null, which means nothing is given where something must be.
    """

    rule: str
    values: Values
    is_null: bool = False

    def inside(self, *place: str, values: Values) -> Breach:
        """Return the breach of a definition that holds this one."""
        return Breach(rule="/".join([*place, self.rule]), values=values)


NULL: Final = Breach(rule="type", values=st.none(), is_null=True)


def breaches_of(rules: object, around: Around) -> Iterator[Breach]:
    """Return a breach for each rule that can be broken while all others are kept."""
    if not isinstance(rules, Mapping):
        return
    if rules.get("format") == "entity":
        yield from _of_an_entity(around)
        yield NULL
    elif isinstance(rules.get("encryption"), Mapping):
        yield Breach(rule="type", values=st.sampled_from([0, True, []]))
        yield Breach(rule="encryption", values=WORDS)
        yield NULL
    else:
        yield from _of_keywords(rules, around)
        yield from _of_items(rules, around)
        yield from _of_fields(rules, around)
        if not fits(rules, None) and fits(_without(rules, "type"), None):
            yield NULL


def _of_keywords(rules: Rules, around: Around) -> Iterator[Breach]:
    kept = checked(rules)
    if isinstance(rules.get("anyOf"), list):
        misfits = [
            one
            for one in (*OF_ANOTHER_TYPE, [0], {"a": 0}, None)
            if not any(fits(each, one) for each in rules["anyOf"])
        ]
        yield Breach(rule="anyOf", values=st.sampled_from(misfits))
    for keyword in kept:
        break_one = BREAKING.get(keyword)
        if break_one is None:
            continue
        try:
            yield Breach(rule=keyword, values=break_one(rules, around))
        except UnsatisfiableError:
            continue


def _without(rules: Rules, *keywords: str, **others: Any) -> dict[str, Any]:
    return {**{key: rules[key] for key in rules if key not in keywords}, **others}


def _near(keyword: str, candidates: Sequence[Any]) -> Callable[[Rules, Around], Values]:
    """Take those of some candidates that break *keyword* and nothing else."""

    def values(rules: Rules, _around: Around) -> Values:
        return _chosen(rules, keyword, [*_variants(rules), *candidates])

    return values


def _chosen(rules: Rules, keyword: str, candidates: Sequence[Any]) -> Values:
    rest = _without(rules, keyword)
    found = [one for one in candidates if fits(rest, one) and not fits(rules, one)]
    if not found:
        raise UnsatisfiableError(f"nothing breaks {keyword} alone")
    return st.sampled_from(found)


def _variants(rules: Rules) -> Iterator[Any]:
    """Return what looks like a member of an enum and is none, and texts of the length asked for."""
    for member in rules.get("enum", ()) if isinstance(rules.get("enum"), list) else ():
        if isinstance(member, str):
            yield from (f"{member}_", member.swapcase(), member[:-1])
        elif isinstance(member, (int, float)) and not isinstance(member, bool):
            yield from (member + 1, member - 0.5)
    least = rules.get("minLength", 0)
    if isinstance(least, int):
        yield from (one * least for one in "a0 !A-é")


def _another_type(rules: Rules, _around: Around) -> Values:
    items = rules.get("items")
    # A text where a list of entities belongs would name an entity besides.
    names = isinstance(items, Mapping) and items.get("format") == "entity"
    candidates = [one for one in OF_ANOTHER_TYPE if not (names and isinstance(one, str))]
    return _chosen(rules, "type", candidates)


def _shifted(
    keyword: str, opposite: str, by: int = 0, more: str | None = None
) -> Callable[[Rules, Around], Values]:
    """Ask for the other side of a bound; *more* names the bound that keeps it within reach."""

    def values(rules: Rules, around: Around) -> Values:
        bound = rules[keyword] + by
        if opposite.startswith("max") and by and bound < 0:
            raise UnsatisfiableError("nothing is shorter than nothing")
        others = {opposite: bound} if more is None else {opposite: bound, more: bound + MORE}
        return values_of(_without(rules, keyword, **others), around)

    return values


def _repeated(rules: Rules, around: Around) -> Values:
    if rules["uniqueItems"] is not True:
        raise UnsatisfiableError("items need not be unique")
    least = max(1, rules.get("minItems", 0) - 1)
    most = rules.get("maxItems", least + MORE) - 1
    once = values_of(_without(rules, minItems=least, maxItems=max(least, most)), around)
    if least > most:
        raise UnsatisfiableError("a list that short cannot repeat anything")
    return once.map(lambda items: [*items, items[0]])


def _steps(rules: Rules, around: Around) -> Values:
    half: float = rules["multipleOf"] / 2
    rest = _without(rules, "multipleOf")

    def beside(value: float) -> float:
        above, below = value + half, value - half
        return above if fits(rest, above) else below

    between = values_of(rules, around).map(beside)
    return between.filter(lambda value: fits(rest, value) and not fits(rules, value))


def _missing(rules: Rules, around: Around) -> Values:
    names = [name for name in rules["required"] if isinstance(name, str)]
    if not names:
        raise UnsatisfiableError("nothing is required")
    roomy = _without(rules, minProperties=max(1, rules.get("minProperties", 0) + 1))

    def without_one(pair: tuple[dict[str, Any], str]) -> dict[str, Any]:
        return {key: value for key, value in pair[0].items() if key != pair[1]}

    return st.tuples(values_of(roomy, around), st.sampled_from(names)).map(without_one)


BREAKING: Final[Mapping[str, Callable[[Rules, Around], Values]]] = {
    "type": _another_type,
    "enum": _near("enum", NEIGHBOURS),
    "const": _near("const", NEIGHBOURS),
    "pattern": _near("pattern", NEIGHBOURS),
    "format": _near("format", [one for each in FORMATS.values() for one in each.wrong]),
    "minLength": _shifted("minLength", "maxLength", -1),
    "maxLength": _shifted("maxLength", "minLength", 1, "maxLength"),
    "minimum": _shifted("minimum", "exclusiveMaximum"),
    "maximum": _shifted("maximum", "exclusiveMinimum"),
    "exclusiveMinimum": _shifted("exclusiveMinimum", "maximum"),
    "exclusiveMaximum": _shifted("exclusiveMaximum", "minimum"),
    "multipleOf": _steps,
    "minItems": _shifted("minItems", "maxItems", -1),
    "maxItems": _shifted("maxItems", "minItems", 1, "maxItems"),
    "uniqueItems": _repeated,
    "minProperties": _shifted("minProperties", "maxProperties", -1),
    "maxProperties": _shifted("maxProperties", "minProperties", 1, "maxProperties"),
    "required": _missing,
}
"""How each keyword that is checked is broken, and no other."""


def _of_an_entity(around: Around) -> Iterator[Breach]:
    yield Breach(rule="type", values=st.sampled_from([0, True, []]))
    for keyword in ("minLength", "required"):
        yield Breach(
            rule=keyword,
            values=_chosen(ENTITY_VALUE, keyword, ["", {}, {"name": "a"}]),
        )
    taken = {one for _, known in around.entities for one in known}
    strangers = WORDS.map(lambda word: f"no-{word}" if word in taken or len(word) > 1 else word)
    yield Breach(rule=EXISTS, values=strangers.map(lambda one: one + "?" * (one in taken)))


def _of_items(rules: Rules, around: Around) -> Iterator[Breach]:
    kept = checked(rules)
    low, high = kept.get("minItems", 0), kept.get("maxItems", around.max_items)
    if "items" not in kept or "enum" in kept or "const" in kept or high < 1:
        return
    others = _without(rules, minItems=max(0, low - 1), maxItems=max(0, high - 1))
    for breach in breaches_of(kept["items"], around):
        if breach.rule.endswith(f"/{EXISTS}"):
            continue
        try:
            rest = values_of(others, around)
        except UnsatisfiableError:
            return
        joined = st.tuples(rest, breach.values).map(lambda pair: [*pair[0], pair[1]])
        yield breach.inside("items", values=joined)


def _of_fields(rules: Rules, around: Around) -> Iterator[Breach]:
    kept = checked(rules)
    if "enum" in kept or "const" in kept or kept.get("maxProperties", 1) < 1:
        return
    fields = kept.get("properties", {})
    try:
        whole = values_of(rules, around)
        roomy = values_of(_roomy(kept, rules), around)
    except UnsatisfiableError:
        return
    for name, inner in fields.items():
        for breach in breaches_of(inner, around):
            if breach.rule.endswith(EXISTS):
                continue  # nobody looks for entities that deep
            base = whole if name in kept.get("required", ()) else roomy
            yield breach.inside("properties", name, values=_with(base, st.just(name), breach))
    strange = WORDS.map(lambda word: f"{word}_")
    strange = strange.map(lambda name: name + "_" * (name in fields))
    if kept.get("additionalProperties") is False and "patternProperties" not in kept:
        stranger = Breach(rule="additionalProperties", values=WORDS)
        yield stranger.inside(values=_with(roomy, strange, stranger))
    for breach in breaches_of(kept.get("additionalProperties"), around):
        values = _with(roomy, strange, breach)
        yield breach.inside("additionalProperties", values=values)


def _roomy(kept: Rules, rules: Rules) -> dict[str, Any]:
    """Return rules for an object that has room for one more."""
    if "maxProperties" not in kept:
        return dict(rules)
    return _without(rules, maxProperties=kept["maxProperties"] - 1)


def _with(whole: Values, names: SearchStrategy[str], breach: Breach) -> Values:
    parts = st.tuples(whole, names, breach.values)
    return parts.map(lambda all_: {**all_[0], all_[1]: all_[2]})
