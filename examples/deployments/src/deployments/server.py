"""The backend as a web server."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deployments.backend import Backend
from deployments.port import Port
from deployments.rehearsal import Rehearsal


class Server(ThreadingHTTPServer):
    """Listens for Port's letters."""

    def __init__(self, backend: Backend, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), Handler)
        self.backend = backend

    @property
    def url(self) -> str:
        """The address."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    """Hands one letter to the backend."""

    server: Server

    def do_POST(self) -> None:
        """Answer with what the backend says."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(self.server.backend.receive(headers, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: Port keeps the log of each run."""


def main() -> None:
    """Listen until interrupted; one deployment at a time."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        backend = Backend(Port.from_env(), Rehearsal(), start=worker.submit, now=time.time)
        with Server(backend, port=int(os.environ.get("LISTEN_PORT", "8090"))) as server:
            server.serve_forever()
