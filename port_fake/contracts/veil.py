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
        self._pattern: re.Pattern[str] | None = None
        self.learn(*secrets)

    def __repr__(self) -> str:
        return f"<Veil over {len(self._known)} secrets>"

    def learn(self, *secrets: str) -> None:
        """Cover these from now on, also as they look in JSON and in addresses."""
        for secret in secrets:
            if len(secret) >= SHORTEST:
                self._known |= {secret, json.dumps(secret)[1:-1], quote(secret, safe="")}
        self._pattern = None

    def cover(self, text: str) -> str:
        """Return *text* without any secret."""
        # Made when it is needed: hundreds of tokens are learned for every text that is covered.
        if self._pattern is None and self._known:
            longest_first = sorted(self._known, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        if self._pattern is not None:
            text = self._pattern.sub(COVER, text)
        return TOKENS.sub(COVER, text)
