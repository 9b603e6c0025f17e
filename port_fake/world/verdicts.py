"""What jq says of policies, without waiting for jq here.

A command that needs to know raises `UndecidedError` before it has changed anything. Whoever sent
the command has the question answered, away from the organisation's lock, and sends it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from port_fake.expressions.paths import follow, plain_path
from port_fake.expressions.values import Allowance, UnusableJsonError, Value, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Programs to be run over a context. *at* is when it was asked first."""

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

    def learn(self, question: Question, values: Mapping[str, Value]) -> None:
        """Take an answer."""
        self.at = question.at
        self._known[question] = values

    def of(self, programs: Sequence[str], context: Any, *, at: datetime) -> dict[str, Value]:
        """Return the value of each of *programs* over *context*; what fails is null.

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
            question = Question(programs=asked, text=text, at=self.at or at)
            known = self._known.get(question)
            if known is None:
                raise UndecidedError(question)
            values.update(known)
        return values
