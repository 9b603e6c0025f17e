"""What a mutant is: a name, a sentence, and an alteration that is new for each run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from contracts.mutants.passing import Passing
from port_fake.contracts.proxy import Answered, Asked, Forward, UnreachableError

Alteration: TypeAlias = Callable[[Passing], Awaitable[Answered]]
"""Answers a request in place of the fake, which it may ask by `Passing.go`."""

CONTROL: Final = "/_fake/"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A way to misbehave. Its name is its class, a dot, and what is particular.

    *does* ends the sentence "this fake ..."; *make* begins a run of the suites, and what it
    returns may remember what it has seen of that run.
    """

    name: str
    does: str
    make: Callable[[], Alteration]

    @property
    def kind(self) -> str:
        """The class."""
        return self.name.partition(".")[0]


class Tampering:
    """A mutant at work between the suites and a fake; counts how often it has struck.

    The control API passes unaltered: by it the suites know that there is a fake. An error of the
    mutant's own is kept in *fault*: what the suites say of it would prove nothing.
    """

    def __init__(self, mutant: Mutant | None) -> None:
        self._alter = mutant.make() if mutant else None
        self.strikes = 0
        self.fault = ""
        self.here = ""

    async def between(self, asked: Asked, forward: Forward) -> Answered:
        """Answer a request as the mutant does."""
        if self._alter is None or asked.target.startswith(CONTROL):
            return await forward(asked)
        passing = Passing(asked, forward, self.here)
        try:
            answered = await self._alter(passing)
        except UnreachableError:
            raise
        except Exception as error:
            self.fault = f"failed itself on {asked.method} {asked.target}: {error!r}"
            raise
        self.strikes += passing.was_altered(answered)
        return answered
