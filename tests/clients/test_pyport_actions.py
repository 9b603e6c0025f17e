"""PyPort 0.3.3, unchanged: its service for actions, with its habits as they are."""

from typing import Any, Final

import pytest
from pyport.exceptions import (  # type: ignore[import-untyped]  # it ships no types
    PortApiError,
    PortResourceNotFoundError,
)

from port_fake import FakePort

pytestmark = pytest.mark.port_fake(scenario="microservice")

RESTART: Final[dict[str, Any]] = {
    "identifier": "restart",
    "title": "Restart",
    "trigger": {
        "type": "self-service",
        "operation": "DAY-2",
        "blueprintIdentifier": "microservice",
        "userInputs": {"properties": {"why": {"type": "string"}}, "required": []},
    },
    "invocationMethod": {"type": "WEBHOOK", "url": "https://example.com/restart"},
}


def test_it_lists_all_actions(pyport: Any) -> None:
    actions = pyport.actions.get_actions(page=1, per_page=1)

    assert [action["identifier"] for action in actions] == [
        "create_microservice",
        "deploy_to_production",
    ]


def test_it_lists_the_actions_that_a_filter_leaves(pyport: Any) -> None:
    filters = {"operation": ["DAY-2", "DELETE"], "trigger_type": "self-service"}

    actions = pyport.actions.get_actions(params=filters)

    assert [action["identifier"] for action in actions] == ["deploy_to_production"]


def test_it_lists_the_actions_of_a_blueprint_over_the_route_of_2022(
    pyport: Any, port_fake: FakePort
) -> None:
    port_fake.add_action("elsewhere")

    actions = pyport.actions.get_actions("microservice")

    assert {action["identifier"]: action["trigger"] for action in actions} == {
        "create_microservice": "CREATE",
        "deploy_to_production": "DAY-2",
    }
    port_fake.assert_called("GET", "/v1/blueprints/microservice/actions", status=200)


def test_it_reads_an_action(pyport: Any) -> None:
    action = pyport.actions.get_action("deploy_to_production")

    assert action["requiredApproval"] == {"type": "ANY"}
    assert action["trigger"]["userInputs"]["required"] == ["version"]


def test_it_creates_an_action_and_gets_the_whole_answer(pyport: Any) -> None:
    answer = pyport.actions.create_action(RESTART)

    assert answer["ok"] is True
    assert RESTART.items() <= answer["action"].items()
    assert pyport.actions.get_action("restart") == answer["action"]


def test_it_replaces_an_action(pyport: Any) -> None:
    made = pyport.actions.create_action(RESTART)["action"]

    changed = pyport.actions.update_action("restart", {**RESTART, "title": "Restart it"})

    assert changed["title"] == "Restart it"
    assert changed["id"] == made["id"]


def test_it_deletes_an_action_and_believes_that_it_has_not(pyport: Any) -> None:
    deleted = pyport.actions.delete_action("create_microservice")

    assert deleted is False, "PyPort takes nothing but a 204 for success, the API answers 200"
    with pytest.raises(PortResourceNotFoundError):
        pyport.actions.get_action("create_microservice")


def test_it_looks_for_permissions_under_a_key_that_the_api_does_not_send(
    pyport: Any, port_fake: FakePort
) -> None:
    permissions = pyport.actions.get_action_permissions("deploy_to_production")

    assert permissions == {}
    (exchange,) = port_fake.assert_called(
        "GET", "/v1/actions/deploy_to_production/permissions", status=200
    )
    assert exchange.answer_json["permissions"]["approve"]["users"] == ["lea.lead@example.com"]


def test_it_drops_the_permissions_it_should_write_and_changes_nothing(
    pyport: Any, port_fake: FakePort
) -> None:
    before = port_fake.permit("deploy_to_production")

    done = pyport.actions.update_action_permissions(
        "deploy_to_production", {"execute": {"roles": ["Admin"], "users": [], "teams": []}}
    )

    assert done is True
    assert port_fake.permit("deploy_to_production") == before
    (exchange,) = port_fake.assert_called("PATCH", "/v1/actions/deploy_to_production/permissions")
    assert exchange.body == b""


def test_it_is_told_why_an_execution_is_refused(pyport: Any, port_fake: FakePort) -> None:
    with pytest.raises(PortApiError) as refusal:
        pyport.actions.execute_action("create_microservice", {"properties": {"region": "mars"}})

    assert refusal.value.status_code == 422
    assert refusal.value.response_body["message"] in str(refusal.value)
    assert port_fake.runs() == []
