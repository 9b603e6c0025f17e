"""Takes secrets out of what is recorded, before anything touches the disk.

A value that was once seen where secrets stand is learnt, and covered wherever it occurs later.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

LEAST: Final = 6
"""Shorter values are covered where secrets stand, and not elsewhere: texts would fall apart."""

SECRETIVE: Final = (
    "password|passwd|passphrase|secret|token|api[_-]?key|authorization|credential|"
    "private[_-]?key|access[_-]?key|client[_-]?id|cookie"
)
SECRET_KEY: Final = re.compile(SECRETIVE, re.IGNORECASE)
HARMLESS: Final = re.compile(
    r"secret_?name|token_?type|(token|authorization)_?url|specauthentication|authorizationscope",
    re.IGNORECASE,
)
"""Keys that sound like it and hold none."""

TEMPLATE: Final = re.compile(r"(\w+ )?\{\{[^{}]*\}\}")
"""Says where a secret is, not what it is."""

VALUES: Final = frozenset({"default", "const", "enum", "examples", "value"})
"""Where a description of a secret holds one."""

JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")
BEARER: Final = re.compile(r"(?i)\b(bearer|basic)(\s+|%20|\+)([A-Za-z0-9._~+/=-]{6,})")
IN_URL: Final = re.compile(r"(://[^/\s:@]*:)([^/\s@]+)(?=@)")
PAIR: Final = re.compile(
    rf"""(?i)(["']?\b[\w-]*?(?:{SECRETIVE})[\w-]*["']?\s*[:=]\s*)"""
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"'&,;{}\[\]<>]+)"""
)
"""A name that sounds like a secret and what is said of it, in a text of any kind."""

WORD: Final = re.compile(r"(?i)bearer|basic|[a-z]{1,16}\.?|\d{1,4}")
"""What sentences say of secrets: 'the password: must be a text'."""

KINDS: Final[Mapping[str, str]] = {"accesstoken": "token", "clientid": "client"}


class Secrets:
    """What has been learnt in one recording, and the placeholder of each."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Learn what *environment* holds of Port's credentials."""
        self._known: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._ahead: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        for name, value in (environment or {}).items():
            if "PORT" in name.upper() and SECRET_KEY.search(name):
                self._ahead[value] = _kind(name.upper().replace("PORT_", ""))

    def learn(self, value: str, kind: str = "secret") -> str:
        """Return the placeholder of a value, which is covered from now on."""
        if value not in self._known:
            self._counts[kind] += 1
            self._known[value] = f"<{kind}:{self._counts[kind]}>"
            self._pattern = None
        return self._known[value]

    def learn_from(self, value: Any) -> None:
        """Learn all that stands where secrets stand, at any depth."""
        self._walk(value, "")

    def learn_from_text(self, text: str) -> None:
        """Learn what a text says of things that sound like secrets."""
        for found in JWT.findall(text):
            self.learn(found, "token")
        for _, _, found in BEARER.findall(text):
            self.learn(found, "token")
        for _, found in IN_URL.findall(text):
            self.learn(found)
        for key, found in PAIR.findall(text):
            bare = found[1:-1] if found[:1] in {'"', "'"} else found
            is_word = bare is found and ":" in key and WORD.fullmatch(bare)
            if bare and not is_word and not HARMLESS.search(key) and not TEMPLATE.search(bare):
                self.learn(bare, _kind(key))

    def covered(self, value: Any, key: str = "") -> Any:
        """Return a JSON value without secrets; numbers where secrets stand become 0."""
        if isinstance(value, dict):
            return {
                self.covered_text(name): self.covered(one, _below(key, name))
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self.covered(one, key) for one in value]
        if isinstance(value, str):
            if _is_secret(key, value):
                return self._known.get(value) or self.learn(value, _kind(key))
            return self.covered_text(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return 0 if is_number and _holds_secrets(key) else value

    def covered_text(self, text: str) -> str:
        """Return a text without anything that was learnt."""
        if self._pattern is None:
            self._pattern = self._compiled()
        return self._pattern.sub(lambda found: self._placeholder(found[0]), text)

    def _walk(self, value: Any, key: str) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                self.learn_from_text(name)
                self._walk(one, _below(key, name))
        elif isinstance(value, list):
            for one in value:
                self._walk(one, key)
        elif isinstance(value, str):
            if _is_secret(key, value):
                self.learn(value, _kind(key))
                # "Bearer x" is a secret, and so is x.
                self.learn_from_text(value)
            else:
                self.learn_from_text(value)

    def _compiled(self) -> re.Pattern[str]:
        self._forms: dict[str, str] = {}
        for value in (*self._ahead, *self._known):
            if len(value) >= LEAST:
                forms = {value, quote(value, safe=""), quote_plus(value), quote(value)}
                forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
                self._forms.update(dict.fromkeys(forms, value))
        longest_first = sorted(self._forms, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def _placeholder(self, form: str) -> str:
        value = self._forms[form]
        return self._known.get(value) or self.learn(value, self._ahead[value])


def _below(key: str, name: str) -> str:
    """Return what a value below *name* is judged by, inside of what *key* names."""
    if SECRET_KEY.search(name) and not HARMLESS.search(name):
        return name
    if _holds_all(key) or (_holds_secrets(key) and name in VALUES):
        return key
    return ""


def _holds_secrets(key: str) -> bool:
    return bool(key and SECRET_KEY.search(key) and not HARMLESS.search(key))


def _holds_all(key: str) -> bool:
    """Whether everything inside is secret, whatever it is called."""
    return bool(re.fullmatch(r"(?i)credentials?", key))


def _is_secret(key: str, value: str) -> bool:
    return bool(value) and _holds_secrets(key) and not TEMPLATE.fullmatch(value)


def _kind(key: str) -> str:
    plain = re.sub(r"[^a-z]", "", key.lower())
    return KINDS.get(plain, "secret")
