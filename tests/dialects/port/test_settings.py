"""The settings that show in answers, each one way and the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from port_fake import FakePort, FakePortServer, Settings
from tests.support.client import Answer, Client, client_of
from tests.support.furniture import ADMIN, BUILDER, furnish


@pytest.fixture
def organisation(
    port_fake_server: FakePortServer, request: pytest.FixtureRequest
) -> Iterator[FakePort]:
    """A furnished organisation with the settings that the parameter holds."""
    settings = Settings(**request.param)
    with port_fake_server.organisation(name=request.node.nodeid, settings=settings) as port:
        furnish(port)
        yield port


def either(name: str, *values: tuple[Any, Any]) -> pytest.MarkDecorator:
    """Run a test once for each value of a setting; beside the value stands what is expected."""
    return pytest.mark.parametrize(
        ("organisation", "expected"),
        [({name: value}, expected) for value, expected in values],
        indirect=["organisation"],
        ids=[f"{name}={value}" for value, _ in values],
    )


def execute(client: Client, action: str, properties: dict[str, Any], **more: Any) -> Answer:
    return client.post(f"/v1/actions/{action}/runs", {"properties": properties, **more})


@either("list_limit", (1000, 3), (2, 2))
def test_a_list_has_a_limit_of_its_own(organisation: FakePort, expected: int) -> None:
    for _ in range(3):
        organisation.execute("deploy")

    answer = client_of(organisation).get("/v1/actions/runs")

    assert len(answer.json["runs"]) == expected


@either("log_limit", (50, 3), (2, 2))
def test_a_log_has_a_limit_of_its_own(organisation: FakePort, expected: int) -> None:
    run = organisation.execute("deploy")
    for _ in range(3):
        organisation.log(run, "a")

    answer = client_of(organisation).get(f"/v1/actions/runs/{run.id}/logs")

    assert len(answer.json["runLogs"]) == expected


@either("active_includes_waiting", (False, 1), (True, 2))
def test_a_run_that_waits_is_active_or_not(organisation: FakePort, expected: int) -> None:
    organisation.execute("create_microservice", {"name": "a"})
    organisation.execute("deploy")

    answer = client_of(organisation).get("/v1/actions/runs", {"active": "true"})

    assert len(answer.json["runs"]) == expected


@either("logs_after_the_end", (True, 201), (False, 422))
def test_a_finished_run_takes_a_closing_line_or_not(organisation: FakePort, expected: int) -> None:
    run = organisation.execute("restart", entity="checkout")
    organisation.complete(run)

    answer = client_of(organisation).post(f"/v1/actions/runs/{run.id}/logs", {"message": "bye"})

    assert answer.status == expected


@either("annotations_while_waiting", (True, 200), (False, 422))
def test_a_run_that_waits_takes_notes_or_not(organisation: FakePort, expected: int) -> None:
    run = organisation.execute("deploy")

    answer = client_of(organisation).patch(f"/v1/actions/runs/{run.id}", {"summary": "soon"})

    assert answer.status == expected


@either("machine_may_approve", (True, 201), (False, 403))
def test_the_organisation_approves_or_not(organisation: FakePort, expected: int) -> None:
    run = organisation.execute("deploy")
    path = f"/v1/actions/runs/{run.id}/approval"

    answer = client_of(organisation).patch(path, {"status": "APPROVE"})

    assert answer.status == expected


@either("admins_may_always", (True, (202, 201)), (False, (403, 403)))
def test_admins_may_do_what_no_list_says_or_not(
    organisation: FakePort, expected: tuple[int, int]
) -> None:
    run = organisation.execute("deploy")
    organisation.permit("deploy", execute={"roles": []})
    ana = client_of(organisation, ADMIN)

    executed = execute(ana, "deploy", {})
    approved = ana.patch(f"/v1/actions/runs/{run.id}/approval", {"status": "APPROVE"})

    assert (executed.status, approved.status) == expected


@either("people_must_exist", (False, (202, 202)), (True, (202, 422)))
def test_a_user_input_names_a_user_or_anybody(
    organisation: FakePort, expected: tuple[int, int]
) -> None:
    person = {"type": "string", "format": "user"}
    organisation.add_action("page", inputs={"who": person})
    client = client_of(organisation)

    answers = [execute(client, "page", {"who": who}) for who in (BUILDER, "x@example.com")]

    assert (answers[0].status, answers[1].status) == expected


@either("unknown_inputs_refused", (True, 422), (False, 202))
def test_unknown_inputs_are_refused_or_taken(organisation: FakePort, expected: int) -> None:
    answer = execute(client_of(organisation), "deploy", {"colour": "red"})

    assert answer.status == expected


@either("unknown_properties_refused", (False, 201), (True, 422))
def test_unknown_properties_are_taken_or_refused(organisation: FakePort, expected: int) -> None:
    path = "/v1/blueprints/microservice/entities"

    answer = client_of(organisation).post(path, {"properties": {"colour": "red"}})

    assert answer.status == expected


@either("relations_must_exist", (True, 404), (False, 201))
def test_related_entities_must_exist_or_not(organisation: FakePort, expected: int) -> None:
    relation = {"target": "microservice", "required": False, "many": False}
    organisation.add_blueprint("deployment", relations={"of": relation})
    path = "/v1/blueprints/deployment/entities"

    answer = client_of(organisation).post(path, {"relations": {"of": "unknown"}})

    assert answer.status == expected


@either("rate_limit", (1000, "1000"), (5, "5"))
def test_the_rate_limit_is_told(organisation: FakePort, expected: str) -> None:
    answer = client_of(organisation).get("/v1/actions")

    assert answer.headers["x-ratelimit-limit"] == expected


@either("rate_limit_period_s", (300, "300"), (60, "60"))
def test_the_rate_limit_period_is_told(organisation: FakePort, expected: str) -> None:
    answer = client_of(organisation).get("/v1/actions")

    assert answer.headers["x-ratelimit-period"] == expected


EPOCH = 1_767_607_200  # 2026-01-05T10:00:00Z, where every repeatable clock begins


@either("rate_limit_reset", ("epoch", EPOCH + 300), ("delta", 300))
def test_the_reset_is_a_time_or_a_span(organisation: FakePort, expected: int) -> None:
    answer = client_of(organisation).get("/v1/actions")

    assert int(answer.headers["x-ratelimit-reset"]) == expected
