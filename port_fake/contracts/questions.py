"""What a question is: a test with a name that stays, a source, and what an answer means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar

Asked = TypeVar("Asked", bound=Callable[..., object])

MARKER: Final = "question"


class Level(StrEnum):
    """How much is known of the right answer."""

    MUST = "must"
    """Documented, or relied on by a real client: another answer is a failure."""

    KNOWN = "known difference"
    """The fake and Port are known to differ; either answer is noted, neither fails."""

    UNKNOWN = "unknown"
    """Nobody knows what Port does; what the target does is noted."""


class Need(StrEnum):
    """What a question needs of the target; where it is missing, the question is skipped."""

    WRITE = "write"
    """Runs of one action may be made and reported on."""

    FURNISH = "furnish"
    """Anything may be made in the organisation: it is there for nothing else."""

    PEOPLE = "people"
    """Users can be acted as."""

    RECEIVER = "receiver"
    """The target can call this machine."""

    SECOND = "second"
    """There is a second organisation on the same server."""

    EMPTY = "empty"
    """The organisation is new: nothing is in it, and what is done is settled when asked for."""

    CLOCK = "clock"
    """The target's time can be moved."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its name is made of words and dots, from the general to the particular.

    *source* says where the answer is from; *text* is what a person reads.
    """

    name: str
    source: str
    level: Level = Level.MUST
    needs: frozenset[Need] = frozenset()
    text: str = ""

    @property
    def area(self) -> str:
        """The first word of the name, which is the suite."""
        return self.name.partition(".")[0]

    def about(self, case: str) -> Question:
        """Return the question for one of its cases."""
        return replace(self, name=f"{self.name}.{case}")


def question(
    name: str, *, source: str, level: Level = Level.MUST, needs: Iterable[Need] = ()
) -> Callable[[Asked], Asked]:
    """Let a test be a question; the name of the test, read as a sentence, is its text."""
    import pytest  # whoever replays has questions as well, and need not have it

    def marked(test: Asked) -> Asked:
        sentence = test.__name__.removeprefix("test_").replace("_", " ")
        asked = Question(name, source, level, frozenset(needs), sentence)
        return getattr(pytest.mark, MARKER)(asked)(test)  # type: ignore[no-any-return]

    return marked
