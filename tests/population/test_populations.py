"""Made-up organisations: the same every time, in order with themselves, and past."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake import FakePort, MisuseError, RunView
from port_fake.engine.states import State
from port_fake.population.organisation import invented, write
from port_fake.world.clock import EPOCH

RUNS: Final = 300


@pytest.fixture(scope="module")
def port() -> FakePort:
    """An organisation with some hundred runs, as anybody would get it."""
    port = FakePort()
    port.populate(runs=RUNS)
    return port


@pytest.fixture(scope="module")
def runs(port: FakePort) -> list[RunView]:
    return port.runs(limit=RUNS)


def test_the_same_numbers_make_the_same_organisation() -> None:
    first, second = invented(runs=50), invented(runs=50)

    assert first == second
    assert invented(runs=50, seed=1)["users"] != first["users"]


def test_every_number_is_kept() -> None:
    parts = invented(runs=7, people_count=5, service_count=3, weeks=1)

    services = [one for one in parts["entities"] if one["blueprint"] == "service"]
    assert (len(parts["runs"]), len(parts["users"]), len(services)) == (7, 5, 3)


def test_runs_stand_everywhere_and_most_went_well(runs: list[RunView]) -> None:
    counts = Counter(run.status for run in runs)

    assert len(runs) == RUNS
    assert counts.keys() == {
        "SUCCESS", "FAILURE", "DECLINED", "IN_PROGRESS", "WAITING_FOR_APPROVAL",
    }  # fmt: skip
    assert counts["SUCCESS"] > 0.7 * RUNS
    assert counts["FAILURE"] > 0.05 * RUNS


def test_every_action_is_used_and_every_run_has_somebody(runs: list[RunView]) -> None:
    used = Counter(run.action for run in runs)

    assert len(used) == 7
    assert all(run.json["createdBy"].startswith("auth0|") for run in runs)


def test_runs_lie_in_the_past_weeks_newest_first(port: FakePort, runs: list[RunView]) -> None:
    held = [port.world.runs[run.id] for run in runs]

    assert all(newer.created_at >= older.created_at for newer, older in pairwise(held))
    assert held[-1].created_at < EPOCH - timedelta(weeks=5)
    assert held[-1].created_at > EPOCH - timedelta(weeks=6)
    assert max(run.updated_at for run in held) <= port.world.clock.peek()
    assert port.world.clock.peek() - EPOCH < timedelta(minutes=1)


def test_what_has_ended_took_its_time_and_was_reported(port: FakePort, runs: list[RunView]) -> None:
    for run in runs:
        held = port.world.runs[run.id]
        if held.state in {State.SUCCEEDED, State.FAILED} and run.logs:
            assert held.ended_at is not None
            assert held.ended_at > held.created_at
            assert run.summary
            assert run.label
            assert run.link


def test_only_those_who_may_have_approved(port: FakePort, runs: list[RunView]) -> None:
    gated = [port.world.runs[run.id] for run in runs if run.json["requiredApproval"]]
    for run in gated:
        electorate = {user.id for user in port.world.access.electorate(run)}
        assert {ballot.voter for ballot in run.ballots} <= electorate
        assert run.created_by not in {ballot.voter for ballot in run.ballots}

    assert any(run.ballots for run in gated)


def test_nothing_was_sent(port: FakePort) -> None:
    assert port.deliveries == []


def test_with_the_machines_clock_everything_is_before_now() -> None:
    port = FakePort(seed=None)

    port.populate(runs=40)

    assert max(run.updated_at for run in port.world.runs) <= port.world.clock.peek()


def test_an_organisation_goes_on_after_it_was_made_up(port: FakePort) -> None:
    service = next(iter(port.world.entities.of("service")))

    run = port.execute("restart", {"reason": "tired"}, entity=service.key.identifier)

    assert port.runs()[0] == run
    assert port.complete(run).status == "SUCCESS"


def test_what_is_made_up_goes_beside_the_scenario_that_comes_along() -> None:
    port = FakePort(scenario="microservice")

    port.populate(runs=5)

    assert len(port.runs()) == 5


def test_populating_twice_is_told_and_changes_nothing() -> None:
    port = FakePort()
    port.populate(runs=5)
    before = port.snapshot()

    with pytest.raises(MisuseError, match=r"populate, teams, item 0: .*exists already"):
        port.populate(runs=5)

    assert port.snapshot() == before


@pytest.mark.parametrize(
    "numbers", [{"runs": -1}, {"people": 2}, {"services": 0}, {"services": 10_000}, {"weeks": 0}]
)
def test_numbers_that_make_no_sense_are_told(numbers: dict[str, int]) -> None:
    with pytest.raises(MisuseError, match=r"^\w+: expected a number from \d+ to \d+, not "):
        FakePort().populate(**numbers)


def test_without_faker_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)

    with pytest.raises(MisuseError, match=r"pip install 'port-fake\[strategies\]'"):
        FakePort().populate()


def test_what_is_written_is_a_scenario_of_the_same_organisation(tmp_path: Path) -> None:
    write(invented(runs=20), tmp_path / "new" / "demo")
    populated = FakePort()
    populated.populate(runs=20)

    port = FakePort(scenario=tmp_path / "new" / "demo")

    assert port.snapshot() == populated.snapshot()


def test_a_scenario_is_overwritten_only_if_told(tmp_path: Path) -> None:
    (tmp_path / "teams.yaml").write_text("[]", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    parts: dict[str, list[Any]] = {"teams": [{"name": "ours"}]}

    with pytest.raises(MisuseError, match="--force overwrites it"):
        write(parts, tmp_path)
    assert [one.name for one in sorted(tmp_path.iterdir())] == ["notes.txt", "teams.yaml"]
    write(parts, tmp_path, force=True)

    assert [one.name for one in sorted(tmp_path.iterdir())] == ["notes.txt", "teams.json"]
    assert json.loads((tmp_path / "teams.json").read_text("utf-8")) == parts["teams"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")

    with pytest.raises(MisuseError, match=r"package\.json is no part of a scenario"):
        write({"teams": []}, tmp_path, force=True)

    assert [one.name for one in tmp_path.iterdir()] == ["package.json"]
