"""A vote: ballots in, event out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from port_fake.engine.states import Event

Ruling: TypeAlias = Literal[Event.APPROVE, Event.DECLINE]


class Policy(StrEnum):
    """How many approvals release a run."""

    ANY = "ANY"
    ALL = "ALL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One ruling by one voter."""

    voter: str
    ruling: Ruling
    because: str | None
    at: datetime


RULINGS: Final[tuple[Ruling, ...]] = (Event.APPROVE, Event.DECLINE)


def tally(ballots: Sequence[Ballot], policy: Policy, electorate: Collection[str]) -> Ruling | None:
    """Return what the vote decides, or None while it is open.

    *electorate* holds the voters that ``ALL`` waits for; ballots of others count as well, and
    an empty electorate is satisfied by any one ballot.

    Source: docs, self-service approvals (ANY and ALL).
    Assumed: one DECLINE ends the vote, under ANY and ALL alike.
    """
    if any(ballot.ruling is Event.DECLINE for ballot in ballots):
        return Event.DECLINE
    voters = {ballot.voter for ballot in ballots}
    if not voters or (policy is Policy.ALL and not voters.issuperset(electorate)):
        return None
    return Event.APPROVE
