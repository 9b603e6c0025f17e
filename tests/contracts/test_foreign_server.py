"""The suites at a server that is not ours: they come to their end, and no question goes wrong.

They are asked for a few seconds only; among the slow tests, all of them are.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from port_fake._resources import directory
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document
from tests.support.examples import examples
from tests.support.foreign import asking, told

pytestmark = pytest.mark.slow  # asks all questions

KEYS = {"PORT_CLIENT_ID": "somebody", "PORT_CLIENT_SECRET": "secret-of-somebody"}
AREA = re.compile(r'@question\(\s*"(\w+)\.')
GENERATED = {"schema", "workflow"}
"""Areas that take their time; they are asked among the slow tests."""


def areas() -> list[str]:
    """Return the areas of all questions."""
    texts = (file.read_text(encoding="utf-8") for file in directory("contracts").glob("test_*.py"))
    return sorted({found for text in texts for found in AREA.findall(text)} - GENERATED)


def asked(folder: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Ask example data; return the exit code, the findings and what was complained of."""
    report = folder / "report.json"
    selected = [f"--select={area}" for area in areas()]
    with examples(json.loads(json.dumps(document(PORT)))) as server:
        process = asking(
            server.url,
            *("--json", str(report), "--max-time", "8"),
            *(*selected, *arguments),
            variables=KEYS,
        )
        code, output, complaints = told(process)
    assert report.exists(), output + complaints
    return code, json.loads(report.read_text(encoding="utf-8")), complaints


@pytest.mark.parametrize("mode", ["throwaway", "write string"])
def test_example_data_fails_questions_with_reasons_and_breaks_none(
    mode: str, tmp_path: Path
) -> None:
    kind, *action = mode.split()

    code, found, complaints = asked(tmp_path, f"--{kind}", *action)

    counts = Counter(one["verdict"] for one in found["questions"])
    assert (code, found["mode"]) == (1, mode)
    assert counts["failed"] >= 3
    assert [f"{one['name']}: {one['reason']}" for one in found["questions"] if is_bad(one)] == []
    assert "Traceback" not in complaints


def is_bad(question: dict[str, Any]) -> bool:
    """Whether a question broke, or failed without a sentence on what was answered."""
    if question["verdict"] == "broken":
        return True
    said = question["reason"]
    return question["verdict"] in {"failed", "skipped"} and (len(said) < 8 or "Error:" in said)
