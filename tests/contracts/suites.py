"""Suites of questions that are written and asked by our tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from port_fake._resources import directory
from tests.cli.processes import environment

CONFTEST: Final = (directory("contracts") / "conftest.py").read_text("utf-8")
TIMEOUT_S: Final = 60

HEAD: Final = """
import pytest
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError
"""


@dataclass(frozen=True)
class Asked:
    """How asking ended: what was printed, the exit code, the JSON report."""

    code: int
    printed: str
    report: Mapping[str, Any]

    @property
    def questions(self) -> Mapping[str, Any]:
        """What came of each question, by its name."""
        return {one["name"]: one for one in self.report.get("questions", ())}

    @property
    def verdicts(self) -> Mapping[str, str]:
        """The verdict of each question, by its name."""
        return {name: one["verdict"] for name, one in self.questions.items()}


class Questions:
    """A folder with questions of a test's own, beside the real ``conftest.py``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "conftest.py").write_text(CONFTEST, "utf-8")
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")

    def ask(self, questions: str, *options: str) -> Asked:
        """Ask *questions* of a fake, or of what the options name."""
        (self.folder / "test_theirs.py").write_text(HEAD + dedent(questions), "utf-8")
        file = self.folder / "report.json"
        given = ("-p", "no:cacheprovider", f"--port-json={file}", *options)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *given],
            check=False,
            capture_output=True,
            cwd=self.folder,
            env={
                **environment(),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "PYTEST_ADDOPTS": "",
                "COLUMNS": os.environ.get("COLUMNS", "100"),
            },
            text=True,
            timeout=TIMEOUT_S,
        )
        report = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return Asked(done.returncode, f"{done.stdout}{done.stderr}", report)
