"""Messages for Kafka: on a broker where there is one, and in the ledger where there is none."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

from port_fake import FakePort, FakePortServer
from port_fake.cli import main
from port_fake.delivery.kafka import Broker
from port_fake.dialects.port.invocation.signature import is_signed
from port_fake.errors import MisuseError
from tests.cli.processes import served
from tests.support.client import client_of

confluent_kafka = pytest.importorskip(
    "confluent_kafka", reason="needs the extra: pip install port-fake[kafka]"
)

DEADLINE_S: Final = 10
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


@pytest.fixture(scope="module")
def server() -> Iterator[FakePortServer]:
    with FakePortServer(kafka=True) as running:
        yield running


@pytest.fixture
def port(server: FakePortServer, request: pytest.FixtureRequest) -> Iterator[FakePort]:
    with server.organisation(name=request.node.nodeid) as fake:
        yield fake


def read(port: FakePort, topic: str, count: int) -> list[Any]:
    """Return the first *count* messages of a topic; fewer, if no more come until the deadline."""
    return read_from(port.kafka_address, f"{port.world.id}.{topic}", count)


def read_from(address: str, topic: str, count: int) -> list[Any]:
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": topic})
    # No group is joined for an assignment: that would take three seconds.
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    try:
        messages = consumer.consume(count, DEADLINE_S)
    finally:
        consumer.close()
    assert [message.error() for message in messages if message.error()] == []
    return [json.loads(message.value()) for message in messages]


def is_verified(port: FakePort, message: dict[str, Any]) -> bool:
    """Whether a message is signed, as Port's agent finds out."""
    headers = dict(message["headers"])
    signature, timestamp = headers.pop("X-Port-Signature"), headers.pop("X-Port-Timestamp")
    bare = {**message, "headers": headers}
    text = json.dumps(bare, separators=(",", ":"), ensure_ascii=False)
    return is_signed(port.client_secret, str(timestamp), signature, text.encode())


def log_of(port: FakePort) -> list[Any]:
    """Return the change log as the ledger has it."""
    return [
        one.message["message"]
        for one in port.settle()
        if one.message.get("topic") == topic_of(port)
    ]


def topic_of(port: FakePort) -> str:
    return f"{port.world.id}.change.log"


# The topic of runs.


def test_a_run_message_reaches_who_listens(port: FakePort) -> None:
    port.add_action("deploy", inputs=NAME, invokes=KAFKA)

    run = port.execute("deploy", {"name": "checkout"})

    [message] = read(port, "runs", 1)
    assert {"name": "checkout", "run": run.id}.items() <= message.items()
    assert is_verified(port, message)
    [delivery] = port.settle()
    assert (delivery.kind, delivery.fate) == ("KAFKA", "sent")
    assert delivery.message == {"topic": f"{port.world.id}.runs", "message": message}


def test_without_a_payload_the_message_tells_of_the_run(port: FakePort) -> None:
    port.add_action("deploy", invokes={"type": "KAFKA"})

    run = port.execute("deploy")

    [message] = read(port, "runs", 1)
    assert (message["resourceType"], message["status"]) == ("run", "TRIGGERED")
    assert message["context"]["runId"] == run.id
    assert is_verified(port, message)


def test_a_message_without_room_for_headers_is_not_signed(port: FakePort) -> None:
    port.add_action("deploy", invokes={"type": "KAFKA", "payload": ["{{ .run.id }}"]})

    run = port.execute("deploy")

    assert read(port, "runs", 1) == [[run.id]]


def test_headers_of_its_own_are_signed_as_well(port: FakePort) -> None:
    payload = {"headers": {"team": "platform", "X-Port-Signature": "forged"}, "note": "déploi"}
    port.add_action("deploy", invokes={"type": "KAFKA", "payload": payload})

    port.execute("deploy")

    [message] = read(port, "runs", 1)
    assert message["headers"]["team"] == "platform"
    assert is_verified(port, message)
    assert not is_verified(port, {**message, "note": "deploi"})


def test_secrets_are_in_the_message_and_not_in_the_ledger(port: FakePort) -> None:
    port.perform(
        "create-organization-secret", body={"secretName": "KEY", "secretValue": "hunter22"}
    )
    port.add_action("deploy", invokes={"type": "KAFKA", "payload": {"key": "{{ .secrets.KEY }}"}})

    port.execute("deploy")

    [message] = read(port, "runs", 1)
    [delivery] = port.settle()
    assert message["key"] == "hunter22"
    assert is_verified(port, message)
    assert "hunter22" not in repr(delivery)
    assert delivery.message["message"]["headers"] == message["headers"]


def test_messages_are_read_in_the_order_of_their_runs(port: FakePort) -> None:
    port.add_action("deploy", inputs=NAME, invokes=KAFKA)

    runs = [port.execute("deploy", {"name": f"{number}"}) for number in range(200)]

    messages = read(port, "runs", 200)
    assert [message["run"] for message in messages] == [run.id for run in runs]


def test_what_the_broker_does_not_take_has_failed(port: FakePort) -> None:
    port.add_action("deploy", invokes={"type": "KAFKA", "payload": {"text": '{{ "x" * 1100000 }}'}})

    port.execute("deploy")

    [delivery] = port.settle()
    assert delivery.fate == "failed"
    assert "MSG_SIZE_TOO_LARGE" in str(delivery.attempts[0].error)


# Runs that Port's agent carries out.


def test_a_run_for_the_agent_goes_to_kafka_by_default(port: FakePort) -> None:
    port.add_action("deploy", inputs=NAME, invokes=AGENT)

    run = port.execute("deploy", {"name": "checkout"})

    [message] = read(port, "runs", 1)
    assert (message["name"], message["context"]["runId"]) == ("checkout", run.id)
    assert message["headers"]["RUN_ID"] == run.id
    assert message["payload"]["action"]["invocationMethod"] == {
        "type": "WEBHOOK",
        "url": AGENT["url"],
        "agent": True,
        "synchronized": False,
        "method": "POST",
    }
    assert is_verified(port, message)


def test_a_run_for_the_agent_that_polls_goes_to_its_queue(port: FakePort) -> None:
    port.perform("change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}})
    port.add_action("deploy", inputs=NAME, invokes=AGENT)
    port.add_action("listen", inputs=NAME, invokes=KAFKA)

    polled = port.execute("deploy", {"name": "checkout"})
    heard = port.execute("listen", {"name": "checkout"})

    [message] = read(port, "runs", 1)
    assert message["run"] == heard.id
    claim = {"installationId": "_PORT_EXEC_AGENT", "limit": 10}
    claimed = port.perform("claim-pending-runs", body=claim)["runs"]
    assert [run["id"] for run in claimed] == [polled.id]


# Without a broker.


def test_without_a_broker_the_ledger_has_the_same_message(port: FakePort) -> None:
    with FakePort(name=port.world.name) as alone:
        for one in (port, alone):
            one.add_action("deploy", inputs=NAME, invokes=AGENT)
            one.execute("deploy", {"name": "checkout"})

        [sent], [kept] = port.settle(), alone.settle()

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


def test_the_credentials_tell_the_address(port: FakePort) -> None:
    answer = client_of(port).get(CREDENTIALS)

    credentials = answer.json["credentials"]
    assert credentials["brokers"] == [port.kafka_address]
    assert credentials["username"] == port.world.id
    assert port.client_secret not in credentials.values()
    [exchange] = [one for one in port.requests if one.path == CREDENTIALS]
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
        found = confluent_kafka.admin.AdminClient(
            {"bootstrap.servers": address.removeprefix("Kafka broker:  ")}
        ).list_topics(timeout=DEADLINE_S)

    assert sorted(name.partition(".")[2] for name in found.topics) == ["change.log", "runs"]


# The life of a broker.


def test_organisations_of_one_server_share_its_broker_and_no_topic(
    server: FakePortServer, port: FakePort
) -> None:
    with server.organisation(name="neighbour") as other:
        assert other.kafka_address == port.kafka_address
        for one in (port, other):
            one.add_action("deploy", inputs=NAME, invokes=KAFKA)
            one.execute("deploy", {"name": one.world.name})

        found = [read(one, "runs", 1)[0]["name"] for one in (port, other)]

    assert found == [port.world.name, other.world.name]


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


# The change log.


def test_the_change_log_tells_of_entities_whose_blueprint_wants_it(port: FakePort) -> None:
    port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
    port.add_blueprint("quiet")
    port.add_entity("quiet", "nobody")

    made = port.add_entity("service", "checkout")
    path = {"blueprint_identifier": "service", "entity_identifier": "checkout"}
    changed = port.perform("change-entity", path=path, body={"title": "Checkout"})["entity"]
    port.perform("delete-entity", path=path)

    messages = read(port, "change.log", 3)
    assert messages == log_of(port)
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
    assert who == [port.client_id, port.client_id, None]


def test_the_change_log_tells_of_runs_as_v1_shows_them(port: FakePort) -> None:
    destination = {"type": "WEBHOOK", "agent": True, "url": "http://inside.example.com/"}
    port.add_blueprint("service", changelogDestination=destination)
    port.add_user("lea@example.com")
    port.add_action("deploy", blueprint="service", approval=True, invokes={"type": "KAFKA"})

    run = port.execute("deploy", as_user="lea@example.com")
    port.approve(run)
    port.complete(run, summary="done")

    messages = read(port, "change.log", 3)
    statuses = ["WAITING_FOR_APPROVAL", "IN_PROGRESS", "SUCCESS"]
    after = [one["diff"]["after"] for one in messages]
    assert [one["status"] for one in after] == statuses
    assert [one["diff"]["before"] for one in messages] == [None, *after[:-1]]
    assert messages[0]["trigger"]["by"]["user"]["email"] == "lea@example.com"
    assert {one["context"]["runId"] for one in messages} == {run.id}
    assert [one["changelogDestination"] for one in messages] == [destination] * 3
    assert messages == log_of(port)


def test_the_change_log_tells_of_what_a_run_does_to_an_entity(port: FakePort) -> None:
    port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
    mapping = {"identifier": "checkout"}
    upsert = {"type": "UPSERT_ENTITY", "blueprintIdentifier": "service", "mapping": mapping}
    port.add_action("register", invokes=upsert)

    port.execute("register")

    [message] = read(port, "change.log", 1)
    assert message["diff"]["after"]["identifier"] == "checkout"


def test_without_a_broker_the_ledger_has_the_change_log() -> None:
    with FakePort() as port:
        port.add_blueprint("service", changelogDestination={"type": "KAFKA"})
        made = port.add_entity("service", "checkout")

        [delivery] = port.settle()

    assert (delivery.kind, delivery.fate, delivery.run_id) == ("CHANGE_LOG", "recorded", "")
    assert delivery.message["message"]["diff"] == {"before": None, "after": made}
