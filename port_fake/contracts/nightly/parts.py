"""The parts of a night, how each ended, and what they amount to together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What is done in a night; each is called like the command that does it."""

    RUN = "run"
    REPLAY = "replay"
    DRIFT = "drift"


class Standing(StrEnum):
    """How a part ended."""

    CHANGED = "changed"
    """There are differences that count."""

    BROKEN = "broken"
    """It crashed, was ended, or left no report that fits: that says nothing of Port."""

    UNCHECKED = "not checked"
    """It was not done, or not to its end; a reason is given."""

    AGREES = "agrees"
    """All of it was compared, and nothing differs that counts."""


class Word(StrEnum):
    """What a night amounts to."""

    CHANGED = "changed"
    BROKEN = "broken"
    NOTHING_CHECKED = "nothing-checked"
    PARTLY_CHECKED = "partly-checked"
    """What was checked agrees; something was not checked."""

    AGREES = "agrees"


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that a part found. *key* is the same as long as it is the same thing."""

    kind: str
    place: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a part ended.

    *findings* are what differs; *faults* are what went wrong on our side, or could not be read.
    """

    standing: Standing
    summary: str
    findings: Sequence[Noted] = ()
    faults: Sequence[Noted] = ()

    @property
    def mark(self) -> str:
        """The number of the findings and their fingerprint, whatever their order."""
        keys = sorted({one.key for one in self.findings})
        digest = hashlib.sha256(json.dumps(keys).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{len(self.findings)}.{digest[:16]}"


def amounts_to(standings: Iterable[Standing]) -> Word:
    """Return what parts amount to that ended like this: agreement only if every one agrees."""
    found = set(standings)
    if Standing.CHANGED in found:
        return Word.CHANGED
    if Standing.BROKEN in found:
        return Word.BROKEN
    if Standing.UNCHECKED in found:
        return Word.PARTLY_CHECKED if Standing.AGREES in found else Word.NOTHING_CHECKED
    return Word.AGREES if found else Word.NOTHING_CHECKED


@dataclass(frozen=True, slots=True)
class Night:
    """How all parts ended. *link* leads to the reports; empty where there are none."""

    endings: Mapping[Part, Ending]
    link: str = ""

    @property
    def word(self) -> Word:
        """What the night amounts to."""
        return amounts_to(one.standing for one in self.endings.values())
