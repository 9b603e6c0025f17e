"""The fast suite on every Python that the project names and this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.slow.environments import FAST_SUITE, ROOT, create, run

pytestmark = pytest.mark.slow

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSIONS: Final = [
    line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line
]
OTHERS: Final = [v for v in VERSIONS if v != f"{sys.version_info.major}.{sys.version_info.minor}"]

# Answers for a CPython with pip's installer and the usual lock: no wheels are built for others.
PROBE: Final = """
import ensurepip, sys, sysconfig
plain = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
print("{}.{}".format(*sys.version_info) if plain else "another kind")
"""


def pyenv_folders() -> Iterator[Path]:
    """Where pyenv keeps its Pythons: as it says itself, as the environment says, as it is made."""
    if pyenv := shutil.which("pyenv"):
        told = subprocess.run([pyenv, "root"], check=False, capture_output=True, text=True)
        yield Path(told.stdout.strip(), "versions")
    if root := os.environ.get("PYENV_ROOT"):
        yield Path(root, "versions")
    yield Path("~/.pyenv/versions").expanduser()


def candidates(version: str) -> Iterator[Path]:
    """Files that may be a Python *version*, or only bear its name."""
    if named := shutil.which(f"python{version}"):
        yield Path(named)
    for folder in pyenv_folders():
        yield from sorted(folder.glob(f"{version}.*/bin/python"))


def find(version: str) -> Path | None:
    """The first candidate that really runs as *version*, if any does."""
    for python in candidates(version):
        said = subprocess.run([python, "-c", PROBE], check=False, capture_output=True, text=True)
        if said.stdout.strip() == version:
            return python
    return None


@pytest.mark.parametrize("version", OTHERS)
def test_the_fast_suite_passes_on_another_python(version: str, tmp_path: Path) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no working Python {version} on this machine")

    bin_folder = create(python, tmp_path / "venv", "--editable", f"{ROOT}[dev]")

    run(bin_folder / "python", *FAST_SUITE)
