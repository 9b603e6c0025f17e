import pytest

from port_fake.errors import NotFoundError
from port_fake.world.node_runs import NodeRun
from port_fake.world.world import World
from tests.world.builders import make_world


def add(world: World, node: str = "build", installation: str = "ocean") -> NodeRun:
    return world.node_runs.add(node, installation, {"type": "WEBHOOK"}, status="begun")


def claim(world: World, *, limit: int = 10, exclude: tuple[str, ...] = ()) -> list[str]:
    runs = world.node_runs.claim("ocean", limit=limit, visibility_ms=1_000, exclude=exclude)
    return [run.id for run in runs]


def test_node_runs_are_claimed_hidden_and_come_again() -> None:
    world = make_world()
    first, second = add(world), add(world)
    add(world, installation="other")

    assert claim(world, limit=1) == [first.id]
    assert claim(world) == [second.id]
    assert claim(world) == []
    world.clock.advance(1)

    assert claim(world) == [first.id, second.id]


def test_an_excluded_or_acknowledged_node_is_not_handed_out() -> None:
    world = make_world()
    add(world, "busy")
    free = add(world, "free")

    assert claim(world, exclude=("busy",)) == [free.id]
    assert world.node_runs.acknowledge(free.id)
    assert not world.node_runs.acknowledge(free.id)
    world.clock.advance(1)

    assert claim(world, exclude=("busy",)) == []


def test_what_a_backend_reports_is_kept_and_found() -> None:
    world = make_world()
    run = add(world)
    add(world)

    world.node_runs.update(run.id, {"external_id": "ext-1"})
    world.node_runs.update(run.id, {"result": "done"})
    world.node_runs.log(run.id, [{"level": "INFO", "message": "hello"}])

    (found,) = world.node_runs.find("ext-1")
    assert found == world.node_runs[run.id]
    assert (found.result, len(found.logs), found.is_queued) == ("done", 1, False)
    assert len(world.node_runs.find(None)) == 2


def test_an_unknown_node_run_is_refused() -> None:
    with pytest.raises(NotFoundError, match="'wfnr_0'"):
        make_world().node_runs.acknowledge("wfnr_0")
