"""Drawn runs are like those that the fake answers, and each is one that could be."""

from __future__ import annotations

from functools import cache, partial
from typing import Any, get_args

import jsonschema_rs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from port_fake import FakePort
from port_fake.dialects.port.dialect import PORT
from port_fake.dialects.port.vocabulary import Version
from port_fake.strategies.run_answers import STATUSES, runs
from port_fake.surface.document import document
from tests.support.client import compiled

pytestmark = pytest.mark.slow  # thousands of draws

VERSIONS: tuple[Version, ...] = get_args(Version)
ENDED = {"SUCCESS", "FAILURE", "DECLINED"}
QUIET = settings(
    database=None, max_examples=2_000, derandomize=True, phases=[Phase.generate, Phase.shrink]
)
UNSHRUNK = settings(QUIET, phases=[Phase.generate])
DISPATCH = {
    "type": "INTEGRATION_ACTION",
    "installationId": "ocean",
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"org": "o", "repo": "r", "workflow": "w.yml"},
}


@cache
def form(version: Version) -> jsonschema_rs.Draft202012Validator:
    """What the document says that reading a run of that version answers."""
    response = document(PORT)["paths"]["/v1/actions/runs/{run_id}"]["get"]["responses"]["200"]
    v2 = response["content"]["application/json"]["schema"]
    return compiled(response["x-answer-of-version-v1"] if version == "v1" else v2)


# Against the document.


@pytest.mark.parametrize("version", VERSIONS)
@given(data=st.data())
def test_a_run_is_as_the_document_says(version: Version, data: st.DataObject) -> None:
    run = data.draw(runs(version))

    assert [error.message for error in form(version).iter_errors({"ok": True, "run": run})] == []


# Against the fake.


def reported(port: FakePort, status: str, **more: Any) -> list[str]:
    """Make runs of every kind that end like that, or do not; return their ids."""
    notes = {"statusLabel": "Done", "summary": "all", "link": "https://ci.example.com/1"}
    body = {"externalRunId": "7", "message": {"a": 1}, **notes}
    ids = []
    for action, entity in (("deploy", None), ("restart", "checkout"), ("gated", None)):
        run = port.execute(action, {"name": "x"}, entity=entity, **more)
        if action == "gated":
            port.approve(run, as_user="ana@example.com", description="Yes")
        port.perform("update-action-run", path={"run_id": run.id}, body=body)
        if status in ENDED:
            port.complete(run, status)
        ids.append(run.id)
    return ids


def has(key: str, run: dict[str, Any]) -> bool:
    return key in run


@cache
def runs_of_the_fake() -> list[tuple[str, dict[str, Any]]]:
    """Every kind of run that the fake answers, in both versions."""
    port = FakePort()
    port.add_user("ana@example.com", roles=["Admin"])
    port.add_blueprint("service")
    port.add_entity("service", "checkout", title="Checkout")
    inputs = {"name": {"type": "string"}, "region": {"type": "string", "default": "eu"}}
    port.add_action("deploy", inputs=inputs)
    port.add_action("restart", inputs=inputs, blueprint="service", operation="DAY-2")
    port.add_action("gated", inputs=inputs, approval="ALL", approvers=["ana@example.com"])
    port.add_action("queued", invokes=DISPATCH)
    port.execute("gated")
    port.decline(port.execute("gated"), as_user="ana@example.com", description="No")
    port.complete(port.execute("gated"), "FAILURE", summary="withdrawn")
    for status in ("IN_PROGRESS", "SUCCESS", "FAILURE"):
        reported(port, status)
        reported(port, status, as_user="ana@example.com")
        run = port.execute("queued")
        port.perform("claim-pending-runs", body={"installationId": "ocean", "limit": 10})
        body = {"response": {"number": 1}}
        port.perform("keep-run-response", path={"run_id": run.id}, body=body)
        if status in ENDED:
            port.complete(run, status)
    body = {"properties": {}}
    port.perform(
        "execute-self-service-action",
        path={"action_identifier": "deploy"},
        query={"run_as": "ana@example.com"},
        body=body,
    )
    return [
        (version, run)
        for version in VERSIONS
        for run in port.perform("get-all-action-runs", query={"version": version})["runs"]
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("status", STATUSES)
def test_whatever_the_fake_shows_of_a_run_is_drawn_for_its_status(
    version: Version, status: str
) -> None:
    found = [one for kind, one in runs_of_the_fake() if (kind, one["status"]) == (version, status)]
    keys = {key for run in found for key in run}
    assert found, "the fake has no run like that: make one"
    # A run in progress has kept a response only in the moment before its end.
    unheard = {"response"} if status == "IN_PROGRESS" else set()

    for key in sorted(keys - unheard):
        assert find(runs(version, statuses=[status]), partial(has, key), settings=UNSHRUNK)


@pytest.mark.parametrize("version", VERSIONS)
@given(data=st.data())
def test_a_run_has_no_key_that_the_fake_never_shows(version: Version, data: st.DataObject) -> None:
    shown = {key for kind, one in runs_of_the_fake() if kind == version for key in one}

    run = data.draw(runs(version))

    assert run.keys() <= shown


# In itself.


@given(run=runs("v2"))
def test_a_run_is_consistent_in_itself(run: dict[str, Any]) -> None:
    gated = run["requiredApproval"] is not False
    waits = run["status"] == "WAITING_FOR_APPROVAL"
    decided = "approval" in run
    payload = run.get("payload")

    assert ("endedAt" in run) == (run["status"] in ENDED)
    assert gated or not (waits or decided)
    assert (run["status"] == "DECLINED") == (decided and run["approval"]["state"] == "DECLINED")
    assert not (waits and decided)
    released = not waits and run["status"] != "DECLINED" and (decided or not gated)
    assert (payload is not None) == released
    assert released or run["status"] in {"WAITING_FOR_APPROVAL", "DECLINED", "FAILURE"}
    if "response" in run:
        assert payload is not None
        assert payload.get("synchronized", payload["type"] == "UPSERT_ENTITY")
        assert run["status"] in {"SUCCESS", "FAILURE"}
    if "installationId" in run:
        assert released
        assert not run["pendingExecution"] or run["status"] == "IN_PROGRESS"
    assert ("pendingExecution" in run) == ("installationId" in run)
    assert "claimedUntil" not in run or "installationId" in run
    assert "impersonatedBy" not in run or run["createdBy"] != run["impersonatedBy"]
    assert not run["link"] or released


@pytest.mark.parametrize("version", VERSIONS)
@given(data=st.data())
def test_timestamps_follow_one_another(version: Version, data: st.DataObject) -> None:
    run = data.draw(runs(version))

    moments = [run["createdAt"], run.get("endedAt") or run["updatedAt"], run["updatedAt"]]
    assert moments == sorted(moments)
    assert run.get("claimedUntil", run["createdAt"]) >= run["createdAt"]
    if run["updatedAt"] == run["createdAt"] and run["status"] == "IN_PROGRESS":
        assert run["updatedBy"]


@given(run=runs("v1"))
def test_v1_says_of_what_is_gone_that_it_is_gone(run: dict[str, Any]) -> None:
    for key, flag in (("entity", "relatedEntityExists"), ("blueprint", "relatedBlueprintExists")):
        assert key in run or not run[flag]
        assert run[flag] or run.get(key, {}).get("title") is None
    assert run["relatedBlueprintExists"] or not run["relatedEntityExists"]


@given(run=runs("v2"))
def test_what_is_deleted_has_lost_its_title_and_takes_its_entities_along(
    run: dict[str, Any],
) -> None:
    blueprint, entity = run.get("blueprint", {}), run.get("entity", {})

    for thing in (blueprint, entity):
        assert not thing.get("deleted") or thing["title"] is None
    assert not entity or entity.get("deleted") or not blueprint.get("deleted")


# As asked for.


@given(run=runs(statuses=["WAITING_FOR_APPROVAL", "DECLINED"]))
def test_statuses_narrow_the_choice(run: dict[str, Any]) -> None:
    assert run["status"] in {"WAITING_FOR_APPROVAL", "DECLINED"}


@given(run=runs(properties=st.just({"tier": 1}), max_inputs=0))
def test_inputs_may_be_given(run: dict[str, Any]) -> None:
    assert run["properties"] == run["rawProperties"] == {"tier": 1}


@given(run=runs(max_inputs=2))
def test_the_number_of_inputs_is_bounded(run: dict[str, Any]) -> None:
    assert len(run["properties"]) <= 2
    assert run["rawProperties"].keys() <= run["properties"].keys()


# Shrinking.


def test_a_run_shrinks_to_one_that_waits_and_says_nothing_else() -> None:
    run = find(runs(), lambda _: True, settings=QUIET)

    assert run == {
        "id": "r_aaaaaaaaaaaaaaaa",
        "status": "WAITING_FOR_APPROVAL",
        "source": "API",
        "createdBy": "fakeClientIdOfTheOrganisation000",
        "updatedBy": "fakeClientIdOfTheOrganisation000",
        "createdAt": "2026-01-05T10:00:00.000Z",
        "updatedAt": "2026-01-05T10:00:00.000Z",
        "action": {"identifier": "deploy", "title": None, "icon": None},
        "properties": {},
        "rawProperties": {},
        "link": [],
        "requiredApproval": {"type": "ANY"},
    }


def test_a_run_that_was_invoked_shrinks_to_a_plain_webhook() -> None:
    run = find(runs(), lambda one: "payload" in one, settings=QUIET)

    assert (run["status"], run["requiredApproval"]) == ("IN_PROGRESS", False)
    assert run["payload"] == {
        "type": "WEBHOOK",
        "url": "https://backend.example.com/",
        "agent": False,
        "synchronized": False,
        "method": "POST",
        "headers": {},
    }


def test_a_declined_run_shrinks_to_the_one_vote_that_declined_it() -> None:
    run = find(runs("v2"), lambda one: one["status"] == "DECLINED", settings=QUIET)

    assert run["requiredApproval"] == {"type": "ANY"}
    assert run["approval"].keys() == {"userId", "state"}
    assert run["createdAt"] == run["updatedAt"] == run["endedAt"]
    assert run["properties"] == {}
