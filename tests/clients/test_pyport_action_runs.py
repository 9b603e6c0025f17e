"""PyPort 0.3.3, unchanged: every method of its service for action runs."""

from typing import Any

import pytest
from pyport.exceptions import PortApiError  # type: ignore[import-untyped]  # it ships no types

from port_fake import FakePort, RunView

pytestmark = pytest.mark.port_fake(scenario="microservice")


@pytest.fixture
def run(port_fake: FakePort) -> RunView:
    """A run that is in progress."""
    return port_fake.execute("create_microservice", {"name": "billing"})


@pytest.fixture
def waiting(port_fake: FakePort) -> RunView:
    """A run that waits for approval."""
    return port_fake.execute("deploy_to_production", {"version": "1.2"}, entity="checkout")


def test_it_lists_all_runs_whatever_page_it_asks_for(pyport: Any, port_fake: FakePort) -> None:
    older = port_fake.execute("create_microservice", {"name": "older"})
    newer = port_fake.execute("create_microservice", {"name": "newer"})

    answer = pyport.action_runs.get_action_runs(page=2, per_page=1)

    assert [run["id"] for run in answer["runs"]] == [newer.id, older.id]
    port_fake.assert_called("GET", "/v1/actions/runs", query={"page": "2", "per_page": "1"})


def test_it_passes_on_the_filters_of_its_caller(
    pyport: Any, port_fake: FakePort, run: RunView, waiting: RunView
) -> None:
    port_fake.complete(run)
    late = port_fake.execute("create_microservice", {"name": "late"})
    filters = {
        "action": "create_microservice",
        "active": "true",
        "blueprint": "microservice",
        "exclude": ["properties", "link"],
        "limit": 10,
        "source": ["API", "UI"],
        "version": "v2",
    }

    runs = pyport.action_runs.get_action_runs(params=filters)["runs"]

    assert [shown["id"] for shown in runs] == [late.id]
    assert runs[0]["action"]["identifier"] == "create_microservice"
    assert not {"properties", "link"} & runs[0].keys()
    assert waiting.id not in str(runs)


def test_it_lists_the_runs_of_an_entity(pyport: Any, run: RunView, waiting: RunView) -> None:
    runs = pyport.action_runs.get_action_runs(params={"entity": "checkout"})["runs"]

    assert run.id != waiting.id
    assert [shown["id"] for shown in runs] == [waiting.id]
    assert runs[0]["entity"] == {"identifier": "checkout", "title": "Checkout"}


def test_it_reads_a_run_in_the_shape_of_v1_unless_its_caller_says_otherwise(
    pyport: Any, run: RunView
) -> None:
    old = pyport.action_runs.get_action_run(run.id)
    new = pyport.action_runs.get_action_run(run.id, params={"version": "v2"})

    assert old["run"]["action"] == "create_microservice"
    assert old["run"]["endedAt"] is None
    assert new["run"]["action"]["title"] == "Create Microservice"
    assert "endedAt" not in new["run"]


def test_it_executes_an_action_and_gets_the_run(pyport: Any, port_fake: FakePort) -> None:
    inputs = {"properties": {"name": "billing", "region": "us-east-1"}}

    answer = pyport.actions.execute_action("create_microservice", inputs)

    assert answer["run"]["status"] == "IN_PROGRESS"
    assert port_fake.run(answer["run"]["id"]).properties == inputs["properties"]


def test_it_executes_on_an_entity_on_behalf_of_a_user(pyport: Any, port_fake: FakePort) -> None:
    answer = pyport.actions.execute_action(
        "deploy_to_production",
        {"properties": {"version": "1.2"}, "entity": "checkout"},
        params={"run_as": "ben.builder@example.com"},
    )

    assert answer["run"]["status"] == "WAITING_FOR_APPROVAL"
    assert answer["run"]["entity"]["identifier"] == "checkout"
    assert answer["run"]["createdBy"] == port_fake.caller("ben.builder@example.com").id
    assert answer["run"]["impersonatedBy"] == port_fake.client_id


def test_it_reports_the_end_of_a_run(pyport: Any, port_fake: FakePort, run: RunView) -> None:
    report = {"status": "SUCCESS", "link": "https://ci.example.com/7", "summary": "All good."}

    answer = pyport.action_runs.update_action_run(run.id, report)

    assert report.items() <= answer["run"].items()
    assert answer["run"]["endedAt"] == answer["run"]["updatedAt"]
    assert port_fake.run(run.id).status == "SUCCESS"


def test_it_gets_the_shape_it_asks_for_when_it_reports(pyport: Any, run: RunView) -> None:
    answer = pyport.action_runs.update_action_run(
        run.id, {"link": "https://ci.example.com/7"}, params={"version": "v2"}
    )

    assert answer["run"]["link"] == ["https://ci.example.com/7"]
    assert answer["run"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    ("ruling", "status"), [("APPROVE", "IN_PROGRESS"), ("DECLINE", "DECLINED")]
)
def test_it_rules_on_a_run(
    pyport: Any, port_fake: FakePort, waiting: RunView, ruling: str, status: str
) -> None:
    answer = pyport.action_runs.approve_action_run(
        waiting.id, {"status": ruling, "description": "as discussed"}
    )

    assert answer["run"]["status"] == status
    assert port_fake.run(waiting.id).status == status


def test_an_approver_rules_with_credentials_of_his_own(
    connect: Any, port_fake: FakePort, waiting: RunView
) -> None:
    own = port_fake.credentials_of("lea.lead@example.com")
    lea = connect(client_id=own.client_id, client_secret=own.client_secret)

    lea.action_runs.approve_action_run(waiting.id, {"status": "APPROVE"})

    assert port_fake.run(waiting.id).json["approval"] == {
        "userId": port_fake.caller("lea.lead@example.com").id,
        "state": "APPROVED",
    }


def test_approving_without_data_sends_an_empty_object_which_is_refused(
    pyport: Any, port_fake: FakePort, waiting: RunView
) -> None:
    with pytest.raises(PortApiError) as refusal:
        pyport.action_runs.approve_action_run(waiting.id)

    assert type(refusal.value) is PortApiError, "PyPort has no exception of its own for 422"
    assert refusal.value.status_code == 422
    assert "must have required property 'status'" in refusal.value.response_body["message"]
    assert port_fake.run(waiting.id).status == "WAITING_FOR_APPROVAL"


def test_it_adds_a_line_to_the_log(pyport: Any, port_fake: FakePort, run: RunView) -> None:
    answer = pyport.action_runs.add_action_run_log(run.id, {"message": "building"})

    assert answer["runLog"].keys() == {"id", "runId", "message", "createdBy", "createdAt"}
    assert answer["runLog"]["runId"] == run.id
    assert port_fake.run(run.id).logs == ("building",)


def test_a_last_line_ends_the_run(pyport: Any, port_fake: FakePort, run: RunView) -> None:
    pyport.action_runs.add_action_run_log(
        run.id, {"message": "broken", "terminationStatus": "FAILURE", "statusLabel": "No disk"}
    )

    seen = port_fake.run(run.id)
    assert (seen.status, seen.label, seen.logs) == ("FAILURE", "No disk", ("broken",))


def test_the_level_and_timestamp_of_older_examples_are_refused(
    pyport: Any, port_fake: FakePort, run: RunView
) -> None:
    line = {"message": "building", "level": "INFO", "timestamp": "2026-01-05T10:00:00Z"}

    with pytest.raises(PortApiError, match="must NOT have additional property") as refusal:
        pyport.action_runs.add_action_run_log(run.id, line)

    assert refusal.value.status_code == 422
    assert port_fake.run(run.id).logs == ()


def test_it_reads_the_log_under_the_key_of_the_api(
    pyport: Any, port_fake: FakePort, run: RunView
) -> None:
    for message in ("one", "two", "three"):
        port_fake.log(run, message)

    whole = pyport.action_runs.get_action_run_logs(run.id)
    page = pyport.action_runs.get_action_run_logs(run.id, params={"limit": 1, "offset": 1})

    assert "logs" not in whole, "PyPort's guide says so; the API's key is runLogs"
    assert [line["message"] for line in whole["runLogs"]] == ["one", "two", "three"]
    assert [line["message"] for line in page["runLogs"]] == ["two"]


def test_it_reads_who_has_approved_and_who_has_yet_to(
    pyport: Any, port_fake: FakePort, waiting: RunView
) -> None:
    ask = pyport.action_runs.get_action_run_approvers
    pending = {"include_pending_approvers": "true"}

    before = ask(waiting.id)["approvers"]
    expected = ask(waiting.id, params=pending)["approvers"]
    port_fake.approve(waiting, as_user="lea.lead@example.com", description="go")
    after = ask(waiting.id)["approvers"]

    lea = port_fake.caller("lea.lead@example.com").id
    ana = port_fake.caller("ana.admin@example.com").id
    assert before == []
    assert {one["userId"]: one["state"] for one in expected} == {lea: "PENDING", ana: "PENDING"}
    assert after == [{"userId": lea, "state": "APPROVED", "description": "go"}]
