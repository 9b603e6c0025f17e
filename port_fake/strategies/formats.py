"""Formats of texts: values that have them and values that do not.

A format without wrong values is one that nobody checks on the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

WORDS: Final = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
"""Short lower-case words; shrink to ``a``."""

TEXTS: Final = st.characters(codec="utf-8", exclude_characters="\0")
"""What a text is made of: everything that UTF-8 can carry but NUL, which databases refuse."""

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
CENTURY_MS: Final = 36_525 * 24 * 3600 * 1000
LONGEST_EDGE: Final = 1000
"""Longer texts are not drawn at their full length on purpose: they cost more than they tell."""

Sized = Callable[[int, int], SearchStrategy[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How texts of a format are drawn.

    *examples* are for definitions that ask for more than the format, of which those are taken
    that fit; *wrong* are near misses; *sized* draws texts of at least and at most so many
    characters, or is None where the format decides.
    """

    values: SearchStrategy[str]
    examples: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    sized: Sized | None = None


def texts(low: int, high: int) -> SearchStrategy[str]:
    """Any text of *low* to *high* characters, both ends included more often than by chance.

    Shrinks to the shortest, made of zeros.
    """
    anywhere = st.text(TEXTS, min_size=low, max_size=high)
    if low == high or high > LONGEST_EDGE:
        return anywhere
    # Written down instead of drawn: long texts are what takes time.
    longest = [character * high for character in ("a", "é", "\U0001f600")]
    return st.one_of(anywhere, st.sampled_from(longest))


def _moment(milliseconds: int) -> str:
    if 0 < milliseconds <= len(_MOMENTS):
        # The first ones of the century stand for other spellings: one draw is all this may cost.
        return _MOMENTS[milliseconds - 1]
    time = EPOCH + timedelta(milliseconds=milliseconds)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(days: int) -> str:
    return date.fromordinal(EPOCH.toordinal() + days).isoformat()


def _between(prefix: str, suffix: str, most: int) -> Sized:
    """Texts with letters between *prefix* and *suffix*, *most* of them."""
    fixed = len(prefix) + len(suffix)

    def sized(low: int, high: int) -> SearchStrategy[str] | None:
        if high <= fixed or low > fixed + most:
            return None
        middle = st.text(
            "abcdefghijklmnopqrstuvwxyz",
            min_size=max(1, low - fixed),
            max_size=min(most, high - fixed),
        )
        return middle.map(lambda letters: f"{prefix}{letters}{suffix}")

    return sized


def _of(*examples: str, wrong: tuple[str, ...] = ()) -> Format:
    return Format(values=st.sampled_from(examples), examples=examples, wrong=wrong)


_MOMENTS: Final = (
    "2000-01-01T00:00:00Z",
    "2024-02-29T23:59:59.999Z",
    "1999-12-31T23:59:59-11:30",
    "2026-06-30T12:00:00.123456+02:00",
)
_NO_MOMENTS: Final = ("noon", "2000-01-01", "2000-13-01T00:00:00Z", "2001-02-29T00:00:00Z", "")
_EMAIL: Final = Format(
    values=WORDS.map("{}@example.com".format),
    examples=("a@x.io", "ana.maria+test@mail.example.com"),
    wrong=("a", "@x.io", "a@", "a b@x.io", ""),
    sized=_between("", "@x.io", 60),
)
_URL: Final = Format(
    values=WORDS.map("https://example.com/{}".format),
    examples=("https://x.io", "https://x.io/a?b=c#d", "mailto:a@x.io", "http://127.0.0.1:8080/"),
    wrong=("x.io", "http://", "/a", "https:", ""),
    sized=_between("https://x.io/", "", 500),
)

FORMATS: Final[Mapping[str, Format]] = {
    # Port's, checked
    "date-time": Format(
        values=st.integers(-CENTURY_MS, CENTURY_MS).map(_moment),
        examples=_MOMENTS,
        wrong=_NO_MOMENTS,
    ),
    "url": _URL,
    "email": _EMAIL,
    "idn-email": _EMAIL,
    "ipv4": Format(
        values=st.integers(0, 2**32 - 1).map(lambda number: str(IPv4Address(number))),
        examples=("0.0.0.0", "127.0.0.1", "255.255.255.255"),  # noqa: S104 - nobody listens
        wrong=("127.0.0", "256.0.0.1", "::1", "a", ""),
    ),
    "ipv6": Format(
        values=st.integers(0, 2**128 - 1).map(lambda number: str(IPv6Address(number))),
        examples=("::", "::1", "2001:db8::8a2e:370:7334"),
        wrong=("127.0.0.1", ":::", "g::", ""),
    ),
    # Port's, for the page that draws the form
    "markdown": _of("# A title", "*text*", "- one\n- two", ""),
    "yaml": _of("a: 1", "- a\n- b\n", "a:\n  b: [1, 2]\n", ""),
    "multi-line": _of("a", "one\ntwo", "a\r\n\tb\n", ""),
    "proto": _of('syntax = "proto3";', "message A { string b = 1; }"),
    "labeled-url": _of("https://example.com/", "[label](https://example.com/)"),
    "blueprints": Format(values=WORDS),
    "timer": _of("2000-01-01T00:00:00Z"),
    # those of JSON Schema, which may stand in items and in properties of objects
    "date": Format(
        values=st.integers(-36_525, 36_525).map(_day),
        examples=("2000-01-01",),
        wrong=("2000-13-01", "today", ""),
    ),
    "time": _of("00:00:00Z", "23:59:59.999+02:00", wrong=("24:00:00Z", "noon", "")),
    "duration": _of("P1D", "PT1H30M", wrong=("1 day", "P", "")),
    "hostname": _of("example.com", "a", wrong=("-a", "a b")),
    "idn-hostname": _of("example.com", "é.com", wrong=("-a", "a b")),
    "uri": _of("https://example.com/", "urn:a:b", wrong=("a b", "/a")),
    "uri-reference": _of("/a", "https://example.com/", "", wrong=("a b", "\\")),
    "iri": _of("https://é.com/", "urn:a:b", wrong=("a b", "/a")),
    "iri-reference": _of("/é", "https://é.com/", wrong=("a b", "\\")),
    "uri-template": _of("/a/{b}", "https://example.com/{a}", wrong=("/a/{", "{")),
    "uuid": Format(
        values=st.integers(0, 2**128 - 1).map(lambda number: str(UUID(int=number))),
        examples=("00000000-0000-0000-0000-000000000000",),
        wrong=("00000000", "g0000000-0000-0000-0000-000000000000", ""),
    ),
    "json-pointer": _of("", "/a/0", "/a~1b", wrong=("a", "/~")),
    "relative-json-pointer": _of("0", "1/a", "0#", wrong=("a", "/a")),
    "regex": _of("a+", "^[a-z]{2}$", "", wrong=("(", "[")),
}
"""Every format that the fake knows, but for those that name something of the organisation."""
