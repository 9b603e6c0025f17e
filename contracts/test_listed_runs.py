"""That a list holds runs of every status, and shows all as they are now."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene

LIST = "OpenAPI 1.0, GET /v1/actions/runs"


@question("lists.ended-runs-stay", source=LIST, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_run_that_ended_is_listed_as_it_is_read(
    button: Button, status: str, version: str
) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, status=status)

    assert_listed_as_read(button.scene, button.action, run_id, version=version, status=status)


@question(
    "lists.ruled-runs-stay",
    source=f"{LIST}. docs: self-service approvals",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    ("ruling", "status"),
    [
        (None, "WAITING_FOR_APPROVAL"),
        ("APPROVE", "IN_PROGRESS"),
        ("DECLINE", "DECLINED"),
    ],
    ids=["waiting", "approved", "declined"],
)
def test_a_run_is_listed_as_it_is_read_whatever_was_ruled(
    scene: Scene, ruling: str | None, status: str, version: str
) -> None:
    action = scene.action(approval="ANY")
    run_id = scene.run(action)["id"]
    if ruling:
        scene.rule(run_id, ruling).must(201)

    assert_listed_as_read(scene, action, run_id, version=version, status=status)


@question("lists.same-query-sees-what-is-new", source=LIST, needs={Need.WRITE})
def test_a_list_that_is_asked_for_again_shows_what_has_happened(button: Button) -> None:
    older = button.press()["id"]
    before = statuses(button, older)

    newer = button.press()["id"]
    after = statuses(button, older, newer)
    button.scene.update(older, status="SUCCESS")
    at_last = statuses(button, older, newer)

    assert before == {older: "IN_PROGRESS"}
    assert after == {older: "IN_PROGRESS", newer: "IN_PROGRESS"}
    assert at_last == {older: "SUCCESS", newer: "IN_PROGRESS"}


@question("lists.each-of-many-is-up-to-date", source=LIST, needs={Need.WRITE})
def test_reports_on_many_runs_are_all_seen(button: Button) -> None:
    made = [button.press()["id"] for _ in range(5)]

    for run_id in made:
        button.scene.update(run_id, status="FAILURE", summary=f"about {run_id}")

    listed = {one.get("id"): one for one in button.scene.runs(action=button.action)}
    assert [listed.get(run_id, {}).get("status") for run_id in made] == ["FAILURE"] * 5
    assert [button.scene.read(run_id).get("summary") for run_id in made] == [
        f"about {run_id}" for run_id in made
    ]


def statuses(button: Button, *run_ids: str) -> dict[Any, Any]:
    listed = button.scene.runs(action=button.action)
    return {one.get("id"): one.get("status") for one in listed if one.get("id") in run_ids}


def assert_listed_as_read(
    scene: Scene, action: str, run_id: Any, *, version: str, status: str
) -> None:
    listed = [one for one in scene.runs(action=action, version=version) if one.get("id") == run_id]
    read = scene.read(run_id, version)

    assert read["status"] == status
    assert listed == [read]
