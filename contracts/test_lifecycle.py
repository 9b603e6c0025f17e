"""The life of a run: every pair of the engine's table, and a machine that plays any history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final, TypeAlias

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from port_fake.contracts.anatomy import moment_of
from port_fake.contracts.options import Profile
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.scenes import Scene
from port_fake.contracts.sites import Site
from port_fake.contracts.stillness import unchanged
from port_fake.dialects.port.vocabulary import STATUS, TABLE
from port_fake.engine.states import TERMINAL, Event, State
from port_fake.strategies.machine import PortMachine
from port_fake.strategies.playing.targets import Target

Step: TypeAlias = Callable[[Scene, str], Reply]

SOURCE = "docs: statuses of runs and who changes them; OpenAPI 1.0, the run operations"
MISREAD: Final = (LookupError, TypeError, AttributeError, ValueError)
"""What comes of reading an answer that is not as documented."""


def _patch(**body: str) -> Step:
    def step(scene: Scene, run_id: str) -> Reply:
        return scene.port.ask("update-action-run", path={"run_id": run_id}, body=body)

    return step


def _rule(status: str) -> Step:
    return lambda scene, run_id: scene.rule(run_id, status)


def _log_failure(scene: Scene, run_id: str) -> Reply:
    body = {"message": "x", "terminationStatus": "FAILURE"}
    return scene.port.ask("add-log-action-run", path={"run_id": run_id}, body=body)


def _acknowledge(scene: Scene, run_id: str) -> Reply:
    return scene.port.ask("acknowledge-runs", body={"runId": run_id})


SENT: Final[Mapping[Event, Step]] = {
    Event.APPROVE: _rule("APPROVE"),
    Event.DECLINE: _rule("DECLINE"),
    Event.WITHDRAW: _patch(status="FAILURE"),
    Event.START: _acknowledge,
    Event.ANNOTATE: _patch(statusLabel="Noted"),
    Event.SUCCEED: _patch(status="SUCCESS"),
    Event.FAIL: _log_failure,
}
"""What is sent for each event; nothing can be sent for a run to be cancelled."""

LEADING: Final[Mapping[State, tuple[Event, ...]]] = {
    State.AWAITING_APPROVAL: (),
    State.QUEUED: (Event.APPROVE,),
    State.RUNNING: (Event.APPROVE, Event.START),
    State.SUCCEEDED: (Event.APPROVE, Event.START, Event.SUCCEED),
    State.FAILED: (Event.APPROVE, Event.START, Event.FAIL),
    State.DECLINED: (Event.DECLINE,),
}
"""How a run that needs approval comes to each state."""

ALIKE: Final = {(State.QUEUED, Event.WITHDRAW), (State.RUNNING, Event.WITHDRAW)}
"""A started run cannot be withdrawn: the same request fails it, which is another event."""

PAIRS: Final = [
    pytest.param(state, event, id=f"{state.name.lower()}-{event.name.lower()}".replace("_", "-"))
    for state in LEADING
    for event in SENT
    if (state, event) not in ALIKE
]


@question("lifecycle.table", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_an_event_leads_where_the_table_says_or_changes_nothing(
    scene: Scene, state: State, event: Event
) -> None:
    run_id = _run_in(scene, state)
    wanted = TABLE[state].get(event)

    if wanted is None:
        with unchanged(scene, run_id):
            SENT[event](scene, run_id).refused(409 if event is Event.START else 422)
        return

    reply = SENT[event](scene, run_id)
    assert reply.status in range(200, 300)
    _must_be(scene, run_id, wanted)


@question("lifecycle.fails-by-patch", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING], ids=["queued", "running"])
def test_a_started_run_fails_by_a_patch_as_by_a_line(scene: Scene, state: State) -> None:
    run_id = _run_in(scene, state)

    scene.update(run_id, status="FAILURE")

    _must_be(scene, run_id, State.FAILED)


@question("lifecycle.machine-agrees", source=SOURCE, needs={Need.FURNISH})
def test_a_machine_that_plays_any_history_agrees_at_every_step(
    site: Site, profile: Profile
) -> None:
    with ExitStack() as exits:
        machine = _machine(lambda: exits.enter_context(site.organisation()))
        shrinks = (Phase.shrink,) if profile.name == "nightly" else ()
        chosen = settings(
            max_examples=max(2, profile.examples // 6),
            stateful_step_count=profile.steps,
            phases=(Phase.generate, *shrinks),
            report_multiple_bugs=False,
        )
        try:
            run_state_machine_as_test(machine, settings=chosen)
        except MISREAD as error:
            reason = f"{type(error).__name__}: {error}"
            raise AnswerError(
                f"an answer could not be read, it has not its form: {reason}"
            ) from error


def _machine(open_organisation: Callable[[], Organisation]) -> type[PortMachine]:
    class Played(PortMachine):
        def make_target(self) -> Target:
            return open_organisation()

    return Played


def _run_in(scene: Scene, state: State) -> str:
    """Make a run for a queue, once it is approved, and lead it to a state; return its id."""
    action = scene.action(
        "build",
        approval="ANY",
        calls={
            "type": "INTEGRATION_ACTION",
            "installationId": scene.named("lifecycle"),
            "integrationActionType": "dispatch_workflow",
            "integrationActionExecutionProperties": {"org": "o", "repo": "r", "workflow": "w"},
        },
    )
    run_id: str = scene.run(action)["id"]
    for event in LEADING[state]:
        reply = SENT[event](scene, run_id)
        if reply.status not in range(200, 300):
            raise AnswerError(f"{reply.told}, and must lead a run on its way to be {state}")
    _must_be(scene, run_id, state)
    return run_id


def _must_be(scene: Scene, run_id: str, state: State) -> None:
    """Hold a run against what shows of its state.

    Raises:
        AnswerError: A time is missing.
    """
    found = scene.read(run_id)
    assert found["status"] == STATUS[state]
    assert scene.read(run_id, "v1")["status"] == STATUS[state]
    if state in TERMINAL:
        assert moment_of(found, "createdAt") <= moment_of(found, "endedAt")
    else:
        assert "endedAt" not in found
    if state in {State.QUEUED, State.RUNNING}:
        assert found.get("pendingExecution") is (state is State.QUEUED)
