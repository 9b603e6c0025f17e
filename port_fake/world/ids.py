"""Identity comes from outside: repeatable for a seed, one stream for each kind of thing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from string import ascii_letters, digits, hexdigits
from typing import Final

ALPHABET: Final = ascii_letters + digits
HEX: Final = hexdigits[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How far streams have come: their seed, and the characters drawn from each, by prefix."""

    seed: str
    characters: Mapping[str, int]


class Ids:
    """Draws identifiers. Each prefix has its own stream, so kinds do not disturb each other."""

    __slots__ = ("_drawn", "_seed", "_streams")

    def __init__(self, seed: str | None = None) -> None:
        """Start the streams of *seed*; without one, nobody can repeat them."""
        self._seed = secrets.token_hex(16) if seed is None else seed
        self._streams: dict[str, Random] = {}
        self._drawn: dict[str, int] = {}

    def draw(self, prefix: str, length: int = 16, alphabet: str = ALPHABET) -> str:
        """Return *prefix* and *length* characters more.

        Source: docs and tutorial samples: a type prefix and sixteen letters or digits.
        """
        stream = self._streams.get(prefix)
        if stream is None:
            stream = self._streams[prefix] = _stream(self._seed, prefix)
            self._drawn[prefix] = 0
        self._drawn[prefix] += length
        return prefix + "".join(stream.choices(alphabet, k=length))

    def child(self, name: str) -> Ids:
        """Return streams of their own for *name*, repeatable if these are."""
        return Ids(f"{self._seed}:{name}")

    def drawn(self) -> Drawn:
        """Return how far the streams have come, for `resume`."""
        return Drawn(seed=self._seed, characters=dict(self._drawn))

    def resume(self, drawn: Drawn) -> None:
        """Go on where other streams had come to."""
        streams = {prefix: _stream(drawn.seed, prefix) for prefix in drawn.characters}
        for prefix, count in drawn.characters.items():
            # One number is drawn for each character, whatever the alphabet.
            for _ in range(count):
                streams[prefix].random()
        self._seed, self._streams, self._drawn = drawn.seed, streams, dict(drawn.characters)


def _stream(seed: str, prefix: str) -> Random:
    # Not for security: repeatable by intent.
    return Random(f"{seed}:{prefix}")  # noqa: S311
