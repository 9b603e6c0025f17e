"""Who may do what with an action and its runs, as the permissions of the action say.

Policies are not read here: they judge a run once, when it is made, and the run keeps the outcome.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot
from port_fake.engine.people import ADMIN, Caller, Rules, User
from port_fake.engine.runs import Run
from port_fake.errors import ForbiddenError
from port_fake.settings import Settings
from port_fake.world.actions import Actions
from port_fake.world.people import People
from port_fake.world.queries import Sight


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

    # -- executing

    def must_execute(self, action: Action, caller: Caller, *, owners: Collection[str]) -> None:
        """Let *caller* execute *action*; *owners* are the teams of the entity acted on.

        Raises:
            ForbiddenError: No list names the caller.
        """
        rules = self._actions.permissions(action.identifier).execute
        if not self._named(rules, caller, owners=owners):
            raise ForbiddenError(f"{named(caller)} may not execute action {action.identifier!r}")

    def is_bound(self, caller: Caller) -> bool:
        """Whether execute policies are asked about *caller*."""
        return caller.user is not None or self._settings.policies_bind_machines

    def may_execute(self, action: Action, caller: Caller) -> bool:
        """Whether the lists name *caller* for every entity."""
        rules = self._actions.permissions(action.identifier).execute
        return self._named(rules, caller)

    def may_execute_on_own(self, action: Action, caller: Caller) -> bool:
        """Whether the lists name *caller* for entities that the caller's teams own.

        Source: OpenAPI 1.0, PATCH permissions, ``ownedByTeam``: of actions on entities only.
        """
        rules = self._actions.permissions(action.identifier).execute
        is_owned = action.needs_entity and rules.owned_by_team
        return is_owned and caller.user is not None and bool(caller.user.teams)

    # -- approving

    def must_rule(self, run: Run, caller: Caller) -> None:
        """Let *caller* approve or decline *run*.

        Raises:
            ForbiddenError: The caller is no approver.
        """
        if caller.user is None:
            allowed = self._settings.machine_may_approve
        elif run.approvers is not None:
            allowed = caller.id in run.approvers
        else:
            allowed = self._named(self._approve_lists(run.action.identifier), caller)
        if not allowed:
            raise ForbiddenError(f"{named(caller)} is not an approver of run {run.id!r}")

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
                f"{named(caller)} may not withdraw run {run.id!r}, which somebody else requested"
            )

    def electorate(self, run: Run) -> list[User]:
        """Return the users whose approval *run* asks for."""
        if run.approvers is None:
            return self._people.named_by(self._approve_lists(run.action.identifier))
        found = (self._people.find(user_id) for user_id in run.approvers)
        return [user for user in found if user is not None]

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

    # -- seeing

    def may_see(self, run: Run, caller: Caller) -> bool:
        """Whether *caller* may know of *run*.

        Source: docs, ``allowAnyoneToViewRuns``: Admins see all runs, approvers those that they
        may approve, Members their own.
        Assumed: the action's present word counts, or its last one if it is gone.
        """
        action_id = run.action.identifier
        return (
            caller.user is None
            or action_id not in self._actions.secretive
            or ADMIN in caller.user.roles
            or caller.id == run.created_by
            or self._is_approver(run, caller.user)
        )

    def sight(self, caller: Caller) -> Sight | None:
        """Return which runs *caller* may not see; None if there are none such."""
        secretive = self._actions.secretive
        if not secretive or caller.user is None or ADMIN in caller.user.roles:
            return None
        user = caller.user
        return Sight(
            viewer=caller.id,
            hidden=frozenset(secretive),
            judged=frozenset(one for one in secretive if self._approve_lists(one).names(user)),
        )

    def _is_approver(self, run: Run, user: User) -> bool:
        if run.approvers is not None:
            return user.id in run.approvers
        return run.action.policy is not None and self._approve_lists(run.action.identifier).names(
            user
        )

    def _approve_lists(self, action_id: str) -> Rules:
        action = self._actions.get(action_id)
        return self._actions.permissions(action.identifier).approve if action else Rules()

    def _named(self, rules: Rules, caller: Caller, *, owners: Collection[str] = ()) -> bool:
        user = caller.user
        if user is None:
            return True
        if self._settings.admins_may_always and ADMIN in user.roles:
            return True
        return rules.names(user, owners=owners)


def named(caller: Caller) -> str:
    """Return how a refusal calls *caller*."""
    return f"user {caller.user.email!r}" if caller.user else "the organisation"
