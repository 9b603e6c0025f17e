"""A server with a Kafka broker, and organisations on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from port_fake import FakePort, FakePortServer


@pytest.fixture(scope="package")
def kafka_server() -> Iterator[FakePortServer]:
    with FakePortServer(kafka=True) as running:
        yield running


@pytest.fixture
def kafka_port(kafka_server: FakePortServer, request: pytest.FixtureRequest) -> Iterator[FakePort]:
    with kafka_server.organisation(name=request.node.nodeid) as fake:
        yield fake
