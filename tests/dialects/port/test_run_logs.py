"""POST and GET /v1/actions/runs/{run_id}/logs."""

from __future__ import annotations

import re
from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, Query, assert_refused
from tests.support.furniture import furnish


@pytest.fixture
def run(port_fake: FakePort) -> str:
    """The path of a run that is in progress."""
    furnish(port_fake)
    return f"/v1/actions/runs/{port_fake.execute('create_microservice', {'name': 'a'}).id}"


@pytest.fixture
def waiting(port_fake: FakePort) -> str:
    """The path of a run that waits for approval."""
    furnish(port_fake)
    return f"/v1/actions/runs/{port_fake.execute('deploy').id}"


def test_a_line_is_answered_whole(port_fake: FakePort, client: Client, run: str) -> None:
    answer = client.post(f"{run}/logs", {"message": "Cloning"})

    line = answer.json["runLog"]
    assert answer.status == 201
    assert answer.json == {
        "ok": True,
        "runLog": {
            "id": line["id"],
            "runId": run.rpartition("/")[2],
            "message": "Cloning",
            "createdBy": port_fake.client_id,
            "createdAt": line["createdAt"],
        },
    }
    assert re.fullmatch(r"2026-01-05T10:00:00\.\d{3}Z", line["createdAt"])


def test_lines_are_listed_as_they_were_answered_oldest_first(client: Client, run: str) -> None:
    posted = [
        client.post(f"{run}/logs", {"message": text}).json["runLog"]
        for text in ("Cloning", "", "Tëst 🚀\n")
    ]

    answer = client.get(f"{run}/logs")

    assert answer.status == 200
    assert answer.json == {"ok": True, "runLogs": posted}
    assert len({line["id"] for line in posted}) == 3


def test_a_new_run_has_an_empty_log(client: Client, run: str) -> None:
    answer = client.get(f"{run}/logs")

    assert answer.json == {"ok": True, "runLogs": []}


@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_line_may_end_the_run(client: Client, run: str, status: str) -> None:
    body = {"message": "Done", "terminationStatus": status, "statusLabel": "Finished"}

    answer = client.post(f"{run}/logs", body)

    seen = client.get(run).json["run"]
    assert answer.status == 201
    assert (seen["status"], seen["statusLabel"]) == (status, "Finished")
    assert seen["endedAt"] == answer.json["runLog"]["createdAt"]


def test_a_line_may_set_the_label_alone(client: Client, run: str) -> None:
    answer = client.post(f"{run}/logs", {"message": "Now", "statusLabel": "Building"})

    seen = client.get(run).json["run"]
    assert answer.status == 201
    assert (seen["status"], seen["statusLabel"]) == ("IN_PROGRESS", "Building")


def test_a_plain_line_leaves_the_run_alone(client: Client, run: str) -> None:
    before = client.get(run).json

    client.post(f"{run}/logs", {"message": "Cloning"})

    assert client.get(run).json == before


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (NOTHING, "body must be object"),
        (None, "body must be object"),
        ("Cloning", "body must be object"),
        ({}, "body must have required property 'message'"),
        ({"terminationStatus": "SUCCESS"}, "body must have required property 'message'"),
        ({"message": None}, "body/message must be string"),
        ({"message": 7}, "body/message must be string"),
        ({"message": ["a"]}, "body/message must be string"),
        ({"message": "a", "terminationStatus": None}, "body/terminationStatus must be"),
        ({"message": "a", "terminationStatus": "DONE"}, "must be 'SUCCESS' or 'FAILURE'"),
        ({"message": "a", "terminationStatus": "DECLINED"}, "body/terminationStatus must be"),
        ({"message": "a", "statusLabel": None}, "body/statusLabel must be string"),
        ({"message": "a", "statusLabel": 7}, "body/statusLabel must be string"),
        ({"message": "a", "level": "info"}, "additional property 'level'"),
        ({"message": "a", "timestamp": "now"}, "additional property 'timestamp'"),
    ],
)
def test_the_body_is_closed(client: Client, run: str, body: Any, about: str) -> None:
    answer = client.post(f"{run}/logs", body)

    assert_refused(answer, 422, about)
    assert client.get(f"{run}/logs").json["runLogs"] == []
    assert client.get(run).json["run"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_run_has_no_log(client: Client, method: str) -> None:
    body = {"message": "a"} if method == "POST" else NOTHING

    answer = client.ask(method, "/v1/actions/runs/r_unknown/logs", body)

    assert_refused(answer, 404, "'r_unknown'")


def test_a_run_ends_by_its_log_once(client: Client, run: str) -> None:
    client.post(f"{run}/logs", {"message": "Done", "terminationStatus": "SUCCESS"})
    before = client.get(run).json

    answer = client.post(f"{run}/logs", {"message": "No!", "terminationStatus": "FAILURE"})

    assert_refused(answer, 422)
    assert client.get(run).json == before
    assert [line["message"] for line in client.get(f"{run}/logs").json["runLogs"]] == ["Done"]


def test_a_finished_run_takes_no_label(client: Client, run: str) -> None:
    client.patch(run, {"status": "SUCCESS"})

    answer = client.post(f"{run}/logs", {"message": "a", "statusLabel": "late"})

    assert_refused(answer, 422)
    assert client.get(f"{run}/logs").json["runLogs"] == []


def test_a_finished_run_takes_a_closing_line(client: Client, run: str) -> None:
    client.patch(run, {"status": "SUCCESS"})
    before = client.get(run).json

    answer = client.post(f"{run}/logs", {"message": "Goodbye"})

    assert answer.status == 201
    assert client.get(run).json == before


def test_a_run_that_waits_does_not_end_by_its_log(client: Client, waiting: str) -> None:
    answer = client.post(f"{waiting}/logs", {"message": "a", "terminationStatus": "FAILURE"})

    assert_refused(answer, 422)
    assert client.get(waiting).json["run"]["status"] == "WAITING_FOR_APPROVAL"


def test_a_run_that_waits_takes_a_plain_line(client: Client, waiting: str) -> None:
    answer = client.post(f"{waiting}/logs", {"message": "Asked the lead"})

    assert answer.status == 201


# Pages.


@pytest.fixture
def long_log(port_fake: FakePort, run: str) -> str:
    """The path of a log of sixty lines, ``0`` to ``59``."""
    for number in range(60):
        port_fake.log(run.rpartition("/")[2], str(number))
    return f"{run}/logs"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, range(50)),
        ({"limit": "1"}, range(1)),
        ({"limit": "1.9"}, range(1)),
        ({"limit": "50"}, range(50)),
        ({"limit": "2", "offset": "3"}, range(3, 5)),
        ({"offset": "50"}, range(50, 60)),
        ({"offset": "58.5", "limit": "50"}, range(58, 60)),
        ({"offset": "60"}, range(0)),
        ({"offset": "1e300"}, range(0)),
        ({"offset": "-3", "limit": "2"}, range(2)),
        ({"page": "2"}, range(50)),
    ],
)
def test_a_log_is_read_in_pages(
    client: Client, long_log: str, query: Query, expected: range
) -> None:
    answer = client.get(long_log, query)

    assert [int(line["message"]) for line in answer.json["runLogs"]] == list(expected)


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ({"limit": "0"}, "query/limit must be >= 1"),
        ({"limit": "51"}, "query/limit must be <= 50"),
        ({"limit": "50.5"}, "query/limit must be <= 50"),
        ({"limit": "abc"}, "query/limit must be number"),
        ({"limit": ["1", "2"]}, "query/limit must be given once"),
        ({"offset": "abc"}, "query/offset must be number"),
        ({"offset": ""}, "query/offset must be number"),
        ({"offset": "inf"}, "query/offset must be a finite number"),
        ({"offset": ["1", "2"]}, "query/offset must be given once"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(
    client: Client, run: str, query: Query, about: str
) -> None:
    answer = client.get(f"{run}/logs", query)

    assert_refused(answer, 422, about)
