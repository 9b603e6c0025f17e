"""Templates: JSON whose strings and keys may hold `{{ expressions }}`, and what becomes of them.

Pure: the values of the expressions come in from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from port_fake.expressions.scanning import OPENING, Part, parts
from port_fake.expressions.values import DEPTH_LIMIT, Allowance, Value, encode

SPREAD: Final = re.compile(r"spreadValue\s*\(\s*\)")
TOO_DEEP: Final = f"the template has more than {DEPTH_LIMIT} levels: null from there on"
TOO_LARGE: Final = "the rendered template is too large: null from there on"
DROPPED: Final = object()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template became, and what its author may want to know about it.

    Parts of *value* may be shared with each other, never with the template.
    """

    value: Any
    notes: tuple[str, ...] = ()


def expressions_in(template: Any) -> list[str]:
    """Return each expression of *template* once, in the order of reading."""
    found: dict[str, None] = {}
    pending: list[tuple[Any, int]] = [(template, 0)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, str):
            found |= dict.fromkeys(_expressions(node))
        elif depth < DEPTH_LIMIT:
            pending += [(child, depth + 1) for child in reversed(_children(node))]
    return list(found)


def render(template: Any, values: Mapping[str, Value], *, null_text: str = "null") -> Rendered:
    """Return *template* with the *values* of its expressions in their places.

    *values* answers for each of `expressions_in(template)`. *null_text* is what null reads as
    between other text.

    Source: Port's guides: a string that is one expression becomes its value, whatever the type;
    with text around, everything is joined; a key that is null drops the pair; `spreadValue()` as
    a key merges an object into the level where it stands.
    Assumed: keys written later win; a pair whose key is no string, and a spread of what is no
    object, are dropped; a value that is no string reads as compact JSON between other text.
    """
    rendering = _Rendering(values, null_text)
    value = rendering.node(template, 0)
    return Rendered(value, tuple(rendering.notes))


def shortened(text: str, limit_chars: int = 80) -> str:
    """Return *text*, cut to *limit_chars* for a note."""
    return text if len(text) <= limit_chars else f"{text[: limit_chars - 1]}…"


def _children(node: Any) -> list[Any]:
    if isinstance(node, Mapping):
        pairs = ([value] if _is_spread(key) else [key, value] for key, value in node.items())
        return list(chain.from_iterable(pairs))
    return list(node) if isinstance(node, (list, tuple)) else []


def _expressions(text: str) -> Iterable[str]:
    if OPENING not in text:
        return ()
    return (part.expression for part in parts(text) if part.expression is not None)


def _is_spread(key: str) -> bool:
    if OPENING not in key:
        return False
    match parts(key):
        case [Part(expression=str(expression))]:
            return SPREAD.fullmatch(expression) is not None
    return False


class _Rendering:
    """One template on its way; collects the notes."""

    __slots__ = ("_allowance", "_null_text", "_values", "notes")

    def __init__(self, values: Mapping[str, Value], null_text: str) -> None:
        self._values = values
        self._null_text = null_text
        self._allowance = Allowance()
        # A dictionary, because one note of a kind is enough.
        self.notes: dict[str, None] = {}

    def node(self, node: Any, depth: int) -> Any:
        if isinstance(node, str):
            return self._text(node)
        if not isinstance(node, (Mapping, list, tuple)):
            return node
        if depth >= DEPTH_LIMIT:
            self.notes[TOO_DEEP] = None
            return None
        if not isinstance(node, Mapping):
            return [self.node(child, depth + 1) for child in node]
        return self._object(node, depth + 1)

    def _object(self, pairs: Mapping[str, Any], depth: int) -> dict[str, Any]:
        rendered: dict[str, Any] = {}
        for key, child in pairs.items():
            if _is_spread(key):
                rendered |= self._spread(self.node(child, depth))
            elif (name := self._key(key)) is not DROPPED:
                rendered[name] = self.node(child, depth)
        return rendered

    def _key(self, key: str) -> Any:
        name = self._text(key)
        if name is None:
            return DROPPED
        if not isinstance(name, str):
            self.notes[f"a key was dropped: {shortened(key)} is not a string"] = None
            return DROPPED
        return name

    def _spread(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.notes["spreadValue() was dropped: its value is not an object"] = None
        return {}

    def _text(self, text: str) -> Any:
        if OPENING not in text:
            return text
        match parts(text):
            case [Part(expression=str(expression))]:
                value = self._values[expression].value
                return value if self._fits(value) else None
            case several:
                return "".join(map(self._joined, several))

    def _joined(self, part: Part) -> str:
        if part.expression is None:
            return part.text
        value = self._values[part.expression].value
        if value is None or not self._fits(value):
            return self._null_text
        return value if isinstance(value, str) else encode(value)

    def _fits(self, value: Any) -> bool:
        if not self._allowance.spent:
            size_chars = len(value if isinstance(value, str) else encode(value))
            if self._allowance.take(size_chars):
                return True
        self.notes[TOO_LARGE] = None
        return False
