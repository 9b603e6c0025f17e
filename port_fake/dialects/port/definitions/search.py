"""The rule languages of Port's searches: which entities a query, a dataset or a mapping means.

They refer to each other and to themselves, so they are components of the document.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from port_fake.surface.schema import (
    Schema,
    any_of,
    array,
    choice,
    closed,
    flag,
    moment,
    null,
    number,
    one_of,
    opened,
    ref,
    text,
    untyped,
)

# Words of the languages.

COMBINATOR: Final[Schema] = choice("and", "or")
_EMPTINESS: Final[Schema] = choice("isEmpty", "isNotEmpty")
_COMPARISON: Final[Schema] = choice(
    "=",
    "!=",
    "containsAny",
    "contains",
    "doesNotContains",
    "beginsWith",
    "doesNotBeginsWith",
    "endsWith",
    "doesNotEndsWith",
    "in",
    "notIn",
)
_SPANS: Final = ("Day", "Week", "2Weeks", "Month", "3Months", "6Months", "12Months")
_PRESET: Final[Schema] = choice(
    "today", "tomorrow", "yesterday", *(f"last{span}" for span in _SPANS)
)
_TARGET_PROPERTY: Final[Schema] = choice("$title", "$identifier")

# Values a rule compares with.

_OF_THE_CALLER: Final[Schema] = opened(
    {"property": text(), "context": choice("user", "userTeams")}, ["property", "context"]
)
_PROPERTY: Final[Schema] = one_of(text(), _OF_THE_CALLER)
_SCALARS: Final[Sequence[Schema]] = (null(), text(), number(), flag())
_LISTS: Final[Sequence[Schema]] = tuple(
    array(item) for item in (text(), number(), flag(), moment())
)
_PERIOD: Final[Schema] = one_of(
    opened({"from": moment(), "to": moment()}, ["from", "to"]),
    opened({"preset": _PRESET}, ["preset"]),
    _OF_THE_CALLER,
    type="object",
)
_PATH: Final[Schema] = closed(
    {
        "path": array(
            any_of(text(), opened({"relation": text(), "maxHops": number(minimum=1, maximum=15)}))
        ),
        "fromBlueprint": text(),
    },
    ["path"],
)
_TYPE: Final[Mapping[str, Schema]] = {"type": text(), "format": text()}
_KIND: Final[Schema] = closed({**_TYPE, "items": opened(_TYPE, ["type"])}, ["type"])


def _rule(subject: str, schema: Schema, operator: Schema, value: Schema, **more: Schema) -> Schema:
    """A closed rule that compares one subject with one value."""
    return closed(
        {subject: schema, "operator": operator, "value": value, **more},
        [subject, "operator", "value"],
    )


def _question(subject: str, operator: Schema, **more: Schema) -> Schema:
    """A closed rule that asks about one subject and compares it with nothing."""
    return closed({subject: text(), "operator": operator, **more}, [subject, "operator"])


def _rules(empty: Sequence[Schema], compared: Sequence[Schema], *computed: Schema) -> list[Schema]:
    """The rules of the three big languages.

    Args:
        empty: The forms of the rule that asks whether something is empty.
        compared: The forms of the rule that compares two values.
        computed: What may stand for a value besides a literal.
    """
    return [
        _rule("property", _PROPERTY, choice("between", "notBetween", "="), _PERIOD),
        one_of(*empty, type="object"),
        one_of(_question("property", choice("isExpired", "isNotExpired")), type="object"),
        _rule(
            "property",
            _PROPERTY,
            choice(">", ">=", "<", "<="),
            any_of(number(), moment(), *computed, _OF_THE_CALLER),
        ),
        one_of(*compared, type="object"),
        closed(
            {
                "operator": choice("relatedTo"),
                "blueprint": text(),
                "value": any_of(text(), array(text()), *computed),
                "direction": choice("upstream", "downstream"),
                "required": flag(),
            },
            ["operator", "value", "blueprint"],
        ),
        closed(
            {
                "propertySchema": _KIND,
                "operator": choice("=", "!=", "contains"),
                "value": any_of(*_SCALARS, *computed),
            },
            ["operator", "propertySchema"],
        ),
        any_of(
            _rule(
                "property",
                one_of(_PATH, _PROPERTY),
                choice("matchAny"),
                any_of(array(text()), _PROPERTY),
            ),
            type="object",
        ),
    ]


def _common_rules(*computed: Schema) -> list[Schema]:
    """The rules that only know properties."""
    value = any_of(*_SCALARS, moment(), *_LISTS, *computed, _OF_THE_CALLER)
    compared = _rule("property", _PROPERTY, _COMPARISON, value)
    return _rules([_question("property", _EMPTINESS)], [compared], *computed)


def _entity_rules() -> list[Schema]:
    """The rules that know relations and scorecards besides properties."""
    target, rule = {"targetProperty": _TARGET_PROPERTY}, {"scorecardRule": text()}
    literals = any_of(*_SCALARS, array(text()), moment())
    value = any_of(*literals["anyOf"], _OF_THE_CALLER)
    return _rules(
        [
            untyped(_question("property", _EMPTINESS)),
            untyped(_question("relation", _EMPTINESS, **target)),
            untyped(_question("scorecard", _EMPTINESS, **rule)),
        ],
        [
            _rule("property", _PROPERTY, _COMPARISON, value),
            _rule("relation", text(), _COMPARISON, literals, **target),
            _rule("scorecard", text(), _COMPARISON, literals, **rule),
        ],
    )


def _mapping_rules() -> list[Schema]:
    """The rules that find one entity, or the related ones, by property values."""
    return [
        _rule("property", text(), choice("="), any_of(text(), number(), null())),
        _rule("property", text(), choice("in", "containsAny"), array(text())),
        _rule("property", text(), choice("contains"), any_of(text(), array(text()), null())),
    ]


def _query(name: str, rules: Sequence[Schema]) -> Schema:
    """A group of rules that may hold further groups of the same language."""
    group = {"combinator": COMBINATOR, "rules": array(any_of(*rules, ref(name)))}
    return closed(group, ["combinator", "rules"])


_SEARCH: Final[Schema] = _query("SearchQuery", _common_rules())

COMPONENTS: Final[Mapping[str, Schema]] = {
    "JqQuery": closed({"jqQuery": text()}, ["jqQuery"]),
    "SearchQuery": _SEARCH,
    "DatasetQuery": _query("DatasetQuery", _common_rules(ref("JqQuery"))),
    "EntitySearchQuery": _query("EntitySearchQuery", _entity_rules()),
    "IdentifierQuery": _query("IdentifierQuery", _mapping_rules()),
    "RelationQuery": _query("RelationQuery", _mapping_rules()),
}
"""Source: OpenAPI 1.0, components/schemas def-0, def-1, def-2, def-7, def-5 and def-6."""

SEARCH_CONDITION: Final[Schema] = closed(
    {"type": choice("SEARCH"), **_SEARCH["properties"]}, ["type", *_SEARCH["required"]]
)
"""Source: OpenAPI 1.0, POST /v1/actions, trigger.condition of a DAY-2 or DELETE action."""
