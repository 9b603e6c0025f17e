"""What callers are told that they may do, and whose runs are seen by whom."""

from __future__ import annotations

from typing import Any

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import text, thing, things, whole

OWN = "client: Port's MCP server: GET /v1/auth/permissions"
SIGHT = "docs: allowAnyoneToViewRuns"
PEOPLE = {Need.FURNISH, Need.PEOPLE}

NOBODY: dict[str, Any] = {"users": [], "roles": [], "teams": []}


def change(scene: Scene, action: str, **body: Any) -> dict[str, Any]:
    path = {"action_identifier": action}
    reply = scene.port.get("update-action-permissions", path=path, body=body)
    return thing(reply, "permissions")


def team(scene: Scene, name: str, *members: str) -> str:
    scene.port.get("create-team", body={"name": scene.named(name), "users": list(members)})
    return scene.named(name)


# -- what is told


@question("permissions.own.lists-what-may-be-executed", source=OWN, needs=PEOPLE)
def test_everybody_is_told_what_they_may_execute(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    free, closed = scene.action("free"), scene.action("closed")
    change(scene, closed, execute={**NOBODY, "users": [ana]})
    wanted = [f"execute:actions:{free}", f"execute:actions:{closed}"]

    def told(user: str | None) -> list[str]:
        query = {"action_version": "v2"}
        reply = scene.port.get("get-own-permissions", query=query, as_user=user)
        found = whole(reply, "permissions")["permissions"]
        return [one for one in found if one in wanted] if isinstance(found, list) else []

    assert told(None) == wanted
    assert told(ana) == wanted
    assert told(eve) == wanted[:1]


@question("permissions.own.on-entities-of-the-team", source=OWN, needs=PEOPLE)
def test_who_may_act_on_the_teams_entities_only_is_told_so(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    team(scene, "sre", ana)
    action = scene.action(blueprint=scene.blueprint(), operation="DAY-2")
    change(scene, action, execute={**NOBODY, "ownedByTeam": True})

    def told(user: str) -> Any:
        return scene.port.get("get-own-permissions", as_user=user)["permissions"]

    assert told(ana) == [f"execute:team_entities:actions:{action}"]
    assert told(eve) == []


# -- who sees


def secretive(scene: Scene, approvers: list[str]) -> str:
    """Make an action whose runs wait, and are not for everybody's eyes."""
    body = {
        "identifier": scene.named("secret"),
        "trigger": {
            "type": "self-service",
            "operation": "CREATE",
            "userInputs": {"properties": {}},
        },
        "invocationMethod": {"type": "KAFKA"},
        "requiredApproval": {"type": "ALL"},
        "allowAnyoneToViewRuns": False,
    }
    scene.port.get("create-action", body=body)
    change(scene, scene.named("secret"), approve={**NOBODY, "users": approvers})
    return scene.named("secret")


def seen_by(scene: Scene, user: str | None) -> list[str]:
    reply = scene.port.get("get-all-action-runs", query={"version": "v2"}, as_user=user)
    return sorted(text(one, "id") for one in things(reply, "runs"))


@question("permissions.sight.listed", source=SIGHT, needs=PEOPLE)
def test_hidden_runs_are_listed_to_those_concerned(scene: Scene) -> None:
    ana, ben, eve = scene.user("ana"), scene.user("ben"), scene.user("eve")
    ada = scene.user("ada", roles=["Admin"])
    hidden = scene.run(secretive(scene, [ben]), as_user=ana)["id"]
    shown = scene.run(scene.action("open"))["id"]

    seen = {
        name: seen_by(scene, user)
        for name, user in (
            ("machine", None),
            ("admin", ada),
            ("maker", ana),
            ("approver", ben),
            ("member", eve),
        )
    }

    both = sorted([shown, hidden])
    assert seen.pop("member") == [shown]
    assert seen == dict.fromkeys(("machine", "admin", "maker", "approver"), both)


@question("permissions.sight.not-found", source=f"{SIGHT}; Assumed: 404", needs=PEOPLE)
def test_a_hidden_run_is_not_found_by_others(scene: Scene) -> None:
    ana, ben, eve = scene.user("ana"), scene.user("ben"), scene.user("eve")
    run = scene.run(secretive(scene, [ben]), as_user=ana)
    path = {"run_id": run["id"]}
    reads = ("get-action-run-s-details", "get-action-s-run-logs", "get-action-run-s-approvers")

    for operation in reads:
        scene.port.ask(operation, path=path, as_user=eve).refused(404)
        for user in (ana, ben):
            scene.port.get(operation, path=path, as_user=user)
    scene.port.ask("update-action-run", path=path, body={"status": "FAILURE"}, as_user=eve).refused(
        404
    )
    scene.port.ask("add-log-action-run", path=path, body={"message": "x"}, as_user=eve).refused(404)
    scene.rule(run["id"], "APPROVE", as_user=eve).refused(404)

    assert scene.read(run["id"]) == run
    assert scene.logs(run["id"]) == []


@question(
    "permissions.audit.not-for-members", source="OpenAPI 1.0, GET /v1/audit-log", needs=PEOPLE
)
def test_a_member_reads_the_audit_log_of_something_only(scene: Scene) -> None:
    eve, ada = scene.user("eve"), scene.user("ada", roles=["Admin"])
    run = scene.run(scene.action())

    scene.port.ask("get-audit-logs", as_user=eve).refused(403)
    scene.port.get("get-audit-logs", query={"run_id": run["id"]}, as_user=eve)
    scene.port.get("get-audit-logs", as_user=ada)
