"""Who may do what with an action, as its permissions say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot
from port_fake.engine.people import ADMIN, Caller, Rules, User
from port_fake.engine.runs import Run
from port_fake.errors import ForbiddenError
from port_fake.settings import Settings
from port_fake.world.actions import Actions
from port_fake.world.people import People


class Stance(StrEnum):
    """Where an approver stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Somebody whose approval a run asks for, or who has voted. *ballot* is None before."""

    actor: str
    ballot: Ballot | None


class Access:
    """Answers from the permissions of actions and the lists of people."""

    def __init__(self, actions: Actions, people: People, settings: Settings) -> None:
        self._actions = actions
        self._people = people
        self._settings = settings

    def must_execute(self, action: Action, caller: Caller, *, owners: Collection[str]) -> None:
        """Let *caller* execute *action*; *owners* are the teams of the entity acted on.

        Raises:
            ForbiddenError: No list names the caller.
        """
        rules = self._actions.permissions(action.identifier).execute
        if not self._named(rules, caller, owners=owners):
            raise ForbiddenError(f"{_name(caller)} may not execute action {action.identifier!r}")

    def may_execute(self, action: Action, caller: Caller) -> bool:
        """Whether *caller* may execute *action* on some entity."""
        rules = self._actions.permissions(action.identifier).execute
        owners = caller.user.teams if caller.user else ()
        return self._named(rules, caller, owners=owners)

    def must_rule(self, run: Run, caller: Caller) -> None:
        """Let *caller* approve or decline *run*.

        Raises:
            ForbiddenError: The caller is no approver.
        """
        if caller.is_machine:
            allowed = self._settings.machine_may_approve
        else:
            allowed = self._named(self._approve_rules(run), caller)
        if not allowed:
            raise ForbiddenError(f"{_name(caller)} is not an approver of run {run.id!r}")

    def must_withdraw(self, run: Run, caller: Caller) -> None:
        """Let *caller* take back the request that *run* is.

        Source: docs, self-service approvals: the requester may withdraw.
        Assumed: so may Admins and the organisation's own credentials.

        Raises:
            ForbiddenError: The caller is neither.
        """
        allowed = caller.user is None or ADMIN in caller.user.roles or caller.id == run.created_by
        if not allowed:
            raise ForbiddenError(
                f"{_name(caller)} may not withdraw run {run.id!r}, which somebody else requested"
            )

    def electorate(self, run: Run) -> list[User]:
        """Return the users whose approval *run* asks for."""
        return self._people.named_by(self._approve_rules(run))

    def approvers(self, run: Run, *, pending: bool) -> list[Approver]:
        """Return who has voted on *run*, in order, and with *pending* who has yet to.

        A run that needs no approval has no approvers.
        """
        if run.action.policy is None:
            return []
        voted = [Approver(actor=ballot.voter, ballot=ballot) for ballot in run.ballots]
        if not pending:
            return voted
        voters = {ballot.voter for ballot in run.ballots}
        waiting = [user for user in self.electorate(run) if user.id not in voters]
        return [*voted, *(Approver(actor=user.id, ballot=None) for user in waiting)]

    def _approve_rules(self, run: Run) -> Rules:
        action = self._actions.get(run.action.identifier)
        return self._actions.permissions(action.identifier).approve if action else Rules()

    def _named(self, rules: Rules, caller: Caller, *, owners: Collection[str] = ()) -> bool:
        if caller.user is None:
            return True
        if self._settings.admins_may_always and ADMIN in caller.user.roles:
            return True
        return rules.names(caller.user, owners=owners)


def _name(caller: Caller) -> str:
    return f"user {caller.user.email!r}" if caller.user else "the organisation"
