"""The process that jq runs in, seen from the fake: started, spoken to by line, ended."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from port_fake.expressions.scanning import with_double_quotes
from port_fake.expressions.values import Allowance, Value, result

PROGRAM: Final = Path(__file__).with_name("jq_worker.py")
KEPT_VARIABLES: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What the interpreter itself may need. Nothing else of the environment goes along."""

VALUE_START: Final = b'{"value": '
READ_BYTES: Final = 64 * 1024
LAST_LOOK_S: Final = 0.01
"""An answer that is there already counts, even if we come late to read it."""


class WorkerError(Exception):
    """The process could not be started, or is gone."""


class Batch:
    """Programs to be run over one *context*, which is JSON on one line."""

    __slots__ = ("_input", "_spellings")

    def __init__(self, programs: Sequence[str], context: str, now: float) -> None:
        self._spellings = [
            list(dict.fromkeys((program, with_double_quotes(program)))) for program in programs
        ]
        self._input = f'{{"now":{json.dumps(now)},"input":{context}}}\n'

    def __len__(self) -> int:
        return len(self._spellings)

    def request(self, first: int) -> bytes:
        """Return the lines that ask for all programs from the *first* on."""
        header = json.dumps({"programs": self._spellings[first:]})
        return f"{header}\n{self._input}".encode()


class WorkerProcess:
    """One running process. Speak to it from one thread at a time.

    It ends with `close`, with the last reference to this object, and with the interpreter. A fork
    of the interpreter that drops its copy does not end it.
    """

    def __init__(self) -> None:
        """Start the process.

        Raises:
            WorkerError: it cannot be started here.
        """
        self._unread = bytearray()
        try:
            process, self._line = _start()
        except (OSError, ValueError) as error:
            raise WorkerError(f"the process for jq did not start: {error}") from error
        self.pid: Final = process.pid
        self._end = weakref.finalize(self, _end, process, self._line, os.getpid())

    def wait_until_ready(self, deadline: float) -> None:
        """Return when the process has started, by *deadline* on the monotonic clock.

        Raises: TimeoutError, WorkerError.
        """
        self._receive(deadline)

    def send(self, request: bytes, deadline: float) -> None:
        """Send *request* by *deadline* on the monotonic clock.

        Raises: TimeoutError, WorkerError.
        """
        self._line.settimeout(_left_s(deadline))
        try:
            self._line.sendall(request)
        except ConnectionError:
            raise WorkerError("the process for jq is gone") from None

    def answer(self, deadline: float, allowance: Allowance) -> Value:
        """Return the next answer to the request, by *deadline* on the monotonic clock.

        Raises: TimeoutError, WorkerError.
        """
        line = self._receive(deadline)
        if line.startswith(VALUE_START):
            return result(line[len(VALUE_START) : -1], allowance)
        return Value(None, json.loads(line)["error"])

    def close(self) -> None:
        """End the process. The second time, nothing happens."""
        self._end()

    def _receive(self, deadline: float) -> bytes:
        searched = 0
        while (end := self._unread.find(b"\n", searched)) < 0:
            searched = len(self._unread)
            self._unread += self._read(deadline)
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        return line

    def _read(self, deadline: float) -> bytes:
        self._line.settimeout(_left_s(deadline))
        try:
            read = self._line.recv(READ_BYTES)
        except ConnectionError:
            read = b""
        if not read:
            raise WorkerError("the process for jq is gone")
        return read


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    spec = importlib.util.find_spec("jq")
    if spec is None or spec.origin is None:
        raise ValueError("the package jq is not installed")
    # A path that only this interpreter was told of is told on, after the process' own.
    command = [sys.executable, "-I", str(PROGRAM), str(Path(spec.origin).parent)]
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program and interpreter
                command,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env={"TZ": "UTC"} | kept,
            )
        except BaseException:
            ours.close()
            raise
    return process, ours


def _end(process: subprocess.Popen[bytes], line: socket.socket, owner: int) -> None:
    line.close()
    if os.getpid() == owner:
        process.kill()
        process.wait()
    else:
        # Not ours to end: a fork only forgets, and tells Popen so.
        process.returncode = 0


def _left_s(deadline: float) -> float:
    return max(deadline - time.monotonic(), LAST_LOOK_S)
