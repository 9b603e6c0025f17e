"""The example as its author runs it: the wheel in an environment of its own, no source around."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.slow.environments import ROOT, create, run

pytestmark = pytest.mark.slow

EXAMPLE: Final = ROOT / "examples" / "deployments"

WITNESS: Final = """
import json, os, sys
from pathlib import Path

def pytest_sessionfinish():
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    Path(f"{os.getpid()}.modules.json").write_text(json.dumps(sorted(filter(None, files))))
"""
"""A plugin that notes, in each process, which files were imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A copy of the example, and the interpreter of its environment."""

    folder: Path
    python: Path

    def modules(self) -> list[set[Path]]:
        """Return what each process had imported, and forget it."""
        found = []
        for note in self.folder.glob("*.modules.json"):
            found.append({Path(file).resolve() for file in json.loads(note.read_text("utf-8"))})
            note.unlink()
        return found


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example, installed from its own requirements and the wheel."""
    home = tmp_path_factory.mktemp("example")
    leftovers = shutil.ignore_patterns("__pycache__", ".*")
    folder = Path(shutil.copytree(EXAMPLE, home / "deployments", ignore=leftovers))
    environment = create(sys.executable, home / "venv", f"{wheel}[strategies]", f"{folder}[test]")
    (folder / "witness.py").write_text(WITNESS, encoding="utf-8")
    return Project(folder=folder, python=environment / "python")


@pytest.mark.parametrize(("spread", "processes"), [((), 1), (("-n", "2"), 3)], ids=["one", "-n 2"])
def test_the_example_passes_its_tests_against_the_wheel(
    project: Project, spread: tuple[str, ...], processes: int
) -> None:
    written = sum(
        len(re.findall(r"^def test_", file.read_text("utf-8"), re.MULTILINE))
        for file in (EXAMPLE / "tests").glob("test_*.py")
    )

    said = run(project.python, "-m", "pytest", "-p", "witness", *spread, cwd=project.folder)

    (summary,) = re.findall(r"^=+ (.* passed.*) in .*=+$", said, re.MULTILINE)
    passed, _, others = summary.partition(" passed")
    assert int(passed) >= written > 0
    assert others == "", "each test has to be run, and to pass"
    imported = project.modules()
    assert len(imported) == processes
    for files in imported:
        assert [file for file in files if file.is_relative_to(ROOT)] == []
        packages = [file for file in files if file.parts[-2:] == ("port_fake", "plugin.py")]
        assert ["site-packages" in file.parts for file in packages] == [True]
