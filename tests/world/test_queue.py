import pytest

from port_fake.engine.approvals import Policy
from port_fake.engine.effects import AskApprovers, Invoke
from port_fake.engine.runs import Annotations, Run
from port_fake.engine.states import Event, State
from port_fake.errors import IllegalTransitionError, NotFoundError
from port_fake.world.world import World
from tests.world.builders import MACHINE, make_action, make_world

MINUTE_MS = 60_000


def queued(world: World, action: str = "deploy", *, installation: str = "ocean") -> Run:
    if world.actions.get(action) is None:
        world.actions.add(make_action(action))
    run = world.execute(action, {}, MACHINE)
    return world.invoke(run.id, payload={"type": "WEBHOOK"}, installation=installation)


def claim(world: World, *, limit: int = 10, **how: object) -> list[str]:
    runs = world.queue.claim("ocean", limit=limit, visibility_ms=MINUTE_MS, **how)  # type: ignore[arg-type]
    return [run.id for run in runs]


def test_a_run_calls_for_its_backend_or_for_its_approvers() -> None:
    world = make_world()
    world.actions.add(make_action("plain"))
    world.actions.add(make_action("gated", policy=Policy.ANY))

    plain = world.execute("plain", {}, MACHINE)
    gated = world.execute("gated", {}, MACHINE)
    world.rule(gated.id, Event.APPROVE, MACHINE, because=None)

    assert list(world.outbox) == [Invoke(plain.id), AskApprovers(gated.id), Invoke(gated.id)]


def test_runs_are_handed_out_oldest_first_up_to_the_limit() -> None:
    world = make_world()
    first, second, _ = (queued(world) for _ in range(3))

    assert claim(world, limit=2) == [first.id, second.id]


def test_a_claimed_run_is_hidden_until_its_time_is_up() -> None:
    world = make_world()
    run = queued(world)

    assert claim(world) == [run.id]
    assert claim(world) == []
    world.clock.advance(MINUTE_MS / 1000)

    assert claim(world) == [run.id]


def test_an_acknowledged_run_never_comes_again() -> None:
    world = make_world()
    run = queued(world)
    claim(world)

    assert world.queue.acknowledge(run.id)
    assert not world.queue.acknowledge(run.id)
    world.clock.advance(MINUTE_MS)

    assert claim(world) == []
    assert not world.runs[run.id].is_queued


def test_nobody_gets_the_runs_of_another_installation_or_of_what_it_excludes() -> None:
    world = make_world()
    queued(world, installation="other")
    queued(world, "busy")
    mine = queued(world, "free")

    assert claim(world, exclude=["busy"]) == [mine.id]


def test_only_the_kind_that_is_asked_for_is_handed_out() -> None:
    world = make_world()
    run = queued(world)

    assert claim(world, kind="INTEGRATION_ACTION") == []
    assert claim(world, kind="WEBHOOK") == [run.id]


def test_a_run_that_has_ended_is_not_handed_out() -> None:
    world = make_world()
    run = queued(world)
    world.update(run.id, Event.FAIL, Annotations(), MACHINE)

    assert claim(world) == []
    assert not world.runs[run.id].is_queued


def test_a_run_that_nobody_fetches_is_only_described() -> None:
    world = make_world()
    world.actions.add(make_action())
    run = world.execute("deploy", {}, MACHINE)

    world.invoke(run.id, payload={"type": "GITHUB"}, installation=None)

    assert world.runs.payloads[run.id] == {"type": "GITHUB"}
    assert world.runs[run.id] == run


def test_what_an_unknown_run_is_told_is_refused() -> None:
    world = make_world()

    with pytest.raises(NotFoundError, match="'r_0'"):
        world.queue.acknowledge("r_0")
    with pytest.raises(NotFoundError, match="'r_0'"):
        world.start("r_0")


def test_a_run_starts_once_without_a_stamp_and_keeps_an_answer() -> None:
    world = make_world()
    run = queued(world)

    started = world.start(run.id)
    answered = world.respond(run.id, {"id": 7}, MACHINE)

    assert started.state is State.RUNNING
    assert started.updated_at == run.updated_at
    assert answered.response == {"id": 7}
    with pytest.raises(IllegalTransitionError):
        world.start(run.id)


def test_inputs_are_encrypted_before_anybody_keeps_them() -> None:
    world = make_world()
    inputs = {"properties": {"key": {"type": "string"}, "name": {"type": "string"}}}
    world.actions.add(make_action(inputs=inputs, encrypted={"key": "aes256-gcm"}))

    run = world.execute("deploy", {"key": "hush", "name": "x"}, MACHINE)

    assert run.encrypted == ("key",)
    assert "hush" not in repr(run)
    assert run.submitted["key"] == run.inputs["key"]
    assert run.inputs["name"] == "x"
