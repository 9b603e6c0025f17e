"""What the backend double answers and reports."""

import logging

import pytest

from port_fake import Backend, FakePort


def test_answers_are_given_in_turn_and_then_the_usual_one(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("ping", invokes=port_backend.url)
    port_backend.answers(202)
    port_backend.answers(500, times=1)
    port_backend.answers(body="later", headers={"Content-Type": "text/plain"}, times=1)

    for _ in range(4):
        port_fake.execute("ping")
        port_fake.settle()

    attempts = [delivery.attempts[0] for delivery in port_fake.deliveries]
    assert [attempt.status for attempt in attempts] == [500, 200, 202, 202]
    assert [attempt.body for attempt in attempts[:3]] == ['{"ok": false}', "later", '{"ok": true}']
    assert attempts[1].headers["Content-Type"] == "text/plain"


def test_an_answer_without_content_has_no_body(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("ping", invokes=port_backend.url)
    port_backend.answers(204)

    runs = [port_fake.execute("ping"), port_fake.execute("ping")]
    port_fake.settle()

    assert [delivery.attempts[0].body for delivery in port_fake.deliveries] == ["", ""]
    assert {port_fake.run(run).status for run in runs} == {"IN_PROGRESS"}


def test_a_backend_reports_logs_in_order_and_then_the_end(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("deploy", invokes=f"{port_backend.url}/deploy")
    port_backend.reports(
        "FAILURE", logs=["one", "two", "three"], link="https://ci.example/1", summary="broke"
    )

    run = port_fake.execute("deploy")
    port_fake.settle()

    seen = port_fake.run(run)
    assert (seen.status, seen.link, seen.summary) == ("FAILURE", "https://ci.example/1", "broke")
    assert seen.logs == ("one", "two", "three")
    assert [str(one) for one in port_fake.requests] == [
        *[f"POST /v1/actions/runs/{run.id}/logs -> 201"] * 3,
        f"PATCH /v1/actions/runs/{run.id} -> 200",
    ]
    assert port_backend.refused == []


@pytest.mark.parametrize("status", [400, 503])
def test_nothing_is_reported_for_a_letter_that_was_turned_down(
    port_fake: FakePort, port_backend: Backend, status: int
) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.reports()
    port_backend.answers(status)

    run = port_fake.execute("deploy")
    port_fake.settle()

    assert port_fake.requests == []
    assert port_fake.run(run).status == "FAILURE"


def test_a_backend_may_keep_the_end_to_itself(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.reports(None, logs=["under way"])

    run = port_fake.execute("deploy")
    port_fake.settle()

    assert port_fake.run(run).status == "IN_PROGRESS"
    assert port_fake.run(run).logs == ("under way",)


def test_a_report_that_port_refuses_is_told_and_breaks_nothing(
    port_fake: FakePort, port_backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    port_fake.add_action(
        "ping", invokes={"type": "WEBHOOK", "url": port_backend.url, "body": {"runId": "r_unknown"}}
    )
    port_backend.reports(logs=["hello"])

    with caplog.at_level(logging.WARNING):
        port_fake.execute("ping")
        port_fake.settle()

    assert [text.partition(": ")[2][:3] for text in port_backend.refused] == ["404", "404"]
    assert caplog.records == []


def test_a_backend_that_ends_does_not_wait_for_its_own_delays() -> None:
    with FakePort() as port:
        port.add_action("slow", invokes="http://127.0.0.1:1/")
        with Backend(port) as backend:
            backend.answers(delay_s=3600)
            port.add_action("ping", invokes=backend.url)
            run = port.execute("ping")
        port.settle()

        assert port.run(run).status in {"IN_PROGRESS", "FAILURE"}
        assert port.deliveries[0].attempts
