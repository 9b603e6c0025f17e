"""The examples pass their own tests with what is written here; tests/slow tries the wheel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
EXAMPLE: Final = ROOT / "examples" / "deployments"


@pytest.mark.slow
def test_the_example_passes_its_tests(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    leftovers = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True, ignore=leftovers)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # Only what the tests need: other plugins cost a second, and tables of characters another.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(ROOT / ".hypothesis"))

    result = pytester.runpytest_subprocess("-p", "port_fake.plugin", "-p", "no:cacheprovider")

    outcomes = result.parseoutcomes()
    assert outcomes.keys() == {"passed"}, "each test has to be run, and to pass"
    written = [file.read_text("utf-8").count("\ndef test_") for file in EXAMPLE.rglob("test_*.py")]
    assert outcomes["passed"] >= sum(written) > 0
