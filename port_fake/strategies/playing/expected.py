"""What a `PortMachine` expects: the rules of runs once more, in plain Python.

Nothing here reads the engine, its table or the world: two who say the same by themselves are
right more often than one who is asked twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from port_fake.settings import DEFAULT, Settings

Status: TypeAlias = Literal["WAITING_FOR_APPROVAL", "IN_PROGRESS", "SUCCESS", "FAILURE", "DECLINED"]
Refusals: TypeAlias = frozenset[int]
"""Statuses of which a refusal must have one; empty for what is accepted."""

ACCEPTED: Final[Refusals] = frozenset()
REFUSED: Final[Refusals] = frozenset({422})
FORBIDDEN: Final[Refusals] = frozenset({403})
OPEN: Final = frozenset({"WAITING_FOR_APPROVAL", "IN_PROGRESS"})
ONCE_SET: Final = ("statusLabel", "summary", "externalRunId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts: a user, or the organisation itself, which has no *email*."""

    email: str | None
    id: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An action of the machine. *policy* and *approvers* say who must agree to a run."""

    identifier: str
    policy: Literal["ANY", "ALL"] | None = None
    approvers: frozenset[str] = frozenset()
    blueprint: str | None = None
    installation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One ruling of one voter, named by id."""

    voter: str
    state: Literal["APPROVED", "DECLINED"]
    because: str | None

    @property
    def json(self) -> dict[str, Any]:
        """The vote as a run and a list of approvers tell it."""
        shown = {"userId": self.voter, "state": self.state}
        return shown if self.because is None else {**shown, "description": self.because}


@dataclass(slots=True, kw_only=True, eq=False)
class ExpectedRun:
    """What a run must be like by now, whatever was done to it.

    *invoked* counts the calls of its backend. *place* says where it stands in the queue of its
    installation; *hidden_until_s* is when a claim of it ends, None if there was none.
    """

    id: str
    button: Button
    by: Person
    entity: str | None
    properties: Mapping[str, Any]
    raw: Mapping[str, Any]
    impersonated_by: str | None = None
    settings: Settings = DEFAULT
    status: Status = "IN_PROGRESS"
    updated_by: str = ""
    votes: list[Vote] = field(default_factory=list)
    verdict: Vote | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    lines: list[tuple[str, str]] = field(default_factory=list)
    invoked: int = 0
    place: Literal["none", "waiting", "gone"] = "none"
    hidden_until_s: int | None = None
    last: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Start as a new run does: waiting, or with its backend called."""
        self.updated_by = self.by.id
        if self.button.policy is None:
            self._release()
        else:
            self.status = "WAITING_FOR_APPROVAL"

    @property
    def has_ended(self) -> bool:
        """Whether nothing can change the run any more."""
        return self.status not in OPEN

    def take_vote(self, who: Person, word: str, because: str | None) -> Refusals:
        """Expect a vote, ``APPROVE`` or ``DECLINE``: return why it is refused, or count it."""
        refusals: set[int] = set()
        if self.status != "WAITING_FOR_APPROVAL" or who.id in {vote.voter for vote in self.votes}:
            refusals |= REFUSED
        if not self._may_vote(who):
            refusals |= FORBIDDEN
        if refusals:
            return frozenset(refusals)
        approves = word == "APPROVE"
        vote = Vote(voter=who.id, state="APPROVED" if approves else "DECLINED", because=because)
        self.votes.append(vote)
        self.updated_by = who.id
        if not approves:
            self.status, self.verdict = "DECLINED", vote
        elif self.button.policy == "ANY" or not self.awaited:
            self.verdict = vote
            self._release()
        return ACCEPTED

    @property
    def awaited(self) -> frozenset[str]:
        """The ids of approvers who have not voted."""
        return self.button.approvers - {vote.voter for vote in self.votes}

    def take_update(self, who: Person, body: Mapping[str, Any]) -> Refusals:
        """Expect a PATCH: return why it is refused, or do it."""
        ending = body.get("status")
        if self.has_ended:
            return REFUSED
        if self.status == "WAITING_FOR_APPROVAL":
            if ending == "SUCCESS":
                return REFUSED
            if ending is None and not self.settings.annotations_while_waiting:
                return REFUSED
            may = who.email is None or who.is_admin or who.id == self.by.id
            if ending == "FAILURE" and not may:
                return FORBIDDEN
        self.notes |= {key: value for key, value in body.items() if key != "status"}
        self.updated_by = who.id
        if ending is not None:
            self.status = ending
        return ACCEPTED

    def take_line(self, who: Person, body: Mapping[str, Any]) -> Refusals:
        """Expect a log line: return why it is refused, or write it."""
        ending, label = body.get("terminationStatus"), body.get("statusLabel")
        changes = ending is not None or label is not None
        if self.has_ended and (changes or not self.settings.logs_after_the_end):
            return REFUSED
        if self.status == "WAITING_FOR_APPROVAL":
            if ending is not None:
                return REFUSED
            if changes and not self.settings.annotations_while_waiting:
                return REFUSED
        if label is not None:
            self.notes["statusLabel"] = label
        if changes:
            self.updated_by = who.id
        if ending is not None:
            self.status = ending
        self.lines.append((body["message"], who.id))
        return ACCEPTED

    def differences(
        self, got: Mapping[str, Any], version: str, *, excluded: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return what of a run that was answered is not as it must be: key, and both values.

        What was *excluded* from the answer is not looked at.
        """
        wanted = self._v2() if version == "v2" else self._v1()
        found = {key: got.get(key) for key in wanted}
        if version == "v2":
            action = got.get("action")
            found["action"] = action.get("identifier") if isinstance(action, dict) else action
        for key in ("blueprint", "entity"):
            held = got.get(key)
            found[key] = held.get("identifier") if isinstance(held, dict) else held
        wrong = {
            key: {"answered": found[key], "expected": wanted[key]}
            for key in wanted
            if found[key] != wanted[key] and key not in excluded
        }
        return wrong | self._misplaced_stamps(got)

    def _release(self) -> None:
        self.status = "IN_PROGRESS"
        self.invoked += 1
        if self.button.installation is not None:
            self.place = "waiting"

    def _may_vote(self, who: Person) -> bool:
        if who.email is None:
            return self.settings.machine_may_approve
        always = who.is_admin and self.settings.admins_may_always
        return always or who.id in self.button.approvers

    def _shared(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "action": self.button.identifier,
            "blueprint": self.button.blueprint,
            "entity": self.entity,
            "properties": self.properties,
            "source": "API",
            "createdBy": self.by.id,
            "updatedBy": self.updated_by,
            **{key: self.notes.get(key) for key in ONCE_SET},
        }

    def _v1(self) -> dict[str, Any]:
        return {
            **self._shared(),
            "link": self.notes.get("link"),
            "message": self.notes.get("message"),
        }

    def _v2(self) -> dict[str, Any]:
        link = self.notes.get("link", [])
        policy = self.button.policy
        queued = self.button.installation is not None and self.invoked > 0
        return {
            **self._shared(),
            "rawProperties": self.raw,
            "link": [link] if isinstance(link, str) else link,
            "requiredApproval": False if policy is None else {"type": policy},
            "approval": None if self.verdict is None else self.verdict.json,
            "impersonatedBy": self.impersonated_by,
            "installationId": self.button.installation if queued else None,
            "pendingExecution": self.place == "waiting" and not self.has_ended if queued else None,
        }

    def _misplaced_stamps(self, got: Mapping[str, Any]) -> dict[str, Any]:
        created, updated, ended = (got.get(key) for key in ("createdAt", "updatedAt", "endedAt"))
        wrong: dict[str, Any] = {}
        if (ended is not None) != self.has_ended:
            wrong["endedAt"] = f"{ended!r} on a run that is {self.status}"
        # Texts of one form and zone: they sort as the moments do.
        moments = [one for one in (created, ended, updated) if one is not None]
        if moments != sorted(moments):
            wrong["stamps"] = f"created {created}, ended {ended}, updated {updated}: out of order"
        return wrong
