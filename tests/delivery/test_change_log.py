"""The change log: what Kafka hears of runs and entities that are not as they were."""

from __future__ import annotations

from typing import Any

from port_fake import FakePort
from tests.support.kafka import read


def log_of(port: FakePort) -> list[Any]:
    """Return the change log as the ledger has it."""
    return [
        one.message["message"]
        for one in port.settle()
        if one.message.get("topic") == f"{port.world.id}.change.log"
    ]


def test_the_change_log_tells_of_entities_whose_blueprint_wants_it(kafka_port: FakePort) -> None:
    kafka_port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
    kafka_port.add_blueprint("quiet")
    kafka_port.add_entity("quiet", "nobody")

    made = kafka_port.add_entity("service", "checkout")
    path = {"blueprint_identifier": "service", "entity_identifier": "checkout"}
    changed = kafka_port.perform("change-entity", path=path, body={"title": "Checkout"})["entity"]
    kafka_port.perform("delete-entity", path=path)

    messages = read(kafka_port, "change.log", 3)
    assert messages == log_of(kafka_port)
    assert [(one["action"], one["resourceType"]) for one in messages] == [
        ("CREATE", "entity"),
        ("UPDATE", "entity"),
        ("DELETE", "entity"),
    ]
    assert [one["diff"] for one in messages] == [
        {"before": None, "after": made},
        {"before": made, "after": changed},
        {"before": changed, "after": None},
    ]
    assert {one["context"]["entity"] for one in messages} == {"checkout"}
    assert {one["changelogDestination"]["type"] for one in messages} == {"KAFKA"}
    who = [one["trigger"]["by"].get("userId") for one in messages]
    assert who == [kafka_port.client_id] * 3


def test_the_change_log_tells_of_runs_as_v1_shows_them(kafka_port: FakePort) -> None:
    destination = {"type": "WEBHOOK", "agent": True, "url": "http://inside.example.com/"}
    kafka_port.add_blueprint("service", changelogDestination=destination)
    kafka_port.add_user("lea@example.com")
    kafka_port.add_action("deploy", blueprint="service", approval=True, invokes={"type": "KAFKA"})

    run = kafka_port.execute("deploy", as_user="lea@example.com")
    kafka_port.approve(run)
    kafka_port.complete(run, summary="done")

    messages = read(kafka_port, "change.log", 3)
    statuses = ["WAITING_FOR_APPROVAL", "IN_PROGRESS", "SUCCESS"]
    after = [one["diff"]["after"] for one in messages]
    assert [one["status"] for one in after] == statuses
    assert [one["diff"]["before"] for one in messages] == [None, *after[:-1]]
    assert messages[0]["trigger"]["by"]["user"]["email"] == "lea@example.com"
    assert {one["context"]["runId"] for one in messages} == {run.id}
    assert [one["changelogDestination"] for one in messages] == [destination] * 3
    assert messages == log_of(kafka_port)


def test_the_change_log_tells_of_what_a_run_does_to_an_entity(kafka_port: FakePort) -> None:
    kafka_port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
    mapping = {"identifier": "checkout"}
    upsert = {"type": "UPSERT_ENTITY", "blueprintIdentifier": "service", "mapping": mapping}
    kafka_port.add_action("register", invokes=upsert)

    kafka_port.execute("register")

    [message] = read(kafka_port, "change.log", 1)
    assert message["diff"]["after"]["identifier"] == "checkout"


def test_without_a_broker_the_ledger_has_the_change_log() -> None:
    with FakePort() as port:
        port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
        made = port.add_entity("service", "checkout")

        [delivery] = port.settle()

    assert (delivery.kind, delivery.fate, delivery.run_id) == ("CHANGE_LOG", "recorded", "")
    assert delivery.message["message"]["diff"] == {"before": None, "after": made}
