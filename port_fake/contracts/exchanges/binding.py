"""What placeholders stand for while exchanges are asked again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

PLACEHOLDER: Final = re.compile(r"<([a-z][a-z-]*):(\d+)>")
TIME: Final = "time"
TIME_PATTERN: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)"
ANY_ID: Final = r"[^\s\"'<>,;?&]+"
PERSON: Final = "name"
PATTERNS: Final = {TIME: TIME_PATTERN, PERSON: r".+"}

FREE: Final = frozenset({"secret", "token", "client", "cursor", "uuid", PERSON, TIME})
"""What a client may make up; ids of other kinds are the server's."""

PREFIXES: Final = {"run": "r", "entity": "e", "node-run": "wfnr", "organisation": "org"}
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Bindings:
    """Placeholders of one recording and the values of one replay, one to one.

    Times need to be the same where they were only if *exact_times*: a server that is quick, or
    slow, gives two things the same time or does not.
    """

    def __init__(self, *, exact_times: bool = False) -> None:
        self._exact_times = exact_times
        self._values: dict[str, str] = {}
        self._holders: dict[tuple[str, str], str] = {}

    def bind(self, placeholder: str, value: str) -> None:
        """Let a placeholder stand for a value from now on."""
        self._values[placeholder] = value
        self._holders[_kind(placeholder), value] = placeholder

    def unbound(self, text: str) -> list[str]:
        """Return the placeholders in a text that are the server's to give, and were not given."""
        return [
            found[0]
            for found in PLACEHOLDER.finditer(text)
            if found[1] not in FREE and found[0] not in self._values
        ]

    def known(self, text: str) -> str:
        """Return a text with the values of the placeholders that have one."""
        return PLACEHOLDER.sub(lambda found: self._values.get(found[0], found[0]), text)

    def filled(self, text: str) -> str:
        """Return a text for a request; what has no value gets one that is made up."""
        return PLACEHOLDER.sub(self._value, text)

    def _value(self, found: re.Match[str]) -> str:
        placeholder = found[0]
        if placeholder not in self._values:
            self.bind(placeholder, _made_up(found[1], int(found[2])))
        return self._values[placeholder]

    def problem(self, expected: str, actual: str) -> str | None:
        """Return what keeps *actual* from being *expected*, None if nothing does.

        Placeholders that had no value get theirs from *actual*.
        """
        if PLACEHOLDER.search(expected) is None:
            return None if expected == actual else ""
        found = _pattern(expected).fullmatch(actual)
        if found is None:
            return ""
        placeholders = [one[0] for one in PLACEHOLDER.finditer(expected)]
        problems = [self._met(*pair) for pair in zip(placeholders, found.groups(), strict=True)]
        return next((one for one in problems if one is not None), None)

    def _met(self, placeholder: str, value: str) -> str | None:
        kind = _kind(placeholder)
        before = self._values.get(placeholder)
        holder = self._holders.get((kind, value))
        if before is None and holder is None:
            self.bind(placeholder, value)
            return None
        if before == value or kind == PERSON or (kind == TIME and not self._exact_times):
            return None
        if before is not None:
            return f"{placeholder} was {before!r} before"
        # The first meeting counts, so that one mistake is not told again and again.
        self._values[placeholder] = value
        return f"it is the same as {holder}"


def _kind(placeholder: str) -> str:
    return placeholder[1:].partition(":")[0]


def _pattern(expected: str) -> re.Pattern[str]:
    parts, end = [], 0
    for found in PLACEHOLDER.finditer(expected):
        parts.append(re.escape(expected[end : found.start()]))
        parts.append(f"({PATTERNS.get(found[1], ANY_ID)})")
        end = found.end()
    parts.append(re.escape(expected[end:]))
    return re.compile("".join(parts), re.DOTALL)


def _made_up(kind: str, number: int) -> str:
    if kind == TIME:
        time = FIRST + timedelta(milliseconds=number)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if kind == "uuid":
        return f"00000000-0000-4000-8000-{number:012}"
    if kind == "user":
        return f"auth0|{number:024}"
    if kind in FREE:
        return f"made-up-{kind}-{number}"
    return f"{PREFIXES.get(kind, kind)}_{f'Unknown{number:09}'}"
