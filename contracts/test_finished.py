"""How runs end, and that what has ended stays as it was."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import lasting, moment_of
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Button, Scene
from port_fake.contracts.stillness import unchanged

UPDATE = "update-action-run"
LOG = "add-log-action-run"
RULE = "approve-action-run"
REPORTING = "docs: reflect action progress"
OVER = "client: github-action, whose test patches a finished run of the real service"
ONLY_CODE = "docs: DECLINED is terminal; OpenAPI 1.0: 422 is the only refusal declared for it"
ENDINGS = ["SUCCESS", "FAILURE"]
BY = ["patch", "log"]


@question("finished.ends", source=REPORTING, needs={Need.WRITE})
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("status", ENDINGS)
def test_a_run_ends_as_its_backend_says(button: Button, status: str, by: str) -> None:
    run_id = button.press()["id"]

    end(button.scene, run_id, status, by)

    for version in ("v1", "v2"):
        found = button.scene.read(run_id, version)
        assert found["status"] == status
        created, ended = moment_of(found, "createdAt"), moment_of(found, "endedAt")
        assert created <= ended <= moment_of(found, "updatedAt")


@question("finished.end-is-answered", source=REPORTING, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("status", ENDINGS)
def test_a_patch_that_ends_a_run_answers_with_its_end(
    button: Button, status: str, version: str
) -> None:
    run_id = button.press()["id"]

    answered = button.scene.update(run_id, version=version, status=status)

    assert answered["status"] == status
    assert moment_of(answered, "endedAt") == moment_of(button.scene.read(run_id), "endedAt")


@question("finished.end-takes-notes", source=REPORTING, needs={Need.WRITE})
def test_an_end_may_come_with_notes(button: Button) -> None:
    run_id = button.press()["id"]
    notes: dict[str, Any] = {
        "summary": "All of it",
        "link": ["https://ci.example.com/1"],
        "statusLabel": "Out",
    }

    button.scene.update(run_id, status="SUCCESS", externalRunId="b-9", **notes)

    found = button.scene.read(run_id)
    assert {key: found.get(key) for key in notes} == notes
    assert found.get("externalRunId", "b-9") == "b-9"


@question("finished.keeps-its-label", source=REPORTING, needs={Need.WRITE})
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("status", ENDINGS)
def test_a_label_outlives_the_change_of_status(button: Button, status: str, by: str) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, statusLabel="Rolling out", summary="Half of it")

    end(button.scene, run_id, status, by)

    found = button.scene.read(run_id)
    assert found.get("statusLabel") == "Rolling out"
    assert found.get("summary") == "Half of it"


@question("finished.keeps-what-lasts", source=REPORTING, needs={Need.WRITE})
@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("status", ENDINGS)
def test_an_end_changes_nothing_that_a_run_was_made_with(
    button: Button, status: str, by: str
) -> None:
    made = button.press()

    end(button.scene, made["id"], status, by)

    assert lasting(button.scene.read(made["id"])) == lasting(made)


@question("finished.ended-when-it-did", source=REPORTING, needs={Need.FURNISH, Need.CLOCK})
@pytest.mark.parametrize("by", BY)
def test_a_run_ended_when_it_was_reported_to(scene: Scene, by: str) -> None:
    made = scene.run(scene.action())
    scene.port.advance(90)

    end(scene, made["id"], "SUCCESS", by)
    scene.port.advance(90)

    found = scene.read(made["id"])
    assert moment_of(found, "createdAt") == moment_of(made, "createdAt")
    assert _seconds(moment_of(found, "endedAt")) - _seconds(moment_of(made, "createdAt")) in {
        90,
        91,
        90 - 86_400,
        91 - 86_400,
    }


LATE = [
    pytest.param(UPDATE, {"status": "SUCCESS"}, id="succeed"),
    pytest.param(UPDATE, {"status": "FAILURE"}, id="fail"),
    pytest.param(UPDATE, {"summary": "late"}, id="summary"),
    pytest.param(UPDATE, {"statusLabel": "late"}, id="label"),
    pytest.param(UPDATE, {"link": ["https://late.example.com"]}, id="link"),
    pytest.param(UPDATE, {"externalRunId": "late"}, id="external-id"),
    pytest.param(UPDATE, {"message": {"late": True}}, id="message"),
    pytest.param(LOG, {"message": "x", "terminationStatus": "SUCCESS"}, id="log-success"),
    pytest.param(LOG, {"message": "x", "terminationStatus": "FAILURE"}, id="log-failure"),
    pytest.param(LOG, {"message": "x", "statusLabel": "late"}, id="log-label"),
    pytest.param(RULE, {"status": "APPROVE"}, id="approve"),
    pytest.param(RULE, {"status": "DECLINE"}, id="decline"),
]


@question("finished.stays.success", source=OVER, needs={Need.WRITE})
@pytest.mark.parametrize(("operation", "body"), LATE)
def test_a_run_that_succeeded_takes_no_change(
    button: Button, operation: str, body: dict[str, Any]
) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, status="SUCCESS", summary="done")

    with unchanged(button.scene, run_id):
        button.scene.port.ask(operation, path={"run_id": run_id}, body=body).refused(422)


@question("finished.stays.failure", source=OVER, needs={Need.WRITE})
@pytest.mark.parametrize(("operation", "body"), LATE)
def test_a_run_that_failed_takes_no_change(
    button: Button, operation: str, body: dict[str, Any]
) -> None:
    run_id = button.press()["id"]
    button.scene.log(run_id, "gone", terminationStatus="FAILURE", statusLabel="Gone")

    with unchanged(button.scene, run_id):
        button.scene.port.ask(operation, path={"run_id": run_id}, body=body).refused(422)


@question("finished.stays.declined", source=ONLY_CODE, needs={Need.FURNISH})
@pytest.mark.parametrize(("operation", "body"), LATE)
def test_a_declined_run_takes_no_change(scene: Scene, operation: str, body: dict[str, Any]) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]
    scene.rule(run_id, "DECLINE", description="Not today").must(201)

    with unchanged(scene, run_id):
        scene.port.ask(operation, path={"run_id": run_id}, body=body).refused(422)


@question("finished.stays.withdrawn", source=ONLY_CODE, needs={Need.FURNISH})
@pytest.mark.parametrize(("operation", "body"), LATE)
def test_a_withdrawn_run_takes_no_change(
    scene: Scene, operation: str, body: dict[str, Any]
) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]
    scene.update(run_id, status="FAILURE")

    with unchanged(scene, run_id):
        scene.port.ask(operation, path={"run_id": run_id}, body=body).refused(422)


@question(
    "finished.withdrawn", source="docs: a request is withdrawn by FAILURE", needs={Need.FURNISH}
)
def test_a_waiting_run_is_withdrawn_by_failure_and_never_started(scene: Scene) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]

    answered = scene.update(run_id, status="FAILURE")

    assert answered["status"] == "FAILURE"
    moment_of(answered, "endedAt")
    assert scene.read(run_id).get("payload") is None


@question("finished.declined", source="docs: approvals", needs={Need.FURNISH})
def test_a_declined_run_has_ended_and_was_never_started(scene: Scene) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]

    scene.rule(run_id, "DECLINE").must(201)

    found = scene.read(run_id)
    assert found["status"] == "DECLINED"
    assert moment_of(found, "createdAt") <= moment_of(found, "endedAt")
    assert moment_of(scene.read(run_id, "v1"), "endedAt") == moment_of(found, "endedAt")
    assert found.get("payload") is None


@question(
    "finished.waiting-is-not-ended-by-success",
    source="Assumed: only FAILURE, which withdraws, ends a run that waits",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        pytest.param(UPDATE, {"status": "SUCCESS"}, id="patch"),
        pytest.param(LOG, {"message": "x", "terminationStatus": "SUCCESS"}, id="log-success"),
        pytest.param(LOG, {"message": "x", "terminationStatus": "FAILURE"}, id="log-failure"),
    ],
)
def test_a_waiting_run_does_not_succeed(scene: Scene, operation: str, body: dict[str, Any]) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]

    with unchanged(scene, run_id):
        scene.port.ask(operation, path={"run_id": run_id}, body=body).refused(422)


@question(
    "finished.line-after-the-end.leaves-the-run",
    source="docs: a run that has ended cannot be modified",
    needs={Need.WRITE},
)
@pytest.mark.parametrize("status", ENDINGS)
def test_a_line_after_the_end_leaves_the_run_as_it_was(button: Button, status: str) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, status=status, statusLabel="Out")
    before = button.scene.read(run_id), button.scene.read(run_id, "v1")

    path = {"run_id": run_id}
    button.scene.port.ask(LOG, path=path, body={"message": "bye"}).must(201, 422)

    assert (button.scene.read(run_id), button.scene.read(run_id, "v1")) == before


@question(
    "finished.line-after-the-end.is-kept",
    source="client: port-agent posts a closing line after the end. Assumed: it is kept",
    level=Level.UNKNOWN,
    needs={Need.WRITE},
)
def test_a_line_after_the_end_is_kept(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, status="SUCCESS")

    button.scene.log(run_id, "bye")

    assert [line.get("message") for line in button.scene.logs(run_id)] == ["bye"]


@question(
    "finished.run-is-not-found-active",
    source="OpenAPI 1.0, GET /v1/actions/runs",
    needs={Need.WRITE},
)
def test_an_ended_run_is_listed_and_not_as_active(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, status="SUCCESS")

    everything = button.scene.runs(action=button.action)
    active = button.scene.runs(action=button.action, active=True)

    assert [one.get("status") for one in everything if one.get("id") == run_id] == ["SUCCESS"]
    assert [one for one in active if one.get("id") == run_id] == []


def end(scene: Scene, run_id: str, status: str, by: str) -> None:
    """End a run, by a report or by a line of its log."""
    if by == "patch":
        scene.update(run_id, status=status)
    else:
        scene.log(run_id, "the end", terminationStatus=status)


def _seconds(moment: str) -> int:
    """Return the second of the day."""
    return int(moment[11:13]) * 3600 + int(moment[14:16]) * 60 + int(moment[17:19])
