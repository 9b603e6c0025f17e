"""Runs of workflow nodes, as agents and integrations poll them."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.values import things

CLIENTS = "clients: Port's agent, Ocean: workflow node runs"
NEEDS = {Need.FURNISH}
NOTHING = {"node_run_id": "wfnr_doesNotExist00"}


@question("nodes.claimed.none", source=CLIENTS, needs=NEEDS)
def test_where_no_node_run_waits_none_is_claimed(port: Organisation) -> None:
    body = {"installationId": "nobody-has-this-installation", "limit": 10}

    assert things(port.get("claim-pending-node-runs", body=body), "nodeRuns") == []


@question("nodes.listed.none", source=CLIENTS)
def test_an_external_id_that_nobody_has_finds_no_node_run(port: Organisation) -> None:
    query = {"external_run_id": "nobody-has-this-id", "include": "nodeConfig"}

    assert things(port.get("get-node-runs", query=query), "nodeRuns") == []


@question("nodes.unknown.not-found", source=f"{CLIENTS}; Assumed: 404", needs=NEEDS)
def test_a_node_run_that_does_not_exist_is_not_found(port: Organisation) -> None:
    lines = {"logs": [{"level": "INFO", "message": "x"}]}
    ack = {"nodeRunIdentifier": NOTHING["node_run_id"]}

    port.ask("update-node-run", path=NOTHING, body={"status": "COMPLETED"}).refused(404)
    port.ask("log-node-run", path=NOTHING, body=lines).refused(404)
    port.ask("acknowledge-node-run", body=ack).refused(404)


BAD: dict[str, tuple[str, dict[str, str], Any]] = {
    "claim-empty": ("claim-pending-node-runs", {}, {}),
    "claim-no-limit": ("claim-pending-node-runs", {}, {"installationId": "x"}),
    "claim-limit-0": ("claim-pending-node-runs", {}, {"installationId": "x", "limit": 0}),
    "claim-limit-1001": ("claim-pending-node-runs", {}, {"installationId": "x", "limit": 1001}),
    "ack-empty": ("acknowledge-node-run", {}, {}),
    "ack-number": ("acknowledge-node-run", {}, {"nodeRunIdentifier": 5}),
    "status": ("update-node-run", NOTHING, {"status": "SUCCESS"}),
    "result": ("update-node-run", NOTHING, {"result": "FAILURE"}),
    "output": ("update-node-run", NOTHING, {"output": "x"}),
    "links": ("update-node-run", NOTHING, {"links": "x"}),
    "level": ("log-node-run", NOTHING, {"logs": [{"level": "WARNING", "message": "x"}]}),
    "no-message": ("log-node-run", NOTHING, {"logs": [{"level": "INFO"}]}),
    "no-logs": ("log-node-run", NOTHING, {}),
}


@question("nodes.bad-body.refused", source=CLIENTS, needs=NEEDS)
@pytest.mark.parametrize(("operation", "path", "body"), BAD.values(), ids=BAD.keys())
def test_what_clients_never_send_is_refused(
    port: Organisation, operation: str, path: dict[str, str], body: Any
) -> None:
    port.ask(operation, path=path, body=body).refused(422)
