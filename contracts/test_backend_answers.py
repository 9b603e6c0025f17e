"""When a backend is invoked, and what its answer does to the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.receiving import Inbox, Letter, await_run, runs_of
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import inner, moment

WEBHOOK = "docs: actions, webhook backend"
NEEDS = {Need.FURNISH, Need.RECEIVER}


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as inbox:
        yield inbox


# -- approval


@question(
    "invocation.approval.not-before-and-once-after",
    source="docs: self-service approvals",
    needs=NEEDS,
)
def test_a_run_reaches_its_backend_once_it_is_approved(scene: Scene, inbox: Inbox) -> None:
    free = scene.action("free", calls=inbox.webhook())
    action = scene.action(approval="ANY", calls=inbox.webhook())
    run = scene.run(action)
    before = scene.run(free)
    inbox.wait_for(1)

    scene.rule(run["id"], "APPROVE").must(201)
    inbox.wait_for(2)
    scene.rule(run["id"], "APPROVE").refused(422)
    after = scene.run(free)

    assert runs_of(inbox.wait_for(3)) == [before["id"], run["id"], after["id"]]


@question(
    "invocation.approval.all-invokes-after-the-last",
    source="docs: self-service approvals",
    needs=NEEDS | {Need.PEOPLE},
)
def test_under_all_the_backend_is_reached_after_the_last_vote(scene: Scene, inbox: Inbox) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    free = scene.action("free", calls=inbox.webhook())
    action = scene.action(approval="ALL", approvers=[ana, ben], calls=inbox.webhook())
    run = scene.run(action)
    scene.rule(run["id"], "APPROVE", as_user=ana).must(201)
    between = scene.run(free)
    inbox.wait_for(1)

    scene.rule(run["id"], "APPROVE", as_user=ben).must(201)

    assert runs_of(inbox.wait_for(2)) == [between["id"], run["id"]]


@question(
    "invocation.approval.declined-never-arrives", source="docs: self-service approvals", needs=NEEDS
)
@pytest.mark.parametrize("way", ["decline", "withdraw"])
def test_a_declined_run_never_reaches_its_backend(scene: Scene, inbox: Inbox, way: str) -> None:
    free = scene.action("free", calls=inbox.webhook())
    run = scene.run(scene.action(approval="ANY", calls=inbox.webhook()))
    if way == "decline":
        scene.rule(run["id"], "DECLINE").must(201)
    else:
        scene.update(run["id"], status="FAILURE")
    scene.rule(run["id"], "APPROVE").refused(422)

    later = scene.run(free)

    assert runs_of(inbox.wait_for(1)) == [later["id"]]


@question(
    "invocation.approval.notification",
    source="docs: self-service approvals: notifications",
    needs=NEEDS,
)
@pytest.mark.parametrize("form", ["json", "slack"])
def test_approvers_are_told_by_one_post(scene: Scene, inbox: Inbox, form: str) -> None:
    body = {
        "identifier": scene.named("deploy"),
        "trigger": {
            "type": "self-service",
            "operation": "CREATE",
            "userInputs": {"properties": {}},
        },
        "invocationMethod": inbox.webhook(url=f"{inbox.url}/backend"),
        "requiredApproval": {"type": "ANY"},
        "approvalNotification": {
            "type": "webhook",
            "url": f"{inbox.url}/approvers",
            "format": form,
        },
    }
    scene.port.get("create-action", body=body)

    run = scene.run(scene.named("deploy"))
    told = inbox.wait_for(1)[0]
    scene.rule(run["id"], "APPROVE").must(201)
    letters = inbox.wait_for(2)

    assert (told.method, told.path) == ("POST", "/approvers")
    assert isinstance(told.json, dict)
    assert run["id"] in told.body.decode(errors="replace")
    assert [letter.path for letter in letters] == ["/approvers", "/backend"]


@question("invocation.refused.nothing-arrives", source=WEBHOOK, needs=NEEDS)
def test_a_run_that_is_refused_never_reaches_a_backend(scene: Scene, inbox: Inbox) -> None:
    action = scene.action(calls=inbox.webhook(), required=["version"])
    path = {"action_identifier": action}

    scene.port.ask("execute-self-service-action", path=path, body={"properties": {}}).refused(422)
    run = scene.run(action, properties={"version": "1"})

    assert runs_of(inbox.wait_for(1)) == [run["id"]]


# -- what the answer of a backend does


@question("invocation.async.stays-in-progress", source="docs: reflect action progress", needs=NEEDS)
def test_an_answer_does_not_end_an_asynchronous_run(scene: Scene, inbox: Inbox) -> None:
    inbox.answers(200, body={"status": "SUCCESS"})
    action = scene.action(calls=inbox.webhook())
    run = scene.run(action)
    inbox.wait_for(1)
    scene.run(action)
    inbox.wait_for(2)

    found = scene.read(run["id"])

    assert found["status"] == "IN_PROGRESS"
    assert found.get("endedAt") is None
    assert "response" not in found


@question("invocation.sync.2xx-succeeds", source=f"{WEBHOOK}: synchronized", needs=NEEDS)
@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_synchronized_backend_that_is_content_ends_the_run_well(
    scene: Scene, inbox: Inbox, status: int
) -> None:
    response = {"incident": {"id": 7, "name": "Größe"}, "items": [1, None]}
    inbox.answers(status, body=response)

    run = scene.run(scene.action(calls=inbox.webhook(synchronized=True)))
    found = await_run(scene.port, run["id"], "SUCCESS", "FAILURE")

    assert found["status"] == "SUCCESS"
    assert found.get("response") == response
    assert moment(found, "endedAt") >= moment(found, "createdAt")
    assert inner(found, "payload").get("synchronized") is True


@question("invocation.sync.other-fails", source=f"{WEBHOOK}: synchronized", needs=NEEDS)
@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_synchronized_backend_that_is_not_content_fails_the_run(
    scene: Scene, inbox: Inbox, status: int
) -> None:
    inbox.answers(status, body={"reason": "no"})

    run = scene.run(scene.action(calls=inbox.webhook(synchronized=True)))
    found = await_run(scene.port, run["id"], "SUCCESS", "FAILURE")

    assert found["status"] == "FAILURE"
    assert found.get("response") == {"reason": "no"}
    assert moment(found, "endedAt") >= moment(found, "createdAt")
    assert len(inbox.letters) == 1


@question("invocation.sync.text-is-kept", source=f"{WEBHOOK}: synchronized", needs=NEEDS)
def test_an_answer_that_is_no_json_is_kept_as_text(scene: Scene, inbox: Inbox) -> None:
    inbox.answers(200, text="all is well")

    run = scene.run(scene.action(calls=inbox.webhook(synchronized=True)))

    assert await_run(scene.port, run["id"], "SUCCESS").get("response") == "all is well"


@question("invocation.sync.after-approval", source=f"{WEBHOOK}: synchronized", needs=NEEDS)
def test_a_synchronized_run_ends_after_its_approval(scene: Scene, inbox: Inbox) -> None:
    run = scene.run(scene.action(approval="ANY", calls=inbox.webhook(synchronized=True)))
    waits = scene.read(run["id"])["status"], len(inbox.letters)

    scene.rule(run["id"], "APPROVE").must(201)
    found = await_run(scene.port, run["id"], "SUCCESS", "FAILURE")

    assert waits == ("WAITING_FOR_APPROVAL", 0)
    assert found["status"] == "SUCCESS"
    assert len(inbox.letters) == 1


@question(
    "invocation.async.refused-fails-the-run",
    source="Assumed: as Port's agent does; undocumented for Port's own sender",
    level=Level.UNKNOWN,
    needs=NEEDS,
)
def test_a_backend_that_refuses_fails_an_asynchronous_run(
    scene: Scene, inbox: Inbox, observe: Any
) -> None:
    inbox.answers(503)
    run = scene.run(scene.action(calls=inbox.webhook()))
    inbox.wait_for(1)

    found = await_run(scene.port, run["id"], "FAILURE")

    observe(f"the summary is {found.get('summary')!r}")


@question(
    "invocation.backend.reports-while-it-handles",
    source="docs: reflect action progress",
    needs=NEEDS,
)
def test_a_backend_may_report_while_it_handles_the_request(scene: Scene, inbox: Inbox) -> None:
    def report(letter: Letter) -> None:
        run_id = str(runs_of([letter])[0])
        scene.log(run_id, "working")
        scene.update(run_id, link=["https://ci.example.com/1"], status="SUCCESS")

    inbox.meanwhile(report)
    run = scene.run(scene.action(calls=inbox.webhook()))
    inbox.wait_for(1)
    found = await_run(scene.port, run["id"], "SUCCESS", "FAILURE")

    assert found["status"] == "SUCCESS"
    assert found.get("link") == ["https://ci.example.com/1"]
    assert [line.get("message") for line in scene.logs(run["id"])] == ["working"]
