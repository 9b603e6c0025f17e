"""One server on a thread of its own, for any number of organisations and every kind of client."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, Self

from port_fake.dialects.port.dialect import PORT
from port_fake.errors import MisuseError
from port_fake.http.api import Api
from port_fake.http.server import Server
from port_fake.world.organisations import Organisations


class Home(Protocol):
    """Where an organisation is served: by a server, or by another organisation's."""

    api: Api

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end."""
        ...


class OnThread(ABC):
    """Something that listens, on an event loop in a thread of its own.

    As a context manager it gives itself. *what* is how messages call it.
    """

    def __init__(self, *, what: str) -> None:
        self._what = what
        self._ready = Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: Thread | None = None

    @property
    @abstractmethod
    def _address(self) -> str:
        """Where it listens."""

    @abstractmethod
    def _listening(self) -> AbstractAsyncContextManager[object]:
        """Listen for as long as the context lasts."""

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end.

        Raises:
            MisuseError: It does not run.
        """
        if self._thread is None:
            raise MisuseError(f"the {self._what} is not running: use it in a with statement")
        return self._address

    def start(self) -> None:
        """Listen; returns once there are answers.

        Raises:
            OSError: The address is taken or is not this machine's.
        """
        if self._thread is not None:
            raise MisuseError(f"the {self._what} is running already")
        self._ready.clear()
        self._failure = None
        self._thread = Thread(target=self._run, name="port-fake", daemon=True)
        self._thread.start()
        self._ready.wait()
        self._raise_failure(self._thread)

    def _raise_failure(self, thread: Thread) -> None:
        if self._failure is not None:
            thread.join()
            self._thread = None
            raise self._failure

    def stop(self) -> None:
        """Stop listening, drop all connections and end the thread."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with AsyncExitStack() as exits:
            try:
                await exits.enter_async_context(self._listening())
            except Exception as error:  # noqa: BLE001 - whatever it is, `start` raises it
                self._failure = error
                return
            finally:
                self._ready.set()
            await self._stop.wait()


class ServerThread(OnThread):
    """Runs a server on an event loop in a thread; blocking and asynchronous clients may call it."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare to listen on *host* and *port*; port 0 picks a free one."""
        super().__init__(what="server")
        self.api = Api(PORT, Organisations())
        self._server = Server(self.api, host=host, port=port)

    @property
    def _address(self) -> str:
        return self._server.url

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        await self._server.start()
        try:
            yield
        finally:
            await self._server.stop()
