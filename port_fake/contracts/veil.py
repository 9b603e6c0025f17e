"""Keeps secrets out of everything that is shown or written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

COVER: Final = "***"
SHORTEST: Final = 4
"""Shorter ones are no secrets, and covering them would cover half of the text."""

TOKENS: Final = re.compile(
    r"eyJ[\w-]{4,}\.[\w-]+\.[\w-]*"  # a JSON Web Token, whoever's it is
    r"|(?<=\bbearer )[^\s\"',]+",
    re.IGNORECASE,
)


class Veil:
    """Knows secrets, and covers them in texts. It never shows them itself."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        self._longest_first: list[str] | None = []
        self.learn(*secrets)

    def __repr__(self) -> str:
        return f"<Veil over {len(self._known)} secrets>"

    def learn(self, *secrets: str) -> None:
        """Cover these from now on, also as they look in JSON and in addresses."""
        for secret in secrets:
            if len(secret) >= SHORTEST:
                self._known |= {secret, json.dumps(secret)[1:-1], quote(secret, safe="")}
                self._longest_first = None

    def cover(self, text: str) -> str:
        """Return *text* without any secret."""
        if not text:
            return text
        if self._longest_first is None:
            self._longest_first = sorted(self._known, key=len, reverse=True)
        # One after the other: a pattern of all would be compiled anew with every secret.
        for secret in self._longest_first:
            text = text.replace(secret, COVER)
        return TOKENS.sub(COVER, text)
