"""Suites that are written and run by our tests."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any, Final

import pytest

OURS: Final = ("-p", "port_fake.plugin", "-p", "no:cacheprovider", "-W", "error")
TIMEOUT_S: Final = 60


class Suite:
    """Files of tests, and what becomes of them."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def write(self, tests: str, *, name: str = "test_theirs") -> None:
        """Write a file of tests."""
        self._pytester.makepyfile(**{name: dedent(tests)})

    def write_conftest(self, text: str) -> None:
        """Write the suite's ``conftest.py``."""
        self._pytester.makeconftest(dedent(text))

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run the suite in this process."""
        return self._pytester.runpytest_inprocess(*OURS, *arguments)

    def run_apart(self, *arguments: str) -> pytest.RunResult:
        """Run the suite in a process of its own."""
        return self._pytester.runpytest_subprocess(*OURS, *arguments, timeout=TIMEOUT_S)

    def noted(self) -> dict[str, Any]:
        """Return what the tests wrote to ``<name>.note.json``, by name, and remove it."""
        notes = {}
        for file in self._pytester.path.glob("*.note.json"):
            notes[file.name.removesuffix(".note.json")] = json.loads(file.read_text("utf-8"))
            file.unlink()
        return notes
