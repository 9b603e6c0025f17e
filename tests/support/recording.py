"""A server that remembers every request, byte for byte, and answers what a test says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from port_fake.delivery.receiver import Arrival, Receiver, ScriptedAnswer

LOG_IN = ("POST", "/v1/auth/access_token")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_read_only(self) -> bool:
        """Whether a run of the suites may send it to anybody's organisation."""
        if self.method == "GET":
            return not self.body
        return (self.method, self.target) == LOG_IN


Answering = Callable[[Seen], ScriptedAnswer]


class Recording(Receiver):
    """*seen* is all that came, *connections* how often somebody connected."""

    def __init__(self, answer: Answering) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self._answering = answer
        super().__init__(self._record)

    def _record(self, arrival: Arrival) -> None:
        method, target, _ = arrival.requestline.split(" ", 2)
        seen = Seen(method, target, tuple(arrival.headers.items()), arrival.read())
        self.seen.append(seen)
        arrival.give(self._answering(seen))

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    @property
    def lines(self) -> list[str]:
        return [f"{one.method} {one.target}" for one in self.seen]


def fine(_: Seen) -> ScriptedAnswer:
    """Answer 200 to everything."""
    return ScriptedAnswer.of(200, json={"ok": True})


def log_in_answer(token: str) -> ScriptedAnswer:
    """Answer a log-in."""
    return ScriptedAnswer.of(
        200, json={"ok": True, "accessToken": token, "expiresIn": 3600, "tokenType": "Bearer"}
    )


@contextmanager
def recording(answer: Answering = fine) -> Iterator[Recording]:
    """Run a server for as long as the block lasts."""
    server = Recording(answer)
    try:
        yield server
    finally:
        server.end()


def run_answer(run_id: str, status: int = 202) -> ScriptedAnswer:
    """Answer that a run was made."""
    return ScriptedAnswer.of(status, body=json.dumps({"ok": True, "run": {"id": run_id}}))
