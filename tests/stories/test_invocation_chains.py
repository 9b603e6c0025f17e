"""Runs that set off other runs, from the button to the last report."""

import requests

from port_fake import Backend, FakePort
from port_fake.surface.letters import Fate
from tests.support.client import client_of
from tests.support.furniture import BUILDER, LEAD, add_catalog, add_people


def test_an_approved_run_asks_a_backend_whose_answer_starts_a_second_action(
    port_fake: FakePort, port_backend: Backend
) -> None:
    add_people(port_fake)
    add_catalog(port_fake)
    port_fake.add_action(
        "request_capacity",
        blueprint="microservice",
        operation="DAY-2",
        approval="ANY",
        approvers=[LEAD],
        inputs={"replicas": {"type": "number", "minimum": 1}},
        required=["replicas"],
        invokes={
            "type": "WEBHOOK",
            "url": f"{port_backend.url}/quote",
            "synchronized": True,
            "headers": {"RUN_ID": "{{ .run.id }}"},
            "body": {
                "service": "{{ .entity.identifier }}",
                "replicas": "{{ .inputs.replicas }}",
                "asked_by": "{{ .trigger.by.user.email }}",
            },
        },
    )
    port_fake.add_action(
        "order_capacity",
        invokes={
            "type": "WEBHOOK",
            "url": "https://api.getport.io/v1/actions/scale/runs",
            "synchronized": True,
            "body": {
                "properties": {"replicas": "{{ .inputs.quote.replicas }}"},
                "entity": "{{ .inputs.quote.service }}",
            },
        },
        inputs={"quote": {"type": "object"}},
    )
    port_fake.add_action(
        "scale",
        blueprint="microservice",
        operation="DAY-2",
        inputs={"replicas": {"type": "number"}},
        invokes={
            "type": "UPSERT_ENTITY",
            "blueprintIdentifier": "microservice",
            "mapping": {
                "identifier": "{{ .entity.identifier }}",
                "properties": {"replicas": "{{ .inputs.replicas }}"},
            },
        },
    )
    port_backend.answers(json={"quote": {"service": "checkout", "replicas": 6}})
    ben, lea = client_of(port_fake, BUILDER), client_of(port_fake, LEAD)

    asked = ben.post(
        "/v1/actions/request_capacity/runs",
        {"properties": {"replicas": 5}, "entity": "checkout"},
    ).json["run"]
    assert asked["status"] == "WAITING_FOR_APPROVAL"
    assert port_backend.letters == []
    lea.patch(f"/v1/actions/runs/{asked['id']}/approval", {"status": "APPROVE"})
    port_fake.settle()

    [letter] = port_backend.letters
    assert letter.signed
    assert letter.run_id == asked["id"]
    assert letter.json == {"service": "checkout", "replicas": 5, "asked_by": BUILDER}
    first = ben.get(f"/v1/actions/runs/{asked['id']}", {"version": "v2"}).json["run"]
    assert first["status"] == "SUCCESS"

    quote = first["response"]["quote"]
    second = ben.post("/v1/actions/order_capacity/runs", {"properties": {"quote": quote}})
    assert second.status == 202
    port_fake.settle()

    ordered, scaled = port_fake.run(second.json["run"]["id"]), port_fake.runs(action="scale")[0]
    assert ordered.json["response"]["run"]["id"] == scaled.id
    assert (ordered.status, scaled.status) == ("SUCCESS", "SUCCESS")
    assert scaled.json["createdBy"] == port_fake.client_id, "the organisation itself has called"
    entity = ben.get("/v1/blueprints/microservice/entities/checkout").json["entity"]
    assert entity["properties"]["replicas"] == 6
    told = [(one.kind, one.fate) for one in port_fake.deliveries]
    assert told == [
        ("EMAIL", Fate.RECORDED),
        ("WEBHOOK", Fate.SENT),
        ("WEBHOOK", Fate.SENT),
        ("UPSERT_ENTITY", Fate.SENT),
    ]


def test_an_approved_run_calls_port_itself_and_a_second_backend_reports(
    port_fake: FakePort, port_backend: Backend
) -> None:
    add_people(port_fake)
    port_fake.add_action(
        "deploy",
        inputs={"env": {"type": "string"}},
        approval="ANY",
        approvers=[LEAD],
        invokes={
            "type": "WEBHOOK",
            "url": "https://api.getport.io/v1/actions/roll_out/runs",
            "synchronized": True,
            "body": {"properties": {"env": "{{ .inputs.env }}", "asked": "{{ .run.id }}"}},
        },
    )
    port_fake.add_action(
        "roll_out",
        inputs={"env": {"type": "string"}, "asked": {"type": "string"}},
        invokes={
            "type": "WEBHOOK",
            "url": f"{port_backend.url}/{{{{ .inputs.env }}}}",
            "body": {
                "{{ spreadValue() }}": "{{ .inputs }}",
                "port_context": {"runId": "{{ .run.id }}"},
            },
        },
    )
    port_backend.reports(logs=["rolling", "rolled out"], link="https://ci.example/9")

    run = port_fake.execute("deploy", {"env": "prod"}, as_user=BUILDER)
    port_fake.approve(run, as_user=LEAD)
    port_fake.settle()

    [letter] = port_backend.letters
    [second] = port_fake.runs(action="roll_out")
    assert (letter.path, letter.run_id) == ("/prod", second.id)
    assert letter.json["asked"] == run.id
    assert port_fake.run(run).json["response"]["run"]["id"] == second.id
    assert port_fake.run(run).status == "SUCCESS"
    assert (second.status, second.link) == ("SUCCESS", "https://ci.example/9")
    assert second.logs == ("rolling", "rolled out")


def test_a_declined_run_never_reaches_its_backend(
    port_fake: FakePort, port_backend: Backend
) -> None:
    add_people(port_fake)
    port_fake.add_action("deploy", approval="ANY", approvers=[LEAD], invokes=port_backend.url)
    run = port_fake.execute("deploy")

    port_fake.decline(run, as_user=LEAD)
    port_fake.settle()

    assert port_fake.run(run).status == "DECLINED"
    assert port_backend.letters == []


def test_an_agent_carries_a_letter_to_a_backend_that_port_cannot_reach(
    port_fake: FakePort,
) -> None:
    body = {"settings": {"portAgentStreamerName": "POLLING"}}
    port_fake.perform("change-organization", body=body)
    port_fake.add_action(
        "restart",
        invokes={
            "type": "WEBHOOK",
            "url": "http://inside.example.com/restart",
            "agent": True,
            "synchronized": True,
            "body": {"run": "{{ .run.id }}"},
        },
    )
    run = port_fake.execute("restart")
    agent = requests.Session()
    agent.headers.update({"Authorization": f"Bearer {port_fake.token()}"})
    api = f"{port_fake.base_url}/v1/actions/runs"
    wanted = {"installationId": "_PORT_EXEC_AGENT", "limit": 100, "invocationMethod": "WEBHOOK"}

    with agent:
        [lost] = agent.post(f"{api}/claim-pending", json=wanted).json()["runs"]
        assert agent.post(f"{api}/claim-pending", json=wanted).json()["runs"] == []
        port_fake.advance(60)  # the first agent has died with it
        [claimed] = agent.post(f"{api}/claim-pending", json=wanted).json()["runs"]
        acked = agent.patch(f"{api}/ack", json={"runIds": [claimed["id"]]}).json()
        agent.post(f"{api}/{run.id}/logs", json={"message": "restarting"})
        agent.patch(f"{api}/{run.id}/response", json={"response": {"restarted": 3}})
        agent.patch(f"{api}/{run.id}", json={"status": "SUCCESS"})

    assert lost["id"] == claimed["id"] == run.id
    assert acked["ackedCount"] == 1
    seen = port_fake.run(run)
    assert (seen.status, seen.logs) == ("SUCCESS", ("restarting",))
    assert seen.json["response"] == {"restarted": 3}
