"""Names of things: identifiers, emails, teams, titles."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.strategies.formats import TEXTS, WORDS

IDENTIFIERS: Final[SearchStrategy[str]] = st.one_of(
    WORDS,
    st.tuples(WORDS, st.text("abz019@_.+:=-éЖ日", max_size=8)).map("".join),
)
"""Identifiers of actions: letters of any script, digits and some signs. Shrink to ``a``."""

CATALOG_IDENTIFIERS: Final[SearchStrategy[str]] = st.one_of(
    WORDS,
    st.tuples(WORDS, st.text("abz019@_.+:-é日", max_size=8)).map("".join),
)
"""Identifiers that blueprints and entities share. Shrink to ``a``."""

PROPERTY_NAMES: Final[SearchStrategy[str]] = st.one_of(
    WORDS,
    st.tuples(WORDS, st.text("abzABZ019@_=-", max_size=8)).map("".join),
)
"""Names of properties, inputs and relations. Shrink to ``a``."""

EMAILS: Final[SearchStrategy[str]] = WORDS.map("{}@example.com".format)
"""Shrink to ``a@example.com``."""

TEAMS: Final[SearchStrategy[str]] = st.one_of(
    WORDS.map("team-{}".format),
    st.tuples(WORDS, st.text(" abz019&.é", max_size=8), WORDS).map("".join),
)
"""Names of teams: at least two characters, no blank at either end. Shrink to ``team-a``."""


def titles(max_length: int = 20) -> SearchStrategy[str]:
    """Texts of at least one character, for people to read. Shrink to ``0``."""
    return st.text(TEXTS, min_size=1, max_size=max_length)
