"""The life of a run, told over HTTP from the button to the end."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import Client, assert_refused
from tests.support.furniture import add_actions, add_catalog, add_people

RUNS = "/v1/actions/runs"


@pytest.fixture(autouse=True)
def _organisation(port_fake: FakePort) -> None:
    add_people(port_fake)
    add_catalog(port_fake)
    add_actions(port_fake)


def press(client: Client, action: str = "create_microservice", **body: Any) -> str:
    """Press a button and return the id of the run."""
    body = {"properties": {"name": "my-microservice"}, **body}
    answer = client.post(f"/v1/actions/{action}/runs", body)
    assert answer.status == 202
    run_id: str = answer.json["run"]["id"]
    return run_id


def read(client: Client, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = client.get(f"{RUNS}/{run_id}").json["run"]
    return run


def lines(client: Client, run_id: str) -> list[str]:
    return [line["message"] for line in client.get(f"{RUNS}/{run_id}/logs").json["runLogs"]]


def test_a_run_succeeds(port_fake: FakePort, client: Client) -> None:
    run_id = press(client)
    assert read(client, run_id)["status"] == "IN_PROGRESS"

    client.patch(f"{RUNS}/{run_id}", {"link": "https://ci.example.com/7", "statusLabel": "Queued"})
    client.post(f"{RUNS}/{run_id}/logs", {"message": "Cloning the template"})
    port_fake.advance(90)
    client.post(f"{RUNS}/{run_id}/logs", {"message": "Pushing the repository"})
    ended = client.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS", "statusLabel": "Made"})

    run = read(client, run_id)
    assert ended.json["run"] == run
    assert (run["status"], run["statusLabel"]) == ("SUCCESS", "Made")
    assert run["link"] == "https://ci.example.com/7"
    assert run["createdAt"] < "2026-01-05T10:01:30" < run["endedAt"]
    assert lines(client, run_id) == ["Cloning the template", "Pushing the repository"]
    active = client.get(RUNS, {"active": "true"}).json["runs"]
    assert active == []


def test_a_run_fails_and_says_why(client: Client) -> None:
    run_id = press(client)

    client.post(f"{RUNS}/{run_id}/logs", {"message": "No such template"})
    client.patch(f"{RUNS}/{run_id}", {"status": "FAILURE", "summary": "The template is gone"})

    run = read(client, run_id)
    assert (run["status"], run["summary"]) == ("FAILURE", "The template is gone")
    assert run["endedAt"] is not None


def test_a_run_is_ended_by_its_log_once(client: Client) -> None:
    run_id = press(client)
    last = {"message": "Done", "terminationStatus": "SUCCESS", "statusLabel": "Made"}

    first = client.post(f"{RUNS}/{run_id}/logs", last)
    second = client.post(f"{RUNS}/{run_id}/logs", {**last, "terminationStatus": "FAILURE"})

    run = read(client, run_id)
    assert first.status == 201
    assert_refused(second, 422)
    assert (run["status"], run["statusLabel"]) == ("SUCCESS", "Made")
    assert lines(client, run_id) == ["Done"]


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("PATCH", "", {}),
        ("PATCH", "", {"status": "SUCCESS"}),
        ("PATCH", "", {"status": "FAILURE"}),
        ("PATCH", "", {"statusLabel": "late"}),
        ("PATCH", "", {"link": ["https://late.example.com"]}),
        ("PATCH", "", {"message": {"late": True}}),
        ("PATCH", "", {"summary": "late"}),
        ("PATCH", "", {"externalRunId": "late"}),
        ("PATCH", "/approval", {"status": "APPROVE"}),
        ("PATCH", "/approval", {"status": "DECLINE"}),
        ("POST", "/logs", {"message": "late", "terminationStatus": "SUCCESS"}),
        ("POST", "/logs", {"message": "late", "terminationStatus": "FAILURE"}),
        ("POST", "/logs", {"message": "late", "statusLabel": "late"}),
    ],
)
@pytest.mark.parametrize("ending", ["SUCCESS", "FAILURE", "DECLINED", "withdrawn"])
def test_a_finished_run_stays_put(
    client: Client, ending: str, method: str, route: str, body: dict[str, Any]
) -> None:
    gated = ending in {"DECLINED", "withdrawn"}
    run_id = press(client, "deploy", properties={}) if gated else press(client)
    path = f"{RUNS}/{run_id}"
    if ending == "DECLINED":
        client.patch(f"{path}/approval", {"status": "DECLINE"})
    else:
        client.patch(path, {"status": "FAILURE" if gated else ending})
    before = [read(client, run_id), lines(client, run_id), client.get(f"{path}/approvers").json]

    answer = client.ask(method, path + route, body)

    assert_refused(answer, 422)
    after = [read(client, run_id), lines(client, run_id), client.get(f"{path}/approvers").json]
    assert after == before
    assert before[0]["endedAt"] is not None


# A run and what it makes in the catalog.


def test_a_run_makes_an_entity_and_succeeds(port_fake: FakePort, client: Client) -> None:
    run_id = press(client)
    name = read(client, run_id)["properties"]["name"]

    made = client.post(
        "/v1/blueprints/microservice/entities",
        {"identifier": name, "properties": {"region": "eu-west-1"}},
        {"upsert": "true", "run_id": run_id},
    )
    client.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS", "message": {"run_status": "created"}})

    assert made.status == 201
    assert [one.identifier for one in port_fake.run(run_id).affected_entities] == [name]
    assert read(client, run_id)["message"] == {"run_status": "created"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "entities", {"identifier": "new"}),
        ("PUT", "entities/checkout", {"title": "New"}),
        ("PATCH", "entities/checkout", {"title": "New"}),
        ("DELETE", "entities/checkout", None),
        ("POST", "bulk/entities/delete", {"entities": ["checkout"]}),
        ("DELETE", "all-entities", None),
    ],
)
def test_every_way_to_change_an_entity_may_belong_to_a_run(
    port_fake: FakePort, client: Client, method: str, path: str, body: dict[str, Any]
) -> None:
    run_id = press(client)
    path = f"/v1/blueprints/microservice/{path}"
    before = client.get("/v1/blueprints/microservice/entities").json

    unknown = client.ask(method, path, body, query={"run_id": "r_unknown"})
    unchanged = client.get("/v1/blueprints/microservice/entities").json
    done = client.ask(method, path, body, query={"run_id": run_id})

    assert_refused(unknown, 404, "'r_unknown'")
    assert unchanged == before
    assert done.json["ok"] is True
    assert len(port_fake.run(run_id).affected_entities) == 1


@pytest.mark.parametrize("ended", [True, False])
def test_entities_belong_to_runs_in_progress_only(client: Client, *, ended: bool) -> None:
    run_id = press(client) if ended else press(client, "deploy", properties={})
    if ended:
        client.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS"})
    path = "/v1/blueprints/microservice/entities"

    answers = [
        client.post(path, {"identifier": "new"}, {"run_id": run_id}),
        client.patch(f"{path}/checkout", {"title": "New"}, {"run_id": run_id}),
        client.delete(f"{path}/checkout", query={"run_id": run_id}),
        client.post(f"{path}/bulk", {"entities": [{"identifier": "new"}]}, {"run_id": run_id}),
    ]

    for answer in answers[:3]:
        assert_refused(answer, 422, run_id)
    assert answers[3].status == 207
    assert answers[3].json["errors"][0]["statusCode"] == 422
    found = client.get(path).json["entities"]
    assert [(one["identifier"], one["title"]) for one in found] == [("checkout", "Checkout")]


def test_an_empty_run_id_is_no_run_id(port_fake: FakePort, client: Client) -> None:
    path = "/v1/blueprints/microservice/entities"

    answer = client.post(path, {"identifier": "new"}, {"run_id": "", "upsert": "true"})

    assert answer.status == 201
    assert port_fake.runs() == []


def test_a_run_on_an_entity_outlives_it(client: Client) -> None:
    run_id = press(client, "restart", properties={}, entity="checkout")
    client.delete("/v1/blueprints/microservice/entities/checkout")

    client.patch(f"{RUNS}/{run_id}", {"status": "SUCCESS"})

    run = read(client, run_id)
    assert (run["status"], run["relatedEntityExists"]) == ("SUCCESS", False)
    assert [one["id"] for one in client.get(RUNS, {"entity": "checkout"}).json["runs"]] == [run_id]
