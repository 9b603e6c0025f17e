"""A second API on the same sockets: its requests as plain values, and how they are waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Protocol, TypeVar

from port_fake.http.messages import Answer

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, with what tells where it comes from. *path* is raw, *pairs* are decoded.

    *host*, *origin*, *site* and *content_type* are headers as they were sent, *site* being
    ``Sec-Fetch-Site``; *address* is this machine's, at the end of the connection.
    """

    method: str
    path: str
    pairs: Sequence[tuple[str, str]] = ()
    body: bytes = field(default=b"", repr=False)
    host: str = ""
    origin: str | None = None
    site: str | None = None
    content_type: str = ""
    address: str = ""


class Annex(Protocol):
    """An API that answers whatever it owns of a server's paths, and takes its time for it."""

    @property
    def limit_bytes(self) -> int:
        """How long a body may be."""
        ...

    def owns(self, path: str) -> bool:
        """Whether a raw path is the annex's."""
        ...

    def answer(self, visit: Visit) -> Answer:
        """Answer; never raises, and may block. It runs on a thread of its own."""
        ...


async def beside(work: Callable[[], Result]) -> Result:
    """Return what *work* returns, which runs on a thread of its own.

    Not on one of the pool's: whoever waits for a letter there could take the last thread that the
    letter needs, and would hold up the end of the process.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def tell(result: Result) -> None:
        if not outcome.done():
            outcome.set_result(result)

    def run() -> None:
        result = work()
        with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            loop.call_soon_threadsafe(tell, result)

    Thread(target=run, name="port-fake beside", daemon=True).start()
    return await outcome
