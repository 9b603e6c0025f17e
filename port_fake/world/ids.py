"""Identity comes from outside: repeatable for a seed, one stream for each kind of thing."""

from __future__ import annotations

import secrets
from random import Random
from string import ascii_letters, digits, hexdigits
from typing import Final

ALPHABET: Final = ascii_letters + digits
HEX: Final = hexdigits[:16]


class Ids:
    """Draws identifiers. Each prefix has its own stream, so kinds do not disturb each other."""

    __slots__ = ("_seed", "_streams")

    def __init__(self, seed: str | None = None) -> None:
        """Start the streams of *seed*; without one, nobody can repeat them."""
        self._seed = secrets.token_hex(16) if seed is None else seed
        self._streams: dict[str, Random] = {}

    def draw(self, prefix: str, length: int = 16, alphabet: str = ALPHABET) -> str:
        """Return *prefix* and *length* characters more.

        Source: docs and tutorial samples: a type prefix and sixteen letters or digits.
        """
        stream = self._streams.get(prefix)
        if stream is None:
            # Not for security: repeatable by intent.
            stream = self._streams[prefix] = Random(f"{self._seed}:{prefix}")  # noqa: S311
        return prefix + "".join(stream.choices(alphabet, k=length))

    def child(self, name: str) -> Ids:
        """Return streams of their own for *name*, repeatable if these are."""
        return Ids(f"{self._seed}:{name}")
