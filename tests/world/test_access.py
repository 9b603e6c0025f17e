"""Who may execute, approve and withdraw, and whose approval a run asks for."""

from typing import Final

import pytest

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot, Policy
from port_fake.engine.people import ADMIN, Caller, Permissions, Rules
from port_fake.engine.runs import Run
from port_fake.engine.states import Event, State
from port_fake.errors import ForbiddenError
from port_fake.world.access import Approver
from port_fake.world.clock import EPOCH
from port_fake.world.world import World
from tests.world.builders import MACHINE, NOBODY, invite, make_action, make_run, make_world

ANA: Final = Rules(users=("ana@x.io",))


def permitted(
    world: World,
    *,
    execute: Rules = NOBODY,
    approve: Rules = NOBODY,
    policy: Policy | None = None,
    needs_entity: bool = False,
) -> Action:
    action = world.actions.add(make_action(policy=policy, needs_entity=needs_entity))
    world.actions.permit(action.identifier, Permissions(execute=execute, approve=approve), MACHINE)
    return action


def waiting(action: Action, *voters: Caller, by: str = "somebody") -> Run:
    ballots = tuple(
        Ballot(voter=voter.id, ruling=Event.APPROVE, because=None, at=EPOCH) for voter in voters
    )
    state = State.AWAITING_APPROVAL
    return make_run(action=action, state=state, ballots=ballots, created_by=by)


@pytest.mark.parametrize("rules", [ANA, Rules(roles=("Member",)), Rules(teams=("core",))])
def test_a_user_may_execute_what_a_list_names_the_user_for(rules: Rules) -> None:
    world = make_world()
    ana = invite(world, "ana", teams=("core",))

    world.access.must_execute(permitted(world, execute=rules), ana, owners=())


@pytest.mark.parametrize(
    "rules",
    [
        NOBODY,
        Rules(users=("ben@x.io",)),
        Rules(roles=("Moderator",)),
        Rules(teams=("data",)),
        Rules(owned_by_team=True),
    ],
)
def test_a_user_may_not_execute_what_no_list_names_the_user_for(rules: Rules) -> None:
    world = make_world()
    ana = invite(world, "ana", teams=("core",))
    action = permitted(world, execute=rules)

    with pytest.raises(ForbiddenError, match=r"user 'ana@x\.io' may not execute action 'deploy'"):
        world.access.must_execute(action, ana, owners=())


def test_owning_the_entity_allows_what_ownership_allows() -> None:
    world = make_world()
    ana = invite(world, "ana", teams=("core",))
    action = permitted(world, execute=Rules(owned_by_team=True))

    world.access.must_execute(action, ana, owners=["data", "core"])

    with pytest.raises(ForbiddenError, match="may not execute"):
        world.access.must_execute(action, ana, owners=["data"])


def test_who_may_execute_on_entities_of_the_own_teams_may_not_on_every_entity() -> None:
    world = make_world()
    ana, ben = invite(world, "ana", teams=("core",)), invite(world, "ben")
    action = permitted(world, execute=Rules(owned_by_team=True), needs_entity=True)

    assert [world.access.may_execute(action, one) for one in (ana, ben, MACHINE)] == [
        False,
        False,
        True,
    ]
    assert [world.access.may_execute_on_own(action, one) for one in (ana, ben, MACHINE)] == [
        True,
        False,
        False,
    ]


def test_nobody_owns_what_an_action_acts_on_that_acts_on_no_entity() -> None:
    world = make_world()
    ana = invite(world, "ana", teams=("core",))

    action = permitted(world, execute=Rules(owned_by_team=True))

    assert not world.access.may_execute_on_own(action, ana)


def test_the_organisation_may_execute_everything() -> None:
    world = make_world()

    world.access.must_execute(permitted(world), MACHINE, owners=())


def test_admins_may_do_what_no_list_names_them_for() -> None:
    world = make_world()
    admin = invite(world, "adm", ADMIN)
    action = permitted(world)

    world.access.must_execute(action, admin, owners=())
    world.access.must_rule(waiting(action), admin)


def test_admins_need_to_be_named_like_everyone_if_the_settings_say_so() -> None:
    world = make_world(admins_may_always=False)
    admin = invite(world, "adm", ADMIN)
    action = permitted(world)

    with pytest.raises(ForbiddenError, match="may not execute"):
        world.access.must_execute(action, admin, owners=())
    with pytest.raises(ForbiddenError, match="is not an approver"):
        world.access.must_rule(waiting(action), admin)


def test_an_approver_is_whom_the_approve_lists_name() -> None:
    world = make_world()
    ana, ben = invite(world, "ana"), invite(world, "ben")
    action = permitted(world, execute=Rules(users=("ben@x.io",)), approve=ANA)

    world.access.must_rule(waiting(action), ana)

    with pytest.raises(ForbiddenError, match=r"user 'ben@x\.io' is not an approver of run 'r_1'"):
        world.access.must_rule(waiting(action), ben)


def test_the_organisation_may_approve_unless_the_settings_forbid_it() -> None:
    lenient, strict = make_world(), make_world(machine_may_approve=False)

    lenient.access.must_rule(waiting(permitted(lenient)), MACHINE)

    with pytest.raises(ForbiddenError, match="the organisation is not an approver of run 'r_1'"):
        strict.access.must_rule(waiting(permitted(strict)), MACHINE)


def test_a_request_is_withdrawn_by_its_requester_an_admin_or_the_organisation() -> None:
    world = make_world()
    ana, ben, admin = invite(world, "ana"), invite(world, "ben"), invite(world, "adm", ADMIN)
    run = waiting(permitted(world), by=ana.id)

    for caller in (ana, admin, MACHINE):
        world.access.must_withdraw(run, caller)

    with pytest.raises(ForbiddenError, match=r"user 'ben@x\.io' may not withdraw run 'r_1'"):
        world.access.must_withdraw(run, ben)


def test_the_approvers_of_a_run_are_its_voters_and_on_request_who_has_yet_to_vote() -> None:
    world = make_world()
    ana, ben = invite(world, "ana"), invite(world, "ben")
    both = Rules(users=("ana@x.io", "ben@x.io"))
    run = waiting(permitted(world, approve=both, policy=Policy.ALL), MACHINE, ben)
    voted = [
        Approver(actor=MACHINE.id, ballot=run.ballots[0]),
        Approver(actor=ben.id, ballot=run.ballots[1]),
    ]

    assert world.access.approvers(run, pending=False) == voted
    assert world.access.approvers(run, pending=True) == [
        *voted,
        Approver(actor=ana.id, ballot=None),
    ]
    assert world.access.electorate(run) == [ana.user, ben.user]


def test_a_run_that_needs_no_approval_has_no_approvers() -> None:
    world = make_world()
    invite(world, "ana")
    action = permitted(world, approve=ANA)

    assert world.access.approvers(make_run(action=action), pending=True) == []


def test_a_run_of_an_action_that_is_gone_is_left_to_admins_and_the_organisation() -> None:
    world = make_world()
    ana, admin = invite(world, "ana"), invite(world, "adm", ADMIN)
    run = waiting(permitted(world, approve=ANA, policy=Policy.ALL))
    world.actions.remove("deploy", MACHINE)

    for caller in (admin, MACHINE):
        world.access.must_rule(run, caller)

    assert world.access.electorate(run) == []
    with pytest.raises(ForbiddenError, match="is not an approver"):
        world.access.must_rule(run, ana)
