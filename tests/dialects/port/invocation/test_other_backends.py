"""Backends that the fake does not call: rendered, recorded, completed by the test."""

from typing import Any

import pytest

from port_fake import FakePort
from port_fake.surface.letters import Fate

BODY = {"text": "run {{ .run.id }}", "n": "{{ .inputs.n }}"}

METHODS: dict[str, dict[str, Any]] = {
    "GITHUB": {
        "org": "acme",
        "repo": "{{ .inputs.name }}",
        "workflow": "deploy.yml",
        "workflowInputs": {"ref": "main", "run": "{{ .run.id }}", "n": "{{ .inputs.n }}"},
        "reportWorkflowStatus": "{{ true }}",
    },
    "GITLAB": {
        "projectName": "{{ .inputs.name }}",
        "groupName": "acme",
        "defaultRef": "main",
        "pipelineVariables": {"RUN_ID": "{{ .run.id }}"},
    },
    "AZURE_DEVOPS": {
        "webhook": "hook-{{ .inputs.name }}",
        "org": "acme",
        "payload": {"resource": {"run": "{{ .run.id }}"}},
    },
    "INTEGRATION_ACTION": {
        "installationId": "github-ocean",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"repo": "{{ .inputs.name }}", "n": "{{ 1 }}"},
    },
    "SLACK": {"url": "https://hooks.slack.example/{{ .inputs.name }}", "body": BODY},
    "JENKINS": {"url": "https://jenkins.example/{{ .inputs.name }}", "body": BODY},
    "KAFKA": {"payload": BODY},
}

RENDERED: dict[str, dict[str, Any]] = {
    "GITHUB": {
        "repo": "cart",
        "workflowInputs": {"ref": "main", "run": "RUN", "n": 3},
        "reportWorkflowStatus": True,
    },
    "GITLAB": {"projectName": "cart", "pipelineVariables": {"RUN_ID": "RUN"}},
    "AZURE_DEVOPS": {"webhook": "hook-cart", "payload": {"resource": {"run": "RUN"}}},
    "INTEGRATION_ACTION": {"integrationActionExecutionProperties": {"repo": "cart", "n": 1}},
    "SLACK": {
        "url": "https://hooks.slack.example/cart",
        "method": "POST",
        "body": {"text": "run RUN", "n": 3},
    },
    "JENKINS": {"url": "https://jenkins.example/cart", "body": {"text": "run RUN", "n": 3}},
}
INPUTS = {"name": {"type": "string"}, "n": {"type": "number", "default": 3}}


def named(value: Any, run_id: str) -> Any:
    """Return *value* with the id of the run in its place."""
    if isinstance(value, dict):
        return {key: named(one, run_id) for key, one in value.items()}
    return value.replace("RUN", run_id) if isinstance(value, str) else value


@pytest.mark.parametrize("kind", RENDERED)
def test_it_is_recorded_as_it_was_rendered(port_fake: FakePort, kind: str) -> None:
    port_fake.add_action("go", inputs=INPUTS, invokes={"type": kind, **METHODS[kind]})

    run = port_fake.execute("go", {"name": "cart"})
    [delivery] = port_fake.settle()

    assert (delivery.kind, delivery.fate, delivery.notes) == (kind, Fate.RECORDED, ())
    assert delivery.message["type"] == kind
    for key, value in RENDERED[kind].items():
        assert delivery.message[key] == named(value, run.id), key


@pytest.mark.parametrize("kind", METHODS)
def test_the_run_shows_what_was_rendered_and_is_the_tests_to_complete(
    port_fake: FakePort, kind: str
) -> None:
    port_fake.add_action("go", inputs=INPUTS, invokes={"type": kind, **METHODS[kind]})

    run = port_fake.execute("go", {"name": "cart"})
    port_fake.settle()

    payload = port_fake.run(run).json["payload"]
    assert payload["type"] == kind
    assert "{{" not in repr(payload)
    assert port_fake.run(run).status == "IN_PROGRESS"
    assert port_fake.complete(run, link="https://ci.example/1").status == "SUCCESS"


def test_a_message_for_kafka_names_its_topic(port_fake: FakePort) -> None:
    port_fake.add_action("go", inputs=INPUTS, invokes={"type": "KAFKA", **METHODS["KAFKA"]})

    run = port_fake.execute("go", {"name": "cart"})
    [delivery] = port_fake.settle()

    assert delivery.message["topic"] == f"{port_fake.world.id}.runs"
    message = dict(delivery.message["message"])
    assert (message["text"], message["n"]) == (f"run {run.id}", 3)


def test_kafka_without_a_payload_gets_the_message_of_old(port_fake: FakePort) -> None:
    port_fake.add_action("go", inputs=INPUTS, invokes={"type": "KAFKA"})

    run = port_fake.execute("go", {"name": "cart"})
    [delivery] = port_fake.settle()

    message = delivery.message["message"]
    assert message["context"]["runId"] == run.id
    assert message["payload"]["properties"] == {"name": "cart", "n": 3}


@pytest.mark.parametrize("kind", ["SLACK", "JENKINS"])
def test_with_an_agent_it_goes_to_kafka_or_to_the_queue(port_fake: FakePort, kind: str) -> None:
    method = {"type": kind, **METHODS[kind], "agent": True}
    port_fake.add_action("go", inputs=INPUTS, invokes=method)

    port_fake.execute("go", {"name": "cart"})
    body = {"settings": {"portAgentStreamerName": "POLLING"}}
    port_fake.perform("change-organization", body=body)
    polled = port_fake.execute("go", {"name": "cart"})
    first, second = port_fake.settle()

    assert first.message["topic"] == f"{port_fake.world.id}.runs"
    assert "topic" not in second.message
    assert port_fake.run(polled).json["installationId"] == "_PORT_EXEC_AGENT"
