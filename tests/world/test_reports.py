"""What backends and requesters report on a run: updates, logs, and the entities it affects."""

from collections.abc import Callable
from typing import Final

import pytest

from port_fake.engine.approvals import Policy
from port_fake.engine.people import ADMIN, Caller
from port_fake.engine.runs import Annotations, Run
from port_fake.engine.states import TERMINAL, UNDER_WAY, Event, State
from port_fake.errors import ForbiddenError, IllegalTransitionError, NotFoundError
from port_fake.world.world import World
from tests.world.builders import MACHINE, invite, make_action, make_run, make_world, snapshot

ENDED: Final = sorted(TERMINAL)
LIVE: Final = sorted(UNDER_WAY)
NOTES: Final = Annotations(label="Done", link="https://ci.io/1", external_id="ci-1")
ENDINGS: Final = [(Event.SUCCEED, State.SUCCEEDED), (Event.FAIL, State.FAILED)]

Report = Callable[[World, str], object]
ENDING_REPORTS: Final[list[Report]] = [
    lambda world, run_id: world.update(run_id, Event.SUCCEED, NOTES, MACHINE),
    lambda world, run_id: world.log(run_id, "done", MACHINE, ending=Event.SUCCEED),
]
ANNOTATING_REPORTS: Final[list[Report]] = [
    lambda world, run_id: world.update(run_id, None, NOTES, MACHINE),
    lambda world, run_id: world.log(run_id, "half-way", MACHINE, label="half-way"),
]


def with_run(state: State = State.QUEUED, *, by: Caller = MACHINE, **settings: bool) -> World:
    """A world with one run, ``r_1``."""
    return filled(make_world(**settings), state, by=by)


def filled(world: World, state: State = State.QUEUED, *, by: Caller = MACHINE) -> World:
    action = world.actions.add(make_action(policy=Policy.ANY))
    world.runs.add(make_run("r_1", action=action, state=state, created_by=by.id))
    return world


def run_of(world: World) -> Run:
    return world.runs["r_1"]


@pytest.mark.parametrize("state", LIVE)
@pytest.mark.parametrize(("ending", "end"), ENDINGS)
def test_a_report_annotates_and_ends_a_run_that_is_under_way(
    state: State, ending: Event, end: State
) -> None:
    world = with_run(state)

    run = world.update("r_1", ending, NOTES, MACHINE)

    assert (run.state, run.notes) == (end, NOTES)
    assert run.ended_at == run.updated_at == world.clock.peek()
    assert run_of(world) == run


def test_a_report_without_an_ending_leaves_the_run_under_way() -> None:
    world = with_run()

    run = world.update("r_1", None, NOTES, MACHINE)

    assert (run.state, run.notes, run.ended_at) == (State.QUEUED, NOTES, None)
    assert run.updated_at == world.clock.peek()


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("report", [*ENDING_REPORTS, *ANNOTATING_REPORTS])
def test_a_run_that_has_ended_cannot_be_changed(state: State, report: Report) -> None:
    world = with_run(state)
    before, time = snapshot(world), world.clock.peek()

    with pytest.raises(IllegalTransitionError, match=f"a run that is {state} cannot"):
        report(world, "r_1")

    assert snapshot(world) == before
    assert world.clock.peek() == time


@pytest.mark.parametrize("report", [*ENDING_REPORTS, *ANNOTATING_REPORTS])
def test_nothing_is_reported_on_a_run_that_does_not_exist(report: Report) -> None:
    with pytest.raises(NotFoundError, match="no run has the identifier 'r_none'"):
        report(make_world(), "r_none")


@pytest.mark.parametrize("report", ENDING_REPORTS)
def test_a_run_that_waits_cannot_succeed(report: Report) -> None:
    world = with_run(State.AWAITING_APPROVAL)
    before = snapshot(world)

    with pytest.raises(IllegalTransitionError, match="awaiting approval cannot succeed"):
        report(world, "r_1")

    assert snapshot(world) == before


@pytest.mark.parametrize("report", ANNOTATING_REPORTS)
def test_a_run_that_waits_takes_notes(report: Report) -> None:
    world = with_run(State.AWAITING_APPROVAL)

    report(world, "r_1")

    assert run_of(world).state is State.AWAITING_APPROVAL
    assert run_of(world).notes.label in {"Done", "half-way"}


@pytest.mark.parametrize("report", ANNOTATING_REPORTS)
def test_a_run_that_waits_takes_no_notes_if_the_settings_say_so(report: Report) -> None:
    world = with_run(State.AWAITING_APPROVAL, annotations_while_waiting=False)
    before = snapshot(world)

    with pytest.raises(IllegalTransitionError, match="run 'r_1' waits for approval"):
        report(world, "r_1")

    assert snapshot(world) == before


@pytest.mark.parametrize("report", ANNOTATING_REPORTS)
def test_that_setting_is_about_waiting_only(report: Report) -> None:
    world = with_run(annotations_while_waiting=False)

    report(world, "r_1")

    assert run_of(world).notes.label in {"Done", "half-way"}


def test_that_setting_is_not_about_plain_lines() -> None:
    world = with_run(State.AWAITING_APPROVAL, annotations_while_waiting=False)

    world.log("r_1", "hello", MACHINE)

    assert [line.message for line in world.runs.logs("r_1")] == ["hello"]


def test_failing_a_run_that_waits_withdraws_the_request() -> None:
    world = make_world()
    ana = invite(world, "ana")
    filled(world, State.AWAITING_APPROVAL, by=ana)

    run = world.update("r_1", Event.FAIL, Annotations(summary="changed my mind"), ana)

    assert (run.state, run.notes.summary) == (State.FAILED, "changed my mind")
    assert run.ended_at == world.clock.peek()


def test_the_organisation_and_an_admin_may_withdraw_a_request_as_well() -> None:
    first, second = make_world(), make_world()
    admin = invite(second, "adm", ADMIN)
    for world in (first, second):
        filled(world, State.AWAITING_APPROVAL, by=Caller(id="somebody"))

    by_machine = first.update("r_1", Event.FAIL, Annotations(), MACHINE)
    by_admin = second.update("r_1", Event.FAIL, Annotations(), admin)

    assert [by_machine.state, by_admin.state] == [State.FAILED, State.FAILED]


def test_nobody_else_may_withdraw_a_request_but_may_fail_a_run_under_way() -> None:
    waiting, under_way = make_world(), make_world()
    eve = [invite(world, "eve") for world in (waiting, under_way)]
    filled(waiting, State.AWAITING_APPROVAL)
    filled(under_way)
    before = snapshot(waiting)

    assert under_way.update("r_1", Event.FAIL, Annotations(), eve[1]).state is State.FAILED
    with pytest.raises(ForbiddenError, match=r"user 'eve@x\.io' may not withdraw run 'r_1'"):
        waiting.update("r_1", Event.FAIL, Annotations(), eve[0])

    assert snapshot(waiting) == before


def test_a_log_line_withdraws_nothing() -> None:
    world = with_run(State.AWAITING_APPROVAL)

    with pytest.raises(IllegalTransitionError, match="awaiting approval cannot fail"):
        world.log("r_1", "stop", MACHINE, ending=Event.FAIL)

    assert world.runs.logs("r_1") == ()


@pytest.mark.parametrize("state", State)
def test_a_plain_line_is_taken_in_every_state_and_leaves_the_run_alone(state: State) -> None:
    world = with_run(state)
    before = run_of(world)

    line = world.log("r_1", "hello", MACHINE)

    assert (line.run_id, line.message, line.created_by) == ("r_1", "hello", "machine")
    assert line.id.startswith("log_")
    assert line.created_at == world.clock.peek()
    assert world.runs.logs("r_1") == [line]
    assert run_of(world) == before


def test_a_finished_run_takes_no_lines_if_the_settings_say_so() -> None:
    finished = with_run(State.SUCCEEDED, logs_after_the_end=False)
    under_way = with_run(logs_after_the_end=False)

    under_way.log("r_1", "hello", MACHINE)

    assert [line.message for line in under_way.runs.logs("r_1")] == ["hello"]
    with pytest.raises(IllegalTransitionError, match="succeeded cannot be annotated"):
        finished.log("r_1", "hello", MACHINE)
    assert finished.runs.logs("r_1") == ()


@pytest.mark.parametrize(("ending", "end"), ENDINGS)
def test_a_line_may_end_the_run_and_label_it(ending: Event, end: State) -> None:
    world = with_run()

    line = world.log("r_1", "done", MACHINE, ending=ending, label="Done")

    run = run_of(world)
    assert (run.state, run.notes.label) == (end, "Done")
    assert run.ended_at == run.updated_at == line.created_at


def test_a_line_that_only_labels_leaves_the_run_under_way() -> None:
    world = with_run()

    line = world.log("r_1", "half-way", MACHINE, label="half-way")

    run = run_of(world)
    assert (run.state, run.notes.label) == (State.QUEUED, "half-way")
    assert run.updated_at == line.created_at


def test_a_log_is_read_oldest_line_first() -> None:
    world = with_run()
    for message in ("one", "two", "three"):
        world.log("r_1", message, MACHINE)

    assert [line.message for line in world.runs.logs("r_1")] == ["one", "two", "three"]
    with pytest.raises(NotFoundError, match="no run has the identifier 'r_none'"):
        world.runs.logs("r_none")
