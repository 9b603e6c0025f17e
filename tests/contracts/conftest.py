"""Fixtures for the tests of the contract suites."""

from __future__ import annotations

import pytest

from tests.contracts.suites import Questions


@pytest.fixture
def questions(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Questions:
    """A folder with questions of a test's own."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return Questions(pytester)
