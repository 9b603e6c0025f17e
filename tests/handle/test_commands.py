"""The short commands: furnish an organisation, press, approve, report."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import EntityKey, FakePort, MisuseError, RefusedError, Settings, State

ANA: Final = "ana@example.com"
BEN: Final = "ben@example.com"
NOBODY: Final = "nobody@example"


@pytest.fixture
def port() -> FakePort:
    """An organisation with users Ana and Ben; commands need no server."""
    fake = FakePort()
    fake.add_user(ANA, teams=["leads"])
    fake.add_user(BEN)
    return fake


def test_an_action_needs_no_more_than_a_name(port: FakePort) -> None:
    action = port.add_action("deploy")

    assert action["trigger"] == {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {}, "required": []},
    }
    assert action["invocationMethod"]["type"] == "WEBHOOK"
    assert port.execute("deploy").status == "IN_PROGRESS"


def test_an_action_may_say_everything_about_itself(port: FakePort) -> None:
    port.add_blueprint("service")
    port.add_entity("service", "checkout")

    action = port.add_action(
        "deploy",
        inputs={"env": {"type": "string", "enum": ["dev", "prod"]}},
        required=["env"],
        approval="ALL",
        approvers=[ANA, BEN],
        blueprint="service",
        operation="DAY-2",
        invokes={"type": "KAFKA", "payload": {}},
        title="Deploy it",
        description="To anywhere",
    )

    assert (action["title"], action["description"]) == ("Deploy it", "To anywhere")
    assert action["requiredApproval"] == {"type": "ALL"}
    assert action["invocationMethod"] == {"type": "KAFKA", "payload": {}}
    assert action["trigger"]["blueprintIdentifier"] == "service"
    assert port.permit("deploy")["approve"]["users"] == [ANA, BEN]
    with pytest.raises(RefusedError, match="env"):
        port.execute("deploy", entity="checkout")


@pytest.mark.parametrize("approvers", [["nobody@example.com"], ANA])
def test_approvers_that_do_not_exist_are_refused_before_the_action_is_made(
    port: FakePort, approvers: Any
) -> None:
    with pytest.raises(RefusedError, match="user"):
        port.add_action("deploy", approval=True, approvers=approvers)

    assert port.perform("get-actions")["actions"] == []


@pytest.mark.parametrize(("approval", "sent"), [(True, True), ("ANY", {"type": "ANY"})])
def test_approval_may_be_a_flag_or_a_kind(port: FakePort, approval: Any, sent: Any) -> None:
    action = port.add_action("deploy", approval=approval)

    assert action["requiredApproval"] == sent
    assert port.execute("deploy").status == "WAITING_FOR_APPROVAL"


def test_an_automation_is_an_action_with_another_trigger(port: FakePort) -> None:
    port.add_blueprint("service")
    event = {"type": "ENTITY_CREATED", "blueprintIdentifier": "service"}

    port.add_action("react", trigger={"type": "automation", "event": event})

    with pytest.raises(RefusedError, match="automation"):
        port.execute("react")


def test_permissions_change_where_they_are_given(port: FakePort) -> None:
    port.add_action("deploy", approvers=[ANA])

    changed = port.permit("deploy", execute={"users": [ANA], "roles": [], "teams": []})

    assert changed["execute"]["users"] == [ANA]
    assert changed["approve"]["users"] == [ANA]
    with pytest.raises(RefusedError, match="may not execute"):
        port.execute("deploy", as_user=BEN)
    assert port.execute("deploy", as_user=ANA).json["createdBy"] == port.caller(ANA).id


def test_a_user_brings_the_teams_that_do_not_exist_yet(port: FakePort) -> None:
    user = port.add_user("cal@example.com", roles=["Admin"], teams=("leads", "ops"))

    teams = port.perform("get-teams")["teams"]
    assert user["roles"] == [{"name": "Admin"}]
    assert user["teams"] == ["leads", "ops"]
    assert [team["name"] for team in teams] == ["leads", "ops"]


def test_a_user_that_is_refused_leaves_no_team_behind(port: FakePort) -> None:
    with pytest.raises(RefusedError, match="exists already"):
        port.add_user(ANA, teams=["newcomers"])

    assert [team["name"] for team in port.perform("get-teams")["teams"]] == ["leads"]


def test_a_team_is_made_of_users_that_exist(port: FakePort) -> None:
    team = port.add_team("ops", members=[BEN])

    assert [user["email"] for user in team["users"]] == [BEN]
    with pytest.raises(RefusedError, match=NOBODY):
        port.add_team("ghosts", members=["nobody@example.com"])


def test_the_catalog_is_made_of_blueprints_and_entities(port: FakePort) -> None:
    relation = {"target": "service", "many": True, "required": False}
    port.add_blueprint("service", properties={"tier": {"type": "number"}}, title="Services")
    host = port.add_blueprint("host", relations={"runs": relation}, icon="Server")

    checkout = port.add_entity("service", "checkout", properties={"tier": 1}, team="leads")
    server = port.add_entity("host", "h1", title="Host", relations={"runs": ["checkout"]})

    assert (host["icon"], host["title"]) == ("Server", "host")
    assert (checkout["properties"], checkout["team"]) == ({"tier": 1}, ["leads"])
    assert (server["title"], server["relations"]) == ("Host", {"runs": ["checkout"]})


def test_a_scenario_may_be_loaded_on_top(port: FakePort) -> None:
    port.load("microservice")

    assert port.execute("create_microservice", {"name": "billing"}).status == "IN_PROGRESS"


def test_a_run_shows_what_was_pressed(port: FakePort) -> None:
    port.add_blueprint("service")
    port.add_entity("service", "checkout")
    inputs = {"env": {"type": "string"}}
    port.add_action("deploy", inputs=inputs, blueprint="service", operation="DAY-2")

    run = port.execute("deploy", {"env": "prod"}, entity="checkout")

    assert (run.status, run.state, run.action) == ("IN_PROGRESS", State.QUEUED, "deploy")
    assert (run.entity, run.properties) == ("checkout", {"env": "prod"})
    assert (run.label, run.link, run.summary, run.logs) == (None, None, None, ())
    assert run.affected_entities == ()
    assert run.json["entity"]["identifier"] == "checkout"


def test_approvers_decide(port: FakePort) -> None:
    port.add_action("deploy", approval="ALL", approvers=[ANA, BEN])
    run = port.execute("deploy")

    half = port.approve(run, as_user=ANA)
    whole = port.approve(run.id, as_user=BEN, description="me too")

    assert (half.status, whole.status) == ("WAITING_FOR_APPROVAL", "IN_PROGRESS")
    assert whole.json["approval"]["description"] == "me too"


def test_who_declines_ends_the_run(port: FakePort) -> None:
    port.add_action("deploy", approval=True, approvers=[ANA])

    run = port.decline(port.execute("deploy"), as_user=ANA, description="no")

    assert (run.status, run.state) == ("DECLINED", State.DECLINED)
    with pytest.raises(RefusedError):
        port.approve(run, as_user=ANA)


def test_a_backend_reports_and_ends(port: FakePort) -> None:
    port.add_action("deploy")
    run = port.execute("deploy")

    logged = port.log(run, "building", label="Building")
    ended = port.complete(run, link=["https://a.example.com"], summary="ok", label="Done")

    assert (logged.logs, logged.label, logged.status) == (("building",), "Building", "IN_PROGRESS")
    assert (ended.status, ended.state) == ("SUCCESS", State.SUCCEEDED)
    assert (ended.link, ended.summary, ended.label) == (["https://a.example.com"], "ok", "Done")
    assert "endedAt" in ended.json


def test_a_line_may_end_the_run(port: FakePort) -> None:
    port.add_action("deploy")

    run = port.log(port.execute("deploy"), "broken", status="FAILURE")

    assert (run.status, run.logs) == ("FAILURE", ("broken",))


def test_entities_that_are_tied_to_a_run_show_on_it(port: FakePort) -> None:
    port.add_blueprint("service")
    port.add_action("deploy")
    run = port.execute("deploy")

    port.perform(
        "create-entity",
        path={"blueprint_identifier": "service"},
        query={"run_id": run.id, "upsert": True},
        body={"identifier": "checkout"},
    )

    key = EntityKey(blueprint="service", identifier="checkout")
    assert port.run(run).affected_entities == (key,)


def test_what_port_would_refuse_is_refused_here_and_changes_nothing(port: FakePort) -> None:
    port.add_action("deploy")
    run = port.complete(port.execute("deploy"))

    refused: list[tuple[str, dict[str, Any]]] = [
        ("cannot", {"run": run, "status": "FAILURE"}),
        ("status", {"run": port.execute("deploy"), "status": "DONE"}),
        ("r_none", {"run": "r_none"}),
    ]
    for reason, arguments in refused:
        with pytest.raises(RefusedError, match=reason):
            port.complete(**arguments)

    assert port.run(run) == run


def test_a_user_that_does_not_exist_can_do_nothing(port: FakePort) -> None:
    port.add_action("deploy")
    for attempt in (port.caller, port.credentials_of):
        with pytest.raises(RefusedError, match=NOBODY):
            attempt("nobody@example.com")
    with pytest.raises(RefusedError, match=NOBODY):
        port.execute("deploy", as_user="nobody@example.com")
    with pytest.raises(RefusedError, match=NOBODY):
        port.token(as_user="nobody@example.com")

    assert port.runs() == []


def test_settings_decide_where_nobody_knows() -> None:
    strict = FakePort(settings=Settings(logs_after_the_end=False))
    strict.add_action("deploy")
    run = strict.complete(strict.execute("deploy"))

    with pytest.raises(RefusedError):
        strict.log(run, "one more thing")


def test_any_operation_may_be_performed_by_its_name(port: FakePort) -> None:
    port.add_action("deploy")
    port.execute("deploy", as_user=ANA)

    answer = port.perform(
        "get-all-action-runs",
        query={"active": True, "source": ["API", "UI"], "limit": 5, "version": "v2"},
        as_user=BEN,
    )

    assert [run["action"]["identifier"] for run in answer["runs"]] == ["deploy"]


def test_an_operation_that_does_not_exist_is_told_with_those_that_do(port: FakePort) -> None:
    with pytest.raises(MisuseError, match=r"no operation 'get-runs'; there are: .*get-users") as up:
        port.perform("get-runs")

    assert "get-all-action-runs" in str(up.value)


@pytest.mark.parametrize("path", [{}, {"run": "r_1"}, {"run_id": "r_1", "action": "deploy"}])
def test_other_path_parameters_are_told(port: FakePort, path: dict[str, str]) -> None:
    with pytest.raises(MisuseError, match=r"'get-action-run-s-details'.*run_id"):
        port.perform("get-action-run-s-details", path=path)


def test_the_login_is_no_operation_to_perform(port: FakePort) -> None:
    with pytest.raises(MisuseError, match=r"ask for token\(\) instead"):
        port.perform("create-access-token", body={})
