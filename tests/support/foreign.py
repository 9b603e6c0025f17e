"""The command, asking what looks like somebody's own organisation: a fake without its controls."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from port_fake import FakePort
from port_fake.contracts.proxy import Answered, Asked, Between, Forward, Proxy, refused
from tests.cli.processes import environment

TIMEOUT_S = 55


def credentials_of(port: FakePort) -> dict[str, str]:
    """Return the variables that let the suites in."""
    return {"PORT_CLIENT_ID": port.client_id, "PORT_CLIENT_SECRET": port.client_secret}


@contextmanager
def foreign(port: FakePort, between: Between | None = None) -> Iterator[Proxy]:
    """Serve a fake as if it were not one; *between* may alter what passes."""

    async def without_controls(asked: Asked, forward: Forward) -> Answered:
        if asked.target.startswith("/_fake"):
            return refused(404, "not_found", "there is nothing of this kind")
        return await (forward(asked) if between is None else between(asked, forward))

    with Proxy(port.base_url, between=without_controls) as proxy:
        yield proxy


def asking(
    url: str, *arguments: str, variables: Mapping[str, str], own: bool = True
) -> subprocess.Popen[str]:
    """Start to ask an organisation."""
    inherited = {
        name: value for name, value in environment().items() if not name.startswith("PYTEST_")
    }
    owner = ["--i-own-this-organisation"] * own
    return subprocess.Popen(  # noqa: S603 - arguments of our own
        [
            *(sys.executable, "-m", "port_fake", "contracts", "run", "--target", url),
            *owner,
            *arguments,
        ],
        env={**inherited, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=os.name == "posix",
    )


def told(process: subprocess.Popen[str], *, timeout_s: float = TIMEOUT_S) -> tuple[int, str, str]:
    """Wait for the end of a process; return its exit code, and what it said on both streams."""
    with process:
        try:
            output, complaints = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return process.returncode, output, complaints
