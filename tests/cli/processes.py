"""The command as a process of its own, found wherever the package under test was loaded from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import port_fake

TIMEOUT_S: Final = 30
"""Longer than anything here takes; who waits that long has found a defect."""

QUICKLY_S: Final = 10
"""Far less than the half minute that the fake waits for the rest of a body."""

HOME: Final = Path(port_fake.__file__).resolve().parents[1]
LISTENING: Final = "port-fake listening on "


def command(*arguments: str) -> list[str]:
    """Return the command line of ``port-fake`` with *arguments*."""
    return [sys.executable, "-m", "port_fake", *arguments]


def environment() -> dict[str, str]:
    """Return an environment in which a child finds the same package."""
    return {**os.environ, "PYTHONPATH": str(HOME)}


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        command(*arguments),
        check=False,
        capture_output=True,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=TIMEOUT_S,
    )


@dataclass(frozen=True)
class Served:
    """A fake that a process serves. *greeting* is what it printed, *url* where it listens."""

    process: subprocess.Popen[str]
    url: str
    greeting: list[str] = field(default_factory=list)

    def address(self) -> tuple[str, int]:
        """Return host and port."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    def end(self, signal: int) -> tuple[int, str]:
        """Send *signal*; return the exit code and what came on stderr."""
        self.process.send_signal(signal)
        _, complaints = self.process.communicate(timeout=QUICKLY_S)
        return self.process.returncode, complaints


@contextmanager
def served(*arguments: str, cwd: Path | None = None) -> Iterator[Served]:
    """Serve a fake on a free port, wait for its greeting, and end it whatever happens."""
    process = subprocess.Popen(
        command("serve", "--port", "0", *arguments),
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield _greeted(process)
        finally:
            process.kill()


def _greeted(process: subprocess.Popen[str]) -> Served:
    assert process.stdout is not None
    first = process.stdout.readline().rstrip("\n")
    if not first.startswith(LISTENING):
        process.kill()
        _, complaints = process.communicate()
        raise AssertionError(f"it said {first!r} before it listened, and complained: {complaints}")
    greeting = [first]
    while greeting[-1] != "Ctrl-C ends it.":
        greeting.append(process.stdout.readline().rstrip("\n"))
    return Served(process, first.removeprefix(LISTENING), greeting)
