"""Automations: runs that nobody asked for, and the end of chains that have none."""

from typing import Final

import pytest

from port_fake.engine.actions import Action, Happening, Kind, Trigger
from port_fake.engine.approvals import Policy
from port_fake.engine.changes import Cause
from port_fake.engine.effects import Invoke
from port_fake.engine.runs import Source
from port_fake.engine.states import State
from port_fake.world.clock import EPOCH
from port_fake.world.world import World
from tests.world.builders import MACHINE, WATCH, all_runs, make_action, make_world

CAUSE: Final = Cause(by="ana", at=EPOCH, depth=2)


def watcher(identifier: str = "auto", **changes: object) -> Action:
    values = {"kind": Kind.RUNS, "subject": "deploy", "on": frozenset({Happening.MADE}), **changes}
    return make_action(identifier, trigger=Trigger(**values))  # type: ignore[arg-type]  # named above


def watching(world: World, happening: Happening = Happening.MADE) -> list[str]:
    return [one.identifier for one in world.actions.watching(Kind.RUNS, "deploy", happening)]


@pytest.mark.parametrize(("trigger", "expected"), [(None, False), (WATCH, True)])
def test_a_world_knows_whether_anything_is_watched(
    trigger: Trigger | None, *, expected: bool
) -> None:
    world = make_world()

    world.actions.add(make_action("deploy", trigger=trigger))

    assert world.actions.are_watching is expected


def test_an_automation_runs_at_once_for_who_caused_the_event() -> None:
    world = make_world()
    action = world.actions.add(make_action("auto", trigger=WATCH, policy=Policy.ALL))

    run = world.automate(action, {"id": "event_1"}, CAUSE)

    assert run is not None
    assert (run.state, run.source, run.created_by) == (State.QUEUED, Source.AUTOMATION, "ana")
    assert (run.event, run.inputs, run.depth) == ({"id": "event_1"}, {}, 3)
    assert list(world.outbox) == [Invoke(run.id)]


def test_a_chain_that_is_too_long_ends_with_an_entry_in_the_journal() -> None:
    world = make_world(chain_limit=2)
    action = world.actions.add(make_action("auto", trigger=WATCH))

    assert world.automate(action, {}, CAUSE) is None

    entry = world.journal.rows[-1]
    assert entry.thing is action
    assert entry.problem is not None
    assert entry.problem.startswith("not run: 2 automations and calls")
    assert "chain_limit" in entry.problem
    assert all_runs(world) == []


def test_a_request_sets_off_a_bounded_number_of_runs() -> None:
    world = make_world(automation_limit=3)
    action = world.actions.add(make_action("auto", trigger=WATCH))

    made = [world.automate(action, {}, CAUSE) for _ in range(5)]

    assert [run is not None for run in made] == [True, True, True, False, False]
    assert "automation_limit" in str(world.journal.rows[-1].problem)
    assert world.automate(action, {}, CAUSE._replace(root=world.begin())) is not None
    assert world.automate(action, {}, CAUSE) is not None


def test_those_that_watch_a_thing_are_found_oldest_first() -> None:
    world = make_world()
    world.actions.add(watcher("b"))
    world.actions.add(watcher("a", on=frozenset(Happening)))
    world.actions.add(watcher("other", subject="restart"))
    world.actions.add(watcher("resting", is_live=False))
    world.actions.add(watcher("entities", kind=Kind.ENTITIES))

    assert watching(world) == ["b", "a"]
    assert watching(world, Happening.GONE) == ["a"]
    assert world.actions.watching(Kind.RUNS, "deploy", Happening.MADE, expiring="ends") == []


@pytest.mark.parametrize(
    "successor",
    [
        watcher(on=frozenset({Happening.GONE})),
        watcher(subject="restart"),
        watcher(is_live=False),
        watcher(kind=Kind.ENTITIES),
        make_action("auto"),
        make_action("renamed"),
    ],
)
def test_a_replaced_automation_watches_no_more_than_its_successor_does(successor: Action) -> None:
    world = make_world()
    world.actions.add(watcher())
    assert watching(world) == ["auto"]

    world.actions.replace("auto", successor)

    assert watching(world) == []


def test_a_removed_automation_watches_no_more() -> None:
    world = make_world()
    world.actions.add(watcher())

    world.actions.remove("auto", MACHINE)

    assert watching(world) == []
