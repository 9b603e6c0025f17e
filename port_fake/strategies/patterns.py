"""Texts that a regular expression matches, made to length and without trying.

Hypothesis' own `from_regex` cannot be told a length, and lets ``$`` match before a last line end,
which the expressions of JSON Schema do not.
"""

from __future__ import annotations

import re
import re._constants as code  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import string
from collections.abc import Iterable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.strategies.grammar import Again, Character, Either, Node, Pick, Row, members

LETTERS: Final = string.ascii_lowercase + string.ascii_uppercase
PLAIN: Final = LETTERS + string.digits + string.punctuation + " "
CHARACTERS: Final = PLAIN + "\t\né日😀"
"""What sets of characters are cut from, the most readable first."""

UNICODE_CLASSES: Final = {"L": LETTERS, "Lu": string.ascii_uppercase, "Ll": string.ascii_lowercase}
UNICODE_CLASS: Final = re.compile(r"\\p\{(\w+)\}")
SETS: Final = {
    code.CATEGORY_DIGIT: string.digits,
    code.CATEGORY_WORD: LETTERS + string.digits + "_é",
    code.CATEGORY_SPACE: " \t\n",
}
OPPOSITES: Final = {
    code.CATEGORY_NOT_DIGIT: code.CATEGORY_DIGIT,
    code.CATEGORY_NOT_WORD: code.CATEGORY_WORD,
    code.CATEGORY_NOT_SPACE: code.CATEGORY_SPACE,
}
BEGINNINGS: Final = frozenset({code.AT_BEGINNING, code.AT_BEGINNING_STRING})
ENDINGS: Final = frozenset({code.AT_END, code.AT_END_STRING})


class UnknownPatternError(Exception):
    """The expression holds something that texts cannot be made for."""


def matching(pattern: str, low: int, high: int) -> SearchStrategy[str] | None:
    """Texts of *low* to *high* characters that *pattern* matches, or None if there are none.

    Look-arounds and word boundaries are read as nothing: whoever uses them must check. Shrinks
    to the shortest, made of letters early in the alphabet.

    Raises:
        UnknownPatternError: The expression refers back, or Python cannot read it.
    """
    root = _root(pattern, high)
    possible = [length for length in members(root.lengths) if length >= low]
    if not possible:
        return None

    lengths = (*possible, possible[-1])  # the longest twice, as bounds are where mistakes are

    @st.composite
    def texts(draw: st.DrawFn) -> str:
        pick = Pick(draw)
        return root.text(pick.one(lengths), pick)

    return texts()


def looks_around(pattern: str) -> bool:
    """Whether a text made for *pattern* may still not match."""
    return any(sign in pattern for sign in ("(?=", "(?!", "(?<=", "(?<!", r"\b", r"\B"))


def _root(pattern: str, cap: int) -> Node:
    try:
        tree = parser.parse(_without_unicode_classes(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise UnknownPatternError(str(error)) from None
    anchors = set(_anchors(tree))
    anything = Again(cap=cap, part=Character(cap=cap, among=PLAIN), low=0, high=cap)
    parts = [_row(tree, cap)]
    if not anchors & BEGINNINGS:
        parts.insert(0, anything)
    if not anchors & ENDINGS:
        parts.append(anything)
    return Row(cap=cap, parts=tuple(parts))


def _row(tree: Iterable[Any], cap: int) -> Node:
    parts = tuple(_node(kind, value, cap) for kind, value in tree)
    return parts[0] if len(parts) == 1 else Row(cap=cap, parts=parts)


def _node(kind: Any, value: Any, cap: int) -> Node:
    if kind in {code.AT, code.ASSERT, code.ASSERT_NOT}:
        return Row(cap=cap, parts=())
    if kind is code.SUBPATTERN:
        return _row(value[-1], cap)
    if kind is code.ATOMIC_GROUP:
        return _row(value, cap)
    if kind is code.BRANCH:
        return Either(cap=cap, parts=tuple(_row(one, cap) for one in value[1]))
    if kind in {code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT}:
        low, high, part = value
        return Again(cap=cap, part=_row(part, cap), low=low, high=int(high))
    return Character(cap=cap, among=_characters(kind, value))


def _characters(kind: Any, value: Any) -> str:
    if kind is code.LITERAL:
        return chr(value)
    if kind is code.NOT_LITERAL:
        return CHARACTERS.replace(chr(value), "")
    if kind is code.ANY:
        return PLAIN
    if kind is code.IN:
        negated = value[0][0] is code.NEGATE
        found = "".join(_set(*one) for one in value[negated:])
        if negated:
            return "".join(one for one in CHARACTERS if one not in found)
        return "".join(dict.fromkeys(sorted(found, key=_readability)))
    raise UnknownPatternError(str(kind))


def _set(kind: Any, value: Any) -> str:
    if kind is code.RANGE:
        first, last = value
        return "".join(map(chr, range(first, min(last, first + 255) + 1)))
    if kind is code.CATEGORY:
        if value in OPPOSITES:
            shut_out = SETS[OPPOSITES[value]]
            return "".join(one for one in CHARACTERS if one not in shut_out)
        return SETS[value]
    return _characters(kind, value)


def _readability(character: str) -> tuple[int, str]:
    place = PLAIN.find(character)
    return (place if place >= 0 else len(PLAIN), character)


def _anchors(tree: Iterable[Any]) -> Iterable[Any]:
    for kind, value in tree:
        if kind is code.AT:
            yield value
        elif kind is code.SUBPATTERN:
            yield from _anchors(value[-1])
        elif kind is code.BRANCH:
            for one in value[1]:
                yield from _anchors(one)


def _without_unicode_classes(pattern: str) -> str:
    r"""Write ``\p{L}`` as some of its letters: Python's expressions do not know it."""

    def letters(found: re.Match[str]) -> str:
        letters_of = UNICODE_CLASSES.get(found[1])
        if letters_of is None:
            raise UnknownPatternError(found[0])
        before = pattern[: found.start()].replace("\\[", "").replace("\\]", "")
        inside = before.rfind("[") > before.rfind("]")
        return letters_of if inside else f"[{letters_of}]"

    return UNICODE_CLASS.sub(letters, pattern)
