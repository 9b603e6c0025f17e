"""Workflow node runs, as far as agents and integrations go."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import Client, assert_refused

CLAIM = "/v1/workflows/runs/claim-pending"
ACK = "/v1/workflows/runs/ack"
NODES = "/v1/workflows/nodes/runs"
OCEAN = "github-ocean"
CONFIG = {"type": "INTEGRATION_ACTION", "installationId": OCEAN, "integrationProvider": "github"}


def add(port: FakePort, node: str = "build", installation: str = OCEAN) -> str:
    return port.add_node_run(node, installation, config=CONFIG)


def claim(client: Client, **keys: Any) -> list[dict[str, Any]]:
    answer = client.post(CLAIM, {"installationId": OCEAN, "limit": 100, **keys})
    assert answer.status == 200, answer
    runs: list[dict[str, Any]] = answer.json["nodeRuns"]
    return runs


def ids(runs: list[dict[str, Any]]) -> list[str]:
    return [run["identifier"] for run in runs]


def test_a_claimed_node_run_has_its_config(port_fake: FakePort, client: Client) -> None:
    run_id = add(port_fake)

    [run] = claim(client, visibilityTimeoutMs=1_000)

    assert run_id.startswith("wfnr_")
    assert run == {
        "identifier": run_id,
        "nodeUid": "build",
        "status": "IN_PROGRESS",
        "output": None,
        "pendingExecution": True,
        "installationId": OCEAN,
        "claimedUntil": "2026-01-05T10:00:01.000Z",
        "config": CONFIG,
    }


def test_node_runs_are_claimed_as_runs_are(port_fake: FakePort, client: Client) -> None:
    first, second, third = add(port_fake), add(port_fake, "test"), add(port_fake)
    add(port_fake, installation="another")

    assert ids(claim(client, limit=1)) == [first]
    assert ids(claim(client, exclude=["test"], visibilityTimeoutMs=5_000)) == [third]
    assert ids(claim(client)) == [second]
    assert claim(client) == []
    port_fake.advance(5)
    assert ids(claim(client)) == [third]


def test_a_node_run_is_acknowledged_once(port_fake: FakePort, client: Client) -> None:
    run_id = add(port_fake)
    claim(client)

    answer = client.patch(ACK, {"nodeRunIdentifier": run_id})

    assert (answer.status, answer.json) == (200, {"ok": True, "acked": True})
    assert_refused(client.patch(ACK, {"nodeRunIdentifier": run_id}), 409, run_id)
    assert_refused(client.patch(ACK, {"nodeRunIdentifier": "wfnr_unknown"}), 404)
    assert_refused(client.patch(ACK, {"nodeRunIdentifiers": [run_id]}), 422)
    port_fake.advance(3_600)
    assert claim(client) == []


def test_what_a_backend_reports_is_found_by_the_external_id(
    port_fake: FakePort, client: Client
) -> None:
    run_id, _ = add(port_fake), add(port_fake)
    one = f"{NODES}/{run_id}"

    client.patch(one, {"status": "IN_PROGRESS", "externalRunId": "gh-7", "links": ["https://x"]})
    client.patch(one, {"status": "COMPLETED", "result": "SUCCESS", "output": {"status": 200}})
    found = client.get(NODES, {"external_run_id": "gh-7", "include": "nodeConfig"})

    [run] = found.json["nodeRuns"]
    assert (run["identifier"], run["node"]) == (run_id, {"config": CONFIG})
    assert (run["status"], run["result"], run["output"]) == (
        "COMPLETED",
        "SUCCESS",
        {"status": 200},
    )
    assert run["externalRunId"] == "gh-7"
    assert client.get(NODES, {"external_run_id": "gh-8"}).json["nodeRuns"] == []


def test_a_finished_node_run_is_not_handed_out(port_fake: FakePort, client: Client) -> None:
    run_id = add(port_fake)

    client.patch(f"{NODES}/{run_id}", {"status": "COMPLETED", "result": "CANCELLED"})

    assert claim(client) == []


def test_lines_are_logged_in_batches(port_fake: FakePort, client: Client) -> None:
    run_id = add(port_fake)
    lines = [{"level": level, "message": level.lower()} for level in ("INFO", "WARN", "ERROR")]

    assert client.post(f"{NODES}/{run_id}/logs", {"logs": lines[:2]}).status == 200
    assert client.post(f"{NODES}/{run_id}/logs", {"logs": lines[2:]}).status == 200

    assert list(port_fake.world.node_runs[run_id].logs) == lines


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [
        ("POST", "/logs", {"logs": [{"level": "WARNING", "message": "x"}]}),
        ("POST", "/logs", {}),
        ("PATCH", "", {"status": "DONE"}),
        ("PATCH", "", {"result": "FAILURE"}),
        ("PATCH", "", {"output": "text"}),
    ],
)
def test_what_clients_never_send_is_refused(
    port_fake: FakePort, client: Client, method: str, tail: str, body: object
) -> None:
    run_id = add(port_fake)

    assert_refused(client.ask(method, f"{NODES}/{run_id}{tail}", body), 422)


def test_unknown_node_runs_are_not_found(client: Client) -> None:
    assert_refused(client.patch(f"{NODES}/wfnr_no", {"status": "COMPLETED"}), 404, "wfnr_no")
    assert_refused(client.post(f"{NODES}/wfnr_no/logs", {"logs": []}), 404, "wfnr_no")


def test_fifty_claimers_never_share_a_node_run(port_fake: FakePort, client: Client) -> None:
    runs = [add(port_fake) for _ in range(100)]

    with ThreadPoolExecutor(50) as crew:
        parts = crew.map(lambda _: ids(claim(client, limit=3)), range(50))
        claimed = [run_id for part in parts for run_id in part]

    assert Counter(claimed) == Counter(runs)
