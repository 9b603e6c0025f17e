"""Fixtures that all tests share."""

from __future__ import annotations

import pytest

from port_fake import FakePort
from tests.support.client import Client, client_of


@pytest.fixture
def client(port_fake: FakePort) -> Client:
    """A client with the credentials of the organisation of `port_fake`."""
    return client_of(port_fake)
