"""Bodies of requests and answers, made readable without changing what they say."""

from __future__ import annotations

import json
import re
from typing import Final

from port_fake.contracts.reports.page.markup import Markup, element, joined, text

PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
OPENING: Final = frozenset("{[")
CLOSING: Final = frozenset("}]")
DEEPEST: Final = 40
"""Deeper JSON would be mostly indentation."""

LONGEST: Final = 6_000
"""Characters of a body that a page shows."""


def body(raw: str) -> Markup:
    """Return a body as HTML: JSON on lines of its own, with its names marked; the rest as it is."""
    cut = raw[:LONGEST]
    left = len(raw) - len(cut)
    shown = _pretty(cut) if left == 0 and _is_json(cut) else None
    made = text(cut) if shown is None else shown
    return joined(made, _rest(left)) if left else made


def shortened(raw: str, most: int) -> str:
    """Return at most *most* characters of *raw*, and how many were left out."""
    left = len(raw) - most
    return raw if left <= 0 else f"{raw[:most]} … {left} more characters"


def _rest(left: int) -> Markup:
    return element("i", f"\n… {left} more characters")


def _is_json(raw: str) -> bool:
    try:
        # Numbers stay texts: what is too large for Python is JSON all the same.
        return isinstance(json.loads(raw, parse_int=str, parse_float=str), (dict, list))
    except (ValueError, RecursionError):
        return False


def _pretty(raw: str) -> Markup | None:
    """Return valid JSON indented, piece by piece: duplicate names and ``1.0`` stay as they are."""
    pieces = ["", *PIECE.findall(raw), ""]
    made: list[Markup] = []
    depth = 0
    for before, piece, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if piece in OPENING:
            depth += 1
            made += [Markup(piece), Markup("") if after in CLOSING else _line(depth)]
        elif piece in CLOSING:
            depth -= 1
            made += [Markup("") if before in OPENING else _line(depth), Markup(piece)]
        elif piece == ",":
            made += [Markup(","), _line(depth)]
        elif piece == ":":
            made.append(Markup(": "))
        else:
            made.append(element("b", piece) if after == ":" else text(piece))
        if depth > DEEPEST:
            return None
    return joined(*made)


def _line(depth: int) -> Markup:
    return Markup("\n" + "  " * depth)
