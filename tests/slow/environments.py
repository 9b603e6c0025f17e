"""Environments of their own: venvs to install into and to run things from, away from ours."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FAST_SUITE: Final = ("-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", "-m", "not slow")

# What the pytest around us and our own interpreter were told is not for those inside.
OURS: Final = ("COV_", "COVERAGE_", "PYTEST_", "PYTHON", "VIRTUAL_ENV")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Return what *command* prints; if it fails, fail the test with the tail of its output."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    tail = "\n".join((done.stdout + done.stderr).splitlines()[-60:])
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended {done.returncode}:\n{tail}"
    return done.stdout


def create(python: str | Path, folder: Path, *requirements: str) -> Path:
    """Make a venv in *folder*, install *requirements* as pinned, and return its bin folder."""
    run(python, "-m", "venv", folder)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pins = ("--constraint", ROOT / "constraints.txt")
    run(folder / "bin" / "python", *install, *pins, *requirements)
    return folder / "bin"
