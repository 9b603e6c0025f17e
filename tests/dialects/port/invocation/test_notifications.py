"""How approvers hear of runs that wait for them."""

from typing import Any

import pytest

from port_fake import Backend, FakePort
from port_fake.surface.letters import Fate
from tests.support.furniture import ADMIN, BUILDER, LEAD, add_people

KAFKA = {"type": "KAFKA"}


@pytest.fixture(autouse=True)
def _people(port_fake: FakePort) -> None:
    add_people(port_fake)


def gate(port: FakePort, **definition: Any) -> None:
    port.add_action(
        "deploy",
        title="Deploy",
        inputs={"env": {"type": "string", "visible": False}},
        approval="ANY",
        approvers=[LEAD, BUILDER],
        invokes=KAFKA,
        **definition,
    )


@pytest.mark.parametrize("definition", [{}, {"approvalNotification": {"type": "email"}}])
def test_a_mail_goes_to_the_approvers_by_name(
    port_fake: FakePort, definition: dict[str, Any]
) -> None:
    gate(port_fake, **definition)

    run = port_fake.execute("deploy", {"env": "prod"})
    [mail] = port_fake.settle()

    assert (mail.kind, mail.fate, mail.run_id) == ("EMAIL", Fate.RECORDED, run.id)
    assert {LEAD, BUILDER} <= {*mail.message["to"]} <= {LEAD, BUILDER, ADMIN}
    assert "Deploy" in mail.message["subject"]
    assert mail.message["runId"] == run.id
    assert port_fake.run(run).status == "WAITING_FOR_APPROVAL"


def test_a_webhook_gets_one_signed_message(port_fake: FakePort, port_backend: Backend) -> None:
    port_backend.reports()
    gate(port_fake, approvalNotification={"type": "webhook", "url": f"{port_backend.url}/ask"})

    run = port_fake.execute("deploy", {"env": "prod"})
    [delivery] = port_fake.settle()

    [letter] = port_backend.letters
    assert (letter.method, letter.path, letter.signed) == ("POST", "/ask", True)
    assert letter.json["action"] == {"identifier": "deploy", "title": "Deploy"}
    assert letter.json["run"]["id"] == run.id
    assert letter.json["run"]["properties"] == {"env": "prod"}, "hidden inputs are told as well"
    assert LEAD in letter.json["approvers"]
    assert (delivery.kind, delivery.fate) == ("APPROVAL_WEBHOOK", Fate.SENT)


def test_slack_gets_a_text(port_fake: FakePort, port_backend: Backend) -> None:
    wanted = {"type": "webhook", "format": "slack", "url": port_backend.url}
    gate(port_fake, approvalNotification=wanted)

    run = port_fake.execute("deploy")
    port_fake.settle()

    [letter] = port_backend.letters
    assert letter.json.keys() == {"text"}
    for word in ("Deploy", LEAD, run.id):
        assert word in letter.json["text"]
    assert letter.run_id == run.id


@pytest.mark.parametrize("status", [404, 500])
def test_a_webhook_that_fails_leaves_the_run_waiting(
    port_fake: FakePort, port_backend: Backend, status: int
) -> None:
    port_backend.answers(status)
    gate(port_fake, approvalNotification={"type": "webhook", "url": port_backend.url})

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert delivery.fate is Fate.FAILED
    assert port_fake.run(run).status == "WAITING_FOR_APPROVAL"


def test_a_webhook_elsewhere_is_not_called(port_fake: FakePort) -> None:
    url = "https://hooks.example.com/"
    gate(port_fake, approvalNotification={"type": "webhook", "url": url})

    port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert (delivery.fate, delivery.message["url"]) == (Fate.NOT_SENT, url)
    assert "hooks.example.com" in (delivery.reason or "")


def test_a_run_that_need_not_wait_asks_nobody(port_fake: FakePort) -> None:
    port_fake.add_action("free", invokes=KAFKA, approvalNotification={"type": "email"})

    port_fake.execute("free")

    assert [one.kind for one in port_fake.settle()] == ["KAFKA"]


def test_approval_is_asked_for_once_and_then_the_backend_is_called(
    port_fake: FakePort,
) -> None:
    gate(port_fake)
    approved, declined = port_fake.execute("deploy"), port_fake.execute("deploy")

    port_fake.approve(approved, as_user=LEAD)
    port_fake.decline(declined, as_user=LEAD)

    told = [(one.kind, one.run_id) for one in port_fake.settle()]
    assert told == [("EMAIL", approved.id), ("EMAIL", declined.id), ("KAFKA", approved.id)]
