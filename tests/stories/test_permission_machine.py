"""Several people and one organisation, played at random beside the rules written out in plain.

Whatever is asked, the fake and the rulebook give the same verdict, and after every step everybody
sees the same runs, in the same order, with the same approvers. A bug planted in the fake comes to
light in the same game.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from port_fake.dialects.port.policies import PortPolicies
from port_fake.engine.approvals import Policy, tally
from port_fake.engine.people import Rules
from port_fake.errors import IllegalTransitionError
from port_fake.world import lives
from port_fake.world.access import Access
from port_fake.world.actions import Actions
from port_fake.world.lives import Lives
from port_fake.world.people import People
from port_fake.world.queries import RunIndex
from tests.support.permission_machine import Organisation

# Explaining a failure traces every line, which takes longer than the failure is worth.
GAME: Final = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


def test_the_fake_and_the_rules_agree() -> None:
    run_state_machine_as_test(
        Organisation, settings=settings(GAME, max_examples=20, stateful_step_count=25)
    )


@pytest.mark.slow
def test_the_fake_and_the_rules_agree_for_long() -> None:
    run_state_machine_as_test(
        Organisation, settings=settings(GAME, max_examples=200, stateful_step_count=50)
    )


Patch = pytest.MonkeyPatch


def always(answer: object) -> Callable[..., Any]:
    return lambda *_args, **_kwargs: answer


def anybody_approves(patch: Patch) -> None:
    patch.setattr(Access, "must_rule", always(None))


def anybody_withdraws(patch: Patch) -> None:
    patch.setattr(Access, "must_withdraw", always(None))


def anybody_executes(patch: Patch) -> None:
    patch.setattr(Access, "must_execute", always(None))


def owners_do_not_count(patch: Patch) -> None:
    real = Access.must_execute

    def planted(self: Access, *args: Any, owners: object) -> None:  # noqa: ARG001
        real(self, *args, owners=())

    patch.setattr(Access, "must_execute", planted)


def every_run_is_seen(patch: Patch) -> None:
    patch.setattr(Access, "may_see", always(answer=True))


def every_run_is_listed(patch: Patch) -> None:
    patch.setattr(Access, "sight", always(None))


def lists_forget_the_approvers(patch: Patch) -> None:
    real = RunIndex._of  # noqa: SLF001

    def planted(self: RunIndex, name: str, value: str) -> Any:
        return real(self, name, "" if name == "asked" else value)

    patch.setattr(RunIndex, "_of", planted)


def a_second_vote_is_taken(patch: Patch) -> None:
    real = Lives.rule

    def planted(self: Lives, run_id: str, *args: Any, **also: Any) -> Any:
        try:
            return real(self, run_id, *args, **also)
        except IllegalTransitionError as refusal:
            if "has voted" in str(refusal):
                return self.runs[run_id]
            raise

    patch.setattr(Lives, "rule", planted)


def any_waits_for_all(patch: Patch) -> None:
    patch.setattr(lives, "tally", lambda votes, _, voters: tally(votes, Policy.ALL, voters))


def one_is_all(patch: Patch) -> None:
    patch.setattr(lives, "tally", lambda votes, _, voters: tally(votes, Policy.ANY, voters))


def the_policy_allows_everything(patch: Patch) -> None:
    patch.setattr(PortPolicies, "allows", always(answer=True))


def the_policy_names_nobody(patch: Patch) -> None:
    patch.setattr(PortPolicies, "names", lambda *_: [])


def policies_are_not_asked(patch: Patch) -> None:
    patch.setattr(Lives, "_judged", always(None))


def policies_bind_the_organisation(patch: Patch) -> None:
    patch.setattr(Access, "is_bound", always(answer=True))


def a_moderator_is_no_member(patch: Patch) -> None:
    real = Rules.names

    def planted(self: Rules, user: Any, *, owners: Any = ()) -> bool:
        return real(self, user, owners=owners) and (
            "Member" not in self.roles or "Member" in user.roles
        )

    patch.setattr(Rules, "names", planted)


def new_roles_are_forgotten(patch: Patch) -> None:
    real = People.reassign

    def planted(self: People, email: str, *, roles: object, teams: Any) -> Any:  # noqa: ARG001
        return real(self, email, teams=teams)

    patch.setattr(People, "reassign", planted)


def a_new_action_keeps_old_permissions(patch: Patch) -> None:
    real = Actions._drop  # noqa: SLF001

    def planted(self: Actions, action: Any) -> None:
        kept = self._permissions.get(action.identifier)
        real(self, action)
        if kept is not None:
            self._permissions[action.identifier] = kept

    patch.setattr(Actions, "_drop", planted)


FOUND_AT_ONCE: Final = (
    owners_do_not_count,
    every_run_is_seen,
    every_run_is_listed,
    lists_forget_the_approvers,
    the_policy_names_nobody,
    policies_are_not_asked,
    policies_bind_the_organisation,
)
FOUND_IN_SECONDS: Final = (
    anybody_approves,
    anybody_withdraws,
    anybody_executes,
    a_second_vote_is_taken,
    any_waits_for_all,
    one_is_all,
    the_policy_allows_everything,
    a_moderator_is_no_member,
    new_roles_are_forgotten,
    a_new_action_keeps_old_permissions,
)
BUGS: Final = (
    *FOUND_AT_ONCE,
    *(pytest.param(bug, marks=pytest.mark.slow) for bug in FOUND_IN_SECONDS),
)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_comes_to_light(bug: Callable[[Patch], None], monkeypatch: Patch) -> None:
    bug(monkeypatch)
    game = settings(
        GAME,
        derandomize=True,
        database=None,
        max_examples=100,
        stateful_step_count=25,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Organisation, settings=game)
