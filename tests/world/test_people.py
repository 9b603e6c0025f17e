"""Users and teams: membership is written on the user, and nowhere else."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.people import ADMIN, MEMBER, Caller, Rules
from port_fake.errors import ConflictError, NotFoundError
from port_fake.world.people import People
from port_fake.world.world import World
from tests.world.builders import invite, make_world, user

MISSING: Final = "nobody@x.io"
TEAMS: Final = st.frozensets(st.sampled_from(["core", "data", "web"]))
PEOPLE: Final = st.sampled_from(["ana", "ben", "cem"])


@pytest.fixture
def world() -> World:
    return make_world()


def teams_of(world: World) -> dict[str, tuple[str, ...]]:
    return {one.email.partition("@")[0]: one.teams for one in world.people.users}


def test_an_invited_user_is_an_active_member_named_after_the_email(world: World) -> None:
    ana = world.people.invite("ana@x.io")

    assert re.fullmatch(r"auth0\|[0-9a-f]{24}", ana.id)
    assert (ana.status, ana.roles, ana.teams) == ("ACTIVE", (MEMBER,), ())
    assert (ana.first_name, ana.last_name) == ("ana", "")
    assert ana.created_at == ana.updated_at == world.clock.peek()


def test_an_invitation_may_say_names_roles_and_teams(world: World) -> None:
    world.people.found("core", description=None)

    ana = world.people.invite(
        "ana@x.io", roles=[ADMIN], teams=["core"], first_name="Ana", last_name="Lu"
    )

    assert (ana.first_name, ana.last_name) == ("Ana", "Lu")
    assert (ana.roles, ana.teams) == ((ADMIN,), ("core",))


def test_an_email_is_invited_once(world: World) -> None:
    invite(world, "ana")

    with pytest.raises(ConflictError, match=r"user 'ana@x\.io' exists already"):
        world.people.invite("ana@x.io")


def test_reassigning_changes_what_is_given_and_stamps_it(world: World) -> None:
    before = user(invite(world, "ana", ADMIN, teams=("core",)))

    other_roles = world.people.reassign("ana@x.io", roles=[MEMBER])
    other_teams = world.people.reassign("ana@x.io", teams=[])

    assert other_roles == replace(before, roles=(MEMBER,), updated_at=other_roles.updated_at)
    assert other_teams == replace(other_roles, teams=(), updated_at=other_teams.updated_at)
    assert before.updated_at < other_roles.updated_at < other_teams.updated_at


def test_a_dismissed_user_is_known_neither_by_email_nor_by_id(world: World) -> None:
    ana = invite(world, "ana")
    assert world.people.by_id(ana.id) == ana.user

    gone = world.people.dismiss("ana@x.io")

    assert gone == ana.user
    assert list(world.people.users) == []
    with pytest.raises(NotFoundError, match="no user has the id"):
        world.people.by_id(ana.id)


def test_a_caller_is_the_user_as_it_stands_now(world: World) -> None:
    invite(world, "ana")

    changed = world.people.reassign("ana@x.io", roles=[ADMIN])

    assert world.people.caller("ana@x.io") == Caller(id=changed.id, user=changed)
    assert not world.people.caller("ana@x.io").is_machine
    assert Caller(id="machine").is_machine


@pytest.mark.parametrize(
    "ask",
    [
        lambda people: people.caller(MISSING),
        lambda people: people.dismiss(MISSING),
        lambda people: people.reassign(MISSING),
        lambda people: people.found("data", description=None, members=["ana@x.io", MISSING]),
        lambda people: people.reform(
            "core", new_name="data", description=None, members=["ana@x.io", MISSING]
        ),
        lambda people: people.invite(MISSING, teams=["core", "no team"]),
        lambda people: people.reassign("ana@x.io", teams=["core", "no team"]),
        lambda people: people.dissolve("no team"),
        lambda people: people.reform("no team", new_name="data", description=None),
    ],
)
def test_whoever_names_somebody_unknown_is_refused_and_nothing_changes(
    world: World, ask: Callable[[People], object]
) -> None:
    invite(world, "ana", teams=("core",))
    before = list(world.people.users), list(world.people.teams)

    with pytest.raises(NotFoundError, match=r"no (user|team) has the identifier 'no"):
        ask(world.people)

    assert (list(world.people.users), list(world.people.teams)) == before


def test_a_team_is_founded_with_members_and_named_once(world: World) -> None:
    ana = invite(world, "ana")
    invite(world, "ben")

    team = world.people.found("core", description="the core", members=["ana@x.io"])

    assert (team.name, team.description) == ("core", "the core")
    assert re.fullmatch(r"team_[A-Za-z0-9]{16}", team.id)
    assert [one.email for one in world.people.members("core")] == [user(ana).email]
    with pytest.raises(ConflictError, match="team 'core' exists already"):
        world.people.found("core", description=None)


def test_a_renamed_team_keeps_its_id_and_its_place_with_its_users(world: World) -> None:
    invite(world, "ana", teams=("core", "data"))
    old = world.people.teams["core"]

    new = world.people.reform("core", new_name="hub", description="new")

    assert new == replace(old, name="hub", description="new", updated_at=new.updated_at)
    assert new.updated_at > old.updated_at
    assert teams_of(world) == {"ana": ("hub", "data")}
    assert "core" not in world.people.teams


def test_a_team_that_is_only_described_anew_keeps_its_place(world: World) -> None:
    invite(world, "ana", teams=("core", "data"))

    world.people.reform("core", new_name="core", description="new")

    assert [team.name for team in world.people.teams] == ["core", "data"]
    assert teams_of(world) == {"ana": ("core", "data")}


def test_a_team_may_not_take_the_name_of_another(world: World) -> None:
    invite(world, "ana", teams=("core", "data"))

    with pytest.raises(ConflictError, match="'data' exists already"):
        world.people.reform("core", new_name="data", description=None)

    assert teams_of(world) == {"ana": ("core", "data")}


def test_the_users_of_a_dissolved_team_stay(world: World) -> None:
    invite(world, "ana", teams=("core", "data"))

    gone = world.people.dissolve("core")

    assert gone.name == "core"
    assert teams_of(world) == {"ana": ("data",)}


@given(st.dictionaries(PEOPLE, TEAMS, min_size=1), st.frozensets(PEOPLE), st.booleans())
def test_reforming_a_team_gives_it_exactly_the_members_that_are_named(
    belongs: dict[str, frozenset[str]],
    members: frozenset[str],
    rename: bool,  # noqa: FBT001 - drawn by Hypothesis, which passes it by position
) -> None:
    world = make_world()
    for team in ("core", "data", "web"):
        world.people.found(team, description=None)
    for name, teams in belongs.items():
        invite(world, name, teams=tuple(sorted(teams)))
    named = {f"{name}@x.io" for name in members & belongs.keys()}
    new_name = "hub" if rename else "core"

    world.people.reform("core", new_name=new_name, description=None, members=sorted(named))

    assert {one.email for one in world.people.members(new_name)} == named
    others = {name: set(teams) - {"core"} for name, teams in belongs.items()}
    assert {name: set(teams) - {new_name} for name, teams in teams_of(world).items()} == others


def test_rules_name_users_by_email_role_team_and_ownership(world: World) -> None:
    ana = invite(world, "ana", teams=("core",))
    ben = invite(world, "ben", ADMIN)

    def named(rules: Rules) -> list[str]:
        return [one.id for one in world.people.named_by(rules)]

    assert named(Rules()) == []
    assert named(Rules(users=("ana@x.io", MISSING))) == [ana.id]
    assert named(Rules(roles=(ADMIN, "Moderator"))) == [ben.id]
    assert named(Rules(teams=("core", "data"))) == [ana.id]
    assert named(Rules(users=("ben@x.io",), roles=(MEMBER,))) == [ana.id, ben.id]
    assert named(Rules(owned_by_team=True)) == []
    assert Rules(owned_by_team=True).names(user(ana), owners=["core"])
    assert not Rules(owned_by_team=True).names(user(ben), owners=["core"])
    assert not Rules().names(user(ana), owners=["core"])


def test_a_user_is_found_by_id_or_not_at_all() -> None:
    world = make_world()
    ana = invite(world, "ana")

    assert world.people.find(ana.id) == ana.user
    assert world.people.find("auth0|nobody") is None
