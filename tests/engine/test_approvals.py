"""The vote: ballots in, event out."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.approvals import Ballot, Policy, tally
from port_fake.engine.states import Event
from port_fake.world.clock import EPOCH
from tests.world.builders import BALLOTS, NAMES

POLICIES: Final = st.sampled_from(Policy)
VOTERS: Final = st.frozensets(NAMES)
VOTES: Final = st.lists(BALLOTS, max_size=6)
ORDERS: Final = VOTES.flatmap(lambda votes: st.tuples(st.just(votes), st.permutations(votes)))


def approve(voter: str) -> Ballot:
    return Ballot(voter=voter, ruling=Event.APPROVE, because=None, at=EPOCH)


def decline(voter: str) -> Ballot:
    return Ballot(voter=voter, ruling=Event.DECLINE, because=None, at=EPOCH)


APPROVALS: Final = st.lists(NAMES.map(approve), min_size=1)


@given(ORDERS, POLICIES, VOTERS)
def test_the_order_of_the_ballots_does_not_matter(
    orders: tuple[list[Ballot], list[Ballot]], policy: Policy, electorate: frozenset[str]
) -> None:
    first, second = orders

    assert tally(first, policy, electorate) is tally(second, policy, electorate)


@given(VOTES, NAMES, POLICIES, VOTERS)
def test_one_decline_decides_whoever_else_has_voted(
    votes: list[Ballot], voter: str, policy: Policy, electorate: frozenset[str]
) -> None:
    assert tally([*votes, decline(voter)], policy, electorate) is Event.DECLINE


@given(POLICIES, VOTERS)
def test_a_vote_without_ballots_is_open(policy: Policy, electorate: frozenset[str]) -> None:
    assert tally([], policy, electorate) is None


@given(APPROVALS, VOTERS)
def test_under_any_the_first_approval_decides(
    votes: list[Ballot], electorate: frozenset[str]
) -> None:
    assert tally(votes, Policy.ANY, electorate) is Event.APPROVE


@given(APPROVALS, VOTERS)
def test_under_all_every_voter_of_the_electorate_is_waited_for(
    votes: list[Ballot], electorate: frozenset[str]
) -> None:
    waiting = electorate - {vote.voter for vote in votes}

    assert tally(votes, Policy.ALL, electorate) is (None if waiting else Event.APPROVE)


@given(APPROVALS, APPROVALS, POLICIES, VOTERS)
def test_no_further_approval_takes_an_approval_back(
    votes: list[Ballot], more: list[Ballot], policy: Policy, electorate: frozenset[str]
) -> None:
    before = tally(votes, policy, electorate)
    after = tally(votes + more, policy, electorate)

    assert after is Event.APPROVE or before is None


@pytest.mark.parametrize("policy", Policy)
def test_an_empty_electorate_is_satisfied_by_any_one_ballot(policy: Policy) -> None:
    assert tally([approve("a stranger")], policy, ()) is Event.APPROVE
