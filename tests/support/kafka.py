"""A consumer of what the fake puts on Kafka. Whoever imports this without the extra is skipped."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from port_fake import FakePort

confluent_kafka = pytest.importorskip(
    "confluent_kafka", reason="needs the extra: pip install port-fake[kafka]"
)

DEADLINE_S: Final = 10


def read(port: FakePort, topic: str, count: int) -> list[Any]:
    """Return the first *count* messages of a topic; fewer, if no more come until the deadline."""
    return read_from(port.kafka_address, f"{port.world.id}.{topic}", count)


def read_from(address: str, topic: str, count: int) -> list[Any]:
    """Return the first *count* messages of the topic with that full name."""
    consumer = confluent_kafka.Consumer({"bootstrap.servers": address, "group.id": topic})
    # No group is joined for an assignment: that would take three seconds.
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    try:
        messages = consumer.consume(count, DEADLINE_S)
    finally:
        consumer.close()
    assert [message.error() for message in messages if message.error()] == []
    return [json.loads(message.value()) for message in messages]


def topics_at(address: str) -> list[str]:
    """Return the names of the topics that a broker has."""
    client = confluent_kafka.admin.AdminClient({"bootstrap.servers": address})
    return list(client.list_topics(timeout=DEADLINE_S).topics)
