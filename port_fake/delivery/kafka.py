"""An embedded Kafka broker: the cluster that librdkafka has for its own tests.

It listens on a loopback address, asks nobody for a password, and keeps the newest 5 MB of a topic.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from port_fake.errors import MisuseError

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

PARTITION: Final = 0
"""All messages go to the first partition: a topic is read in the order in which it was written."""

TIMEOUT_S: Final = 10


class Broker:
    """A broker that runs in this process until it is closed. Safe to use from any thread."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            MisuseError: confluent-kafka is not installed.
        """
        # Loaded for those who want a broker, and installed for nobody else.
        try:
            from confluent_kafka import KafkaException, Producer
        except ImportError as error:
            raise MisuseError(
                "a Kafka broker needs confluent-kafka: install port-fake[kafka]"
            ) from error
        self._failed = KafkaException
        self._lock = Lock()
        self._producer: Producer | None = Producer(
            {
                "test.mock.num.brokers": 1,
                "linger.ms": 0,
                "message.timeout.ms": TIMEOUT_S * 1000,
                "log_level": 3,  # errors: it would announce on stderr that it is a mock
            }
        )
        brokers = self._producer.list_topics(timeout=TIMEOUT_S).brokers.values()
        self.addresses = tuple(f"{one.host}:{one.port}" for one in brokers)

    def open(self, topic: str) -> None:
        """Make a topic, so that it can be subscribed to before its first message."""
        with self._lock:
            self._running().list_topics(topic, timeout=TIMEOUT_S)

    def produce(self, topic: str, message: bytes) -> None:
        """Put a message on a topic; returns once the broker has it.

        Raises:
            KafkaException: The broker does not take it.
            MisuseError: The broker is closed.
        """
        reports: list[KafkaError | None] = []

        def report(error: KafkaError | None, _: Any) -> None:
            reports.append(error)

        with self._lock:
            producer = self._running()
            producer.produce(topic, message, partition=PARTITION, on_delivery=report)
            producer.flush()
        for error in reports:
            if error is not None:
                raise self._failed(error)

    def close(self) -> None:
        """End it; what it holds is gone."""
        with self._lock:
            # librdkafka ends the cluster with the last reference to its producer.
            self._producer = None

    def _running(self) -> Any:
        if self._producer is None:
            raise MisuseError("the Kafka broker is closed")
        return self._producer
