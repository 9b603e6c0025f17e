"""Who may approve a run, who is listed as an approver, and who may take a request back."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene, run_of
from port_fake.contracts.values import moment, text, things

APPROVALS = "docs: self-service approvals"
LIST = "OpenAPI 1.0, GET /v1/actions/runs/{run_id}/approvers"
PEOPLE = {Need.FURNISH, Need.PEOPLE}


def approvers(scene: Scene, run_id: str, **query: Any) -> list[dict[str, Any]]:
    reply = scene.port.get("get-action-run-s-approvers", path={"run_id": run_id}, query=query)
    return things(reply, "approvers")


def pending(scene: Scene, run_id: str) -> list[dict[str, Any]]:
    return approvers(scene, run_id, include_pending_approvers=True)


def id_of(scene: Scene, email: str) -> str:
    return text(scene.port.get("get-user", path={"user_email": email}).object("user"), "id")


def permit(scene: Scene, action: str, **rules: list[str]) -> None:
    body = {"approve": {"users": [], "roles": [], "teams": [], **rules}}
    path = {"action_identifier": action}
    scene.port.get("update-action-permissions", path=path, body=body)


@question(
    "approval.strangers.refused",
    source=f"{APPROVALS}; Assumed: the status 403",
    needs=PEOPLE,
)
@pytest.mark.parametrize("ruling", ["APPROVE", "DECLINE"], ids=str.lower)
def test_who_is_no_approver_cannot_rule(scene: Scene, ruling: str) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    run = scene.run(scene.action(approval="ANY", approvers=[ana]))

    scene.rule(run["id"], ruling, as_user=eve).refused(403)

    assert scene.read(run["id"]) == run
    assert approvers(scene, run["id"]) == []


@question("approval.requester.is-no-approver", source=APPROVALS, needs=PEOPLE)
def test_a_requester_who_is_no_approver_cannot_approve(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    run = scene.run(scene.action(approval="ANY", approvers=[ana]), as_user=eve)

    scene.rule(run["id"], "APPROVE", as_user=eve).refused(403)

    assert scene.read(run["id"])["status"] == "WAITING_FOR_APPROVAL"


@question(
    "approval.requester.may-approve-if-named",
    source="docs: dynamic permissions: only a policy keeps the executor from approving",
    needs=PEOPLE,
)
def test_a_requester_who_is_an_approver_may_approve(scene: Scene) -> None:
    ana = scene.user("ana")
    run = scene.run(scene.action(approval="ANY", approvers=[ana]), as_user=ana)

    reply = scene.rule(run["id"], "APPROVE", as_user=ana).must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


@question("approval.default.admins-approve", source=APPROVALS, needs=PEOPLE)
def test_admins_and_nobody_else_approve_by_default(scene: Scene) -> None:
    eve, ada = scene.user("eve"), scene.user("ada", roles=["Admin"])
    run = scene.run(scene.action(approval="ANY"))

    scene.rule(run["id"], "APPROVE", as_user=eve).refused(403)
    listed = pending(scene, run["id"])
    reply = scene.rule(run["id"], "APPROVE", as_user=ada).must(201)

    assert [one.get("userId") for one in listed] == [id_of(scene, ada)]
    assert run_of(reply)["status"] == "IN_PROGRESS"


@question("approval.admin.always-may", source="docs: roles: Admins may do anything", needs=PEOPLE)
def test_an_admin_whom_nobody_named_may_approve(scene: Scene) -> None:
    ana, ada = scene.user("ana"), scene.user("ada", roles=["Admin"])
    run = scene.run(scene.action(approval="ANY", approvers=[ana]))

    reply = scene.rule(run["id"], "APPROVE", as_user=ada).must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


@question("approval.named.role", source=f"{APPROVALS}: roles", needs=PEOPLE)
def test_who_has_a_named_role_may_approve(scene: Scene) -> None:
    mod, eve = scene.user("mod", roles=["Moderator"]), scene.user("eve")
    action = scene.action(approval="ANY")
    permit(scene, action, roles=["Moderator"])
    run = scene.run(action)

    scene.rule(run["id"], "APPROVE", as_user=eve).refused(403)
    reply = scene.rule(run["id"], "APPROVE", as_user=mod).must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


@question("approval.named.team", source=f"{APPROVALS}: teams", needs=PEOPLE)
def test_who_is_in_a_named_team_may_approve(scene: Scene) -> None:
    tim, eve = scene.user("tim"), scene.user("eve")
    for name, users in (("sre", [tim]), ("web", [eve])):
        scene.port.get("create-team", body={"name": scene.named(name), "users": users})
    action = scene.action(approval="ANY")
    permit(scene, action, teams=[scene.named("sre")])
    run = scene.run(action)

    scene.rule(run["id"], "APPROVE", as_user=eve).refused(403)
    listed = pending(scene, run["id"])
    reply = scene.rule(run["id"], "APPROVE", as_user=tim).must(201)

    assert [one.get("userId") for one in listed] == [id_of(scene, tim)]
    assert run_of(reply)["status"] == "IN_PROGRESS"


@question("approval.all.counts-users-roles-and-teams", source=APPROVALS, needs=PEOPLE)
def test_under_all_everybody_counts_who_is_named_in_any_way(scene: Scene) -> None:
    ana, tim = scene.user("ana"), scene.user("tim")
    mod = scene.user("mod", roles=["Moderator"])
    team = scene.named("sre")
    scene.port.get("create-team", body={"name": team, "users": [tim, ana]})
    action = scene.action(approval="ALL")
    permit(scene, action, users=[ana], roles=["Moderator"], teams=[team])
    run = scene.run(action)
    listed = pending(scene, run["id"])

    seen = [
        run_of(scene.rule(run["id"], "APPROVE", as_user=voter).must(201))["status"]
        for voter in (mod, tim, ana)
    ]

    assert sorted(text(one, "userId") for one in listed) == sorted(
        id_of(scene, voter) for voter in (ana, tim, mod)
    )
    assert seen == ["WAITING_FOR_APPROVAL", "WAITING_FOR_APPROVAL", "IN_PROGRESS"]


# -- taking a request back


@question("approval.withdrawn.by-requester", source=f"{APPROVALS}: withdraw", needs=PEOPLE)
def test_a_requester_may_take_the_request_back(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    run = scene.run(scene.action(approval="ANY", approvers=[ana]), as_user=eve)
    path = {"run_id": run["id"]}

    reply = scene.port.get(
        "update-action-run",
        path=path,
        query={"version": "v2"},
        body={"status": "FAILURE"},
        as_user=eve,
    )
    scene.rule(run["id"], "APPROVE", as_user=ana).refused(422)

    assert run_of(reply)["status"] == "FAILURE"
    assert scene.read(run["id"]) == run_of(reply)
    assert moment(run_of(reply), "endedAt") > moment(run, "createdAt")
    assert run_of(reply).get("approval") is None


@question(
    "approval.withdrawn.not-by-strangers",
    source=f"{APPROVALS}: the requester may; Assumed: other Members are answered 403",
    needs=PEOPLE,
)
def test_somebody_else_cannot_take_the_request_back(scene: Scene) -> None:
    ana, eve = scene.user("ana"), scene.user("eve")
    run = scene.run(scene.action(approval="ANY"), as_user=ana)
    path = {"run_id": run["id"]}

    scene.port.ask("update-action-run", path=path, body={"status": "FAILURE"}, as_user=eve).refused(
        403
    )

    assert scene.read(run["id"]) == run


@question(
    "approval.waiting.backend-cannot-end-it",
    source=f"{APPROVALS}: a run that waits is approved, declined or withdrawn; "
    "OpenAPI 1.0: of the refusals only 422 fits",
    needs={Need.FURNISH},
)
def test_a_run_that_waits_can_neither_succeed_nor_be_ended_by_its_log(scene: Scene) -> None:
    run = scene.run(scene.action(approval="ANY"))
    path = {"run_id": run["id"]}
    line = {"message": "done", "terminationStatus": "SUCCESS"}

    scene.port.ask("update-action-run", path=path, body={"status": "SUCCESS"}).refused(422)
    scene.port.ask("add-log-action-run", path=path, body=line).refused(422)

    assert scene.read(run["id"]) == run
    assert scene.logs(run["id"]) == []


# -- the list


@question("approval.approvers.none-without-approval", source=LIST, needs={Need.FURNISH})
@pytest.mark.parametrize("query", [{}, {"include_pending_approvers": True}], ids=["voted", "all"])
def test_a_run_without_approval_has_no_approvers(scene: Scene, query: dict[str, Any]) -> None:
    run = scene.run(scene.action())

    assert approvers(scene, run["id"], **query) == []


@question("approval.approvers.voted-only-by-default", source=LIST, needs=PEOPLE)
@pytest.mark.parametrize(
    "query", [{}, {"include_pending_approvers": False}], ids=["absent", "false"]
)
def test_only_those_who_voted_are_listed(scene: Scene, query: dict[str, Any]) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = scene.run(scene.action(approval="ALL", approvers=[ana, ben]))
    before = approvers(scene, run["id"], **query)

    scene.rule(run["id"], "APPROVE", as_user=ben, description="fine").must(201)
    found = approvers(scene, run["id"], **query)

    assert before == []
    assert [one.get("userId") for one in found] == [id_of(scene, ben)]
    assert found[0].get("description") == "fine"
    assert text(found[0], "state") != "PENDING"


@question("approval.approvers.pending-on-request", source=LIST, needs=PEOPLE)
def test_those_who_have_yet_to_vote_are_listed_on_request(scene: Scene) -> None:
    voters = [scene.user(name) for name in ("ana", "ben", "cem")]
    run = scene.run(scene.action(approval="ALL", approvers=voters))
    before = pending(scene, run["id"])

    scene.rule(run["id"], "APPROVE", as_user=voters[2]).must(201)
    after = pending(scene, run["id"])

    ids = [id_of(scene, voter) for voter in voters]
    states = {text(one, "userId"): text(one, "state") for one in after}
    assert sorted(text(one, "userId") for one in before) == sorted(ids)
    assert len({text(one, "state") for one in before}) == 1
    assert states.keys() == set(ids)
    assert len(after) == len(ids)
    assert states[ids[0]] == states[ids[1]] == text(before[0], "state")
    assert states[ids[2]] != states[ids[0]]


@question("approval.approvers.in-order-of-votes", source=LIST, needs=PEOPLE)
def test_those_who_voted_are_listed_in_the_order_of_their_votes(scene: Scene) -> None:
    voters = [scene.user(name) for name in ("ana", "ben", "cem")]
    run = scene.run(scene.action(approval="ALL", approvers=voters))

    for voter in reversed(voters):
        scene.rule(run["id"], "APPROVE", as_user=voter).must(201)

    found = approvers(scene, run["id"])
    assert [one.get("userId") for one in found] == [id_of(scene, one) for one in reversed(voters)]
    assert len({text(one, "state") for one in found}) == 1


@question(
    "approval.approvers.pending-word",
    source="Assumed: PENDING; no source lists the words",
    level=Level.UNKNOWN,
    needs=PEOPLE,
)
def test_the_state_of_who_has_yet_to_vote_has_a_word(scene: Scene, observe: Any) -> None:
    run = scene.run(scene.action(approval="ANY", approvers=[scene.user("ana")]))

    states = [one.get("state") for one in pending(scene, run["id"])]

    observe(f"the states are {states!r}")
    assert states == ["PENDING"]


@question("approval.approvers.flag-must-be-boolean", source=LIST, needs={Need.FURNISH})
def test_whether_to_list_the_pending_is_a_boolean(scene: Scene) -> None:
    run = scene.run(scene.action(approval="ANY"))

    scene.port.ask(
        "get-action-run-s-approvers",
        path={"run_id": run["id"]},
        query={"include_pending_approvers": "perhaps"},
    ).refused(422)


@question("approval.approvers.unknown-run", source=LIST)
def test_a_run_that_does_not_exist_has_no_approvers(scene: Scene) -> None:
    path = {"run_id": "r_doesNotExist0000"}
    query = {"include_pending_approvers": False}

    reply = scene.port.ask("get-action-run-s-approvers", path=path, query=query).refused(404)

    assert reply["error"] == "not_found"
