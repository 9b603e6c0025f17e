"""Definitions as the fake reads them, and what surrounds the form that they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self, TypeAlias, TypedDict

from port_fake.errors import InvalidError
from port_fake.inputs.forms import CHECKED, NESTED, NESTED_MAPS, Form

Rules: TypeAlias = Mapping[str, Any]

NAME: Final = "x"


class Known(TypedDict, total=False):
    """What an organisation has that inputs may name, and how large values get.

    *entities* are identifiers by blueprint; without *users* (emails) and *teams* (names) such
    inputs name anybody, as Port's document only asks for texts. *max_length* and *max_items* hold
    where a definition sets no bound.
    """

    entities: Mapping[str, Sequence[str]]
    users: Sequence[str]
    teams: Sequence[str]
    max_length: int
    max_items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """`Known` as a value that compiled forms are kept by."""

    entities: tuple[tuple[str, tuple[str, ...]], ...] = ()
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    max_length: int = 20
    max_items: int = 4

    @classmethod
    def of(cls, known: Known) -> Self:
        """Return the same, frozen."""
        entities = {name: tuple(each) for name, each in known.get("entities", {}).items()}
        return cls(
            entities=tuple(entities.items()),
            users=tuple(known.get("users", ())),
            teams=tuple(known.get("teams", ())),
            max_length=known.get("max_length", 20),
            max_items=known.get("max_items", 4),
        )

    def identifiers(self, blueprint: object) -> tuple[str, ...]:
        """Return the known entities of a blueprint."""
        return dict(self.entities).get(str(blueprint), ())


class UnsatisfiableError(Exception):
    """No value fits a definition; the text says why."""


def checked(rules: Rules) -> dict[str, Any]:
    """Return the keywords of *rules* that count: what jq computes and what is misspelt does not.

    Nested definitions stay as they are.
    """
    kept = {
        keyword: rules[keyword]
        for keyword, types in CHECKED.items()
        if keyword in rules
        and (
            types is bool or (isinstance(types, tuple) and bool in types)
            if isinstance(rules[keyword], bool)
            else isinstance(rules[keyword], types)
        )
    }
    nested = {key: rules[key] for key in NESTED if isinstance(rules.get(key), (bool, Mapping))}
    maps = {key: rules[key] for key in NESTED_MAPS if isinstance(rules.get(key), Mapping)}
    return {**kept, **nested, **maps}


def fits(rules: Rules, value: object) -> bool:
    """Whether the fake takes *value* for *rules*, of which it knows nothing but the rules."""
    try:
        _form(json.dumps(rules, sort_keys=True)).fill({NAME: value})
    except InvalidError:
        return False
    return True


@lru_cache(1024)
def _form(rules: str) -> Form:
    # A default would answer for a value that is not given, and here it always is.
    return Form({NAME: {**json.loads(rules), "default": None}}, noun="value", closed=True)


def canonical(value: object) -> str:
    """Return a text that two values share if JSON Schema calls them equal."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value
