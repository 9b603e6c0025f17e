"""The backend: whom it believes, and that it deploys once and tells how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from deployments.backend import Backend
from deployments.port import Port
from deployments.rehearsal import Rehearsal
from deployments.server import Server
from port_fake import Backend as Mailbox
from port_fake import FakePort, RunView

pytestmark = pytest.mark.port_fake(scenario=Path(__file__).parent / "acme")

STAGING = {"version": "1.2.3", "environment": "staging"}


@pytest.fixture
def run(port_fake: FakePort, port_backend: Mailbox) -> RunView:
    """A run whose letter lies in `port_backend`, for the test to hand on."""
    port_fake.add_secret("DEPLOYMENTS_URL", port_backend.url)
    run = port_fake.execute("deploy", STAGING, entity="checkout")
    port_fake.settle()
    return run


def test_a_letter_that_comes_twice_is_carried_out_once(
    port_fake: FakePort, port_backend: Mailbox, run: RunView, backend: Backend, cluster: Rehearsal
) -> None:
    (letter,) = port_backend.letters

    answers = [backend.receive(letter.headers, letter.body) for _ in range(2)]

    assert answers == [202, 200]
    assert len(cluster.orders) == 1
    assert port_fake.run(run).status == "SUCCESS"


@pytest.mark.usefixtures("run")
def test_a_letter_that_comes_again_after_a_restart_is_not_carried_out_again(
    port_backend: Mailbox, port: Port, clock: Callable[[], float]
) -> None:
    (letter,) = port_backend.letters
    clusters = [Rehearsal(), Rehearsal()]

    for cluster in clusters:
        backend = Backend(port, cluster, start=lambda job: job(), now=clock)
        backend.receive(letter.headers, letter.body)

    assert [len(cluster.orders) for cluster in clusters] == [1, 0]


def test_a_run_that_was_ended_by_hand_is_not_deployed(
    port_fake: FakePort, port_backend: Mailbox, run: RunView, backend: Backend, cluster: Rehearsal
) -> None:
    port_fake.complete(run, "FAILURE", summary="changed my mind")
    (letter,) = port_backend.letters

    backend.receive(letter.headers, letter.body)

    assert cluster.orders == []


def test_a_letter_that_was_kept_for_later_is_not_believed(
    port_fake: FakePort, port_backend: Mailbox, run: RunView, backend: Backend, cluster: Rehearsal
) -> None:
    (letter,) = port_backend.letters

    port_fake.advance(301)

    assert backend.receive(letter.headers, letter.body) == 401
    assert cluster.orders == []
    assert port_fake.run(run).status == "IN_PROGRESS"


def test_an_order_that_makes_no_sense_fails_its_run(
    port_fake: FakePort, server: Server, cluster: Rehearsal
) -> None:
    body = {"port_context": {"runId": "{{ .run.id }}"}, "version": "latest"}
    port_fake.add_action("odd", invokes={"type": "WEBHOOK", "url": server.url, "body": body})

    run = port_fake.execute("odd")
    port_fake.settle()

    assert cluster.orders == []
    assert port_fake.run(run).status == "FAILURE"
    assert "this is no order" in str(port_fake.run(run).summary)


def test_an_end_whose_answer_was_lost_is_reported_again_without_harm(
    port_fake: FakePort,
    port_backend: Mailbox,
    run: RunView,
    backend: Backend,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = Port.update_run

    def twice(self: Port, run_id: str, **given: str) -> None:
        report(self, run_id, **given)
        report(self, run_id, **given)

    monkeypatch.setattr(Port, "update_run", twice)
    (letter,) = port_backend.letters

    backend.receive(letter.headers, letter.body)

    port_fake.assert_called("PATCH", f"/v1/actions/runs/{run.id}", status=422, times=1)
    assert port_fake.run(run).status == "SUCCESS"


def test_a_stranger_is_turned_away_at_the_door(server: Server, cluster: Rehearsal) -> None:
    answer = requests.post(server.url, json=STAGING, timeout=10)

    assert answer.status_code == 401
    assert cluster.orders == []
