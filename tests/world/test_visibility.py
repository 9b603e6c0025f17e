"""Who may see which runs: a list shows just those that its reader may look at one by one."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.approvals import Policy
from port_fake.engine.people import ADMIN, Caller, Permissions, Rules
from port_fake.engine.runs import Annotations
from port_fake.engine.states import Event
from port_fake.errors import NotFoundError
from port_fake.world.queries import RunFilter
from port_fake.world.world import World
from tests.world.builders import MACHINE, invite, make_action, make_run, make_world

NAMES: Final = ("adm", "ana", "ben")


def furnished() -> World:
    world = make_world()
    invite(world, "adm", ADMIN)
    invite(world, "ana")
    invite(world, "ben", teams=("core",))
    world.actions.add(make_action("open"))
    for name, policy in (("secret", None), ("asked", Policy.ANY)):
        world.actions.add(make_action(name, is_open=False, policy=policy))
        approve = Rules(users=("ana@x.io",), teams=("core",) if policy is None else ())
        world.actions.permit(name, Permissions(approve=approve), MACHINE)
    return world


def caller(world: World, name: str) -> Caller:
    return MACHINE if name == "machine" else world.people.caller(f"{name}@x.io")


def seen(world: World, reader: Caller, limit: int = 100, action: str | None = None) -> list[str]:
    wanted = RunFilter(action=action, sight=world.access.sight(reader))
    return [run.id for run in world.runs.find(wanted, limit)]


RUNS: Final = st.lists(
    st.tuples(
        st.sampled_from(["open", "secret", "asked"]),
        st.sampled_from([*NAMES, "machine"]),
        st.none() | st.lists(st.sampled_from(NAMES), max_size=2),
    ),
    max_size=8,
)


@given(
    RUNS,
    st.sampled_from([*NAMES, "machine"]),
    st.integers(1, 9),
    st.sampled_from([None, "open", "secret", "asked"]),
)
def test_a_list_holds_just_the_runs_that_its_reader_may_see(
    runs: list[tuple[str, str, list[str] | None]], name: str, limit: int, action: str | None
) -> None:
    world = furnished()
    for number, (action_id, maker, approvers) in enumerate(runs):
        named = None if approvers is None else tuple(caller(world, one).id for one in approvers)
        world.runs.add(
            make_run(
                f"r_{number}",
                action=world.actions[action_id],
                created_by=caller(world, maker).id,
                approvers=named,
            )
        )
    reader = caller(world, name)

    shown = seen(world, reader, limit, action)

    everything = world.runs.find(RunFilter(action=action), 100)
    assert shown == [run.id for run in everything if world.access.may_see(run, reader)][:limit]


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("machine", ["asked", "secret", "open"]),
        ("adm", ["asked", "secret", "open"]),
        ("ana", ["asked", "open"]),
        ("ben", ["open"]),
    ],
)
def test_runs_of_a_secretive_action_are_for_admins_their_makers_and_their_approvers(
    name: str, sees: list[str]
) -> None:
    world = furnished()
    for action in ("open", "secret", "asked"):
        world.runs.add(make_run(action, action=world.actions[action]))

    assert seen(world, caller(world, name)) == sees


def test_whoever_a_policy_named_sees_the_run_whatever_the_lists_say() -> None:
    world = furnished()
    ben = caller(world, "ben")

    world.runs.add(make_run("r_1", action=world.actions["asked"], approvers=(ben.id,)))

    assert seen(world, ben) == ["r_1"]
    assert seen(world, caller(world, "ana")) == []


def test_everybody_sees_everything_once_the_action_is_open_again() -> None:
    world = furnished()
    world.runs.add(make_run("r_1", action=world.actions["secret"]))

    world.actions.replace("secret", replace(world.actions["secret"], is_open=True))

    assert world.access.sight(caller(world, "ben")) is not None
    assert seen(world, caller(world, "ben")) == ["r_1"]


def test_the_runs_of_an_action_that_is_gone_stay_secret() -> None:
    world = furnished()
    world.runs.add(make_run("r_1", action=world.actions["asked"]))

    world.actions.remove("asked", MACHINE)

    assert seen(world, caller(world, "ana")) == []
    assert seen(world, caller(world, "adm")) == ["r_1"]


def test_a_run_that_cannot_be_seen_is_answered_like_one_that_does_not_exist() -> None:
    world = furnished()
    world.runs.add(make_run("r_1", action=world.actions["secret"]))
    ben = caller(world, "ben")

    for command in (
        lambda run_id: world.seen(run_id, ben),
        lambda run_id: world.rule(run_id, Event.APPROVE, ben, because=None),
        lambda run_id: world.update(run_id, None, Annotations(), ben),
        lambda run_id: world.log(run_id, "text", ben),
        lambda run_id: world.respond(run_id, {}, ben),
    ):
        for run_id in ("r_1", "r_none"):
            with pytest.raises(NotFoundError, match=f"no run has the identifier '{run_id}'"):
                command(run_id)
    assert world.seen("r_1", MACHINE).id == "r_1"
