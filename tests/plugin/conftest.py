"""A test suite of somebody else, who has installed the plugin and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest

import port_fake
from tests.plugin.suites import Suite


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """An empty suite, in which pytest loads no plugin but ours."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(Path(port_fake.__file__).resolve().parents[1]))
    return Suite(pytester)
