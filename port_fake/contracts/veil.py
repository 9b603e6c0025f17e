"""Keeps secrets out of everything that is shown or written."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from threading import Lock
from typing import Final
from urllib.parse import quote, quote_plus

COVER: Final = "***"
SHORTEST: Final = 4
"""Shorter ones are no secrets, and covering them would cover half of the text."""

SHORTEST_PART: Final = 6
"""How much of a secret may be seen before a text was cut."""

SHORTEST_FOUND: Final = 12
"""What an answer calls a secret, or the environment, and is shorter is example data."""

JWT: Final = re.compile(r"eyJ[\w-]{4,}(?:\.[\w-]*){0,2}")
"""A JSON Web Token, whoever's it is, or the beginning of one."""

SHOWN: Final = re.compile(r"[Bb](?:earer|EARER|asic|ASIC) ([\w.~+/=-]{12,})")
"""What a header shows to be let in."""

NAMED: Final = re.compile(
    r'"\w*(?:secret|token|password|api_?key|private_?key)"\s*:\s*"((?:[^"\\]|\\.)*)"',
    re.IGNORECASE,
)
"""What JSON calls a secret, be the rest of it as broken as it may."""

SECRETIVE: Final = re.compile(r"secret|token|password|api_?key|private_?key", re.IGNORECASE)
"""Without any of these, `NAMED` finds nothing."""

VARIABLES: Final = re.compile(
    r"(?:secret|token|passw(?:or)?d|passphrase|credentials?|(?:api|access|private)_?key)s?"
    r"(?:_id)?(?!.*_(?:file|path|dir))",
    re.IGNORECASE,
)
"""Names of environment variables that hold a secret, and not where one lies."""

CUT: Final = re.compile(r"\.\.\.|…")


class Veil:
    """Knows secrets, and covers them in texts. It never shows them itself."""

    def __init__(self) -> None:
        self._forms: dict[str, None] = {}
        self._all: str | None = ""
        self._guard = Lock()

    def __repr__(self) -> str:
        return f"<Veil over {len(self._forms)} texts>"

    def learn(self, *secrets: str) -> None:
        """Cover these from now on, also as they look in JSON, addresses, HTML and Base64."""
        found = {form: None for one in secrets if len(one) >= SHORTEST for form in _forms(one)}
        with self._guard:
            self._forms |= found
            self._all = None

    def learn_answer(self, text: str) -> None:
        """Cover from now on what an answer calls a secret."""
        if SECRETIVE.search(text) is None:
            return  # most answers hold none, and looking closer takes longer
        for found in NAMED.finditer(text):
            try:
                secret = str(json.loads(f'"{found[1]}"'))
            except ValueError:
                secret = found[1]
            if len(secret) >= SHORTEST_FOUND and not JWT.fullmatch(secret):
                self.learn(secret)

    def learn_environment(self, environment: Mapping[str, str]) -> None:
        """Cover from now on what these variables hold, if they are called like a secret."""
        for name, value in environment.items():
            if VARIABLES.search(name):
                lines = {value, *value.splitlines()}  # a key has several, and may be shown in part
                self.learn(*[one for one in lines if len(one) >= SHORTEST_FOUND])

    def cover(self, text: str) -> str:
        """Return *text* without any secret, or the beginning or end of one where it was cut."""
        if not text:
            return text
        covered, end = [], 0
        for first, last in sorted(self._spans(text)):
            if first >= end:
                covered += [text[end:first], COVER]
            end = max(end, last)
        return "".join([*covered, text[end:]])

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        for form in tuple(self._forms):
            first = text.find(form)
            while first >= 0:
                yield first, first + len(form)
                first = text.find(form, first + 1)
        for found in JWT.finditer(text):
            yield found.span()
        for found in SHOWN.finditer(text):
            yield found.span(1)
        for found in CUT.finditer(text):
            yield from self._parts(text, *found.span())

    def _parts(self, text: str, before: int, after: int) -> Iterator[tuple[int, int]]:
        """Find the beginning of a secret before a cut, and the end of one after it."""
        forms, joined = self._known()
        if text[max(0, before - SHORTEST_PART) : before] in joined:
            for form in forms:
                for size in range(SHORTEST_PART, len(form)):
                    if text.endswith(form[:size], 0, before):
                        yield before - size, before
        if text[after : after + SHORTEST_PART] in joined:
            for form in forms:
                for size in range(SHORTEST_PART, len(form)):
                    if text.startswith(form[-size:], after):
                        yield after, after + size

    def _known(self) -> tuple[tuple[str, ...], str]:
        """Return all forms, and one text of them all, joined when it is needed."""
        with self._guard:
            forms = tuple(self._forms)
            if self._all is None:
                self._all = "\0".join(forms)
            return forms, self._all


def _forms(secret: str) -> Iterator[str]:
    """Give all that a secret may look like."""
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield escape(secret)
    raw = secret.encode(errors="surrogateescape")
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)
    if len(raw) >= SHORTEST_FOUND:
        yield from _encoded(raw)


def _encoded(raw: bytes) -> Iterator[str]:
    """Give what is the same of a secret's Base64 whatever stands before and after it."""
    for shift in range(3):
        text = b64encode(bytes(shift) + raw).decode().rstrip("=")
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        yield text[first:last]
        yield text[first:last].translate(str.maketrans("+/", "-_"))
