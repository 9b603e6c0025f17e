"""What checks have to say of an operation, gathered until it can be told in a few lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from port_fake.contracts.replies import SHOWN, AnswerError

MOST = 12
"""How many kinds of complaint are told in full."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What *check* says of an answer. *told* is the exchange, as the beginning of a sentence."""

    check: str
    told: str
    text: str

    @property
    def line(self) -> str:
        """The complaint as one line."""
        return " ".join(f"{self.check}: {self.told}: {self.text}".split())


class Complaints:
    """Gathers complaints: of each kind the shortest is kept, and the others are counted.

    Those of *noted* checks are no failure; `notes` gives them.
    """

    def __init__(self, noted: frozenset[str] = frozenset()) -> None:
        self._noted = noted
        self._kinds: dict[tuple[str, str], list[Complaint]] = {}
        self.requests = 0
        self.accepted = 0

    def add(self, complaint: Complaint, *, kind: str = "") -> None:
        """Gather a complaint; those of one check and one *kind* are told as one."""
        self._kinds.setdefault((complaint.check, kind), []).append(complaint)

    def note(self, check: str, told: str, judge: Callable[[], object]) -> None:
        """Gather what *judge* raises.

        Raises:
            Exception: Whatever it raises that is no `AnswerError`.
        """
        try:
            judge()
        except AnswerError as error:
            self.add(Complaint(check, told, str(error).removeprefix(told).lstrip(", ")))

    @property
    def notes(self) -> list[str]:
        """What the noted checks say, a line for each kind."""
        return self._lines(lambda check: check in self._noted)

    def settle(self) -> None:
        """Do nothing if there is no complaint.

        Raises:
            AnswerError: There are some. The first line tells one of them and counts the others.
        """
        lines = self._lines(lambda check: check not in self._noted)
        if not lines:
            return
        others = f" (and {len(lines) - 1} more of other kinds)" if len(lines) > 1 else ""
        head = f"{lines[0]}{others}"
        left = [f"and {len(lines) - MOST} more kinds"] * (len(lines) > MOST)
        of = f"in {self.requests} requests, of which {self.accepted} were accepted"
        raise AnswerError("\n".join([head, *lines[1:MOST], *left, of]))

    def _lines(self, wanted: Callable[[str], bool]) -> list[str]:
        return [
            shortest(found).line + (f" [{len(found)} times]" if len(found) > 1 else "")
            for (check, _), found in self._kinds.items()
            if wanted(check)
        ]


def shortest(found: list[Complaint]) -> Complaint:
    """Return the complaint that is quickest to read."""
    return min(found, key=lambda one: len(one.line))


def cut(text: str, length: int = SHOWN) -> str:
    """Return *text*, or its beginning."""
    return text if len(text) <= length else f"{text[:length]}..."
