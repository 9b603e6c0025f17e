"""How a vote goes: what releases a run that waits for approval, and what ends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Button, Scene, run_of
from port_fake.contracts.values import inner, moment, must_be_restamped, thing

VOTE = "OpenAPI 1.0, PATCH /v1/actions/runs/{run_id}/approval"
APPROVALS = "docs: self-service approvals"
PEOPLE = {Need.FURNISH, Need.PEOPLE}


def waiting(scene: Scene, approval: Any, *approvers: str, name: str = "deploy") -> dict[str, Any]:
    """Make a run that waits for these."""
    return scene.run(scene.action(name, approval=approval, approvers=approvers))


def id_of(scene: Scene, email: str) -> str:
    reply = scene.port.get("get-user", path={"user_email": email})
    return str(reply.object("user").get("id"))


@question("approval.required.run-waits", source=APPROVALS, needs={Need.FURNISH})
@pytest.mark.parametrize("approval", ["ANY", "ALL", True], ids=["any", "all", "true"])
def test_a_run_that_needs_approval_waits_for_it(scene: Scene, approval: Any) -> None:
    run = waiting(scene, approval)

    assert run["status"] == "WAITING_FOR_APPROVAL"
    assert run.get("requiredApproval") == (approval if approval is True else {"type": approval})
    assert run.get("approval") is None
    assert run.get("endedAt") is None
    assert scene.read(run["id"]).get("status") == "WAITING_FOR_APPROVAL"


@question("approval.not-required.run-starts", source=APPROVALS, needs={Need.FURNISH})
@pytest.mark.parametrize("approval", [None, False], ids=["absent", "false"])
def test_a_run_that_needs_no_approval_starts_at_once(scene: Scene, approval: Any) -> None:
    run = waiting(scene, approval)

    assert run["status"] == "IN_PROGRESS"
    assert run.get("requiredApproval") is False
    assert run.get("approval") is None


@question("approval.any.one-vote-releases", source=APPROVALS, needs=PEOPLE)
@pytest.mark.parametrize("approval", ["ANY", True], ids=["any", "true"])
def test_one_vote_of_many_releases_the_run(scene: Scene, approval: Any) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = waiting(scene, approval, ana, ben)

    reply = scene.rule(run["id"], "APPROVE", as_user=ben).must(201)

    assert thing(reply, "run").get("status") == "IN_PROGRESS"
    assert scene.read(run["id"])["status"] == "IN_PROGRESS"
    assert scene.read(run["id"]).get("endedAt") is None


@question("approval.all.waits-for-the-last", source=APPROVALS, needs=PEOPLE)
def test_under_all_the_run_waits_for_the_last_vote(scene: Scene) -> None:
    voters = [scene.user(name) for name in ("ana", "ben", "cem")]
    run = waiting(scene, "ALL", *voters)
    seen = []

    for voter in voters:
        told = run_of(scene.rule(run["id"], "APPROVE", as_user=voter).must(201))["status"]
        seen.append((told, scene.read(run["id"])["status"]))

    assert seen == [
        ("WAITING_FOR_APPROVAL", "WAITING_FOR_APPROVAL"),
        ("WAITING_FOR_APPROVAL", "WAITING_FOR_APPROVAL"),
        ("IN_PROGRESS", "IN_PROGRESS"),
    ]


@question("approval.all.one-approver-suffices-alone", source=APPROVALS, needs=PEOPLE)
def test_under_all_a_single_approver_releases_the_run(scene: Scene) -> None:
    ana = scene.user("ana")
    run = waiting(scene, "ALL", ana)

    reply = scene.rule(run["id"], "APPROVE", as_user=ana).must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


@question(
    "approval.decline.one-ends-the-run",
    source=f"{APPROVALS}; Assumed: one decline suffices under ALL",
    needs=PEOPLE,
)
@pytest.mark.parametrize("approval", ["ANY", "ALL", True], ids=["any", "all", "true"])
def test_one_who_declines_ends_the_run(scene: Scene, approval: Any) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = waiting(scene, approval, ana, ben)

    reply = scene.rule(run["id"], "DECLINE", as_user=ana).must(201)
    found = scene.read(run["id"])

    assert run_of(reply)["status"] == "DECLINED"
    assert found["status"] == "DECLINED"
    assert moment(found, "endedAt") > moment(found, "createdAt")


@question(
    "approval.decline.after-an-approval-ends-the-run",
    source=f"{APPROVALS}; Assumed: one decline suffices under ALL",
    needs=PEOPLE,
)
def test_who_declines_after_others_approved_ends_the_run(scene: Scene) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = waiting(scene, "ALL", ana, ben)
    scene.rule(run["id"], "APPROVE", as_user=ana).must(201)

    reply = scene.rule(run["id"], "DECLINE", as_user=ben).must(201)

    assert run_of(reply)["status"] == "DECLINED"
    assert scene.read(run["id"])["status"] == "DECLINED"


@question(
    "approval.machine.releases",
    source="docs: automatic approval through the API",
    needs={Need.FURNISH},
)
def test_the_organisation_itself_may_approve(scene: Scene) -> None:
    run = waiting(scene, "ANY")

    reply = scene.rule(run["id"], "APPROVE").must(201)

    assert run_of(reply)["status"] == "IN_PROGRESS"


@question(
    "approval.all.machine-replaces-nobody",
    source="Assumed: a vote of the organisation's own is one more",
    level=Level.UNKNOWN,
    needs=PEOPLE,
)
def test_under_all_the_organisation_votes_for_nobody_else(scene: Scene) -> None:
    run = waiting(scene, "ALL", scene.user("ana"))

    reply = scene.rule(run["id"], "APPROVE").must(201)

    assert run_of(reply)["status"] == "WAITING_FOR_APPROVAL"


@question("approval.all.nobody-votes-twice", source=APPROVALS, needs=PEOPLE)
def test_a_second_vote_of_the_same_approver_does_not_count(scene: Scene) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = waiting(scene, "ALL", ana, ben)
    scene.rule(run["id"], "APPROVE", as_user=ana).must(201)
    before = scene.read(run["id"])

    scene.rule(run["id"], "APPROVE", as_user=ana).refused(409, 422)

    assert scene.read(run["id"]) == before
    assert before["status"] == "WAITING_FOR_APPROVAL"


@question(
    "approval.not-waiting.refused",
    source=f"{VOTE}: of its refusals only 422 fits; Assumed: that it is one",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("ruling", ["APPROVE", "DECLINE"], ids=str.lower)
@pytest.mark.parametrize("way", ["APPROVE", "DECLINE", "withdraw", "end"], ids=str.lower)
def test_a_run_that_no_longer_waits_takes_no_vote(scene: Scene, way: str, ruling: str) -> None:
    run = waiting(scene, "ANY")
    if way == "withdraw":
        scene.update(run["id"], status="FAILURE")
    else:
        scene.rule(run["id"], "APPROVE" if way == "end" else way).must(201)
    if way == "end":
        scene.update(run["id"], status="SUCCESS")
    before = scene.read(run["id"])

    scene.rule(run["id"], ruling).refused(422)

    assert scene.read(run["id"]) == before


@question(
    "approval.never-waited.refused",
    source=f"{VOTE}: of its refusals only 422 fits; Assumed: that it is one",
    needs={Need.WRITE},
)
@pytest.mark.parametrize("ruling", ["APPROVE", "DECLINE"], ids=str.lower)
def test_a_run_that_never_waited_takes_no_vote(button: Button, ruling: str) -> None:
    run = button.press()
    if run["status"] == "WAITING_FOR_APPROVAL":
        pytest.skip("runs of this action wait for approval")
    before = button.scene.read(run["id"])

    button.scene.rule(run["id"], ruling).refused(422)

    after = button.scene.read(run["id"])
    assert after["status"] == before["status"]
    assert after.get("approval") is None


@question("approval.unknown-run.not-found", source=VOTE, needs={Need.FURNISH})
def test_a_run_that_does_not_exist_takes_no_vote(scene: Scene) -> None:
    refusal = scene.rule("r_doesNotExist0000", "APPROVE").refused(404)

    assert refusal["error"] == "not_found"


@question("approval.one-run.others-wait", source=APPROVALS, needs={Need.FURNISH})
def test_a_vote_is_about_one_run_only(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    first, second, third = scene.run(action), scene.run(action), scene.run(action)

    scene.rule(second["id"], "APPROVE").must(201)
    scene.rule(third["id"], "DECLINE").must(201)

    assert scene.read(first["id"]) == first
    assert scene.read(second["id"])["status"] == "IN_PROGRESS"
    assert scene.read(third["id"])["status"] == "DECLINED"


BAD_BODIES: dict[str, Any] = {
    "empty": {},
    "lower-case": {"status": "approve"},
    "past-tense": {"status": "APPROVED"},
    "reject": {"status": "REJECT"},
    "run-status": {"status": "IN_PROGRESS"},
    "null": {"status": None},
    "number": {"status": 1},
    "list": {"status": ["APPROVE"]},
    "unknown-key": {"status": "APPROVE", "comment": "x"},
    "description-only": {"description": "x"},
    "description-number": {"status": "APPROVE", "description": 5},
    "description-null": {"status": "APPROVE", "description": None},
    "array": [],
    "text": "APPROVE",
}


@question("approval.bad-body.refused", source=VOTE, needs={Need.FURNISH})
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_vote_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    run = waiting(scene, "ANY")
    path = {"run_id": run["id"]}

    scene.port.ask("approve-action-run", path=path, body=body).refused(422)

    assert scene.read(run["id"]) == run
    assert scene.port.get("get-action-run-s-approvers", path=path).objects("approvers") == []


@question("approval.no-body.refused", source=VOTE, needs={Need.FURNISH})
def test_a_vote_without_a_body_is_refused(scene: Scene) -> None:
    run = waiting(scene, "ANY")

    scene.port.ask("approve-action-run", path={"run_id": run["id"]}).refused(422)

    assert scene.read(run["id"]) == run


@question("approval.version.shape", source=f"{VOTE}, version; docs: runs", needs={Need.FURNISH})
@pytest.mark.parametrize("version", ["v1", "v2", None], ids=["v1", "v2", "absent"])
def test_the_answer_to_a_vote_is_the_run_in_the_version_asked_for(
    scene: Scene, version: str | None
) -> None:
    run = waiting(scene, "ANY")
    query = {} if version is None else {"version": version}
    path = {"run_id": run["id"]}

    reply = scene.port.get("approve-action-run", path=path, query=query, body={"status": "APPROVE"})

    told = thing(reply, "run")
    assert told == scene.read(run["id"], version or "v1")
    assert isinstance(told.get("action"), dict if version == "v2" else str)
    assert ("endedAt" in told) is (version != "v2")


@question("approval.version.unknown-refused", source=f"{VOTE}, version", needs={Need.FURNISH})
def test_a_vote_that_asks_for_an_unknown_version_decides_nothing(scene: Scene) -> None:
    run = waiting(scene, "ANY")
    path = {"run_id": run["id"]}

    scene.port.ask(
        "approve-action-run", path=path, query={"version": "v3"}, body={"status": "APPROVE"}
    ).refused(422)

    assert scene.read(run["id"]) == run


@question("approval.shown.by-whom-and-why", source="OpenAPI 1.0, a run's approval", needs=PEOPLE)
@pytest.mark.parametrize("ruling", ["APPROVE", "DECLINE"], ids=str.lower)
def test_the_run_shows_who_decided_and_why(scene: Scene, ruling: str) -> None:
    ana = scene.user("ana")
    run = waiting(scene, "ANY", ana)
    why = 'Größe passt, "ok" \U0001f680'

    scene.rule(run["id"], ruling, as_user=ana, description=why).must(201)
    found = scene.read(run["id"])
    approval = inner(found, "approval")
    voters = scene.port.get("get-action-run-s-approvers", path={"run_id": run["id"]})

    assert approval.get("userId") == id_of(scene, ana)
    assert approval.get("description") == why
    assert voters.objects("approvers") == [approval]
    must_be_restamped(found, run, by=id_of(scene, ana))


@question("approval.shown.without-reason", source="OpenAPI 1.0, a run's approval", needs=PEOPLE)
def test_a_vote_without_a_reason_shows_none(scene: Scene) -> None:
    ana = scene.user("ana")
    run = waiting(scene, "ANY", ana)

    scene.rule(run["id"], "APPROVE", as_user=ana).must(201)

    approval = inner(scene.read(run["id"]), "approval")
    assert approval.get("userId") == id_of(scene, ana)
    assert approval.get("description") is None


@question(
    "approval.shown.state-words",
    source="Assumed: APPROVED and DECLINED; no source lists the words",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("word", ["APPROVED", "DECLINED"], ids=str.lower)
def test_the_state_of_an_approval_has_a_word(scene: Scene, observe: Any, word: str) -> None:
    run = waiting(scene, "ANY")

    scene.rule(run["id"], word.removesuffix("D")).must(201)

    state = inner(scene.read(run["id"]), "approval").get("state")
    observe(f"the state is {state!r}")
    assert state == word


@question("approval.shown.states-differ", source="OpenAPI 1.0, a run's approval", needs=PEOPLE)
def test_the_state_tells_an_approval_from_a_refusal(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    yes, no = scene.run(action), scene.run(action)

    scene.rule(yes["id"], "APPROVE").must(201)
    scene.rule(no["id"], "DECLINE").must(201)

    states = [inner(scene.read(run["id"]), "approval").get("state") for run in (yes, no)]
    assert all(isinstance(state, str) and state for state in states)
    assert states[0] != states[1]


@question("approval.undecided.shows-none", source=APPROVALS, needs=PEOPLE)
def test_a_vote_that_is_not_over_is_not_shown_as_decided(scene: Scene) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    run = waiting(scene, "ALL", ana, ben)

    scene.rule(run["id"], "APPROVE", as_user=ana, description="mine").must(201)

    assert scene.read(run["id"]).get("approval") is None


@question("approval.many-at-once.one-releases", source=APPROVALS, needs=PEOPLE)
def test_of_many_votes_at_once_one_releases_the_run(scene: Scene) -> None:
    voters = [scene.user(f"voter-{number}") for number in range(4)]
    run = waiting(scene, "ANY", *voters)
    for voter in voters:
        scene.port.token(voter)

    with ThreadPoolExecutor(len(voters)) as pool:
        replies = list(
            pool.map(lambda voter: scene.rule(run["id"], "APPROVE", as_user=voter), voters)
        )

    assert sorted(reply.status for reply in replies) == [201, 422, 422, 422]
    assert scene.read(run["id"])["status"] == "IN_PROGRESS"
