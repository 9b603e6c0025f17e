"""What a target answers, read with the suspicion that it may be anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SHOWN: Final = 300
"""How many characters of a body are shown in a sentence."""


class AnswerError(AssertionError):
    """The target answered otherwise than it must."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to *asked*, a method and a target; the names of *headers* are in lower case."""

    asked: str
    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode(errors="replace")

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            AnswerError: It is none.
        """
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise AnswerError(f"{self.told} which is no JSON") from None

    @property
    def told(self) -> str:
        """What happened, as the beginning of a sentence, in one line and without escape codes."""
        text = self.text if len(self.text) <= SHOWN else f"{self.text[:SHOWN]}..."
        body = " ".join(text.split())
        shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in body)
        return f"{self.asked} was answered {self.status} {shown or '(no body)'}"

    def must(self, *statuses: int) -> Reply:
        """Return the answer, if its status is one of these.

        Raises:
            AnswerError: It is another.
        """
        if self.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise AnswerError(f"{self.told}, and the status must be {wanted}")
        return self

    def refused(self, *statuses: int) -> Reply:
        """Return the answer, if it is a refusal with one of these statuses, in Port's envelope.

        Source: OpenAPI 1.0, error responses.

        Raises:
            AnswerError: It is not.
        """
        body = self.must(*statuses).json
        envelope = body if isinstance(body, dict) else {}
        texts = isinstance(envelope.get("error"), str) and isinstance(
            envelope.get("message", ""), str
        )
        if envelope.get("ok") is not False or not texts or envelope.keys() - ENVELOPE:
            raise AnswerError(f"{self.told}, which is not the envelope of a refusal")
        return self

    def __getitem__(self, key: str) -> Any:
        """Return what the body holds under *key*.

        Raises:
            AnswerError: The body is no object, or has no such key.
        """
        body = self.json
        if not isinstance(body, dict) or key not in body:
            raise AnswerError(f"{self.told}, and must have {key!r}")
        return body[key]

    def object(self, key: str) -> dict[str, Any]:
        """Return the object that the body holds under *key*.

        Raises:
            AnswerError: There is none.
        """
        found = self[key]
        if not isinstance(found, dict):
            raise AnswerError(f"{self.told}, and {key!r} must be an object")
        return found

    def objects(self, key: str) -> list[dict[str, Any]]:
        """Return the list of objects that the body holds under *key*.

        Raises:
            AnswerError: There is none.
        """
        found = self[key]
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise AnswerError(f"{self.told}, and {key!r} must be a list of objects")
        return found


ENVELOPE: Final = frozenset({"ok", "error", "message"})
