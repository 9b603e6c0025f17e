"""All questions, asked of a mock that others have written: Prism, serving the fake's document."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest

from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document
from tests.slow.environments import ROOT, run
from tests.support.foreign import asking, told

pytestmark = pytest.mark.slow

PRISM: Final = "@stoplight/prism-cli@5.14.2"
KEYS: Final = {"PORT_CLIENT_ID": "somebody", "PORT_CLIENT_SECRET": "secret-of-somebody"}
TIMEOUT_S: Final = 1500
LISTENING: Final = "is listening on"


@pytest.fixture(scope="module")
def program() -> Path:
    """Prism, installed once into a folder of the source tree that git does not see."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm to install Prism with: apt-get install nodejs npm")
    folder = ROOT / ".cache" / PRISM.rpartition("/")[2]
    found = folder / "node_modules" / ".bin" / "prism"
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        quietly = ("--no-audit", "--no-fund", "--no-save", "--fetch-retries=1")
        try:
            run(npm, "install", "--prefix", folder, *quietly, PRISM)
        except AssertionError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"Prism could not be installed: {str(error).splitlines()[-1]}")
    return found


@pytest.fixture(scope="module")
def mock(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address where Prism serves the fake's document."""
    folder = tmp_path_factory.mktemp("prism")
    described = folder / "openapi.json"
    described.write_text(json.dumps(document(PORT)), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    said = folder / "said"
    with said.open("w") as log:
        process = subprocess.Popen(
            [program, "mock", "--port", port, described],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with process:
        try:
            for _ in range(600):
                if LISTENING in said.read_text(encoding="utf-8") or process.poll() is not None:
                    break
                Event().wait(0.1)
            assert LISTENING in said.read_text(encoding="utf-8"), said.read_text()[-2000:]
            yield f"http://127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("mode", ["read-only", "throwaway", "write string"])
def test_every_question_comes_to_an_end_and_none_breaks(
    mock: str, mode: str, tmp_path: Path
) -> None:
    kind, *action = mode.split()
    arguments = [] if kind == "read-only" else [f"--{kind}", *action]

    report = tmp_path / "report.json"
    process = asking(mock, "--json", str(report), *arguments, variables=KEYS)
    code, output, complaints = told(process, timeout_s=TIMEOUT_S)

    assert report.exists(), output + complaints
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    counts = Counter(one["verdict"] for one in found["questions"])
    assert (code, found["mode"], found["ended"]) == (1, mode, None)
    assert counts["failed"] > 10
    silent = [one["name"] for one in found["questions"] if len(one["reason"]) < 8]
    broken = [one["name"] for one in found["questions"] if one["verdict"] == "broken"]
    held = [one["name"] for one in found["questions"] if one["verdict"] == "held"]
    assert broken == []
    assert set(silent) <= set(held)
    assert "Traceback" not in complaints
