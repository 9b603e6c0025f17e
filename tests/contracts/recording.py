"""A server that answers whatever it is asked with one answer, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from port_fake.contracts.proxy import Answered, Asked, Forward, Proxy

NOBODY = "http://127.0.0.1:9"
JSON = (("Content-Type", "application/json"),)


class Recording:
    """What a recording server was asked, and what it is to answer."""

    def __init__(self, answer: Answered) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.url = ""

    async def between(self, asked: Asked, _: Forward) -> Answered:
        self.asked.append(asked)
        return self.answer


@contextmanager
def recording(answer: Answered | None = None) -> Iterator[Recording]:
    record = Recording(answer or Answered(200, JSON, b'{"ok": true}'))
    with Proxy(NOBODY, between=record.between) as proxy:
        record.url = proxy.base_url
        yield record
