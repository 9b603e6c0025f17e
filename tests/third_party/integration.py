"""What Ocean needs around its classes, and every name of Ocean's that the tests use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import pytest

# Only the environment of `make test-clients` has these; the type checker runs in another.
from httpx import HTTPStatusError  # type: ignore[import-not-found]
from port_ocean.clients.port import utils as http  # type: ignore[import-not-found]
from port_ocean.clients.port.client import PortClient  # type: ignore[import-not-found]
from port_ocean.clients.port.types import UserAgentType  # type: ignore[import-not-found]
from port_ocean.context import ocean as context  # type: ignore[import-not-found]
from port_ocean.core.handlers.actions.abstract_executor import (  # type: ignore[import-not-found]
    AbstractExecutor,
)
from port_ocean.core.models import ActionRun, Entity, RunStatus  # type: ignore[import-not-found]
from port_ocean.exceptions.execution_manager import (  # type: ignore[import-not-found]
    ActionExecutionError,
    RunAlreadyAcknowledgedError,
)
from port_ocean.ocean import Ocean  # type: ignore[import-not-found]
from port_ocean.utils.signal import init_signal_handler  # type: ignore[import-not-found]

from port_fake import FakePort, RunView

__all__ = [
    "AbstractExecutor",
    "ActionExecutionError",
    "ActionRun",
    "Entity",
    "HTTPStatusError",
    "PortClient",
    "RunAlreadyAcknowledgedError",
    "RunStatus",
    "UserAgentType",
]

IDENTIFIER: Final = "github-prod"
TYPE: Final = "github"
VERSION: Final = "1.2.3"

SETTINGS: Final = {
    "OCEAN__INTEGRATION__IDENTIFIER": IDENTIFIER,
    "OCEAN__INTEGRATION__TYPE": TYPE,
    "OCEAN__EVENT_LISTENER__TYPE": "ACTIONS_ONLY",
    "OCEAN__CACHING_STORAGE_MODE": "memory",
    # A worker looks up from an empty queue three times in that time.
    "OCEAN__MAX_WAIT_SECONDS_BEFORE_SHUTDOWN": "3",
    "OCEAN__ACTIONS_PROCESSOR__POLL_CHECK_INTERVAL_SECONDS": "1",
}


def furnish(folder: Path, port: FakePort, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make *folder* an integration's, go there, and set the environment as docs/clients.md says."""
    project = f'[project]\nname = "{TYPE}"\nversion = "{VERSION}"\n'
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("OCEAN__")]:
        monkeypatch.delenv(name)
    connection = {
        "OCEAN__PORT__BASE_URL": port.base_url,
        "OCEAN__PORT__CLIENT_ID": port.client_id,
        "OCEAN__PORT__CLIENT_SECRET": port.client_secret,
    }
    for name, value in {**connection, **SETTINGS}.items():
        monkeypatch.setenv(name, value)


def start(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make Ocean's application, which a process has only one of: forget that of the test before."""
    monkeypatch.setattr(context, "_port_ocean", context.PortOceanContext(None))
    monkeypatch.setattr(http, "_port_internal_async_client", None)
    init_signal_handler()
    return Ocean()


def add_deploy(port: FakePort, identifier: str = "deploy", **definition: Any) -> dict[str, Any]:
    """Add an action that the integration executes, with a template among its properties."""
    return port.add_action(
        identifier,
        inputs={"ref": {"type": "string"}},
        invokes={
            "type": "INTEGRATION_ACTION",
            "installationId": IDENTIFIER,
            "integrationActionType": "dispatch_workflow",
            "integrationActionExecutionProperties": {
                "org": "acme",
                "repo": "shop",
                "workflow": "deploy.yml",
                "workflowInputs": {"ref": "{{ .inputs.ref }}"},
                "reportWorkflowStatus": True,
            },
        },
        **definition,
    )


def deploy(port: FakePort, action: str = "deploy", *, ref: str = "v7") -> RunView:
    """Execute the action as somebody in Port does."""
    return port.execute(action, {"ref": ref})
