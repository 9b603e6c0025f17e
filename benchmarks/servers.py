"""Servers in processes of their own, and what their processors spend on a request."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from port_fake.cli import CLIENT_ID, CLIENT_SECRET


@dataclass
class Target:
    """A server that runs, and a connection to it that stays open."""

    process: "subprocess.Popen[str]"
    port: int
    connection: http.client.HTTPConnection = field(init=False)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def ask(self, method: str, path: str, body: str | None = None) -> bytes:
        """Send one request and return the body of the answer."""
        self.connection.request(method, path, body, self.headers)
        return self.connection.getresponse().read()

    def log_in(self) -> None:
        """Carry a token from now on."""
        login = json.dumps({"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET})
        token = json.loads(self.ask("POST", "/v1/auth/access_token", login))["accessToken"]
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def processor_s(self) -> float:
        """Return the processor time that the server's process has used."""
        # Linux: the clock of another process is the complement of its id, marked as "scheduled".
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def cost_s(self, method: str, path: str, body: str | None, times: int) -> float:
        """Return the processor time for one of *times* requests."""
        before = self.processor_s()
        for _ in range(times):
            self.ask(method, path, body)
        return (self.processor_s() - before) / times


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(module: str, *arguments: str, port: int | None = None) -> Iterator[Target]:
    """Run ``python -m module PORT arguments`` until the block ends."""
    port = port or free_port()
    command = [sys.executable, "-m", module, str(port), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            if process.stdout is not None:
                process.stdout.readline()
            yield Target(process, port)
        finally:
            process.kill()
