"""PyPort 0.3.3, unchanged: what it makes of refusals, and when it stops asking."""

from typing import Any

import pyport.exceptions as of_pyport  # type: ignore[import-untyped]  # it ships no types
import pytest

from port_fake import FakePort

pytestmark = pytest.mark.port_fake(scenario="microservice")


def test_a_failed_login_is_the_base_error_with_the_status_in_its_text(connect: Any) -> None:
    with pytest.raises(of_pyport.PortApiError, match="status code 401") as failure:
        connect(client_secret="wrong")  # noqa: S106 - that is the point

    assert failure.value.status_code is None


def test_a_token_that_is_worth_nothing_is_an_authentication_error(
    pyport: Any, port_fake: FakePort
) -> None:
    port_fake.advance(10_800)

    with pytest.raises(of_pyport.PortAuthenticationError, match="has expired") as failure:
        pyport.action_runs.get_action_runs()

    assert failure.value.status_code == 401
    assert failure.value.response_body["error"] == "unauthorized"


def test_a_call_that_permissions_forbid_is_a_permission_error(
    connect: Any, port_fake: FakePort
) -> None:
    own = port_fake.credentials_of("ben.builder@example.com")
    ben = connect(client_id=own.client_id, client_secret=own.client_secret)
    run = port_fake.execute("deploy_to_production", {"version": "1"}, entity="checkout")

    with pytest.raises(of_pyport.PortPermissionError, match="is not an approver") as failure:
        ben.action_runs.approve_action_run(run.id, {"status": "APPROVE"})

    assert failure.value.status_code == 403
    assert port_fake.run(run).status == "WAITING_FOR_APPROVAL"


@pytest.mark.parametrize(
    ("service", "method", "arguments"),
    [
        ("action_runs", "get_action_run", ["r_none"]),
        ("action_runs", "update_action_run", ["r_none", {"status": "SUCCESS"}]),
        ("action_runs", "approve_action_run", ["r_none", {"status": "APPROVE"}]),
        ("action_runs", "add_action_run_log", ["r_none", {"message": "hello"}]),
        ("action_runs", "get_action_run_logs", ["r_none"]),
        ("action_runs", "get_action_run_approvers", ["r_none"]),
        ("actions", "get_action", ["none"]),
        ("actions", "delete_action", ["none"]),
        ("actions", "execute_action", ["none", {"properties": {}}]),
        ("blueprints", "get_blueprint", ["none"]),
        ("entities", "get_entity", ["microservice", "none"]),
        ("entities", "get_entities", ["none"]),
        ("organizations", "get_organizations", []),
    ],
)
def test_what_does_not_exist_is_a_not_found_error(
    pyport: Any, service: str, method: str, arguments: list[Any]
) -> None:
    with pytest.raises(of_pyport.PortResourceNotFoundError) as failure:
        getattr(getattr(pyport, service), method)(*arguments)

    assert failure.value.response_body.keys() == {"ok", "error", "message"}
    assert failure.value.response_body["error"] == "not_found"


def test_a_run_that_has_ended_is_the_base_error(pyport: Any, port_fake: FakePort) -> None:
    run = port_fake.complete(port_fake.execute("create_microservice", {"name": "billing"}))

    with pytest.raises(of_pyport.PortApiError, match="cannot fail") as failure:
        pyport.action_runs.update_action_run(run.id, {"status": "FAILURE"})

    assert failure.value.status_code == 422
    assert port_fake.run(run).status == "SUCCESS"


def test_after_five_refusals_it_asks_no_more_until_there_is_a_new_client(
    connect: Any, port_fake: FakePort
) -> None:
    tired, fresh = connect(), connect()
    for _ in range(5):
        with pytest.raises(of_pyport.PortResourceNotFoundError):
            tired.actions.get_action("none")

    with pytest.raises(of_pyport.PortApiError, match="open circuit breaker"):
        tired.actions.get_action("create_microservice")

    assert fresh.actions.get_action("create_microservice")["title"] == "Create Microservice"
    port_fake.assert_called("GET", "/v1/actions/none", times=5)
    port_fake.assert_called("GET", "/v1/actions/create_microservice", times=1)


def test_an_outage_is_over_before_it_gives_up(pyport: Any, port_fake: FakePort) -> None:
    outage = port_fake.fault("get-all-action-runs", status=503, times=2)

    runs = pyport.make_request("GET", "actions/runs", retries=3, retry_delay=0.001).json()

    assert runs == {"ok": True, "runs": []}
    assert outage.hits == 2


@pytest.mark.parametrize(
    ("status", "error"), [(429, of_pyport.PortRateLimitError), (503, of_pyport.PortServerError)]
)
def test_an_outage_that_lasts_is_an_error_with_its_status(
    pyport: Any, port_fake: FakePort, status: int, error: type[Exception]
) -> None:
    port_fake.fault(status=status, retry_after_s=0, times=None)

    with pytest.raises(error) as failure:
        pyport.make_request("GET", "actions/runs", retries=1, retry_delay=0.001)

    assert getattr(failure.value, "status_code", None) == status
    port_fake.assert_called("GET", "/v1/actions/runs", status=status, times=2)


def test_a_button_is_not_pressed_again_when_the_answer_is_lost(
    pyport: Any, port_fake: FakePort
) -> None:
    port_fake.fault("execute-self-service-action", drop="after")

    with pytest.raises(of_pyport.PortConnectionError):
        pyport.make_request(
            "POST",
            "actions/create_microservice/runs",
            json={"properties": {"name": "billing"}},
            retry_delay=0.001,
        )

    assert len(port_fake.runs()) == 1
