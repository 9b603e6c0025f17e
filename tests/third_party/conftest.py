"""Ocean's own application, made as an integration makes it and pointed at the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from port_fake import FakePort
from port_fake.world.organisations import Credentials
from tests.third_party import integration


def pytest_report_header() -> str:
    """Say whose classes are tested."""
    return f"port-ocean {version('port-ocean')}"


@pytest.fixture
def anyio_backend() -> str:
    """Ocean runs on asyncio and on nothing else."""
    return "asyncio"


@pytest.fixture
async def ocean(
    port_fake: FakePort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    """Ocean's application with the organisation's own credentials."""
    integration.furnish(tmp_path, port_fake, monkeypatch)
    app = integration.start(monkeypatch)
    yield app
    await app.port_client.client.aclose()


@pytest.fixture
def client(ocean: Any) -> Any:
    """The client that Ocean's application uses."""
    return ocean.port_client


@pytest.fixture
def another(ocean: Any, port_fake: FakePort) -> Callable[..., Any]:
    """Make one more client: another copy of the integration, or of another one."""

    def make(
        identifier: str = integration.IDENTIFIER, credentials: Credentials | None = None
    ) -> Any:
        return integration.PortClient(
            str(ocean.config.port.base_url),
            credentials.client_id if credentials else port_fake.client_id,
            credentials.client_secret if credentials else port_fake.client_secret,
            identifier,
            integration.TYPE,
            integration.VERSION,
        )

    return make
