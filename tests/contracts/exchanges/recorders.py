"""Recordings of exchanges that tests write themselves, without sockets."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, Final

from port_fake.contracts.exchanges.lines import Exchange, Header, Recorded, parsed
from port_fake.contracts.exchanges.recording import Recording
from port_fake.contracts.proxy import Answered, Asked

HEADER: Final = Header(target="api.example.com", version="0")
JSON: Final = (("Content-Type", "application/json"),)


class Recorder:
    """A recording in memory; `text` is what a file would hold."""

    def __init__(self, **options: Any) -> None:
        self._lines = io.StringIO()
        self.recording = Recording(self._lines, HEADER, **options)

    def keep(
        self,
        target: str,
        answer: Any = None,
        *,
        method: str = "GET",
        status: int = 200,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        answer_headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Keep an exchange; bytes are kept as they are, anything else as JSON."""
        asked = Asked(method, target, tuple((headers or {}).items()), _data(body))
        given = (*JSON, *(answer_headers or {}).items())
        return self.recording.keep(asked, Answered(status, given, _data(answer)))

    def close(self) -> None:
        """Take no more lines."""
        self._lines.close()

    @property
    def text(self) -> str:
        return self._lines.getvalue()

    @property
    def recorded(self) -> Recorded:
        return parsed(self.text.encode().split(b"\n"), name="test.jsonl")


def _data(body: Any) -> bytes:
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()
