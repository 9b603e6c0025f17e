"""Calls of Port's own API come back to the fake, as the organisation itself."""

from typing import Any

import pytest

from port_fake import Backend, FakePort, Settings
from port_fake.surface.hosts import PORT_HOSTS
from port_fake.surface.letters import Fate

API = "https://api.getport.io/v1"


def call(path: str, body: Any, *, api: str = API, **keys: Any) -> dict[str, Any]:
    return {"type": "WEBHOOK", "url": f"{api}/{path}", "body": body, **keys}


@pytest.mark.parametrize("host", sorted(PORT_HOSTS))
def test_an_action_may_write_to_ports_own_api(port_fake: FakePort, host: str) -> None:
    port_fake.add_blueprint("service", properties={"owner": {"type": "string"}})
    method = call(
        "blueprints/service/entities?upsert=true&run_id={{ .run.id }}",
        {"identifier": "{{ .inputs.name }}", "properties": {"owner": "ana"}},
        api=f"https://{host}/v1",
        synchronized=True,
    )
    port_fake.add_action("make", inputs={"name": {"type": "string"}}, invokes=method)

    run = port_fake.execute("make", {"name": "checkout"})
    [delivery] = port_fake.settle()

    seen = port_fake.run(run)
    assert (seen.status, delivery.fate) == ("SUCCESS", Fate.SENT)
    assert seen.json["response"]["entity"]["identifier"] == "checkout"
    assert [str(key.identifier) for key in seen.affected_entities] == ["checkout"]
    [request] = port_fake.requests
    assert (request.caller, request.status) == (port_fake.client_id, 201)


def test_the_fakes_own_address_is_ports_api_too(port_fake: FakePort) -> None:
    port_fake.add_action("second", invokes={"type": "KAFKA"})
    method = call("actions/second/runs", {"properties": {}}, api=f"{port_fake.base_url}/v1")
    port_fake.add_action("first", invokes=method)

    port_fake.execute("first")
    port_fake.settle()

    assert [run.action for run in port_fake.runs()] == ["second", "first"]


def test_what_port_refuses_fails_the_run(port_fake: FakePort) -> None:
    port_fake.add_action("first", invokes=call("actions/unknown/runs", {"properties": {}}))

    run = port_fake.execute("first")
    [delivery] = port_fake.settle()

    assert delivery.attempts[0].status == 404
    assert "not_found" in delivery.attempts[0].body
    assert port_fake.run(run).status == "FAILURE"


def test_a_token_of_the_actions_own_is_kept(port_fake: FakePort) -> None:
    port_fake.add_user("ana@example.com")
    port_fake.add_action("second", invokes={"type": "KAFKA"})
    headers = {"authorization": f"Bearer {port_fake.token(as_user='ana@example.com')}"}
    method = call("actions/second/runs", {"properties": {}}, headers=headers)
    port_fake.add_action("first", invokes=method)

    port_fake.execute("first")
    port_fake.settle()

    [second] = port_fake.runs(action="second")
    assert second.json["createdBy"] != port_fake.client_id


@pytest.mark.port_fake(settings=Settings(chain_limit=5))
def test_an_endless_chain_is_cut(port_fake: FakePort) -> None:
    method = call("actions/again/runs", {"properties": {}}, synchronized=True)
    port_fake.add_action("again", invokes=method)

    port_fake.execute("again")
    deliveries = port_fake.settle()

    assert [one.fate for one in deliveries] == [Fate.SENT] * 5 + [Fate.NOT_SENT]
    assert "looks endless" in (deliveries[-1].reason or "")
    assert len(port_fake.runs()) == 6


@pytest.mark.port_fake(settings=Settings(chain_limit=5))
def test_an_endless_chain_is_cut_when_runs_approve_one_another(port_fake: FakePort) -> None:
    port_fake.add_action(
        "gated", approval=True, invokes=call("actions/asks/runs", {"properties": {}})
    )
    asks = call("actions/gated/runs", {"properties": {}}, synchronized=True)
    port_fake.add_action("asks", invokes=asks)

    port_fake.execute("asks")
    port_fake.settle()
    waiting = [run for run in port_fake.runs() if run.status == "WAITING_FOR_APPROVAL"]
    while waiting:
        port_fake.approve(waiting[0])
        port_fake.settle()
        waiting = [run for run in port_fake.runs() if run.status == "WAITING_FOR_APPROVAL"]

    assert Fate.NOT_SENT in {one.fate for one in port_fake.deliveries}
    assert len(port_fake.runs()) <= 7


def test_a_backend_hears_of_a_run_that_another_backend_has_started(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_backend.reports(logs=["made"])
    second = {"type": "WEBHOOK", "url": port_backend.url, "body": {"run_id": "{{ .run.id }}"}}
    port_fake.add_action("second", invokes=second)
    port_fake.add_action("first", invokes=call("actions/second/runs", {"properties": {}}))

    port_fake.execute("first")
    port_fake.settle()

    [second_run] = port_fake.runs(action="second")
    assert (second_run.status, second_run.logs) == ("SUCCESS", ("made",))
