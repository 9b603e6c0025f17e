"""Definitions: what an action asks of its user, and what a blueprint says of its entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.dialects.port.definitions.blueprints import COMMON_FORMATS
from port_fake.strategies.formats import WORDS, texts
from port_fake.strategies.names import PROPERTY_NAMES, titles
from port_fake.strategies.rules import Around, UnsatisfiableError
from port_fake.strategies.values import values_of

Definitions = SearchStrategy[dict[str, Any]]

PATTERNS: Final = (
    "^[a-z]+$",
    "^[a-z][a-z0-9-]{1,20}$",
    "^v\\d+\\.\\d+\\.\\d+$",
    "^(dev|staging|prod)-[A-Z]{2}$",
    "[0-9]",
    "^\\S+$",
)
COMPUTED: Final = ({"jqQuery": ".form.name"}, {"jqQuery": ".user.email"})
LOWEST: Final = -1000
HIGHEST: Final = 1000


@st.composite
def _bounded(draw: st.DrawFn, low: str, high: str, most: int) -> dict[str, Any]:
    """Draw two bounds of a size, either, both or none of them."""
    least = draw(st.integers(0, most))
    bounds = {low: least, high: least + draw(st.integers(0, most))}
    kept = draw(st.sampled_from([(), (low,), (high,), (low, high)]))
    return {name: bounds[name] for name in kept}


@st.composite
def _between(draw: st.DrawFn) -> dict[str, Any]:
    """Draw bounds of a number, open or closed, with numbers between them."""
    low = draw(st.integers(LOWEST, HIGHEST))
    bounds = {
        draw(st.sampled_from(["minimum", "exclusiveMinimum"])): low,
        draw(st.sampled_from(["maximum", "exclusiveMaximum"])): low + draw(st.integers(1, HIGHEST)),
    }
    kept = draw(st.lists(st.sampled_from(sorted(bounds)), unique=True))
    return {name: bounds[name] for name in kept}


def _of(name: str, *more: SearchStrategy[dict[str, Any]]) -> Definitions:
    parts = st.tuples(*more)
    return parts.map(lambda each: {"type": name, **{k: v for one in each for k, v in one.items()}})


def _some(members: SearchStrategy[Any]) -> Definitions:
    return st.fixed_dictionaries({"enum": st.lists(members, min_size=1, max_size=4, unique_by=str)})


def _formats(*names: str) -> Definitions:
    return st.fixed_dictionaries({"format": st.sampled_from(names)})


TEXT: Final = _of("string", _bounded("minLength", "maxLength", 10))
NUMBER: Final = _of("number", _between())
ITEMS: Final = st.one_of(
    _of("string"),
    _of("number"),
    _of("string", _some(WORDS)),
    _of("string", _formats("url", "email", "date-time", "user", "team")),
    _of("object"),
)
OBJECT: Final = st.fixed_dictionaries(
    {"type": st.just("object")},
    optional={
        "properties": st.dictionaries(PROPERTY_NAMES, st.one_of(TEXT, NUMBER), max_size=3),
        "additionalProperties": st.one_of(st.sampled_from([True]), TEXT),
    },
)
SECRET: Final = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "object"]), "encryption": st.just("aes256-gcm")}
)

KINDS: Final[Mapping[str, Definitions]] = {
    "any text": st.builds(dict, type=st.just("string")),
    "text": TEXT,
    "pattern": _of("string", st.fixed_dictionaries({"pattern": st.sampled_from(PATTERNS)})),
    "choice": _of("string", _some(WORDS)),
    "number": NUMBER,
    "number choice": _of("number", _some(st.integers(LOWEST, HIGHEST))),
    "flag": _of("boolean"),
    "object": OBJECT,
    "list": _of(
        "array",
        st.fixed_dictionaries({}, optional={"items": ITEMS}),
        _bounded("minItems", "maxItems", 2),
    ),
    "set": _of(
        "array",
        st.just({"items": {"type": "string"}, "uniqueItems": True}),
        _bounded("minItems", "maxItems", 2),
    ),
    "format": _of("string", _formats(*COMMON_FORMATS)),
    "secret": SECRET,
}
"""Kinds of inputs. All but secrets are kinds of properties as well."""

ONLY_OF_INPUTS: Final = frozenset({"secret"})


def _entity_inputs(blueprints: Sequence[str]) -> Definitions:
    one = st.fixed_dictionaries(
        {
            "type": st.just("string"),
            "format": st.just("entity"),
            "blueprint": st.sampled_from(blueprints),
        },
        optional={
            "sort": st.just({"property": "$title", "order": "ASC"}),
            "dataset": st.just(
                {
                    "combinator": "and",
                    "rules": [{"property": "$title", "operator": "isNotEmpty"}],
                }
            ),
        },
    )
    many = one.map(lambda rules: {"type": "array", "items": rules})
    return st.one_of(one, many)


PROPERTIES: Final[Definitions] = st.one_of(
    *(KINDS[name] for name in KINDS if name not in ONLY_OF_INPUTS),
    _of("string", _formats("idn-email", "timer")),
)
"""Definitions of one property of a blueprint. Shrink to a text without bounds."""


@st.composite
def _labelled(draw: st.DrawFn, kinds: Definitions, others: Sequence[str]) -> dict[str, Any]:
    """Draw a definition with what it says to the page, and perhaps with a default."""
    rules = draw(kinds)
    said: dict[str, Callable[[], Any]] = {
        "title": lambda: draw(titles()),
        "description": lambda: draw(texts(0, 20)),
        "icon": lambda: draw(st.sampled_from(["Microservice", "Cloud"])),
        "visible": lambda: draw(st.sampled_from([True, False, *COMPUTED])),
        "disabled": lambda: draw(st.sampled_from([False, *COMPUTED])),
        "dependsOn": lambda: list(others[:1]),
        "default": lambda: _default(draw, rules),
    }
    # Three draws in four say nothing beyond the rules: a definition should be easy to read.
    for key in draw(st.lists(st.sampled_from(sorted(said)), max_size=2, unique=True)):
        value = said[key]()
        if value is not None:
            rules = {**rules, key: value}
    return rules


def _default(draw: st.DrawFn, rules: Mapping[str, Any]) -> Any:
    try:
        values = values_of(rules, Around())
    except UnsatisfiableError:
        return None  # an entity that nobody knows yet
    return draw(st.one_of(values, st.sampled_from(COMPUTED)))


@st.composite
def user_inputs(
    draw: st.DrawFn,
    *,
    blueprints: Sequence[str] = (),
    min_inputs: int = 0,
    max_inputs: int = 6,
) -> dict[str, Any]:
    """Definitions of user inputs: the ``trigger.userInputs`` of an action.

    Every kind of input is drawn, entity inputs for *blueprints* that are there. Each has values
    that `inputs_for` can draw, as long as the entities of those blueprints are known. Some
    definitions come in order, in steps or with titles, some require what jq tells.

    Shrinks to fewer inputs, to texts without bounds, and to names like ``a``.
    """
    names = draw(st.lists(PROPERTY_NAMES, min_size=min_inputs, max_size=max_inputs, unique=True))
    kinds = st.one_of([*KINDS.values(), *([_entity_inputs(blueprints)] if blueprints else [])])
    properties = {name: draw(_labelled(kinds, names[:place])) for place, name in enumerate(names)}
    inputs: dict[str, Any] = {"properties": properties}
    required = [name for name in names if draw(st.booleans())]
    form = draw(st.sampled_from(["plain", "plain", "ordered", "stepped", "titled", "computed"]))
    inputs["required"] = COMPUTED[0] if form == "computed" else required
    if form == "ordered":
        inputs["order"] = names[:]
    if form == "stepped":
        inputs["steps"] = [{"title": "Step", "order": names[:]}]
    if form == "titled":
        inputs["titles"] = {"heading": {"title": "Heading", "visible": COMPUTED[0]}}
    return inputs
