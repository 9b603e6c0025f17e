"""Carries letters on the server's event loop, and never holds up a request."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import Final, Protocol

import aiohttp
from yarl import URL

from port_fake.delivery.ledger import Ledger
from port_fake.surface.hosts import is_self, refusal
from port_fake.surface.letters import Attempt, Carrier, Fate, Letter
from port_fake.world.world import World

LOG: Final = logging.getLogger("port_fake")
MANY: Final = 100
"""How many letters may be on the wire at once."""

BODY_LIMIT_BYTES: Final = 1024 * 1024
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
SEE_OTHER: Final = 303
HOPS: Final = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """What the fake answered to a letter that came back to it."""

    status: int
    body: bytes


class Deliver(Protocol):
    """Answers a letter that is addressed to Port's own API."""

    async def __call__(self, world: World, letter: Letter) -> Answered:
        """Return the fake's own answer."""
        ...


class Produce(Protocol):
    """Puts a message on a Kafka topic."""

    def __call__(self, topic: str, message: bytes) -> None:
        """Return once the broker has it; raise an exception if it has not."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A letter with all that is needed to deliver it."""

    world: World
    ledger: Ledger
    number: int
    letter: Letter


class Courier:
    """Delivers letters, each once, some at the same time; says what came of each."""

    def __init__(
        self,
        *,
        to_self: Deliver,
        report: Callable[[World, Ledger, Letter, Attempt], None],
        scrub: Callable[[World, str], str],
    ) -> None:
        self._to_self = to_self
        self._report = report
        self._scrub = scrub
        self._lock = Lock()
        self._backlog: deque[Job] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[asyncio.Task[None], Job] = {}
        self._session: aiohttp.ClientSession | None = None
        self._room = asyncio.Semaphore(MANY)
        self._in_order = asyncio.Lock()
        self._own_url = ""
        self._alarms: dict[World, asyncio.TimerHandle] = {}
        self.produce: Produce | None = None

    # -- the life of the server

    def open(self, own_url: str) -> None:
        """Begin to deliver on the running event loop, first what has waited."""
        self._own_url = own_url
        self._room = asyncio.Semaphore(MANY)
        self._in_order = asyncio.Lock()
        with self._lock:
            self._loop = asyncio.get_running_loop()
            waiting, self._backlog = self._backlog, deque()
        for job in waiting:
            self._begin(job)

    async def close(self) -> None:
        """Give up what is under way."""
        with self._lock:
            self._loop = None
        for world in list(self._alarms):
            self._silence(world)
        await self._give_up(list(self._tasks))
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def drop(self, world: World) -> None:
        """Give up the letters of an organisation that is gone."""
        with self._lock:
            loop = self._loop
            dropped = [job for job in self._backlog if job.world is world]
            self._backlog = deque(job for job in self._backlog if job.world is not world)
        for job in dropped:
            job.ledger.finish()
        if loop is not None:
            loop.call_soon_threadsafe(self._cancel, world)
            loop.call_soon_threadsafe(self._silence, world)

    def wake(self, world: World, delay_s: float, ring: Callable[[World], None]) -> None:
        """Call *ring* on the event loop after *delay_s* seconds, in the place of an older alarm.

        While no server runs, nothing rings.
        """
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._set_alarm, world, delay_s, ring)

    @property
    def thread_is_ours(self) -> bool:
        """Whether the caller runs on the event loop that delivers."""
        try:
            return asyncio.get_running_loop() is self._loop
        except RuntimeError:
            return False

    # -- letters

    def post(self, world: World, ledger: Ledger, letter: Letter) -> None:
        """Take a letter, from any thread. Letters before `open` wait for it."""
        if letter.carrier is Carrier.NOBODY:
            ledger.add(letter, Fate.NOT_SENT if letter.reason else Fate.RECORDED)
            return
        ledger.start()
        job = Job(world, ledger, ledger.add(letter, Fate.WAITING), letter)
        with self._lock:
            if self._loop is None:
                self._backlog.append(job)
            else:
                self._loop.call_soon_threadsafe(self._begin, job)

    def _set_alarm(self, world: World, delay_s: float, ring: Callable[[World], None]) -> None:
        self._silence(world)
        if self._loop is not None:
            self._alarms[world] = self._loop.call_later(delay_s, ring, world)

    def _silence(self, world: World) -> None:
        alarm = self._alarms.pop(world, None)
        if alarm is not None:
            alarm.cancel()

    def _begin(self, job: Job) -> None:
        if self._loop is None:  # closed since the letter was taken
            job.ledger.finish()
            return
        task = asyncio.get_running_loop().create_task(self._run(job))
        self._tasks[task] = job
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        job = self._tasks.pop(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error("letter %s was lost", job.letter, exc_info=task.exception())
        job.ledger.finish()

    def _cancel(self, world: World) -> None:
        for task, job in self._tasks.items():
            if job.world is world:
                task.cancel()

    async def _give_up(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        async with self._room:
            attempt = await self._carried(job)
        scrubbed = replace(
            attempt,
            headers={
                name: self._scrub(job.world, value) for name, value in attempt.headers.items()
            },
            body=self._scrub(job.world, attempt.body),
            error=None if attempt.error is None else self._scrub(job.world, attempt.error),
        )
        fate = Fate.SENT if attempt.went_well else Fate.FAILED
        job.ledger.note(job.number, fate, attempt=scrubbed)
        if job.letter.reports:
            # The run keeps what the backend answered as it came.
            whole = replace(scrubbed, body=attempt.body)
            self._report(job.world, job.ledger, job.letter, whole)

    async def _carried(self, job: Job) -> Attempt:
        letter, world = job.letter, job.world
        at, started = world.clock.peek(), perf_counter()
        status: int | None = None
        body = ""
        error: str | None = None
        headers: dict[str, str] = {}
        try:
            if letter.carrier is Carrier.WORLD:
                self._do(job)
            elif letter.carrier is Carrier.KAFKA:
                await self._produced(letter)
            else:
                status, headers, body = await self._sent(world, letter)
        except TimeoutError:
            error = f"no answer within {world.settings.webhook_timeout_s:g} s"
        except Exception as failure:  # noqa: BLE001 - whatever went wrong belongs in the ledger
            error = f"{type(failure).__name__}: {failure}"
        return Attempt(
            at=at,
            duration_s=perf_counter() - started,
            status=status,
            headers=headers,
            body=body,
            error=error,
        )

    def _do(self, job: Job) -> None:
        with job.world.lock:
            if job.letter.deed is not None and not job.ledger.is_over:
                job.letter.deed(job.world)

    async def _produced(self, letter: Letter) -> None:
        if self.produce is not None:
            async with self._in_order:
                await asyncio.to_thread(self.produce, letter.url, letter.body)

    async def _sent(self, world: World, letter: Letter) -> tuple[int, dict[str, str], str]:
        if is_self(letter.url, self._own_url):
            answered = await self._to_self(world, letter)
            return answered.status, {}, answered.body.decode()
        if self._session is None:
            self._session = _session()
        url, method, data = letter.url, letter.method, letter.body
        timeout = aiohttp.ClientTimeout(total=world.settings.webhook_timeout_s)
        for _ in range(HOPS):
            async with self._session.request(
                method,
                url,
                data=data,
                headers=letter.headers,
                allow_redirects=False,
                timeout=timeout,
            ) as response:
                location = response.headers.get("Location")
                if response.status not in REDIRECTS or location is None:
                    return response.status, dict(response.headers), await _text(response)
                url = str(response.url.join(URL(location)))
                if response.status == SEE_OTHER:
                    method, data = "GET", b""
            reason = refusal(url, world.settings.allow_hosts)
            if reason is not None or is_self(url, self._own_url):
                raise PermissionError(f"redirected, and {reason}")
        raise ConnectionError(f"redirected more than {HOPS} times")


def _session() -> aiohttp.ClientSession:
    # Organisations share it, so it keeps no cookies.
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    # aiohttp sends a GET, PUT or DELETE again if the connection ends without an answer, and has
    # no option against it: there is one attempt.
    session._retry_connection = False  # noqa: SLF001 - as above
    return session


async def _text(response: aiohttp.ClientResponse) -> str:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) >= BODY_LIMIT_BYTES:
            break
    return body[:BODY_LIMIT_BYTES].decode(errors="replace")
