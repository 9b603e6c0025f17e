"""Messages for Kafka: on a broker where there is one, and in the ledger where there is none."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final

import pytest

from port_fake import FakePort, FakePortServer
from port_fake.cli import main
from port_fake.delivery.kafka import Broker
from port_fake.dialects.port.invocation.signature import is_signed
from port_fake.errors import MisuseError
from tests.cli.processes import served
from tests.support.client import client_of
from tests.support.kafka import read, read_from, topics_at

CREDENTIALS: Final = "/v1/kafka-credentials"
KAFKA: Final = {"type": "KAFKA", "payload": {"name": "{{ .inputs.name }}", "run": "{{ .run.id }}"}}
AGENT: Final = {
    "type": "WEBHOOK",
    "url": "http://inside.example.com/",
    "agent": True,
    "headers": {"RUN_ID": "{{ .run.id }}"},
    "body": {"name": "{{ .inputs.name }}", "ü": [1.5, None]},
}
NAME: Final = {"name": {"type": "string"}}


def is_verified(port: FakePort, message: dict[str, Any]) -> bool:
    """Whether a message is signed, as Port's agent finds out."""
    headers = dict(message["headers"])
    signature, timestamp = headers.pop("X-Port-Signature"), headers.pop("X-Port-Timestamp")
    bare = {**message, "headers": headers}
    text = json.dumps(bare, separators=(",", ":"), ensure_ascii=False)
    return is_signed(port.client_secret, str(timestamp), signature, text.encode())


# The topic of runs.


def test_a_run_message_reaches_who_listens(kafka_port: FakePort) -> None:
    kafka_port.add_action("deploy", inputs=NAME, invokes=KAFKA)

    run = kafka_port.execute("deploy", {"name": "checkout"})

    [message] = read(kafka_port, "runs", 1)
    assert {"name": "checkout", "run": run.id}.items() <= message.items()
    assert is_verified(kafka_port, message)
    [delivery] = kafka_port.settle()
    assert (delivery.kind, delivery.fate) == ("KAFKA", "sent")
    assert delivery.message == {"topic": f"{kafka_port.world.id}.runs", "message": message}


def test_without_a_payload_the_message_tells_of_the_run(kafka_port: FakePort) -> None:
    kafka_port.add_action("deploy", invokes={"type": "KAFKA"})

    run = kafka_port.execute("deploy")

    [message] = read(kafka_port, "runs", 1)
    assert (message["resourceType"], message["status"]) == ("run", "TRIGGERED")
    assert message["context"]["runId"] == run.id
    assert is_verified(kafka_port, message)


def test_a_message_without_room_for_headers_is_not_signed(kafka_port: FakePort) -> None:
    kafka_port.add_action("deploy", invokes={"type": "KAFKA", "payload": ["{{ .run.id }}"]})

    run = kafka_port.execute("deploy")

    assert read(kafka_port, "runs", 1) == [[run.id]]


def test_headers_of_its_own_are_signed_as_well(kafka_port: FakePort) -> None:
    payload = {"headers": {"team": "platform", "X-Port-Signature": "forged"}, "note": "déploi"}
    kafka_port.add_action("deploy", invokes={"type": "KAFKA", "payload": payload})

    kafka_port.execute("deploy")

    [message] = read(kafka_port, "runs", 1)
    assert message["headers"]["team"] == "platform"
    assert is_verified(kafka_port, message)
    assert not is_verified(kafka_port, {**message, "note": "deploi"})


def test_secrets_are_in_the_message_and_not_in_the_ledger(kafka_port: FakePort) -> None:
    kafka_port.perform(
        "create-organization-secret", body={"secretName": "KEY", "secretValue": "hunter22"}
    )
    kafka_port.add_action(
        "deploy", invokes={"type": "KAFKA", "payload": {"key": "{{ .secrets.KEY }}"}}
    )

    kafka_port.execute("deploy")

    [message] = read(kafka_port, "runs", 1)
    [delivery] = kafka_port.settle()
    assert message["key"] == "hunter22"
    assert is_verified(kafka_port, message)
    assert "hunter22" not in repr(delivery)
    assert delivery.message["message"]["headers"] == message["headers"]


def test_messages_are_read_in_the_order_of_their_runs(kafka_port: FakePort) -> None:
    kafka_port.add_action("deploy", inputs=NAME, invokes=KAFKA)

    runs = [kafka_port.execute("deploy", {"name": f"{number}"}) for number in range(200)]

    messages = read(kafka_port, "runs", 200)
    assert [message["run"] for message in messages] == [run.id for run in runs]


def test_what_the_broker_does_not_take_has_failed(kafka_port: FakePort) -> None:
    kafka_port.add_action(
        "deploy", invokes={"type": "KAFKA", "payload": {"text": '{{ "x" * 1100000 }}'}}
    )

    kafka_port.execute("deploy")

    [delivery] = kafka_port.settle()
    assert delivery.fate == "failed"
    assert "MSG_SIZE_TOO_LARGE" in str(delivery.attempts[0].error)


# Runs that Port's agent carries out.


def test_a_run_for_the_agent_goes_to_kafka_by_default(kafka_port: FakePort) -> None:
    kafka_port.add_action("deploy", inputs=NAME, invokes=AGENT)

    run = kafka_port.execute("deploy", {"name": "checkout"})

    [message] = read(kafka_port, "runs", 1)
    assert (message["name"], message["context"]["runId"]) == ("checkout", run.id)
    assert message["headers"]["RUN_ID"] == run.id
    assert message["payload"]["action"]["invocationMethod"] == {
        "type": "WEBHOOK",
        "url": AGENT["url"],
        "agent": True,
        "synchronized": False,
        "method": "POST",
    }
    assert is_verified(kafka_port, message)


def test_a_run_for_the_agent_that_polls_goes_to_its_queue(kafka_port: FakePort) -> None:
    kafka_port.perform(
        "change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}}
    )
    kafka_port.add_action("deploy", inputs=NAME, invokes=AGENT)
    kafka_port.add_action("listen", inputs=NAME, invokes=KAFKA)

    polled = kafka_port.execute("deploy", {"name": "checkout"})
    heard = kafka_port.execute("listen", {"name": "checkout"})

    [message] = read(kafka_port, "runs", 1)
    assert message["run"] == heard.id
    claim = {"installationId": "_PORT_EXEC_AGENT", "limit": 10}
    claimed = kafka_port.perform("claim-pending-runs", body=claim)["runs"]
    assert [run["id"] for run in claimed] == [polled.id]


# Without a broker.


def test_without_a_broker_the_ledger_has_the_same_message(kafka_port: FakePort) -> None:
    with FakePort(name=kafka_port.world.name) as alone:
        for one in (kafka_port, alone):
            one.add_action("deploy", inputs=NAME, invokes=AGENT)
            one.execute("deploy", {"name": "checkout"})

        [sent], [kept] = kafka_port.settle(), alone.settle()

    assert (sent.fate, kept.fate) == ("sent", "recorded")
    assert sent.message == kept.message


def test_nothing_of_kafka_is_loaded_for_a_fake_without_a_broker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)

    with FakePort() as port:
        port.add_action("deploy", inputs=NAME, invokes=KAFKA)
        port.execute("deploy", {"name": "checkout"})

        [delivery] = port.settle()

    assert delivery.message["message"]["name"] == "checkout"


def test_a_broker_without_the_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)

    with pytest.raises(MisuseError, match=r"install port-fake\[kafka\]"):
        FakePort(kafka=True).__enter__()
    code = main(["serve", "--kafka", "--port", "0"])

    assert code == 2
    assert "install port-fake[kafka]" in capsys.readouterr().err


# Credentials.


def test_the_credentials_tell_the_address(kafka_port: FakePort) -> None:
    answer = client_of(kafka_port).get(CREDENTIALS)

    credentials = answer.json["credentials"]
    assert credentials["brokers"] == [kafka_port.kafka_address]
    assert credentials["username"] == kafka_port.world.id
    assert kafka_port.client_secret not in credentials.values()
    [exchange] = [one for one in kafka_port.requests if one.path == CREDENTIALS]
    assert exchange.answer == b""


def test_without_a_broker_there_is_no_address() -> None:
    with FakePort() as port:
        answer = client_of(port).get(CREDENTIALS)

        assert answer.json["credentials"]["brokers"] == []
        with pytest.raises(MisuseError, match="kafka=True"):
            _ = port.kafka_address


def test_serve_prints_the_address() -> None:
    with served("--kafka") as server:
        [address] = [one for one in server.greeting if one.startswith("Kafka broker:  ")]
        topics = topics_at(address.removeprefix("Kafka broker:  "))

    assert sorted(name.partition(".")[2] for name in topics) == ["change.log", "runs"]


# The life of a broker.


def test_organisations_of_one_server_share_its_broker_and_no_topic(
    kafka_server: FakePortServer, kafka_port: FakePort
) -> None:
    with kafka_server.organisation(name="neighbour") as other:
        assert other.kafka_address == kafka_port.kafka_address
        for one in (kafka_port, other):
            one.add_action("deploy", inputs=NAME, invokes=KAFKA)
            one.execute("deploy", {"name": one.world.name})

        found = [read(one, "runs", 1)[0]["name"] for one in (kafka_port, other)]

    assert found == [kafka_port.world.name, other.world.name]


def test_a_run_of_before_the_server_is_heard_of_once_it_listens() -> None:
    port = FakePort(kafka=True)
    port.add_action("deploy", inputs=NAME, invokes=KAFKA)
    port.execute("deploy", {"name": "early"})

    with port:
        [message] = read(port, "runs", 1)

    assert message["name"] == "early"


async def on_this_loop() -> list[Any]:
    async with FakePort(kafka=True) as port:
        port.add_action("deploy", inputs=NAME, invokes=KAFKA)
        port.execute("deploy", {"name": "checkout"})
        await port.settled()
        return read(port, "runs", 1)


def test_a_broker_runs_beside_a_server_on_an_event_loop() -> None:
    [message] = asyncio.run(on_this_loop())

    assert message["name"] == "checkout"


def test_a_closed_broker_takes_nothing() -> None:
    broker = Broker()
    broker.produce("topic", b"1")
    assert read_from(broker.addresses[0], "topic", 1) == [1]

    broker.close()

    with pytest.raises(MisuseError, match="closed"):
        broker.produce("topic", b"2")
