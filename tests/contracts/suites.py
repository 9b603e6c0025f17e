"""Suites of questions that are written and asked by our tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import pytest

from port_fake._resources import directory

CONFTEST: Final = (directory("contracts") / "conftest.py").read_text("utf-8")

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

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        pytester.makeconftest(CONFTEST)

    def ask(self, questions: str, *options: str) -> Asked:
        """Ask *questions* of a fake, or of what the options name."""
        self._pytester.makepyfile(test_theirs=HEAD + dedent(questions))
        return self.again(*options)

    def again(self, *options: str) -> Asked:
        """Ask the same questions."""
        file = Path(self._pytester.path / "report.json")
        file.unlink(missing_ok=True)
        given: Sequence[str] = ("-p", "no:cacheprovider", f"--port-json={file}", *options)
        result = self._pytester.runpytest_subprocess(*given, timeout=60)
        report = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return Asked(int(result.ret), f"{result.stdout.str()}{result.stderr.str()}", report)

    def read(self, name: str) -> str:
        """Return what a question has written to a file."""
        return Path(self._pytester.path / name).read_text("utf-8")
