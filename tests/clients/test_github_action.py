"""What Port's GitHub Action sends, re-enacted: each operation is a step with a login of its own."""

from typing import Any, Final

import pytest
import requests

from port_fake import EntityKey, FakePort, RunView
from tests.clients.sessions import Session

pytestmark = pytest.mark.port_fake(scenario="microservice")

AXIOS: Final = {"Accept": "application/json, text/plain, */*", "User-Agent": "axios/1.7.9"}
ACTION: Final = {"User-Agent": "github-action/v1.0"}
ENTITIES: Final = "/v1/blueprints/microservice/entities"


def step(
    port_fake: FakePort, method: str, path: str, body: dict[str, Any] | None = None
) -> requests.Response:
    """Log in, and send the one request of a step; a PATCH keeps the name of its library."""
    with Session(port_fake.base_url, AXIOS) as session:
        session.log_in(port_fake.client_id, port_fake.client_secret)
        return session.send(method, path, body, headers={} if method == "PATCH" else ACTION)


@pytest.fixture
def run(port_fake: FakePort) -> RunView:
    """A run that is in progress."""
    return port_fake.execute("create_microservice", {"name": "billing"})


def test_create_run_executes_an_action_and_reads_the_id(port_fake: FakePort) -> None:
    response = step(
        port_fake,
        "POST",
        "/v1/actions/create_microservice/runs",
        {"properties": {"name": "billing", "region": "us-east-1"}},
    )

    assert response.status_code == 202
    assert port_fake.run(response.json()["run"]["id"]).properties["region"] == "us-east-1"


def test_create_run_names_the_entity_to_act_on(port_fake: FakePort) -> None:
    response = step(
        port_fake,
        "POST",
        "/v1/actions/deploy_to_production/runs",
        {"properties": {"version": "1.2"}, "entity": "checkout"},
    )

    assert port_fake.run(response.json()["run"]["id"]).entity == "checkout"


def test_create_run_without_properties_is_told_which_input_is_missing(port_fake: FakePort) -> None:
    response = step(port_fake, "POST", "/v1/actions/create_microservice/runs", {"properties": {}})

    assert response.status_code == 422
    assert "name" in response.json()["message"]
    assert port_fake.runs() == []


def test_patch_run_writes_its_message_before_it_reports(port_fake: FakePort, run: RunView) -> None:
    logged = step(port_fake, "POST", f"/v1/actions/runs/{run.id}/logs", {"message": "built"})
    report = {"status": "SUCCESS", "link": ["https://a.example.com", "https://b.example.com"]}

    patched = step(port_fake, "PATCH", f"/v1/actions/runs/{run.id}?runId={run.id}", report)

    assert (logged.status_code, logged.json()["runLog"]["message"]) == (201, "built")
    assert logged.json()["runLog"]["runId"] == run.id
    assert (patched.status_code, patched.json()["run"]["id"]) == (200, run.id)
    seen = port_fake.run(run)
    assert (seen.status, seen.logs, seen.link) == ("SUCCESS", ("built",), report["link"])


def test_patch_run_with_an_id_and_a_summary_leaves_the_run_open(
    port_fake: FakePort, run: RunView
) -> None:
    step(
        port_fake,
        "PATCH",
        f"/v1/actions/runs/{run.id}?runId={run.id}",
        {"summary": "half way", "externalRunId": "gh_7"},
    )

    assert port_fake.run(run).summary == "half way"
    assert [one.id for one in port_fake.runs(external_run_id="gh_7", active=True)] == [run.id]


def test_patch_run_of_a_run_that_has_ended_fails_the_step_with_a_message(
    port_fake: FakePort, run: RunView
) -> None:
    port_fake.complete(run)

    response = step(
        port_fake, "PATCH", f"/v1/actions/runs/{run.id}?runId={run.id}", {"status": "FAILURE"}
    )

    assert response.status_code == 422
    assert isinstance(response.json()["message"], str)
    assert port_fake.run(run).status == "SUCCESS"


def test_upsert_merges_into_what_is_there_and_ties_it_to_the_run(
    port_fake: FakePort, run: RunView
) -> None:
    response = step(
        port_fake,
        "POST",
        f"{ENTITIES}?upsert=true&merge=true&run_id={run.id}",
        {
            "identifier": "checkout",
            "blueprint": "microservice",
            "properties": {"region": "us-east-1"},
            "relations": {},
        },
    )

    entity = response.json()["entity"]
    assert entity["identifier"] == "checkout"
    assert entity["properties"] == {"region": "us-east-1", "url": "https://checkout.example.com"}
    assert entity["title"] == "Checkout"
    assert port_fake.run(run).affected_entities == (
        EntityKey(blueprint="microservice", identifier="checkout"),
    )


def test_upsert_without_an_identifier_gets_one(port_fake: FakePort) -> None:
    response = step(
        port_fake,
        "POST",
        f"{ENTITIES}?upsert=true&merge=true&create_missing_related_entities=true",
        {"title": "Nameless", "blueprint": "microservice", "properties": {}, "relations": {}},
    )

    assert response.status_code == 201
    assert response.json()["entity"]["identifier"]


def test_bulk_upsert_is_one_upsert_after_the_other(port_fake: FakePort, run: RunView) -> None:
    for identifier in ("mail", "billing"):
        step(
            port_fake,
            "POST",
            f"{ENTITIES}?upsert=true&merge=true&run_id={run.id}",
            {"identifier": identifier, "blueprint": "microservice", "relations": {}},
        )

    affected = port_fake.run(run).affected_entities
    assert [key.identifier for key in affected] == ["mail", "billing"]
    port_fake.assert_called("POST", ENTITIES, status=201, times=2)


def test_get_reads_all_of_an_entity_or_the_part_that_it_names(port_fake: FakePort) -> None:
    whole = step(port_fake, "GET", f"{ENTITIES}/checkout").json()["entity"]
    part = step(
        port_fake, "GET", f"{ENTITIES}/checkout?include=title&include=properties.region"
    ).json()["entity"]

    assert (whole["title"], whole["blueprint"]) == ("Checkout", "microservice")
    assert (whole["team"], whole["relations"]) == (["payments"], {})
    assert whole["properties"]["region"] == "eu-west-1"
    assert part["title"] == "Checkout"
    assert "team" not in part


def test_delete_needs_no_more_than_a_status(port_fake: FakePort, run: RunView) -> None:
    path = f"{ENTITIES}/checkout?delete_dependents=false&run_id={run.id}"

    first = step(port_fake, "DELETE", path)
    again = step(port_fake, "DELETE", path)

    assert (first.status_code, again.status_code) == (200, 404)
    assert "checkout" in again.json()["message"]
    assert [key.identifier for key in port_fake.run(run).affected_entities] == ["checkout"]


def test_a_failed_login_is_told_under_the_key_error(port_fake: FakePort) -> None:
    with Session(port_fake.base_url, AXIOS) as session:
        response = session.send(
            "POST", "/v1/auth/access_token", {"clientId": port_fake.client_id, "clientSecret": "x"}
        )

    assert response.status_code == 401
    assert isinstance(response.json()["error"], str)
