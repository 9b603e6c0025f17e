"""What a test did not expect, told with what to do about it."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
import requests

from port_fake import Backend, FakePort, FakePortServer
from tests.support.plain import Plain
from tests.support.raw import send

RUNS: Final = "/v1/actions/runs"
TO_NOBODY: Final = {"type": "GITHUB", "org": "acme", "repo": "app", "workflow": "deploy.yml"}


def complaint(port: FakePort) -> list[str]:
    """Return the lines with which `assert_no_unexpected_requests` fails."""
    with pytest.raises(AssertionError) as failed:
        port.assert_no_unexpected_requests()
    return str(failed.value).splitlines()


def left_over(port: FakePort) -> list[str]:
    """Return the lines with which strict mode fails."""
    with pytest.raises(AssertionError) as failed:
        port.assert_strict()
    return str(failed.value).splitlines()


# Requests.


def test_what_clients_ought_to_do_is_expected(port_fake: FakePort) -> None:
    port_fake.add_user("ana@example.com")
    port_fake.add_action("deploy")
    plain = Plain(port_fake)

    statuses = [
        plain.get(),
        plain.get(f"{RUNS}/none"),
        plain.get(f"{RUNS}?limit=0"),
        plain.press(),
        Plain(port_fake, "ana@example.com").press("none"),
    ]

    assert statuses == [200, 404, 422, 202, 404]
    port_fake.assert_no_unexpected_requests()


@pytest.mark.parametrize(
    ("method", "path", "nearest"),
    [
        ("GET", "/v1/action/runs", "GET /v1/actions/runs (get-all-action-runs)"),
        ("POST", "/actions/deploy/runs", "POST /v1/actions/{action_identifier}/runs (execute-"),
        ("PATCH", "/v1/actions/runs/r_1/approvals", "PATCH /v1/actions/runs/{run_id}/approval ("),
        ("GET", "/v1/blueprint/service/entity/x", "GET /v1/blueprints/{blueprint_identifier}/enti"),
    ],
)
def test_an_unknown_route_is_told_with_the_nearest(
    port_fake: FakePort, method: str, path: str, nearest: str
) -> None:
    Plain(port_fake).ask(method, path)

    title, line, what, advice = complaint(port_fake)

    assert (title, what) == ("unexpected requests:", "what to do:")
    assert line.startswith(f"  unknown route: {method} {path} -> 404; the nearest is {nearest}")
    assert advice.startswith("  unknown route: correct the address in the code under test")


def test_a_wrong_method_is_told_with_the_right_ones(port_fake: FakePort) -> None:
    Plain(port_fake).ask("POST", f"{RUNS}/r_1")

    assert complaint(port_fake)[1] == (
        f"  wrong method: POST {RUNS}/r_1 -> 405; this path has GET, PATCH"
    )


def test_requests_without_a_token_are_told_whoever_they_are_of(port_fake: FakePort) -> None:
    requests.get(f"{port_fake.base_url}{RUNS}", timeout=10)
    port_fake.advance(10_800)
    body = {"clientId": port_fake.client_id, "clientSecret": "wrong"}
    requests.post(f"{port_fake.base_url}/v1/auth/access_token", json=body, timeout=10)

    lines = complaint(port_fake)

    assert lines[1:3] == [
        "  no valid token: POST /v1/auth/access_token -> 401",
        f"  no valid token: GET {RUNS} -> 401",
    ]
    assert "give the code under test port.token() or port.env" in lines[4]


def test_what_is_not_readable_is_told(port_fake: FakePort) -> None:
    Plain(port_fake).ask("POST", "/v1/actions", b"{")
    send(port_fake.base_url, b"HELLO\r\n\r\n")

    lines = complaint(port_fake)

    assert lines[1].startswith("  unreadable: POST /v1/actions -> 400; the body is not valid JSON")
    assert lines[2] == "  unreadable: (not readable as HTTP) -> 400"


@pytest.mark.drifts
def test_a_failure_of_the_fake_is_told(
    port_fake: FakePort, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(port_fake.api.office, "collect", fail)
    Plain(port_fake).get()

    assert complaint(port_fake)[1] == (
        f"  failure of the fake: GET {RUNS} -> 500; the fake failed; see its log"
    )


def test_what_a_fault_has_made_of_a_request_is_expected(port_fake: FakePort) -> None:
    for status in (400, 401, 500, 503):
        port_fake.fault(status=status)
        Plain(port_fake).get()
    port_fake.fault(path="/v1/webhooks", status=503)
    Plain(port_fake).get("/v1/webhooks")

    port_fake.assert_no_unexpected_requests()


def test_requests_of_others_are_not_told(port_fake_server: FakePortServer) -> None:
    requests.get(f"{port_fake_server.base_url}/v1/before", timeout=10)
    with (
        port_fake_server.organisation(name="one") as one,
        port_fake_server.organisation(name="two") as two,
    ):
        Plain(two).get("/v1/nowhere")

        one.assert_no_unexpected_requests()
        assert "/v1/nowhere" in complaint(two)[1]


# Strict mode.


def test_strict_mode_tells_all_that_is_left_and_what_to_do(port_fake: FakePort) -> None:
    port_fake.add_action("deploy")
    run = port_fake.execute("deploy")
    fault = port_fake.fault("get-actions", status=503)
    Plain(port_fake).get("/v1/action/runs")
    requests.delete(f"{port_fake.base_url}{RUNS}", timeout=10)

    lines = left_over(port_fake)

    assert lines[0] == "strict mode found:"
    assert lines[1].startswith("  unknown route: GET /v1/action/runs -> 404; the nearest is GET /v")
    assert lines[2] == f"  wrong method: DELETE {RUNS} -> 405; this path has GET"
    assert lines[3] == f"  unused fault: {fault!r}"
    assert lines[4].startswith(
        f"  unanswered letter: WEBHOOK of run {run.id}: not sent, host 'back"
    )
    assert lines[4].endswith("or --allow-host backend.example.com")
    assert lines[5] == "what to do:"
    assert [line.partition(":")[0].strip() for line in lines[6:]] == [
        "unknown route",
        "wrong method",
        "unused fault",
        "unanswered letter",
    ]


def test_strict_mode_has_nothing_against_a_test_that_is_in_order(port_fake: FakePort) -> None:
    with Backend(port_fake) as backend:
        port_fake.add_action("deploy", invokes=backend.url)
        port_fake.add_action("dispatch", invokes=TO_NOBODY)
        port_fake.fault(status=503)
        port_fake.fault(status=503, probability=0)
        plain = Plain(port_fake)

        statuses = [plain.get(), plain.press(), plain.press("dispatch"), plain.get(f"{RUNS}/none")]

        assert statuses == [503, 202, 202, 404]
        port_fake.assert_strict()


def test_a_letter_that_is_refused_is_unanswered(port_fake: FakePort) -> None:
    with Backend(port_fake) as backend:
        backend.answers(500)
        port_fake.add_action("deploy", invokes=backend.url)
        run = port_fake.execute("deploy")

        assert left_over(port_fake)[1] == (
            f"  unanswered letter: WEBHOOK of run {run.id}: failed, status code 500"
        )


def test_a_letter_that_waits_is_unanswered(
    port_fake: FakePort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("port_fake.handle.verifying.PATIENCE_S", 0.1)
    with Backend(port_fake) as backend:
        backend.answers(200, delay_s=30)
        port_fake.add_action("deploy", invokes=backend.url)
        run = port_fake.execute("deploy")

        assert left_over(port_fake)[1] == (
            f"  unanswered letter: WEBHOOK of run {run.id}: still on its way"
        )


def test_a_fault_that_is_cleared_is_not_unused(port_fake: FakePort) -> None:
    port_fake.fault(status=503)

    port_fake.clear_faults()

    port_fake.assert_strict()


def test_a_strict_fake_fails_at_the_end_of_its_block() -> None:
    with pytest.raises(AssertionError, match="unused fault"), FakePort(strict=True) as port:
        port.fault(status=503)

    with FakePort() as again:
        assert again.client_id == port.client_id, "everything was put away all the same"


def test_a_strict_fake_does_not_hide_another_failure() -> None:
    def play() -> None:
        with FakePort(strict=True) as port:
            port.fault(drop="before")
            port.fault("get-actions", status=503)
            Plain(port).get()

    with pytest.raises(ConnectionError):
        play()


def test_a_strict_fake_on_an_event_loop_waits_for_its_letters() -> None:
    async def play() -> FakePort:
        async with FakePort(strict=True) as port:
            port.add_action(
                "tell",
                invokes={
                    "type": "WEBHOOK",
                    "url": "https://api.port.io/v1/actions/runs/{{ .run.id }}/logs",
                    "body": {"message": "hello"},
                },
            )
            port.execute("tell")
            return port

    assert asyncio.run(play()).runs()[0].logs == ("hello",)


def test_a_strict_fake_on_an_event_loop_fails_as_well() -> None:
    async def play() -> None:
        async with FakePort(strict=True) as port:
            port.fault(status=503)

    with pytest.raises(AssertionError, match="unused fault"):
        asyncio.run(play())


def test_a_report_tells_seed_faults_and_the_last_requests() -> None:
    with FakePort(seed=7) as port:
        fault = port.fault(status=503)
        silent = port.explain_faults().splitlines()
        for _ in range(12):
            Plain(port).get()

        lines = port.explain_faults().splitlines()

    assert silent[-1] == "no request has come"
    assert lines[:4] == ["seed: 7", "faults:", f"  {fault!r}", "last requests:"]
    assert lines[4:] == [f"  GET {RUNS} -> 200"] * 10
    assert "hits: 1" in lines[2]
