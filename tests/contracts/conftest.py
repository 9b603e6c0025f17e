"""Fixtures for the tests of the contract suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.suites import Questions


@pytest.fixture
def questions(tmp_path: Path) -> Questions:
    """A folder with questions of a test's own."""
    return Questions(tmp_path)
