"""What Ocean's client of the Port API sends, re-enacted: reporting on runs, keeping a catalog."""

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
import requests

from port_fake import FakePort
from tests.clients.sessions import Session

pytestmark = pytest.mark.port_fake(scenario="microservice")

AGENT: Final = {"User-Agent": "port-ocean/github-ocean/0.56.2/github-prod"}
EXPORTER: Final = {"User-Agent": f"{AGENT['User-Agent']}/exporter"}
SYNC: Final = "ocean_info_event_type=resync&ocean_info_resync_id=5"

DISPATCH: Final[dict[str, Any]] = {
    "identifier": "dispatch",
    "title": "Dispatch",
    "trigger": {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {}, "required": []},
    },
    "invocationMethod": {
        "type": "INTEGRATION_ACTION",
        "installationId": "github-prod",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "acme", "workflow": "deploy.yml"},
    },
}


class Ocean:
    """The calls of Ocean 0.56, each with what it reads of its answer."""

    def __init__(self, session: Session, client_id: str, client_secret: str) -> None:
        self.session = session
        self.token = session.log_in(client_id, client_secret)

    @property
    def may_execute_runs(self) -> bool:
        """Whether the token is a machine's; its payload is read, its signature is not checked."""
        payload = self.token["accessToken"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return bool(claims.get("isMachine", not claims.get("personalToken", True)))

    def find_run(self, external_id: str) -> dict[str, Any] | None:
        """The run that the backend knows under *external_id*."""
        response = self.session.send(
            "GET", f"/v1/actions/runs?version=v2&external_run_id={external_id}"
        )
        response.raise_for_status()
        runs: list[dict[str, Any]] = response.json().get("runs", [])
        if not runs:
            return None
        assert isinstance(runs[0]["id"], str)
        assert runs[0]["status"] in {"IN_PROGRESS", "SUCCESS", "FAILURE"}
        assert isinstance(runs[0]["action"]["identifier"], str)
        return runs[0]

    def patch_run(self, run_id: str, **report: str) -> requests.Response:
        """Report on a run, once: Ocean does not repeat a PATCH."""
        return self.session.send("PATCH", f"/v1/actions/runs/{run_id}", report)

    def post_log(self, run_id: str, message: str, **label: str) -> requests.Response:
        """Write to a run's log; Ocean goes on if that fails."""
        return self.session.send(
            "POST", f"/v1/actions/runs/{run_id}/logs", {"message": message, **label}
        )

    def report_completed(self, run_id: str, *, success: bool, message: str, label: str) -> None:
        """Write the last line, then end the run."""
        self.post_log(run_id, message, statusLabel=label)
        status = "SUCCESS" if success else "FAILURE"
        self.patch_run(run_id, status=status, statusLabel=label).raise_for_status()

    def upsert(self, blueprint: str, entity: dict[str, Any], *, merge: str) -> requests.Response:
        """Write an entity; a related one that does not exist is told by its answer."""
        return self.session.send(
            "POST",
            f"/v1/blueprints/{blueprint}/entities?upsert=true&merge={merge}"
            f"&create_missing_related_entities=false&validation_only=false&{SYNC}",
            {"blueprint": blueprint, **entity},
            headers=EXPORTER,
        )

    def upsert_bulk(self, blueprint: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
        """Write entities together and return what became of each."""
        response = self.session.send(
            "POST",
            f"/v1/blueprints/{blueprint}/entities/bulk?upsert=true&merge=false"
            f"&create_missing_related_entities=false&validation_only=false&{SYNC}",
            {"entities": [{"blueprint": blueprint, **entity} for entity in entities]},
            headers=EXPORTER,
        )
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


@pytest.fixture
def ocean(port_fake: FakePort) -> Iterator[Ocean]:
    """Ocean, logged in with the organisation's credentials."""
    with Session(port_fake.base_url, AGENT) as session:
        yield Ocean(session, port_fake.client_id, port_fake.client_secret)


def test_its_login_tells_type_and_whole_seconds(ocean: Ocean) -> None:
    assert ocean.token["tokenType"] == "Bearer"
    assert type(ocean.token["expiresIn"]) is int
    assert ocean.token["expiresIn"] > 0


def test_it_executes_runs_with_a_machines_token_only(ocean: Ocean, port_fake: FakePort) -> None:
    own = port_fake.credentials_of("ana.admin@example.com")

    with Session(port_fake.base_url, AGENT) as session:
        personal = Ocean(session, own.client_id, own.client_secret)

    assert ocean.may_execute_runs
    assert not personal.may_execute_runs


def test_it_makes_the_actions_that_its_integration_offers(ocean: Ocean) -> None:
    response = ocean.session.send("POST", "/v1/actions", DISPATCH)

    assert response.ok
    assert DISPATCH.items() <= response.json()["action"].items()


def test_it_reports_on_a_run_from_start_to_end(ocean: Ocean, port_fake: FakePort) -> None:
    ocean.session.send("POST", "/v1/actions", DISPATCH)
    run = port_fake.execute("dispatch")

    started = ocean.patch_run(
        run.id, link="https://ci.example.com/7", externalRunId="gh_7", statusLabel="Running"
    )
    found = ocean.find_run("gh_7")
    ocean.report_completed(run.id, success=True, message="done", label="Completed")

    assert started.ok
    assert found is not None
    assert (found["id"], found["status"]) == (run.id, "IN_PROGRESS")
    seen = port_fake.run(run)
    assert (seen.status, seen.label, seen.logs) == ("SUCCESS", "Completed", ("done",))
    assert seen.link == "https://ci.example.com/7"


def test_it_reports_a_failure_with_its_reason(ocean: Ocean, port_fake: FakePort) -> None:
    run = port_fake.execute("create_microservice", {"name": "billing"})

    ocean.post_log(run.id, "Rate limit is low", statusLabel="Rate limited")
    ocean.report_completed(
        run.id, success=False, message="Failed to execute run: boom", label="Execution failed"
    )

    seen = port_fake.run(run)
    assert (seen.status, seen.label) == ("FAILURE", "Execution failed")
    assert seen.logs == ("Rate limit is low", "Failed to execute run: boom")


def test_it_finds_no_run_of_an_id_that_nobody_has_set(ocean: Ocean, port_fake: FakePort) -> None:
    port_fake.execute("create_microservice", {"name": "billing"})

    assert ocean.find_run("gh_8") is None


def test_a_blueprint_that_it_reads_has_the_keys_that_it_needs(ocean: Ocean) -> None:
    blueprint = {"identifier": "repo", "title": "Repository", "schema": {"properties": {}}}
    relation = {"target": "microservice", "many": False, "required": False}

    created = ocean.session.send("POST", "/v1/blueprints", blueprint)
    ocean.session.send("PATCH", "/v1/blueprints/repo", {"relations": {"service": relation}})
    read = ocean.session.send("GET", "/v1/blueprints/repo").json()["blueprint"]
    deleted = ocean.session.send("DELETE", "/v1/blueprints/repo?delete_actions=false")

    assert created.json()["blueprint"]["relations"] == {}
    assert read["identifier"] == "repo"
    assert read["schema"] == {"properties": {}}
    assert relation.items() <= read["relations"]["service"].items()
    assert deleted.ok
    assert ocean.session.send("GET", "/v1/blueprints/repo").status_code == 404


def test_it_writes_an_entity_that_repeats_its_blueprint(ocean: Ocean) -> None:
    entity = {
        "identifier": "checkout",
        "title": "Till",
        "team": ["platform"],
        "properties": {"region": "us-east-1"},
        "relations": {},
    }

    merged = ocean.upsert("microservice", entity, merge="true").json()["entity"]
    replaced = ocean.upsert("microservice", entity, merge="false").json()["entity"]

    assert (merged["identifier"], merged["blueprint"]) == ("checkout", "microservice")
    assert merged["properties"].keys() == {"region", "url"}
    assert replaced["properties"] == entity["properties"]
    assert replaced["relations"] == {}


def test_an_unmet_relation_is_told_by_status_and_word(ocean: Ocean, port_fake: FakePort) -> None:
    relation = {"target": "microservice", "many": False, "required": False}
    port_fake.add_blueprint("repo", relations={"service": relation})

    refused = ocean.upsert(
        "repo", {"identifier": "till", "relations": {"service": "unknown"}}, merge="false"
    )

    assert refused.status_code == 404
    assert (refused.json()["ok"], refused.json()["error"]) == (False, "not_found")


def test_a_bulk_answers_for_each_entity_by_index(ocean: Ocean) -> None:
    answer = ocean.upsert_bulk(
        "microservice",
        [
            {"identifier": "checkout", "properties": {}, "relations": {}},
            {"identifier": "odd", "properties": {"region": 7}, "relations": {}},
            {"identifier": "mail", "properties": {"region": "eu-west-1"}, "relations": {}},
        ],
    )

    assert [(one["identifier"], one["index"], one["created"]) for one in answer["entities"]] == [
        ("checkout", 0, False),
        ("mail", 2, True),
    ]
    (error,) = answer["errors"]
    assert (error["identifier"], error["index"], error["statusCode"]) == ("odd", 1, 422)
    assert isinstance(error["error"], str)
    assert "region" in error["message"]


def test_a_bulk_that_is_too_large_tells_it_to_write_one_by_one(ocean: Ocean) -> None:
    entity = {"identifier": "large", "title": "x" * (1024 * 1024), "properties": {}}

    response = ocean.session.send(
        "POST", "/v1/blueprints/microservice/entities/bulk?upsert=true", {"entities": [entity]}
    )

    assert response.status_code == 413


def test_it_deletes_entities_one_by_one_and_together(ocean: Ocean, port_fake: FakePort) -> None:
    for name in ("mail", "billing"):
        port_fake.add_entity("microservice", name)
    one = "/v1/blueprints/microservice/entities/checkout?delete_dependents=true"

    deleted = ocean.session.send("DELETE", one, headers=EXPORTER)
    again = ocean.session.send("DELETE", one, headers=EXPORTER)
    together = ocean.session.send(
        "POST",
        "/v1/blueprints/microservice/bulk/entities/delete?delete_dependents=true",
        {"entities": ["mail", "gone-already", "billing"]},
        headers=EXPORTER,
    )

    assert (deleted.status_code, again.status_code) == (200, 404)
    assert together.json()["deletedEntities"] == ["mail", "billing"]
    assert (
        ocean.session.send("GET", "/v1/blueprints/microservice/entities").json()["entities"] == []
    )


def test_it_reads_what_the_organisation_may_do(ocean: Ocean) -> None:
    organization = ocean.session.send("GET", "/v1/organization").json()["organization"]

    assert organization["id"].startswith("org_")
    assert organization["featureFlags"] == []
    assert organization["isBlocked"] is False
