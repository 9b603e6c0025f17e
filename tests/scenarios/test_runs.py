"""Runs of a scenario: real ones, of the past, of which nobody outside hears."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import Backend, FakePort, MisuseError
from port_fake.scenarios.durations import LONGEST, duration, written
from port_fake.world.clock import EPOCH

ANA: Final = "ana@example.com"
LEA: Final = "lea@example.com"


def action(identifier: str, **definition: Any) -> dict[str, Any]:
    """Return the document of an action that takes a version."""
    return {
        "identifier": identifier,
        "trigger": {
            "type": "self-service",
            "operation": "CREATE",
            "userInputs": {"properties": {"version": {"type": "string"}}, "required": []},
        },
        "invocationMethod": {"type": "WEBHOOK", "url": "https://example.com/{{ .run.id }}"},
        **definition,
    }


POLLED: Final = {
    "type": "INTEGRATION_ACTION",
    "installationId": "ocean",
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"repo": "a", "org": "b", "workflow": "c"},
}
FURNITURE: Final[dict[str, list[dict[str, Any]]]] = {
    "users": [{"email": ANA}, {"email": LEA}],
    "secrets": [{"secretName": "TOKEN", "secretValue": "hunter2"}],
    "actions": [
        action("build"),
        action("deploy", requiredApproval={"type": "ANY"}),
        action("poll", invocationMethod=POLLED),
    ],
    "permissions": [{"action": "deploy", "approve": {"users": [LEA]}}],
}


def folder(path: Path, *runs: dict[str, Any], **parts: Any) -> Path:
    """Write a scenario with *runs*, and *parts* in the place of some furniture."""
    for name, items in {**FURNITURE, **parts, "runs": runs}.items():
        (path / f"{name}.json").write_text(json.dumps(items), encoding="utf-8")
    return path


def told(path: Path, *runs: dict[str, Any]) -> str:
    """Return what is said of a scenario with *runs*, without the way to its folder."""
    with pytest.raises(MisuseError) as mistake:
        FakePort(scenario=folder(path, *runs))
    return str(mistake.value).removeprefix(f"{path}/")


def test_a_run_ends_up_as_it_is_told(tmp_path: Path) -> None:
    port = FakePort(
        scenario=folder(
            tmp_path,
            {
                "action": "deploy",
                "as": ANA,
                "properties": {"version": "7"},
                "approvals": [{"as": LEA, "status": "APPROVE", "description": "go"}],
                "logs": ["rolling out", "done"],
                "links": ["https://ci.example.com/7"],
                "summary": "deployed",
                "label": "Live",
                "status": "SUCCESS",
            },
        )
    )

    (run,) = port.runs()
    users = port.world.people
    assert (run.status, run.label, run.summary) == ("SUCCESS", "Live", "deployed")
    assert (run.link, run.logs) == (["https://ci.example.com/7"], ("rolling out", "done"))
    assert run.properties == {"version": "7"}
    assert run.json["createdBy"] == users.caller(ANA).id
    assert run.json["approval"] == {
        "userId": users.caller(LEA).id, "state": "APPROVED", "description": "go",
    }  # fmt: skip
    assert run.json["payload"]["url"] == f"https://example.com/{run.id}"
    assert port.world.secrets.values() == {"TOKEN": "hunter2"}


@pytest.mark.parametrize(
    ("run", "status"),
    [
        ({"action": "build"}, "IN_PROGRESS"),
        ({"action": "build", "status": "FAILURE"}, "FAILURE"),
        ({"action": "build", "logs": ["busy"], "status": "IN_PROGRESS"}, "IN_PROGRESS"),
        ({"action": "deploy"}, "WAITING_FOR_APPROVAL"),
        ({"action": "deploy", "approvals": [{"status": "APPROVE"}]}, "IN_PROGRESS"),
        ({"action": "deploy", "approvals": [{"as": LEA, "status": "DECLINE"}]}, "DECLINED"),
        ({"action": "deploy", "as": ANA, "status": "FAILURE"}, "FAILURE"),
    ],
)
def test_a_run_may_stand_anywhere(tmp_path: Path, run: dict[str, Any], status: str) -> None:
    port = FakePort(scenario=folder(tmp_path, run))

    assert [one.status for one in port.runs()] == [status]


def test_a_run_of_the_past_has_the_times_that_it_had(tmp_path: Path) -> None:
    port = FakePort(
        scenario=folder(
            tmp_path,
            {"action": "build", "ago": "1h"},
            {
                "action": "deploy",
                "ago": "3d 4h",
                "approvals": [{"status": "APPROVE", "after": "30m"}],
                "took": 600,
                "logs": ["half way"],
                "status": "SUCCESS",
            },
            {"action": "build"},
        )
    )

    newest, middle, oldest = (port.world.runs[one.id] for one in port.runs())
    began = EPOCH - timedelta(days=3, hours=4)
    assert oldest.verdict is not None
    assert oldest.ended_at is not None
    assert seconds(oldest.created_at - began) == 0
    assert seconds(oldest.verdict.at - began) == 1800
    assert seconds(port.world.runs.logs(oldest.id)[0].created_at - began) == 1800 + 300
    assert seconds(oldest.ended_at - began) == 1800 + 600
    assert seconds(middle.created_at - EPOCH) == -3600
    assert seconds(newest.created_at - EPOCH) == 0
    assert seconds(port.world.clock.peek() - EPOCH) == 0


def seconds(length: timedelta) -> int:
    return round(length.total_seconds())


def test_with_the_machines_clock_the_past_is_past_and_time_goes_on(tmp_path: Path) -> None:
    port = FakePort(seed=None, scenario=folder(tmp_path, {"action": "build", "ago": "1w"}))

    assert port.world.clock.peek() - port.world.runs[port.runs()[0].id].created_at >= (
        timedelta(days=7)
    )
    assert port.snapshot()["clock"]["ahead"] == "PT0S"


def test_nobody_outside_hears_of_them(tmp_path: Path) -> None:
    with FakePort() as port, Backend(port) as backend:
        hooked = action("build", invocationMethod={"type": "WEBHOOK", "url": backend.url})

        port.load(folder(tmp_path, {"action": "build"}, {"action": "deploy"}, actions=[
            hooked, *FURNITURE["actions"][1:],
        ]))  # fmt: skip

        assert port.settle() == []
        assert backend.letters == []
        assert [one.status for one in port.runs()] == ["WAITING_FOR_APPROVAL", "IN_PROGRESS"]


def test_a_run_waits_for_its_installation_until_somebody_has_worked_on_it(tmp_path: Path) -> None:
    port = FakePort(
        scenario=folder(tmp_path, {"action": "poll", "logs": ["busy"]}, {"action": "poll"})
    )

    body = {"installationId": "ocean", "limit": 10}
    claimed = port.perform("claim-pending-runs", body=body)["runs"]

    assert [one["id"] for one in claimed] == [port.runs()[0].id]


@pytest.mark.parametrize(
    ("run", "mistake"),
    [
        ({}, 'runs.json, item 0: "action" is a required property'),
        ({"action": "gone"}, "runs.json, item 0: no action has the identifier 'gone'"),
        ({"action": "build", "as": "eve@example.com"}, "runs.json, item 0: no user has"),
        ({"action": "build", "entty": "a"}, "runs.json, item 0: .*'entty'"),
        ({"action": "build", "properties": {"version": 7}}, "runs.json, item 0: input 'version'"),
        ({"action": "build", "properties": []}, "runs.json, item 0, properties: "),
        ({"action": "build", "status": "DONE"}, "runs.json, item 0, status: .*SUCCESS"),
        ({"action": "build", "status": "DECLINED"}, "item 0, status: the run ends up as IN_PROGR"),
        ({"action": "deploy", "status": "SUCCESS"}, "item 0, status: a run that is awaiting appro"),
        ({"action": "build", "logs": "busy"}, "item 0, logs: the value is not of type"),
        ({"action": "build", "logs": ["a", 7]}, "item 0, logs.1: the value is not of type"),
        ({"action": "build", "links": 7}, "item 0, links: "),
        ({"action": "build", "approvals": [{"status": "APPROVE"}]}, "item 0, approvals.0: a run"),
        ({"action": "deploy", "approvals": [{"status": "YES"}]}, "item 0, approvals.0.status: "),
        (
            {"action": "deploy", "approvals": [{"as": ANA, "status": "APPROVE"}]},
            "item 0, approvals.0: user 'ana@example.com' is not an approver",
        ),
        ({"action": "build", "ago": "soon"}, "item 0, ago: expected seconds, or a text such as"),
        ({"action": "build", "took": -1}, "item 0, took: expected seconds"),
        (
            {"action": "deploy", "approvals": [{"status": "APPROVE", "after": True}]},
            "item 0, approvals.0.after: expected seconds",
        ),
        (
            {"action": "build", "ago": 60, "took": 61},
            "item 0, ago: the run would end after now: expected at least 61 s",
        ),
    ],
)
def test_a_mistake_is_told_by_its_place(tmp_path: Path, run: dict[str, Any], mistake: str) -> None:
    assert re.search(mistake, told(tmp_path, run))


def test_a_secret_is_never_told(tmp_path: Path) -> None:
    secrets = [{"secretName": "not a name", "secretValue": "hunter2"}]

    with pytest.raises(MisuseError) as mistake:
        FakePort(scenario=folder(tmp_path, secrets=secrets))

    assert "secrets.json, item 0, secretName: " in str(mistake.value)
    assert "hunter2" not in str(mistake.value)


def test_a_scenario_with_a_mistake_leaves_nothing_behind(tmp_path: Path) -> None:
    with FakePort(scenario="microservice") as port:
        port.execute("create_microservice", {"name": "till"})
        port.settle()
        before, left = port.snapshot(), port.deliveries

        with pytest.raises(MisuseError, match="item 1, status"):
            port.load(
                folder(tmp_path, {"action": "build", "ago": "1d"},
                       {"action": "build", "status": "DECLINED"})
            )  # fmt: skip

        assert port.snapshot() == before
        assert port.settle() == left


def test_files_are_read_before_anything_is_done(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "runs.json").write_text("[", encoding="utf-8")
    port = FakePort()

    with pytest.raises(MisuseError, match=r"runs\.json, line 1"):
        port.load(tmp_path)

    assert port.world.secrets.all() == []


@given(st.integers(0, int(LONGEST.total_seconds())))
def test_a_duration_that_is_written_is_read_as_the_same(length_s: int) -> None:
    length = timedelta(seconds=length_s)

    assert duration(written(length)) == duration(length_s) == length


@pytest.mark.parametrize(
    "value", ["", " ", "3", "d", "3d4x", "4h 3d", "-1d", None, True, [], float("nan"), -1, 1e12,
              "9999w", "٣d"],
)  # fmt: skip
def test_what_says_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected seconds"):
        duration(value)


def test_an_entity_may_be_acted_on(tmp_path: Path) -> None:
    trigger = {
        "type": "self-service",
        "operation": "DAY-2",
        "blueprintIdentifier": "service",
        "userInputs": {"properties": {}, "required": []},
    }
    port = FakePort(
        scenario=folder(
            tmp_path,
            {"action": "restart", "entity": "till"},
            actions=[action("restart", trigger=trigger)],
            permissions=[],
            blueprints=[{"identifier": "service", "title": "S", "schema": {"properties": {}}}],
            entities=[{"blueprint": "service", "identifier": "till", "properties": {}}],
        )
    )

    assert port.runs()[0].entity == "till"
