"""Who may execute an action, whose runs are seen by whom, and what callers are told they may do."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import Reply
from port_fake.contracts.scenes import Scene, run_of
from port_fake.contracts.values import text, thing

READ = "clients: Terraform's provider, Port's MCP server: GET /v1/actions/{id}/permissions"
CHANGE = "OpenAPI 1.0, PATCH /v1/actions/{action_identifier}/permissions"
EXECUTE = "docs: action permissions; Assumed: the status 403"
POLICIES = "docs: dynamic permissions"
NEEDS = {Need.FURNISH}
PEOPLE = {Need.FURNISH, Need.PEOPLE}

NO_INPUTS: dict[str, Any] = {"properties": {}}
NOBODY: dict[str, Any] = {"users": [], "roles": [], "teams": []}


def permissions(scene: Scene, action: str) -> dict[str, Any]:
    path = {"action_identifier": action}
    return thing(scene.port.get("get-action-permissions", path=path), "permissions")


def change(scene: Scene, action: str, **body: Any) -> dict[str, Any]:
    path = {"action_identifier": action}
    reply = scene.port.get("update-action-permissions", path=path, body=body)
    return thing(reply, "permissions")


def execute(scene: Scene, action: str, user: str | None, **body: Any) -> Reply:
    path = {"action_identifier": action}
    return scene.port.ask(
        "execute-self-service-action", path=path, body={"properties": {}, **body}, as_user=user
    )


def team(scene: Scene, name: str, *members: str) -> str:
    scene.port.get("create-team", body={"name": scene.named(name), "users": list(members)})
    return scene.named(name)


# -- as a document


@question(
    "permissions.default", source=f"{READ}; docs: everyone executes, Admins approve", needs=NEEDS
)
def test_a_new_action_may_be_executed_by_everyone_and_approved_by_admins(scene: Scene) -> None:
    assert permissions(scene, scene.action()) == {
        "execute": {"users": [], "roles": ["Admin", "Member"], "teams": [], "ownedByTeam": False},
        "approve": {"users": [], "roles": ["Admin"], "teams": []},
    }


@question("permissions.changed.keeps-the-rest", source=f"{CHANGE}; {READ}", needs=NEEDS)
def test_what_is_given_changes_and_the_rest_stays(scene: Scene) -> None:
    action, other = scene.action(), scene.action("other")
    before, apart = permissions(scene, action), permissions(scene, other)

    after = change(scene, action, execute={"users": ["b@x.io", "a@x.io"], "ownedByTeam": True})

    rules = {
        "users": ["b@x.io", "a@x.io"],
        "roles": ["Admin", "Member"],
        "teams": [],
        "ownedByTeam": True,
    }
    assert after == {"execute": rules, "approve": before.get("approve")}
    assert permissions(scene, action) == after
    assert permissions(scene, other) == apart


@question("permissions.changed.approve-only", source=CHANGE, needs=NEEDS)
def test_a_change_of_who_approves_leaves_who_executes(scene: Scene) -> None:
    action = scene.action()
    before = permissions(scene, action)

    after = change(scene, action, approve={"roles": [], "teams": ["sre"], "users": ["a@x.io"]})

    assert after.get("approve") == {"users": ["a@x.io"], "roles": [], "teams": ["sre"]}
    assert after.get("execute") == before.get("execute")


POLICY: dict[str, Any] = {
    "queries": {
        "all": {
            "combinator": "and",
            "rules": [{"property": "$blueprint", "operator": "=", "value": "_user"}],
        }
    },
    "conditions": ["true"],
}


@question("permissions.changed.policy-and-null", source=CHANGE, needs=NEEDS)
def test_a_policy_is_kept_until_null_takes_it_away(scene: Scene) -> None:
    action = scene.action()

    first = change(scene, action, execute={"policy": POLICY}).get("execute")
    second = change(scene, action, execute={"teams": ["sre"]}).get("execute")
    third = change(scene, action, execute={"policy": None}).get("execute")

    seen = [one.get("policy") if isinstance(one, dict) else "?" for one in (first, second, third)]
    assert seen == [POLICY, POLICY, None]


BAD: dict[str, Any] = {
    "unknown-key": {"read": {}},
    "users-text": {"execute": {"users": "a@x.io"}},
    "roles-number": {"approve": {"roles": [1]}},
    "owned-text": {"execute": {"ownedByTeam": "yes"}},
    "approve-owned": {"approve": {"ownedByTeam": True}},
    "rules-list": {"execute": []},
    "policy-without-queries": {"execute": {"policy": {"conditions": ["true"]}}},
    "policy-without-conditions": {"execute": {"policy": {"queries": POLICY["queries"]}}},
    "no-conditions": {"execute": {"policy": {**POLICY, "conditions": []}}},
    "empty-condition": {"execute": {"policy": {**POLICY, "conditions": [""]}}},
    "no-queries": {"execute": {"policy": {**POLICY, "queries": {}}}},
}


@question("permissions.bad-body.refused", source=CHANGE, needs=NEEDS)
@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_permissions_that_make_no_sense_are_refused(scene: Scene, body: Any) -> None:
    action = scene.action()
    before = permissions(scene, action)
    path = {"action_identifier": action}

    scene.port.ask("update-action-permissions", path=path, body=body).refused(422)

    assert permissions(scene, action) == before


# -- who executes


@question(
    "permissions.execute.everyone-by-default", source="docs: action permissions", needs=PEOPLE
)
def test_a_member_may_execute_a_new_action(scene: Scene) -> None:
    ana = scene.user("ana")

    run = run_of(execute(scene, scene.action(), ana).must(202))

    assert scene.read(run["id"]) == run | {"payload": scene.read(run["id"]).get("payload")}


@question("permissions.execute.only-who-is-named", source=EXECUTE, needs=PEOPLE)
@pytest.mark.parametrize("way", ["users", "roles", "teams"])
def test_only_who_is_named_may_execute(scene: Scene, way: str) -> None:
    eve, ana = scene.user("eve"), scene.user("ana", roles=["Moderator"])
    sre = team(scene, "sre", ana)
    action = scene.action()
    named = {"users": [ana], "roles": ["Moderator"], "teams": [sre]}
    change(scene, action, execute={**NOBODY, way: named[way]})

    execute(scene, action, eve).refused(403)
    allowed = execute(scene, action, ana).must(202)

    assert [run.get("id") for run in scene.runs(action=action)] == [run_of(allowed)["id"]]


@question(
    "permissions.execute.admins-and-machines-may", source="docs: roles; automations", needs=PEOPLE
)
def test_admins_and_the_organisation_itself_may_execute(scene: Scene) -> None:
    ada = scene.user("ada", roles=["Admin"])
    action = scene.action()
    change(scene, action, execute=NOBODY)

    execute(scene, action, ada).must(202)
    execute(scene, action, None).must(202)

    assert len(scene.runs(action=action)) == 2


@question("permissions.execute.owned-by-team", source=f"{CHANGE}, ownedByTeam; docs", needs=PEOPLE)
def test_who_owns_an_entity_may_act_on_it(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    sre = team(scene, "sre", ana)
    blueprint = scene.blueprint()
    for name, owner in (("ours", [sre]), ("nobodys", [])):
        body = {"identifier": name, "team": owner}
        scene.port.get("create-entity", path={"blueprint_identifier": blueprint}, body=body)
    action = scene.action(blueprint=blueprint, operation="DAY-2")
    change(scene, action, execute={**NOBODY, "ownedByTeam": True})

    execute(scene, action, eve, entity="ours").refused(403)
    execute(scene, action, ana, entity="nobodys").refused(403)
    execute(scene, action, ana, entity="ours").must(202)

    assert len(scene.runs(action=action)) == 1


def where(name: str, value: str) -> dict[str, Any]:
    rules = [
        {"property": "$blueprint", "operator": "=", "value": name},
        {"property": "$identifier", "operator": "=", "value": value},
    ]
    return {"combinator": "and", "rules": rules}


@question("permissions.policy.decides-execution", source=POLICIES, needs=PEOPLE)
def test_a_policy_decides_who_may_execute(scene: Scene) -> None:
    ana = scene.user("ana")
    blueprint = scene.blueprint()
    scene.entity(blueprint, "taken")
    action = scene.action()
    policy = {
        "queries": {"twins": where(blueprint, "{{ .inputs.version }}")},
        "conditions": [".results.twins.entities | length == 0"],
    }
    change(scene, action, execute={"policy": policy})

    execute(scene, action, ana, properties={"version": scene.named("taken")}).refused(403)
    execute(scene, action, ana, properties={"version": "free"}).must(202)

    assert len(scene.runs(action=action)) == 1


@question("permissions.policy.names-approvers", source=POLICIES, needs=PEOPLE)
def test_a_policy_names_who_may_approve(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    action = scene.action(approval="ANY")
    policy = {"queries": {"me": where("_user", ana)}, "conditions": [f'["{ana}"]']}
    change(scene, action, approve={"policy": policy})
    run = scene.run(action, as_user=eve)

    scene.rule(run["id"], "APPROVE", as_user=eve).refused(403)
    reply = scene.rule(run["id"], "APPROVE", as_user=ana).must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


# -- on whose behalf


@question("permissions.run-as.belongs-to-the-user", source="docs: run_as", needs=PEOPLE)
def test_a_run_made_on_behalf_of_a_user_is_the_users(scene: Scene) -> None:
    ana = scene.user("ana")
    user = scene.port.get("get-user", path={"user_email": ana}).object("user")
    path, query = {"action_identifier": scene.action()}, {"run_as": ana}

    reply = scene.port.get(
        "execute-self-service-action", path=path, query=query, body={"properties": {}}
    )

    run = run_of(reply)
    assert run.get("createdBy") == text(user, "id")
    assert run.get("impersonatedBy") == scene.port.credentials.client_id
    assert scene.runs(user_email=ana) == [scene.read(run["id"])]


@question(
    "permissions.run-as.permissions-of-the-user",
    source="docs: run_as; Assumed: checked for the user",
    needs=PEOPLE,
)
def test_on_behalf_of_a_user_only_what_the_user_may_is_done(scene: Scene) -> None:
    ana = scene.user("ana")
    action = scene.action()
    change(scene, action, execute=NOBODY)
    path = {"action_identifier": action}

    scene.port.ask(
        "execute-self-service-action", path=path, query={"run_as": ana}, body=NO_INPUTS
    ).refused(403)

    assert scene.runs(action=action) == []


@question(
    "permissions.run-as.not-by-users", source="docs: run_as: organisation tokens only", needs=PEOPLE
)
def test_a_user_cannot_act_as_another(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    action = scene.action()
    path = {"action_identifier": action}

    scene.port.ask(
        "execute-self-service-action", path=path, query={"run_as": ana}, body=NO_INPUTS, as_user=eve
    ).refused(403)

    assert scene.runs(action=action) == []
