"""Fixtures of the control API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from port_fake import FakePortServer
from tests.support.control import ControlClient, named


@pytest.fixture
def server() -> Iterator[FakePortServer]:
    """A server of its own, without organisations."""
    with FakePortServer() as one:
        yield one


@pytest.fixture
def control(server: FakePortServer) -> ControlClient:
    """The control API of `server`."""
    return ControlClient(server.base_url)


@pytest.fixture
def shop(control: ControlClient) -> Iterator[dict[str, Any]]:
    """An organisation that the control API has made, with a scenario."""
    made = control.create(name="shop", scenario={"name": "microservice"})
    yield made
    control.delete(named("shop"))
