"""Approvers vote on runs that wait."""

import pytest

from port_fake.engine.approvals import Policy
from port_fake.engine.people import ADMIN, Permissions, Rules
from port_fake.engine.runs import Run
from port_fake.engine.states import TRANSITIONS, Event, State, narrow
from port_fake.errors import ForbiddenError, IllegalTransitionError, NotFoundError
from port_fake.world.world import World
from tests.world.builders import MACHINE, invite, make_action, make_world


def waiting(world: World, policy: Policy, *approvers: str) -> Run:
    """Return a run that waits for *approvers*."""
    world.actions.add(make_action(policy=policy))
    approve = Rules(users=tuple(f"{name}@x.io" for name in approvers))
    world.actions.permit("deploy", Permissions(approve=approve), MACHINE)
    return world.execute("deploy", {}, MACHINE)


def test_under_any_the_first_approval_releases_the_run() -> None:
    world = make_world()
    ana = invite(world, "ana")
    run = waiting(world, Policy.ANY, "ana", "ben")

    run = world.rule(run.id, Event.APPROVE, ana, because="fine")

    (ballot,) = run.ballots
    assert run.state is State.QUEUED
    assert (ballot.voter, ballot.ruling, ballot.because) == (ana.id, Event.APPROVE, "fine")
    assert ballot.at == run.updated_at == world.clock.peek()
    assert run.updated_by == ana.id
    assert world.runs[run.id] == run


def test_under_all_the_run_waits_for_the_last_approver() -> None:
    world = make_world()
    ana, ben = invite(world, "ana"), invite(world, "ben")
    run = waiting(world, Policy.ALL, "ana", "ben")

    first = world.rule(run.id, Event.APPROVE, ana, because=None)
    last = world.rule(run.id, Event.APPROVE, ben, because=None)

    assert [first.state, last.state] == [State.AWAITING_APPROVAL, State.QUEUED]
    assert [ballot.voter for ballot in last.ballots] == [ana.id, ben.id]


def test_under_all_the_vote_of_the_organisation_replaces_nobody() -> None:
    world = make_world()
    ana = invite(world, "ana")
    run = waiting(world, Policy.ALL, "ana")

    after_machine = world.rule(run.id, Event.APPROVE, MACHINE, because=None)
    after_ana = world.rule(run.id, Event.APPROVE, ana, because=None)

    assert [after_machine.state, after_ana.state] == [State.AWAITING_APPROVAL, State.QUEUED]


@pytest.mark.parametrize("policy", Policy)
def test_one_decline_ends_the_run(policy: Policy) -> None:
    world = make_world()
    ana = invite(world, "ana")
    invite(world, "ben")
    run = waiting(world, policy, "ana", "ben")

    run = world.rule(run.id, Event.DECLINE, ana, because="not today")

    assert run.state is State.DECLINED
    assert run.ended_at == run.updated_at
    assert run.ballots[0].because == "not today"


def test_nobody_votes_twice() -> None:
    world = make_world()
    ana = invite(world, "ana")
    invite(world, "ben")
    run = waiting(world, Policy.ALL, "ana", "ben")
    once = world.rule(run.id, Event.APPROVE, ana, because=None)

    with pytest.raises(IllegalTransitionError, match=f"has voted on run '{run.id}' already"):
        world.rule(run.id, Event.DECLINE, ana, because=None)

    assert world.runs[run.id] == once


def test_only_approvers_vote_and_only_while_the_run_waits() -> None:
    world = make_world()
    ben, admin = invite(world, "ben"), invite(world, "adm", ADMIN)
    run = waiting(world, Policy.ANY, "ana")

    with pytest.raises(ForbiddenError, match=r"user 'ben@x\.io' is not an approver"):
        world.rule(run.id, Event.APPROVE, ben, because=None)
    with pytest.raises(NotFoundError, match="no run has the identifier 'r_none'"):
        world.rule("r_none", Event.APPROVE, admin, because=None)

    released = world.rule(run.id, Event.APPROVE, admin, because=None)
    for ruling in (Event.APPROVE, Event.DECLINE):
        with pytest.raises(IllegalTransitionError, match=f"that is queued cannot {ruling}"):
            world.rule(run.id, ruling, MACHINE, because=None)

    assert world.runs[run.id] == released


def test_a_run_that_no_longer_waits_refuses_the_vote_of_anybody_and_takes_no_time() -> None:
    world = make_world()
    stranger = invite(world, "ben")
    run = waiting(world, Policy.ANY, "ana")
    world.rule(run.id, Event.DECLINE, MACHINE, because=None)
    before = world.clock.peek()

    for voter in (stranger, MACHINE):
        with pytest.raises(IllegalTransitionError, match="declined cannot be approved"):
            world.rule(run.id, Event.APPROVE, voter, because=None)

    assert world.clock.peek() == before


def test_a_world_obeys_the_table_that_it_was_made_with() -> None:
    world = World("org_1", table=narrow(TRANSITIONS, without={Event.DECLINE}))
    run = waiting(world, Policy.ANY)

    with pytest.raises(IllegalTransitionError, match="cannot be declined"):
        world.rule(run.id, Event.DECLINE, MACHINE, because=None)
