"""The client: what it asks for, how it waits, and what it says when it waits in vain."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from deployments.client import DeclinedError, Deployer, FailedError, TooLateError
from deployments.port import Port, PortError
from port_fake import Backend, FakePort, RefusedError

pytestmark = pytest.mark.port_fake(scenario=Path(__file__).parent / "acme")

DEV, LEA = "dev@acme.example", "lea@acme.example"
PRODUCTION = {"version": "1.2.3", "environment": "production"}


@pytest.fixture(autouse=True)
def deployments_go_to_port_backend(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_secret("DEPLOYMENTS_URL", port_backend.url)


def test_it_asks_as_the_developer_and_waits_for_the_end(
    port_fake: FakePort,
    port_backend: Backend,
    dev: Deployer,
    meanwhile: list[Callable[[], object]],
) -> None:
    port_backend.reports("SUCCESS", link="https://ci.example/1", summary="done")
    meanwhile += [lambda: port_fake.approve(port_fake.runs()[0], as_user=LEA)]

    deployment = dev.deploy("checkout", **PRODUCTION)

    assert deployment.links == ("https://ci.example/1",)
    asked = {"properties": PRODUCTION, "entity": "checkout"}
    port_fake.assert_called("POST", "/v1/actions/deploy/runs", json=asked, times=1)
    assert port_backend.letters[0].json == {
        **PRODUCTION,
        "replicas": 2,
        "service": "checkout",
        "port_context": {"runId": deployment.run_id},
    }


def test_a_reviewer_who_declines_is_quoted(
    port_fake: FakePort,
    port_backend: Backend,
    dev: Deployer,
    meanwhile: list[Callable[[], object]],
) -> None:
    run_id = dev.ask("checkout", **PRODUCTION)
    no = "not on a Friday"
    meanwhile += [lambda: port_fake.decline(run_id, as_user=LEA, description=no)]

    with pytest.raises(DeclinedError, match=no):
        dev.wait(run_id)

    assert port_backend.letters == []


def test_what_nobody_approves_within_the_hour_is_withdrawn(
    port_fake: FakePort, dev: Deployer
) -> None:
    with pytest.raises(TooLateError, match="WAITING_FOR_APPROVAL after 3600 s"):
        dev.deploy("checkout", **PRODUCTION)

    (run,) = port_fake.runs()
    assert run.summary == "withdrawn: nobody approved"
    with pytest.raises(RefusedError):
        port_fake.approve(run, as_user=LEA)


def test_a_run_that_is_never_reported_on_is_given_up_and_left_alone(
    port_fake: FakePort, dev: Deployer
) -> None:
    run_id = dev.ask("checkout", version="1.2.3", environment="staging")

    with pytest.raises(TooLateError, match="IN_PROGRESS"):
        dev.wait(run_id)

    assert port_fake.run(run_id).status == "IN_PROGRESS"


def test_it_asks_ever_less_often(port_fake: FakePort, dev: Deployer) -> None:
    run_id = dev.ask("checkout", **PRODUCTION)
    with pytest.raises(TooLateError):
        dev.wait(run_id)

    asked = port_fake.assert_called("GET", f"/v1/actions/runs/{run_id}")

    times = [one.at.timestamp() for one in asked if one.at is not None]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert pauses[0] < 3
    assert 59 < max(pauses) < 61
    assert len(asked) < 80


def test_a_backend_that_is_down_fails_the_deployment(port_backend: Backend, dev: Deployer) -> None:
    port_backend.answers(503)

    with pytest.raises(FailedError, match="503"):
        dev.deploy("checkout", version="1.2.3", environment="staging")


def test_an_intern_may_not_deploy(port_fake: FakePort) -> None:
    who = port_fake.credentials_of("intern@acme.example")
    intern = Deployer(Port(port_fake.base_url, who.client_id, who.client_secret))

    with pytest.raises(PortError) as refused:
        intern.ask("checkout", **PRODUCTION)

    assert refused.value.status == 403
    assert port_fake.runs() == []


def test_nobody_approves_for_themselves(port_fake: FakePort, dev: Deployer) -> None:
    run_id = dev.ask("checkout", **PRODUCTION)

    with pytest.raises(RefusedError):
        port_fake.approve(run_id, as_user=DEV)

    assert port_fake.run(run_id).status == "WAITING_FOR_APPROVAL"
