"""What Port's MCP server asks through PyPort when it starts and when its tools are called."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from port_fake import FakePort

pytestmark = pytest.mark.port_fake(scenario="microservice")

METHODS: Final = {"GITHUB", "GITLAB", "AZURE-DEVOPS", "WEBHOOK", "KAFKA"}


class McpServer:
    """The calls of the MCP server 0.2, each with what it reads of its answer."""

    def __init__(self, client: Any) -> None:
        self._client = client
        client._session.headers["User-Agent"] = "port-mcp-server/0.2.21"  # noqa: SLF001 - as it does

    def ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Make a call; whatever does not say ``ok`` is a failure."""
        answer: dict[str, Any] = self._client.make_request(method, path, **options).json()
        assert answer["ok"] is True, f"the tool would fail with {answer}"
        return answer

    def list_actions(self) -> list[dict[str, Any]]:
        """The actions that the caller may execute."""
        actions = self._client.actions.get_actions(params={"trigger_type": "self-service"})
        allowed = self.ask("GET", "auth/permissions", params={"action_version": "v2"})
        scopes = ("execute:actions:{}", "execute:team_entities:actions:{}")
        return [
            action
            for action in actions
            if any(scope.format(action["identifier"]) in allowed["permissions"] for scope in scopes)
        ]

    def start(self) -> list[str]:
        """The names of the tools that come from actions: those that fit its model."""
        whole = [self._client.actions.get_action(one["identifier"]) for one in self.list_actions()]
        return [f"run_{one['identifier']}"[:40] for one in whole if self._fits(one)]

    def _fits(self, action: dict[str, Any]) -> bool:
        return (
            isinstance(action["title"], str)
            and isinstance(action["trigger"]["type"], str)
            and action["invocationMethod"]["type"] in METHODS
            and isinstance(action.get("requiredApproval", False), bool)
        )


Sign = Callable[[str | None], McpServer]


@pytest.fixture
def sign_in(connect: Any, port_fake: FakePort) -> Sign:
    """Start an MCP server for a user, or for the organisation."""

    def started(email: str | None) -> McpServer:
        if email is None:
            return McpServer(connect())
        own = port_fake.credentials_of(email)
        return McpServer(connect(client_id=own.client_id, client_secret=own.client_secret))

    return started


def test_an_action_with_a_kind_of_approval_gets_no_tool(sign_in: Sign, port_fake: FakePort) -> None:
    tools = sign_in(None).start()

    assert tools == ["run_create_microservice"]
    port_fake.assert_called("GET", "/v1/actions/deploy_to_production", status=200)


def test_automations_are_not_listed(sign_in: Sign, port_fake: FakePort) -> None:
    event = {"type": "ENTITY_CREATED", "blueprintIdentifier": "microservice"}
    port_fake.add_action("react", trigger={"type": "automation", "event": event})

    listed = [action["identifier"] for action in sign_in(None).list_actions()]

    assert listed == ["create_microservice", "deploy_to_production"]


def test_only_what_the_user_may_execute_is_listed(sign_in: Sign, port_fake: FakePort) -> None:
    leads = {"users": ["lea.lead@example.com"], "roles": [], "teams": []}
    port_fake.permit("create_microservice", execute=leads)

    of_ben = [one["identifier"] for one in sign_in("ben.builder@example.com").list_actions()]
    of_lea = [one["identifier"] for one in sign_in("lea.lead@example.com").list_actions()]
    of_ana = [one["identifier"] for one in sign_in("ana.admin@example.com").list_actions()]

    assert of_ben == ["deploy_to_production"]
    assert of_lea == ["create_microservice", "deploy_to_production"]
    assert of_ana == of_lea, "an Admin may do anything"


def test_a_tool_runs_its_action_and_tracks_it_to_the_end(
    sign_in: Sign, port_fake: FakePort
) -> None:
    server = sign_in("ben.builder@example.com")

    run = server.ask(
        "POST", "actions/create_microservice/runs", json={"properties": {"name": "billing"}}
    )["run"]
    under_way = server.ask("GET", f"actions/runs/{run['id']}", params={"version": "v2"})["run"]
    port_fake.complete(run["id"], link="https://ci.example.com/7")
    ended = server.ask("GET", f"actions/runs/{run['id']}", params={"version": "v2"})["run"]

    assert under_way["status"] == "IN_PROGRESS"
    assert (ended["status"], ended["link"]) == ("SUCCESS", ["https://ci.example.com/7"])
    for shown in (under_way, ended):
        assert shown["action"].keys() >= {"identifier", "title"}
        assert shown["blueprint"].keys() >= {"identifier", "title"}


def test_a_declined_run_is_none_of_those_at_which_tracking_ends(
    sign_in: Sign, port_fake: FakePort
) -> None:
    server = sign_in(None)
    run = port_fake.execute("deploy_to_production", {"version": "1"}, entity="checkout")
    port_fake.decline(run)

    shown = server.ask("GET", f"actions/runs/{run.id}", params={"version": "v2"})["run"]

    assert shown["status"] == "DECLINED"
    assert shown["status"] not in {"SUCCESS", "FAILURE", "CANCELLED"}


def test_it_reads_and_changes_who_may_execute_and_approve(sign_in: Sign) -> None:
    server = sign_in(None)
    path = "actions/create_microservice/permissions"
    given = {"execute": {"roles": ["Admin"], "users": [], "teams": []}}

    before = server.ask("GET", path)["permissions"]
    changed = server.ask("PATCH", path, json=given)["permissions"]

    assert before.keys() == {"execute", "approve"}
    assert given["execute"].items() <= changed["execute"].items()
    assert changed["approve"] == before["approve"]


def test_its_entity_tools_are_told_that_all_is_well(sign_in: Sign) -> None:
    server = sign_in(None)
    entities = "blueprints/microservice/entities"
    options = {
        "upsert": "true",
        "validation_only": "false",
        "create_missing_related_entities": "false",
        "merge": "false",
    }

    made = server.ask("POST", entities, params=options, json={"identifier": "mail"})["entity"]
    read = server.ask("GET", f"{entities}/mail")["entity"]
    kept = server.ask("PUT", f"{entities}/mail", json={"title": "Mail"})["entity"]
    listed = server.ask("GET", entities)["entities"]
    server.ask("DELETE", f"{entities}/mail", params={"delete_dependents": "false"})

    assert made == read
    assert kept["title"] == "Mail"
    assert [one["identifier"] for one in listed] == ["checkout", "mail"]
