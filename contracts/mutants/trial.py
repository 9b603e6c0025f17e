"""What comes of trying the suites on a mutant, and how they are tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

UNTOUCHED: Final = "no mutant"
"""The name of the trial in which nothing is altered."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How mutants are tried: *enough* failures end a trial, none where it is 0."""

    profile: str = "ci"
    seed: int = 1
    select: tuple[str, ...] = ()
    enough: int = 1
    patience_s: float = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a mutant: who killed it, and which questions broke.

    *strikes* is how often it has altered anything; *asked* how many questions were asked;
    *reasons* what the killers say; *fault* what kept it from being tried.
    """

    name: str
    strikes: int = 0
    killers: Sequence[str] = ()
    broken: Sequence[tuple[str, str]] = ()
    reasons: Sequence[tuple[str, str]] = ()
    asked: int = 0
    seconds: float = 0.0
    fault: str = ""

    @property
    def complaint(self) -> str:
        """What is wrong with it or with the suites; empty if it was killed as it must be."""
        if self.fault:
            return self.fault
        if self.broken:
            name, reason = self.broken[0]
            more = f" and {len(self.broken) - 1} more" if len(self.broken) > 1 else ""
            return f"broke {name}{more}: {reason}"
        if not self.asked:
            return "no question was asked of it"
        if not self.strikes:
            return "never struck: nothing that is asked goes where it is"
        return "" if self.killers else "survived"
