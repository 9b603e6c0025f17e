"""Raw paths and queries, of which parts are replaced and the rest stays as it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

READABLE: Final = "<>:@|"
"""What need not be encoded in a file, beside what need not be encoded at all."""

ESCAPED: Final = "surrogateescape"
"""How bytes that are no UTF-8 come in, and go out again."""

PART: Final = re.compile(r"[^&=]+")


def in_path(path: str, change: Callable[[str], str], *, safe: str = "") -> str:
    """Return *path* with *change* done to each decoded segment."""
    return "/".join(
        _changed(
            segment, unquote(segment), change, lambda text: quote(text, safe=safe, errors=ESCAPED)
        )
        for segment in path.split("/")
    )


def in_query(query: str, change: Callable[[str], str], *, safe: str = "") -> str:
    """Return *query* with *change* done to each decoded name and value."""
    return PART.sub(
        lambda found: _changed(
            found[0],
            unquote_plus(found[0]),
            change,
            lambda text: quote_plus(text, safe=safe, errors=ESCAPED),
        ),
        query,
    )


def _changed(
    raw: str, plain: str, change: Callable[[str], str], encoded: Callable[[str], str]
) -> str:
    after = change(plain)
    return raw if after == plain else encoded(after)
