"""A reverse proxy between a client and one server, for whoever wants to see or alter what passes.

It listens on a thread of its own, so that blocking and asynchronous clients may call it. Nothing
of the environment travels along: no proxy, no cookie; redirects are handed back.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Final, TypeAlias

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from port_fake.errors import MisuseError
from port_fake.threaded import OnThread

LOG: Final = logging.getLogger("port_fake.proxy")
SILENT: Final = logging.getLogger("port_fake.proxy.access")
SILENT.disabled = True

Headers: TypeAlias = tuple[tuple[str, str], ...]

TIMEOUT_S: Final = 60
"""How long an answer from upstream may take, all of it."""
STOP_TIMEOUT_S: Final = 0.1

HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What is said of one connection and means nothing on the next one."""

OWN: Final = frozenset({"host", "content-length"})
"""What every connection says for itself."""

AUTOMATIC: Final = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""What aiohttp would add to a request."""


class UnreachableError(Exception):
    """Upstream gave no answer; the text names it. Uncaught, it becomes a 502."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request. *target* is path and query as they came; *body* as well, whatever its encoding.

    *headers* are in their order, without those of the connection.
    """

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer. A content encoding is undone, and no header speaks of it."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


Forward: TypeAlias = Callable[[Asked], Awaitable[Answered]]
"""Asks upstream, less a fragment or an empty query; `UnreachableError` if no answer came."""

Between: TypeAlias = Callable[[Asked, Forward], Awaitable[Answered]]
"""Stands between: may alter request and answer, and ask upstream often or not at all."""


def refused(status: int, error: str, message: str) -> Answered:
    """Return an answer in the envelope in which Port refuses."""
    body = json.dumps({"ok": False, "error": error, "message": message}).encode()
    return Answered(status, (("Content-Type", "application/json; charset=utf-8"),), body)


async def _through(asked: Asked, forward: Forward) -> Answered:
    return await forward(asked)


class Proxy(OnThread):
    """Listens on *host* and *port*, and asks *upstream_url* what it is asked.

    ``with Proxy("http://127.0.0.1:8080") as proxy:`` gives itself. *between* runs on the proxy's
    event loop, one call for each request, at the same time.
    """

    def __init__(
        self,
        upstream_url: str,
        *,
        between: Between | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        """Prepare to listen; port 0 picks a free one.

        Raises:
            MisuseError: *upstream_url* is no http(s) address.
        """
        super().__init__(what="proxy")
        self.upstream_url = checked(upstream_url)
        self._between = between or _through
        self._place = (host, port)
        self._url = ""
        self._session: aiohttp.ClientSession | None = None

    @property
    def _address(self) -> str:
        return self._url

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        # What is encoded stays so on its way up: a signature or a mistake of the client's included.
        server = web.Server(self._answer, access_log=SILENT, logger=LOG, auto_decompress=False)
        runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=STOP_TIMEOUT_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, *self._place).start()
            host, port = runner.addresses[0][:2]
            self._url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            async with _session() as self._session:
                yield
                await runner.cleanup()
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        asked = Asked(
            method=request.method,
            target=_target(request.raw_path),
            headers=_passing(request.headers.items(), but=HOP_BY_HOP | OWN),
            body=await request.content.read(),
        )
        try:
            answered = await self._between(asked, self._forward)
        except UnreachableError as error:
            answered = refused(HTTPStatus.BAD_GATEWAY, "bad_gateway", str(error))
        except Exception:
            LOG.exception("the proxy failed on %s %s", asked.method, asked.target.partition("?")[0])
            message = f"the proxy before {self.upstream_url} failed: see its log"
            answered = refused(HTTPStatus.INTERNAL_SERVER_ERROR, "proxy_failed", message)
        headers = CIMultiDict(answered.headers)
        return web.Response(status=answered.status, headers=headers, body=answered.body)

    async def _forward(self, asked: Asked) -> Answered:
        if self._session is None or self._session.closed:
            raise UnreachableError(f"the proxy before {self.upstream_url} is ending")
        headers = CIMultiDict(
            (name, value) for name, value in asked.headers if name.lower() != "accept-encoding"
        )
        try:
            async with self._session.request(
                asked.method,
                URL(self.upstream_url + asked.target, encoded=True),
                headers=headers,
                data=BytesIO(asked.body) if asked.body else None,
                skip_auto_headers=AUTOMATIC,
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UnreachableError(f"no answer from {self.upstream_url}: {reason}") from error
        but = HOP_BY_HOP | OWN | {"content-encoding"}
        return Answered(answer.status, _passing(answer.headers.items(), but=but), body)


def checked(url: str) -> str:
    """Return the address of a server, without a slash at its end.

    Raises:
        MisuseError: It is no http(s) address, or has a user, a query or a fragment.
    """
    try:
        parts = URL(url)
    except ValueError:
        parts = URL()
    is_plain = not (parts.user or parts.password or parts.raw_query_string or parts.raw_fragment)
    if parts.scheme not in {"http", "https"} or not parts.host or not is_plain:
        raise MisuseError(
            "the address of a server is like https://api.getport.io, without user and query"
        )
    return url.rstrip("/")


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
    )


def _passing(headers: Iterable[tuple[str, str]], *, but: frozenset[str]) -> Headers:
    pairs = list(headers)
    named = {
        part.strip().lower()
        for name, value in pairs
        if name.lower() == "connection"
        for part in value.split(",")
    }
    return tuple(pair for pair in pairs if pair[0].lower() not in but | named)


def _target(raw: str) -> str:
    """Return path and query of what a request line asked for, which may be a whole address."""
    if raw.startswith("/"):
        return raw
    try:
        return URL(raw, encoded=True).raw_path_qs or "/"
    except ValueError:
        return "/"
