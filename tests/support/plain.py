"""A client that checks nothing: what faults answer is in no document."""

from __future__ import annotations

import http.client
import json
from typing import Any, Final

from port_fake import FakePort

TIMEOUT_S: Final = 10


class Plain:
    """Asks one organisation as itself, or as one of its users."""

    def __init__(self, port: FakePort, as_user: str | None = None) -> None:
        self._port = port
        self._token = port.token(as_user=as_user)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any, Any]:
        """Return status, body and headers, on a connection of its own."""
        connection = http.client.HTTPConnection(
            self._port.base_url.removeprefix("http://"), timeout=TIMEOUT_S
        )
        try:
            connection.request(method, path, body, {"Authorization": self._token})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), answer.headers
        finally:
            connection.close()

    def get(self, path: str = "/v1/actions/runs") -> int:
        """Return the status of a GET."""
        return self.ask("GET", path)[0]

    def press(self, action: str = "deploy") -> int:
        """Execute an action and return the status."""
        return self.ask("POST", f"/v1/actions/{action}/runs", b'{"properties": {}}')[0]
