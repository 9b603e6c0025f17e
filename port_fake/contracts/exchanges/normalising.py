"""Gives ids, times and people stable names, so that the same exchange has the same text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

KINDS: Final[Mapping[str, str]] = {
    "r": "run",
    "e": "entity",
    "wfnr": "node-run",
    "org": "organisation",
}
"""What ids with these prefixes are of; other prefixes are their own words."""

KNOWN: Final = "r|e|wfnr|org|action|log|team|event|token"
TAIL: Final = r"[A-Za-z0-9]{16}(?![A-Za-z0-9])"

FOUND: Final = re.compile(
    r"(?P<placeholder><[a-z][a-z-]*:\d+>)"
    r"|(?P<time>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<person>\b(?:auth0|google-oauth2|github|samlp|waad|okta|oidc|adfs|windowslive)\|"
    r"[A-Za-z0-9_.|-]{6,})"
    r"|(?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)"
    rf"|(?<![A-Za-z0-9_])(?P<known>{KNOWN})_(?=[a-z]*[A-Z0-9])(?P<tail>{TAIL})"
    rf"|(?<![A-Za-z0-9_])(?P<other>[a-z]{{1,12}})_(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z]){TAIL}"
    r"|(?P<email>[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)

MADE_UP: Final = re.compile(
    r"(?i)@(?:.*\.)?(?:example\.(?:com|org|net)|[a-z0-9-]+\.(?:example|test|invalid))$"
)
"""Domains in which nobody lives."""

ACTORS: Final = frozenset({"createdBy", "updatedBy", "userId", "impersonatedBy"})
OPAQUE: Final = re.compile(r"[A-Za-z0-9]{20,}")
CURSOR: Final = "next"
PERSONAL: Final = frozenset({"firstName", "lastName", "picture", "phoneNumber"})
ORGANISATIONS: Final = frozenset({"organization", "orgs", "org"})
"""Keys of things whose names are those of organisations."""


class Names:
    """The placeholders of one recording, by what they stand for.

    With *keep_people*, emails and the names of people and organisations stay as they are; the
    emails of made-up domains always do.
    """

    def __init__(self, *, keep_people: bool = False) -> None:
        self._keep_people = keep_people
        self._names: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._opaque: dict[str, str] = {}
        self._given: set[str] = set()

    def take(self, value: Any) -> None:
        """Note the times that a client sends: those are part of the question, and stay."""
        if isinstance(value, dict):
            for one in value.values():
                self.take(one)
        elif isinstance(value, list):
            for one in value:
                self.take(one)
        elif isinstance(value, str):
            for found in FOUND.finditer(value):
                time = found["time"]
                if time and ("time", time) not in self._names:
                    self._given.add(time)

    def learn_from(self, answer: Any) -> None:
        """Learn what only its place shows to be an id: a page's cursor, an actor of a stamp."""
        if isinstance(answer, list):
            for one in answer:
                self.learn_from(one)
        elif isinstance(answer, dict):
            for key, value in answer.items():
                if isinstance(value, str):
                    self._learn(key, value)
                else:
                    self.learn_from(value)

    def _learn(self, key: str, value: str) -> None:
        is_plain = "<" not in value and not FOUND.fullmatch(value)
        if key in ACTORS and is_plain and OPAQUE.fullmatch(value):
            self._opaque.setdefault(value, self._name("user", value))
        elif key == CURSOR and is_plain and value:
            self._opaque.setdefault(value, self._name("cursor", value))

    def named(self, value: Any, key: str = "") -> Any:
        """Return a JSON value in which ids, times and people have their stable names."""
        if isinstance(value, dict):
            if key in ORGANISATIONS and isinstance(value.get("name"), str):
                value = {**value, "name": self.organisation(value["name"])}
            return {self.text(name): self.named(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.named(one, key) for one in value]
        if not isinstance(value, str):
            return value
        if key in PERSONAL and value:
            return self.person(value)
        return self.text(value)

    def text(self, text: str) -> str:
        """Return a text in which ids, times and people have their stable names."""
        if self._opaque.get(text):
            return self._opaque[text]
        return FOUND.sub(self._replaced, text)

    def person(self, name: str) -> str:
        """Return the placeholder of what only one person has."""
        is_kept = self._keep_people or FOUND.fullmatch(name)
        return name if is_kept else self._name("name", name)

    def organisation(self, name: str) -> str:
        """Return the stable name of an organisation."""
        return name if self._keep_people or not name else self._numbered("Organisation {}", name)

    def _numbered(self, form: str, value: str) -> str:
        made = (form, value)
        if made not in self._names:
            self._counts[form] += 1
            self._names[made] = form.format(self._counts[form])
            # Its own name, should it be sent back as it was recorded.
            self._names[form, self._names[made]] = self._names[made]
        return self._names[made]

    def _replaced(self, found: re.Match[str]) -> str:
        text = found[0]
        if found["placeholder"]:
            return text
        if found["time"]:
            return text if text in self._given else self._name("time", text)
        if found["email"]:
            is_kept = self._keep_people or MADE_UP.search(text)
            return text if is_kept else self._numbered("person{}@example.com", text.lower())
        if found["person"]:
            return self._name("user", text)
        if found["uuid"]:
            return self._name("uuid", text)
        prefix = found["known"] or found["other"]
        return self._name(KINDS.get(prefix, prefix), text)

    def _name(self, kind: str, value: str) -> str:
        if (kind, value) not in self._names:
            self._counts[kind] += 1
            self._names[kind, value] = f"<{kind}:{self._counts[kind]}>"
        return self._names[kind, value]
