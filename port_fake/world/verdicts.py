"""What jq says of policies, without waiting for jq here.

A command that needs to know raises `UndecidedError` before it has changed anything. Whoever sent
the command has the question answered, away from the organisation's lock, and sends it again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from port_fake.expressions.paths import follow, plain_path
from port_fake.expressions.values import Allowance, UnusableJsonError, Value, encode

PATIENCE: Final = 3
"""How often a command asks the same of an organisation that changes before it has the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Programs to be run over a context. *at* is when it was asked first, *about* what for."""

    about: str
    programs: tuple[str, ...]
    text: str
    at: datetime = field(compare=False)

    @property
    def context(self) -> Any:
        """What the programs look at."""
        return json.loads(self.text)


class UndecidedError(Exception):
    """A command has to wait for an answer; it has changed nothing."""

    def __init__(self, question: Question) -> None:
        super().__init__(f"nobody has asked jq about {question.programs}")
        self.question = question


class Verdicts:
    """The answers that one command has got so far."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        """When the command came for the first time: the time that its policies see."""
        self._known: dict[Question, Mapping[str, Value]] = {}
        self._asked: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._last: dict[tuple[str, tuple[str, ...]], Mapping[str, Value]] = {}

    def learn(self, question: Question, values: Mapping[str, Value]) -> None:
        """Take an answer."""
        self.at = question.at
        self._known[question] = values
        same = (question.about, question.programs)
        self._asked[same] += 1
        self._last[same] = values

    def of(
        self, programs: Sequence[str], context: Any, *, about: str, at: datetime
    ) -> dict[str, Value]:
        """Return the value of each of *programs* over *context*; what fails is null.

        *about* tells apart what a command asks with the same programs. Where the context changes
        faster than jq answers, the answer about one that was a moment ago stands.

        Raises:
            UndecidedError: jq has to be asked.
        """
        allowance = Allowance()
        values = {}
        for program in programs:
            steps = plain_path(program)
            if steps is not None:
                values[program] = follow(steps, context, allowance)
        asked = tuple(program for program in dict.fromkeys(programs) if program not in values)
        if asked:
            try:
                text = encode(context)
            except UnusableJsonError as unusable:
                return values | dict.fromkeys(asked, Value(None, str(unusable)))
            question = Question(about=about, programs=asked, text=text, at=self.at or at)
            known = self._known.get(question)
            if known is None and self._asked[about, asked] >= PATIENCE:
                known = self._last[about, asked]
            if known is None:
                raise UndecidedError(question)
            values.update(known)
        return values
