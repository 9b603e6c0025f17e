"""What came of the questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from port_fake.contracts.questions import Level, Question


class Verdict(StrEnum):
    """What came of a question. The order is that of reports: what to look at first."""

    FAILED = "failed"
    """The target answers otherwise than it must."""

    BROKEN = "broken"
    """The question itself went wrong; that says nothing of the target."""

    DIFFERS = "differs"
    """Otherwise than the fake, at a question whose level is not must: noted."""

    SKIPPED = "skipped"
    """Not asked; the reason says what was missing."""

    HELD = "held"
    """The target answers as it must, or, where nobody knows, as the fake."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as evidence: texts are cut, secrets are covered.

    *status* is None where no answer came.
    """

    method: str
    path: str
    status: int | None
    sent: str = ""
    got: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with its verdict. No secret is in any of the texts.

    *reason* is one line; *detail* all that helps to find out more, in lines; *evidence* the last
    requests, oldest first.
    """

    question: Question
    verdict: Verdict
    seconds: float = 0.0
    reason: str = ""
    detail: str = ""
    evidence: Sequence[Exchange] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All outcomes of a run of the suites, and what they were asked of.

    *mode* is one of ``fake``, ``read-only``, ``write ACTION``, ``throwaway``; *started_at* is ISO
    8601 in UTC; *ended* says why the run ended early, if it did; *settings* are further facts for
    the head of a report, in the order in which they are shown.
    """

    target: str
    mode: str
    profile: str
    seed: int
    version: str
    started_at: str
    seconds: float
    outcomes: Sequence[Outcome]
    ended: str = ""
    options: tuple[str, ...] = ()
    """What the command needs, beside a name and the seed, to ask the same target again."""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many questions there are of each verdict, zeros included."""
        found = Counter(one.verdict for one in self.outcomes)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def was_asked(self) -> bool:
        """Whether any question was asked at all."""
        return any(one.verdict is not Verdict.SKIPPED for one in self.outcomes)

    @property
    def is_good(self) -> bool:
        """Whether nothing failed and nothing broke."""
        return not (self.counts[Verdict.FAILED] or self.counts[Verdict.BROKEN])


def judged(level: Level, *, as_expected: bool) -> Verdict:
    """Return the verdict on an answer, by the level of the question."""
    if as_expected:
        return Verdict.HELD
    return Verdict.FAILED if level is Level.MUST else Verdict.DIFFERS
