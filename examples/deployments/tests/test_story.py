"""Client, Port and backend together, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deployments.client import Deployer, FailedError
from deployments.rehearsal import Rehearsal
from port_fake import EntityKey, FakePort

pytestmark = [
    pytest.mark.port_fake(scenario=Path(__file__).parent / "acme"),
    pytest.mark.usefixtures("server"),
]

LEA = "lea@acme.example"


def test_production_is_deployed_once_lea_approves(
    port_fake: FakePort, dev: Deployer, meanwhile: list[Callable[[], object]]
) -> None:
    run_id = dev.ask("checkout", version="1.2.3", environment="production", replicas=4)
    meanwhile += [port_fake.settle, lambda: port_fake.approve(run_id, as_user=LEA)]

    deployment = dev.wait(run_id)

    assert deployment.summary == "checkout 1.2.3 is in production"
    assert deployment.links == ("https://checkout.production.acme.example",)
    assert port_fake.run(run_id).logs == ("starting 4 x checkout 1.2.3", "all healthy")


def test_the_catalog_tells_which_run_has_deployed_what(port_fake: FakePort, dev: Deployer) -> None:
    deployment = dev.deploy("checkout", version="1.2.3", environment="staging")

    key = EntityKey(blueprint="deployment", identifier="checkout-staging")
    assert port_fake.run(deployment.run_id).affected_entities == (key,)
    path = {"blueprint_identifier": key.blueprint, "entity_identifier": key.identifier}
    entity = port_fake.perform("get-entity", path=path)["entity"]
    assert entity["properties"] == {"version": "1.2.3", "replicas": 2}
    assert entity["relations"] == {"service": "checkout"}


def test_staging_waits_for_nobody(port_fake: FakePort, dev: Deployer, cluster: Rehearsal) -> None:
    run_id = dev.ask("checkout", version="1.2.3", environment="staging")
    port_fake.settle()

    assert port_fake.run(run_id).status == "SUCCESS"
    assert [order.environment for order in cluster.orders] == ["staging"]


def test_a_failed_rollout_is_told_to_whoever_waits(
    port_fake: FakePort, dev: Deployer, cluster: Rehearsal
) -> None:
    cluster.broken = "2 of 2 replicas crash"

    with pytest.raises(FailedError, match="2 of 2 replicas crash"):
        dev.deploy("checkout", version="1.2.3", environment="staging")

    assert port_fake.runs()[0].affected_entities == ()


def test_a_second_deployment_changes_the_first_ones_entity(
    port_fake: FakePort, dev: Deployer
) -> None:
    for version in ("1.2.3", "1.2.4"):
        dev.deploy("checkout", version=version, environment="staging")

    found = port_fake.perform("get-entities", path={"blueprint_identifier": "deployment"})
    assert [entity["properties"]["version"] for entity in found["entities"]] == ["1.2.4"]
