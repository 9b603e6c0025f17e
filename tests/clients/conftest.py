"""PyPort, pointed at the fake in the only way there is: by replacing its module's constant."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pyport import PortClient  # type: ignore[import-untyped]  # it ships no types

from port_fake import FakePort

Connect = Callable[..., Any]
"""Makes a new PyPort client; its circuit breaker is its own."""


@pytest.fixture
def connect(port_fake: FakePort, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """Make PyPort clients of the organisation, or with other credentials."""
    monkeypatch.setattr("pyport.client.client.PORT_API_URL", f"{port_fake.base_url}/v1")
    with ExitStack() as stack:

        def new(**options: Any) -> Any:
            credentials = {
                "client_id": port_fake.client_id,
                "client_secret": port_fake.client_secret,
            }
            client = PortClient(
                **{
                    **credentials,
                    "auto_refresh": False,
                    "log_handler": logging.NullHandler(),
                    **options,
                }
            )
            stack.callback(client._session.close)  # noqa: SLF001 - it has no close of its own
            return client

        yield new


@pytest.fixture
def pyport(connect: Connect) -> Any:
    """A PyPort client with the organisation's own credentials."""
    return connect()
