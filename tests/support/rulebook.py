"""The rules of permissions, votes and sight once more, written from the documents alone.

Nothing here asks the engine. A test plays the same requests to the fake and to a `Rulebook`, and
holds one against the other. People go by their emails, the organisation's credentials by None, and
whatever is refused by the status of the refusal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

Who: TypeAlias = str | None
Vote: TypeAlias = tuple[Who, str]

OK: Final = 0
"""The verdict on what is not refused."""

INPUTS: Final = frozenset({"fine", "judges", "service"})

WAITING: Final = "WAITING_FOR_APPROVAL"
UNDER_WAY: Final = "IN_PROGRESS"
FINISHED: Final = frozenset({"SUCCESS", "FAILURE", "DECLINED"})


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Who may do one thing with an action; with a policy, that alone decides."""

    users: Sequence[str] = ()
    roles: Sequence[str] = ()
    teams: Sequence[str] = ()
    owned: bool = False
    has_policy: bool = False


EVERYBODY: Final = Lists(roles=("Admin", "Member"))
ADMINS: Final = Lists(roles=("Admin",))


@dataclass(frozen=True, kw_only=True)
class Button:
    """An action: how many approvals it asks for, and whether everybody sees its runs."""

    approval: str | None = None
    is_open: bool = True
    on_entity: bool = False
    exists: bool = True
    execute: Lists = EVERYBODY
    approve: Lists = ADMINS


@dataclass(kw_only=True)
class Person:
    """What counts of a user."""

    roles: Sequence[str]
    teams: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Service:
    """An entity: the teams that own it, and what it says to policies."""

    teams: Sequence[str] = ()
    is_open: bool = False
    judges: Sequence[str] = ()


@dataclass(kw_only=True)
class Request:
    """A run. *judges* are those whom a policy has named, None if there was none to ask."""

    id: str
    action: str
    by: Who
    approval: str | None
    judges: Sequence[str] | None
    status: str
    votes: list[Vote] = field(default_factory=list)


class Rulebook:
    """An organisation as the documents describe it."""

    def __init__(
        self,
        people: Mapping[str, Person],
        buttons: Mapping[str, Button],
        services: Mapping[str, Service],
    ) -> None:
        self.people = dict(people)
        self.buttons = dict(buttons)
        self.services = dict(services)
        self.runs: list[Request] = []

    # Executing.

    def execute(
        self,
        who: Who,
        action: str,
        inputs: Mapping[str, Any],
        *,
        entity: str | None,
        run_as: str | None,
    ) -> int:
        """What is wrong with the request goes before permissions, and those before the inputs.

        A policy reads the inputs, so they must fit before it is asked.
        """
        subject = run_as or who
        wrong = self._misses(who, action, entity, run_as)
        if wrong:
            return wrong
        button = self.buttons[action]
        owners = self.services[entity].teams if button.on_entity and entity else ()
        if not button.execute.has_policy and not self._may(button.execute, subject, owners):
            return 403
        if not inputs.keys() <= INPUTS:
            return 422
        # A policy asks about a user, and binds Admins like everybody.
        if button.execute.has_policy and subject is not None and not self._allows(inputs):
            return 403
        return OK

    def executed(self, run_id: str, action: str, inputs: Mapping[str, Any], *, by: Who) -> Request:
        """Write down a run that was made."""
        button = self.buttons[action]
        asks = button.approval is not None
        run = Request(
            id=run_id,
            action=action,
            by=by,
            approval=button.approval,
            judges=self._judges(inputs) if asks and button.approve.has_policy else None,
            status=WAITING if asks else UNDER_WAY,
        )
        self.runs.append(run)
        return run

    def may_execute(self, who: Who) -> list[str]:
        """Lists govern what is shown, also where a policy decides."""
        shown = []
        for name, button in self.buttons.items():
            if not button.exists:
                continue
            owned = button.on_entity and button.execute.owned
            if self._may(button.execute, who, ()):
                shown.append(f"execute:actions:{name}")
            elif owned and who is not None and self.people[who].teams:
                shown.append(f"execute:team_entities:actions:{name}")
        return shown

    # Voting and reporting.

    def vote(self, who: Who, run: Request, word: str) -> int:
        """One vote each, by approvers, while the run waits; one DECLINE ends it."""
        if not self.sees(who, run):
            return 404
        if run.status != WAITING:
            return 422
        if not self._judges_of(run, who):
            return 403
        if who in [voter for voter, _ in run.votes]:
            return 422
        run.votes.append((who, word))
        if word == "DECLINE":
            run.status = "DECLINED"
        elif run.approval == "ANY" or {voter for voter, _ in run.votes} >= {*self.asked(run)}:
            run.status = UNDER_WAY
        return OK

    def update(self, who: Who, run: Request, status: str | None) -> int:
        """FAILURE takes a request back: by the requester, an Admin, or the organisation."""
        if not self.sees(who, run):
            return 404
        if run.status in FINISHED or (run.status == WAITING and status == "SUCCESS"):
            return 422
        if run.status == WAITING and status == "FAILURE" and not self._owns(who, run):
            return 403
        run.status = status or run.status
        return OK

    def log(self, who: Who, run: Request, ending: str | None, *, labels: bool) -> int:
        """A plain line is always taken; one that changes the run needs a run that can change."""
        if not self.sees(who, run):
            return 404
        if ending is not None and run.status != UNDER_WAY:
            return 422
        if labels and run.status in FINISHED:
            return 422
        run.status = ending or run.status
        return OK

    # Seeing.

    def sees(self, who: Who, run: Request) -> bool:
        """Admins see all, approvers what they may approve, Members their own."""
        button = self.buttons[run.action]
        if who is None or button.is_open or who == run.by or "Admin" in self.people[who].roles:
            return True
        if run.approval is None:
            return False
        return who in self.asked(run)

    def visible(self, who: Who) -> list[Request]:
        """Newest first."""
        return [run for run in reversed(self.runs) if self.sees(who, run)]

    def waiting(self) -> list[Request]:
        """Return the runs that can be voted on, oldest first."""
        return [run for run in self.runs if run.status == WAITING]

    def approvers(self, run: Request) -> list[Vote]:
        """Those who have voted, in order, then those who have yet to, as they joined."""
        if run.approval is None:
            return []
        words = {"APPROVE": "APPROVED", "DECLINE": "DECLINED"}
        voted = [(voter, words[word]) for voter, word in run.votes]
        voters = [voter for voter, _ in voted]
        return voted + [(one, "PENDING") for one in self.asked(run) if one not in voters]

    def asked(self, run: Request) -> list[str]:
        """Whose approval a run asks for: those whom a policy named, or the lists of this day."""
        if run.judges is not None:
            return list(run.judges)
        button = self.buttons[run.action]
        lists = button.approve if button.exists else Lists()
        return [email for email in self.people if self._listed(lists, email, ())]

    # Changing.

    def change(self, action: str, **changes: Any) -> int:
        """Change an action that exists."""
        if not self.buttons[action].exists:
            return 404
        self.buttons[action] = replace(self.buttons[action], **changes)
        return OK

    def remove(self, action: str) -> int:
        """An action that is gone names no approvers, and its last word on sight counts."""
        return self.change(action, exists=False)

    def restore(self, action: str) -> int:
        """A new action of the same name starts with the permissions of any new action."""
        if self.buttons[action].exists:
            return 409
        button = replace(self.buttons.pop(action), exists=True, execute=EVERYBODY, approve=ADMINS)
        self.buttons[action] = button  # the youngest now
        return OK

    def _misses(self, who: Who, action: str, entity: str | None, run_as: str | None) -> int:
        button = self.buttons[action]
        if not button.exists:
            return 404
        if run_as is not None and who is not None:
            return 403  # only organisation credentials act as somebody else
        if run_as is not None and run_as not in self.people:
            return 404
        if button.on_entity and entity is None:
            return 422
        return 404 if button.on_entity and entity not in self.services else OK

    def _listed(self, lists: Lists, email: str, owners: Sequence[str]) -> bool:
        person = self.people[email]
        return (
            email in lists.users
            or "Member" in lists.roles  # whoever has another role is a Member as well
            or any(role in lists.roles for role in person.roles)
            or any(team in lists.teams for team in person.teams)
            or (lists.owned and any(team in owners for team in person.teams))
        )

    def _may(self, lists: Lists, who: Who, owners: Sequence[str]) -> bool:
        return who is None or "Admin" in self.people[who].roles or self._listed(lists, who, owners)

    def _judges_of(self, run: Request, who: Who) -> bool:
        if who is None or who in self.asked(run):
            return True
        return run.judges is None and "Admin" in self.people[who].roles

    def _owns(self, who: Who, run: Request) -> bool:
        return who is None or who == run.by or "Admin" in self.people[who].roles

    def _service(self, inputs: Mapping[str, Any]) -> Service:
        return self.services.get(inputs.get("service", ""), Service())

    def _allows(self, inputs: Mapping[str, Any]) -> bool:
        """``MAY_EXECUTE``: one condition is enough."""
        return inputs.get("fine") is True or self._service(inputs).is_open

    def _judges(self, inputs: Mapping[str, Any]) -> list[str]:
        """``WHO_APPROVES``: whoever a condition names and is a user, each once."""
        named = [*inputs.get("judges", ()), *self._service(inputs).judges]
        return [email for email in dict.fromkeys(named) if email in self.people]


IT: Final = {
    "it": {
        "combinator": "and",
        "rules": [
            {"property": "$blueprint", "operator": "=", "value": "service"},
            {"property": "$identifier", "operator": "=", "value": "{{ .inputs.service }}"},
        ],
    }
}
MAY_EXECUTE: Final = {
    "queries": IT,
    "conditions": [".inputs.fine", ".results.it.entities[0].properties.open"],
}
WHO_APPROVES: Final = {
    "queries": IT,
    "conditions": [".inputs.judges", ".results.it.entities[0].properties.judges"],
}
"""Paths only: jq has no part in what is told here, and would make it a hundred times slower."""
