r"""Where expressions begin and end in a text, and where the quotes are inside them.

Knows as much of jq as that takes: strings with their escapes and `\( )`, literals in single
quotes, braces. Whether an expression makes sense is for jq to say. One pass: the time grows with
the length of the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

OPENING: Final = "{{"
CLOSING: Final = "}}"
IN_CODE: Final = re.compile(r"""["'{}()]""")
IN_STRING: Final = re.compile(r'"|\\.', re.DOTALL)
SINGLE_QUOTED: Final = re.compile(r"'(?:[^'\\]++|\\.)*+'", re.DOTALL)
TO_ESCAPE: Final = re.compile(r'"|\\(.)', re.DOTALL)
JQ_ESCAPES: Final = frozenset('"\\/bfnrtu(')


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: literal, or braces with an *expression* between them."""

    text: str
    expression: str | None = None


def parts(text: str) -> list[Part]:
    """Return the pieces of *text*; joined, their texts are *text* again.

    Assumed: an opening pair without its closing pair is literal text, and so is one that is
    followed by another before it closes: no jq program has two opening braces in a row.
    """
    scanner = _Scanner(text)
    found: list[Part] = []
    literal_start = 0
    opening = text.find(OPENING)
    while opening >= 0:
        end = scanner.expression_end(opening + len(OPENING))
        if end is None:
            break
        if text.startswith(OPENING, end):
            opening = end
            continue
        if opening > literal_start:
            found.append(Part(text[literal_start:opening]))
        literal_start = end + len(CLOSING)
        between = text[opening + len(OPENING) : end]
        found.append(Part(text[opening:literal_start], between.strip()))
        opening = text.find(OPENING, literal_start)
    if literal_start < len(text):
        found.append(Part(text[literal_start:]))
    return found


def with_double_quotes(expression: str) -> str:
    """Return *expression* with its single-quoted literals as jq strings.

    Source: guides of Port compare with `'Production'`, which plain jq refuses.
    Assumed: a backslash before a character that jq cannot escape stands for itself.
    """
    pieces: list[str] = []
    position = 0
    for start, mark in _Scanner(expression).marks(0):
        if mark[0] == "'":
            pieces += [expression[position:start], f'"{TO_ESCAPE.sub(_escaped, mark[1:-1])}"']
            position = start + len(mark)
    return "".join([*pieces, expression[position:]])


class _Scanner:
    """Walks along one text. Remembers where looking ahead is in vain."""

    __slots__ = ("_literals_close", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._literals_close = True

    def expression_end(self, start: int) -> int | None:
        """Return where the expression from *start* closes, or where another opens."""
        braces = 0
        for position, mark in self.marks(start):
            if mark == "{":
                if self._text.startswith(OPENING, position):
                    return position
                braces += 1
            elif mark == "}" and braces:
                braces -= 1
            elif mark == "}" and self._text.startswith(CLOSING, position):
                return position
        return None

    def marks(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield the braces, and the literals in single quotes, that are outside strings."""
        in_string = False
        # The open parentheses of each interpolation we are inside of.
        interpolations: list[int] = []
        position = start
        while found := (IN_STRING if in_string else IN_CODE).search(self._text, position):
            mark, position = found[0], found.end()
            match mark:
                case '"':
                    in_string = not in_string
                case "\\(":
                    interpolations.append(0)
                    in_string = False
                case "(" if interpolations:
                    interpolations[-1] += 1
                case ")" if interpolations and interpolations[-1]:
                    interpolations[-1] -= 1
                case ")" if interpolations:
                    interpolations.pop()
                    in_string = True
                case "{" | "}":
                    yield found.start(), mark
                case "'" if literal := self._literal(found.start()):
                    position = found.start() + len(literal)
                    yield found.start(), literal

    def _literal(self, start: int) -> str | None:
        # If one literal does not close, no later one does, and none is looked for again.
        found = SINGLE_QUOTED.match(self._text, start) if self._literals_close else None
        self._literals_close = found is not None
        return found[0] if found else None


def _escaped(found: re.Match[str]) -> str:
    character = found[1]
    if character is None:
        return '\\"'
    if character == "'":
        return "'"
    return found[0] if character in JQ_ESCAPES else f"\\{found[0]}"
