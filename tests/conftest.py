"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from port_fake import FakePort
from tests.support.client import Client, client_of, hold_exchange


@pytest.fixture
def client(port_fake: FakePort) -> Client:
    """A client with the credentials of the organisation of `port_fake`."""
    return client_of(port_fake)


@pytest.fixture(autouse=True)
def every_answer_is_as_documented(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold whatever any client got from `port_fake` in a test against the document."""
    drifts = request.node.get_closest_marker("drifts") is not None
    if drifts or "port_fake" not in request.fixturenames:
        yield
        return
    port: FakePort = request.getfixturevalue("port_fake")
    yield
    for exchange in port.requests:
        hold_exchange(exchange)
