"""PATCH /v1/actions/runs/{run_id}."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, STRANGER, furnish


@pytest.fixture
def run_id(port_fake: FakePort) -> str:
    """A run that is in progress."""
    furnish(port_fake)
    return port_fake.execute("create_microservice", {"name": "a"}).id


@pytest.fixture
def waiting_id(port_fake: FakePort, run_id: str) -> str:
    """A run that waits for approval, requested by a Member."""
    assert run_id
    return port_fake.execute("deploy", as_user=BUILDER).id


def path_of(run_id: str) -> str:
    return f"/v1/actions/runs/{run_id}"


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_status_ends_the_run(client: Client, run_id: str, status: str) -> None:
    answer = client.patch(path_of(run_id), {"status": status})

    assert answer.status == 200
    assert answer.json.keys() == {"ok", "run"}
    assert answer.json["run"]["status"] == status
    assert answer.json["run"]["endedAt"] == answer.json["run"]["updatedAt"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"statusLabel": "Building"}, {"statusLabel": "Building"}),
        ({"link": "https://a"}, {"link": "https://a"}),
        ({"link": ["https://a"]}, {"link": ["https://a"]}),
        ({"link": []}, {"link": []}),
        ({"message": {"text": "so far"}}, {"message": {"text": "so far"}}),
        ({"message": {}}, {"message": {}}),
        ({"summary": ""}, {"summary": ""}),
        ({"externalRunId": "build-7"}, {"externalRunId": "build-7"}),
    ],
)
def test_a_report_without_a_status_leaves_the_run_in_progress(
    client: Client, run_id: str, body: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = client.patch(path_of(run_id), body)

    run = answer.json["run"]
    assert answer.status == 200
    assert (run["status"], run["endedAt"]) == ("IN_PROGRESS", None)
    assert {key: run[key] for key in expected} == expected


def test_a_key_overwrites_its_value_and_keeps_the_others(client: Client, run_id: str) -> None:
    client.patch(path_of(run_id), {"link": ["https://a"], "summary": "first", "statusLabel": "x"})

    answer = client.patch(path_of(run_id), {"link": ["https://b"], "summary": "second"})

    run = answer.json["run"]
    assert (run["link"], run["summary"]) == (["https://b"], "second")
    assert run["statusLabel"] == "x"


@pytest.mark.parametrize("body", [NOTHING, {}])
def test_a_report_may_say_nothing(client: Client, run_id: str, body: Any) -> None:
    answer = client.patch(path_of(run_id), body)

    assert answer.status == 200
    assert answer.json["run"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (None, "body must be object"),
        ([], "body must be object"),
        ({"status": "IN_PROGRESS"}, "body/status must be 'SUCCESS' or 'FAILURE'"),
        ({"status": "CANCELLED"}, "body/status must be 'SUCCESS' or 'FAILURE'"),
        ({"status": "success"}, "body/status must be 'SUCCESS' or 'FAILURE'"),
        ({"status": ""}, "body/status must be"),
        ({"status": None}, "body/status must be"),
        ({"statusLabel": None}, "body/statusLabel must be string"),
        ({"statusLabel": 7}, "body/statusLabel must be string"),
        ({"link": None}, "body/link"),
        ({"link": 7}, "body/link"),
        ({"link": {}}, "body/link"),
        ({"link": ["https://a", 7]}, "body/link"),
        ({"message": None}, "body/message must be object"),
        ({"message": "done"}, "body/message must be object"),
        ({"message": []}, "body/message must be object"),
        ({"summary": None}, "body/summary must be string"),
        ({"summary": ["done"]}, "body/summary must be string"),
        ({"externalRunId": None}, "body/externalRunId must be string"),
        ({"externalRunId": 7}, "body/externalRunId must be string"),
        ({"logs": []}, "body must NOT have additional property 'logs'"),
        ({"status": "SUCCESS", "endedAt": "now"}, "additional property 'endedAt'"),
    ],
)
def test_the_body_is_closed(client: Client, run_id: str, body: Any, about: str) -> None:
    before = client.get(path_of(run_id)).json

    answer = client.patch(path_of(run_id), body)

    assert_refused(answer, 422, about)
    assert client.get(path_of(run_id)).json == before


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_answer_shows_the_run_in_the_version_asked_for(
    client: Client, run_id: str, version: str
) -> None:
    answer = client.patch(path_of(run_id), {"summary": "x"}, {"version": version})

    assert answer.json == client.get(path_of(run_id), {"version": version}).json


def test_without_a_version_the_answer_is_v1(client: Client, run_id: str) -> None:
    answer = client.patch(path_of(run_id), {"summary": "x"})

    assert answer.json["run"]["action"] == "create_microservice"


@pytest.mark.parametrize("version", ["v3", ""])
def test_an_unknown_version_changes_nothing(client: Client, run_id: str, version: str) -> None:
    answer = client.patch(path_of(run_id), {"status": "SUCCESS"}, {"version": version})

    assert_refused(answer, 422, "query/version")
    assert client.get(path_of(run_id)).json["run"]["status"] == "IN_PROGRESS"


def test_a_stray_parameter_is_tolerated(client: Client, run_id: str) -> None:
    answer = client.patch(path_of(run_id), {"status": "SUCCESS"}, {"runId": run_id})

    assert answer.status == 200


def test_an_unknown_run_is_not_found(client: Client) -> None:
    answer = client.patch(path_of("r_unknown"), {"status": "SUCCESS"})

    assert_refused(answer, 404, "'r_unknown'")


@pytest.mark.parametrize("body", [{"status": "SUCCESS"}, {"summary": "late"}, {}])
@pytest.mark.parametrize("ending", ["SUCCESS", "FAILURE"])
def test_a_finished_run_is_not_changed_any_more(
    port_fake: FakePort, client: Client, run_id: str, ending: str, body: dict[str, str]
) -> None:
    port_fake.complete(run_id, ending)
    before = client.get(path_of(run_id)).json

    answer = client.patch(path_of(run_id), body)

    assert_refused(answer, 422)
    assert client.get(path_of(run_id)).json == before


def test_a_run_that_waits_cannot_succeed(client: Client, waiting_id: str) -> None:
    answer = client.patch(path_of(waiting_id), {"status": "SUCCESS"})

    assert_refused(answer, 422)
    assert client.get(path_of(waiting_id)).json["run"]["status"] == "WAITING_FOR_APPROVAL"


def test_a_run_that_waits_takes_notes(client: Client, waiting_id: str) -> None:
    answer = client.patch(path_of(waiting_id), {"link": "https://a", "statusLabel": "Queued"})

    run = answer.json["run"]
    assert (run["status"], run["statusLabel"]) == ("WAITING_FOR_APPROVAL", "Queued")


@pytest.mark.parametrize("who", [BUILDER, ADMIN, None])
def test_the_requester_an_admin_and_the_organisation_may_withdraw(
    port_fake: FakePort, waiting_id: str, who: str | None
) -> None:
    answer = client_of(port_fake, who).patch(path_of(waiting_id), {"status": "FAILURE"})

    assert answer.status == 200
    assert answer.json["run"]["status"] == "FAILURE"
    assert answer.json["run"]["endedAt"] is not None


def test_a_stranger_may_not_withdraw(port_fake: FakePort, client: Client, waiting_id: str) -> None:
    answer = client_of(port_fake, STRANGER).patch(path_of(waiting_id), {"status": "FAILURE"})

    assert_refused(answer, 403, STRANGER)
    assert client.get(path_of(waiting_id)).json["run"]["status"] == "WAITING_FOR_APPROVAL"


def test_a_withdrawn_run_cannot_be_approved(client: Client, waiting_id: str) -> None:
    client.patch(path_of(waiting_id), {"status": "FAILURE"})

    answer = client.patch(path_of(waiting_id) + "/approval", {"status": "APPROVE"})

    assert_refused(answer, 422)


def test_an_external_id_may_change_and_finds_the_run_by_the_last_one(
    client: Client, run_id: str
) -> None:
    client.patch(path_of(run_id), {"externalRunId": "first"})
    client.patch(path_of(run_id), {"externalRunId": "second"})

    found = [
        client.get("/v1/actions/runs", {"external_run_id": each}).json["runs"]
        for each in ("first", "second")
    ]

    assert [[run["id"] for run in runs] for runs in found] == [[], [run_id]]
