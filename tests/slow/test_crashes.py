"""A state file, and a process that is killed while it works: nothing is ever half there."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import pytest

from tests.cli.processes import Served, served

pytestmark = pytest.mark.slow

CRASHES: Final = 20
EVERY_S: Final = 0.01
"""A hundred runs a second."""

LOST_S: Final = 1.0
"""What a crash may lose, as the documents say: the changes of the last second."""

PACE: Final = Event()
"""Never set: who waits for it lets time pass, which is what a crash depends on."""

LINES: Final = ("checking out", "building")


class Client:
    """Makes runs, one after the other, each with its log, and notes when each was answered."""

    def __init__(self, server: Served) -> None:
        self._connection = HTTPConnection(*server.address(), timeout=10)
        body = {"clientId": "port-fake-client-id", "clientSecret": "port-fake-client-secret"}
        self._headers: dict[str, str] = {}
        token = self._post("/v1/auth/access_token", body)["accessToken"]
        self._headers = {"Authorization": f"Bearer {token}"}
        self.made: list[tuple[str, float]] = []

    def work(self) -> None:
        """Work until nobody answers any more."""
        started = time.monotonic()
        try:
            for number in range(10_000):
                PACE.wait(max(0.0, started + number * EVERY_S - time.monotonic()))
                self._make(number)
        except (OSError, HTTPException):
            return
        finally:
            self._connection.close()

    def _make(self, number: int) -> None:
        path = "/v1/actions/create_microservice/runs"
        run = self._post(path, {"properties": {"name": f"s{number}"}})["run"]["id"]
        for line in LINES:
            self._post(f"/v1/actions/runs/{run}/logs", {"message": f"{line} {number}"})
        self.made.append((run, time.monotonic()))

    def _post(self, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json", **self._headers}
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        value = json.loads(answer.read())
        assert answer.status < 300, value
        return value


def killed(server: Served, *, after_s: float) -> tuple[list[tuple[str, float]], float]:
    """Let a client work, kill the process, and return what was made by when it was killed."""
    client = Client(server)
    thread = Thread(target=client.work)
    thread.start()
    PACE.wait(after_s)
    os.kill(server.process.pid, signal.SIGKILL)
    at = time.monotonic()
    thread.join()
    server.process.wait()
    return client.made, at


def crashes(file: Path) -> Iterator[tuple[list[tuple[str, float]], float, dict[str, Any]]]:
    """Serve and kill, over and over; return what was made, when that ended, and what was kept."""
    for number in range(CRASHES):
        with served("--state", str(file)) as server:
            made, at = killed(server, after_s=1.2 + 0.077 * number)
        yield made, at, json.loads(file.read_text("utf-8"))


def test_whatever_a_crash_leaves_is_what_was_there_at_some_moment(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    known: list[str] = []
    cut: set[str] = set()
    total = 0

    for made, at, kept in crashes(file):
        runs = [one["id"] for one in kept["runs"]]
        ours = [run for run, _ in made]
        fresh = runs[len(known) :]
        total += len(made)

        assert runs[: len(known)] == known, "what was kept before is kept"
        assert fresh[: len(ours)] == ours[: len(fresh)], "runs are kept in their order"
        assert len(fresh) <= len(ours) + 1, "one may have been made and not answered any more"
        last = [run for run, when in made if when < at - LOST_S]
        assert fresh[: len(last)] == last, f"more than the last {LOST_S} s were lost"
        cut.add(runs[-1])
        check_logs(kept, cut)
        assert {one.name for one in tmp_path.iterdir()} <= {file.name, f".{file.name}.draft"}
        known = runs

    assert total > CRASHES * 60, f"too slow a machine for this to show anything: {total} runs"
    print(f"{total} runs, {len(known)} kept")  # noqa: T201 - with -s, what was measured


def check_logs(kept: dict[str, Any], cut: set[str]) -> None:
    """Hold each log against how it was made: whole, but for runs that a crash *cut* short."""
    for run in kept["runs"]:
        lines = [one["message"] for one in kept["logs"].get(run["id"], [])]
        number = run["inputs"]["name"].removeprefix("s")
        expected = [f"{line} {number}" for line in LINES]
        assert lines == (expected[: len(lines)] if run["id"] in cut else expected), run["id"]
