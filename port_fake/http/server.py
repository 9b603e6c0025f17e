"""The sockets: an `Api` on a loopback address.

aiohttp answers what it cannot parse by itself, as plain text. Two of its classes are extended to
answer that as JSON too; `tests/http/test_malformed.py` watches over those hooks.
"""

from __future__ import annotations

import asyncio
import logging
import re
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from port_fake.errors import MisuseError
from port_fake.http.annex import Visit, beside
from port_fake.http.api import Api
from port_fake.http.contexts import Waiting
from port_fake.http.messages import LIMIT_BYTES, Answer, Request

LOG: Final = logging.getLogger("port_fake.http")
SILENT: Final = logging.getLogger("port_fake.access")
SILENT.disabled = True

BODY_TIMEOUT_S: Final = 30
"""How long the rest of a body may take to arrive."""

STOP_TIMEOUT_S: Final = 0.1
"""How long the end waits for a body that is still on its way."""

LAST_PORT: Final = 65_535

QUOTED: Final = re.compile(r":?\s+(?:bytearray\()?b['\"].*", re.DOTALL)
"""How aiohttp ends a message about bytes that it could not read: with the bytes."""


class Server:
    """Serves an `Api`; start and stop it on one event loop."""

    def __init__(self, api: Api, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare to listen on *host* and *port*; port 0 picks a free one.

        Raises:
            MisuseError: There is no such port.
        """
        if not 0 <= port <= LAST_PORT:
            raise MisuseError(f"{port} is not a port number from 0 to {LAST_PORT}")
        self._api = api
        self._host = host
        self._port = port
        self._runner: web.ServerRunner | None = None
        self.url = ""

    async def start(self) -> str:
        """Listen, and return the base URL.

        Raises:
            OSError: The address is taken or is not this machine's.
        """
        # Clients do not hold up the end: nothing is worth waiting for.
        self._runner = web.ServerRunner(
            _JsonServer(self._api), handle_signals=False, shutdown_timeout=STOP_TIMEOUT_S
        )
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self._host, self._port)
            await site.start()
        except OSError:
            await self.stop()
            raise
        host, port = self._runner.addresses[0][:2]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{port}"
        self._api.office.courier.open(self.url)
        return self.url

    async def stop(self) -> None:
        """Stop listening and drop all connections."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await self._api.office.courier.close()
            await runner.cleanup()
            self._api.office.close()


class _JsonServer(web.Server):
    """Hands connections to `_JsonHandler`."""

    def __init__(self, api: Api) -> None:
        super().__init__(self._answered)
        self.api = api

    def __call__(self) -> RequestHandler:
        return _JsonHandler(self, loop=self._loop, logger=LOG, access_log=SILENT)

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        expect = request.headers.get("Expect", "")
        if expect and expect.lower() != "100-continue":
            return _response(self.api.unreadable(f"unknown expectation {expect!r}", 417))
        annex = self.api.annex
        if annex is not None and not annex.owns(request.rel_url.raw_path):
            annex = None
        if annex is not None:
            request = request.clone(client_max_size=annex.limit_bytes)
        try:
            body = await _body(request)
        except web.HTTPRequestEntityTooLarge:
            # One byte more than allowed: the operation decides in which order to refuse.
            body = bytes((LIMIT_BYTES if annex is None else annex.limit_bytes) + 1)
        except TimeoutError:
            return _response(self.api.unreadable("the body did not arrive in time"))
        except (web.RequestPayloadError, ValueError) as error:
            # Nothing more can be read, and aiohttp would log that it has tried.
            request.content.feed_eof()
            response = _response(self.api.unreadable(f"the body is not readable: {_line(error)}"))
            response.force_close()
            return response
        if annex is not None:
            return _response(await beside(partial(annex.answer, _visit(request, body))))
        url = request.rel_url
        outcome = self.api.begin(
            Request(
                method=request.method,
                path=url.raw_path,
                query=url.raw_query_string,
                pairs=tuple(url.query.items()) if url.raw_query_string else (),
                authorization=request.headers.get("Authorization"),
                preflight=request.method == "OPTIONS"
                and "Access-Control-Request-Method" in request.headers,
                body=body,
            )
        )
        while isinstance(outcome, Waiting):
            # jq may take its time, and must not take everybody else's.
            await asyncio.to_thread(outcome.work)
            outcome = outcome.finish()
        if outcome.delay_s:
            await asyncio.sleep(outcome.delay_s)
        return _response(outcome)


def _visit(request: web.BaseRequest, body: bytes) -> Visit:
    headers = request.headers
    name = request.get_extra_info("sockname")
    return Visit(
        method=request.method,
        path=request.rel_url.raw_path,
        pairs=tuple(request.rel_url.query.items()),
        body=body,
        host=headers.get("Host", ""),
        origin=headers.get("Origin"),
        site=headers.get("Sec-Fetch-Site"),
        content_type=headers.get("Content-Type", ""),
        address=name[0] if isinstance(name, tuple) else "",
    )


async def _body(request: web.BaseRequest) -> bytes:
    if not request.can_read_body:
        return b""
    if request.content.is_eof():
        return await request.read()
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    async with asyncio.timeout(BODY_TIMEOUT_S):
        return await request.read()


class _JsonHandler(RequestHandler):
    """Answers what is no HTTP with the dialect's envelope."""

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Take what came; if it breaks a body that is being read, say so to who reads it."""
        super().data_received(data)
        if self._current_request is not None and self._messages:
            # aiohttp queues the error behind the request that would wait for its body in vain.
            error = getattr(self._messages[-1][0], "exc", None)
            if error is not None and not self._current_request.content.is_eof():
                self._current_request.content.set_exception(web.RequestPayloadError(str(error)))

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer an error that no operation has seen."""
        server: Any = self._manager
        if server is None or request.writer.output_size > 0:
            raise ConnectionError("nobody waits for this answer any more")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            LOG.error("the fake failed on %s %s", request.method, request.path, exc_info=exc)
            response = _response(server.api.failed())
        else:
            reason = _line(message or exc or "")
            LOG.debug("unreadable request from %s: %s", request.remote, reason)
            response = _response(server.api.unreadable(f"not readable as HTTP: {reason}", status))
        response.force_close()
        return response


def _line(error: object) -> str:
    # What could not be read may hold a token.
    return " ".join(QUOTED.sub("", str(error).removeprefix("400, message:")).split())


class _Dropped(web.Response):
    """An answer that never comes; the connection ends."""

    async def prepare(self, request: web.BaseRequest) -> None:
        """End the connection: that is what aiohttp does when a client is gone."""
        raise ConnectionError(f"a fault drops {request.method} {request.path}")


class _Cut(web.StreamResponse):
    """An answer of which *body* comes, and *missing_bytes* more are promised."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(status=answer.status, headers=answer.headers)
        self.content_length = len(answer.body) + answer.missing_bytes
        self._part = answer.body

    async def write_eof(self, data: bytes = b"") -> None:
        """Write what comes, then end the connection as above."""
        await self.write(self._part + data)
        raise ConnectionError("a fault cuts the body")


def _response(answer: Answer) -> web.StreamResponse:
    if answer.is_dropped:
        return _Dropped()
    if answer.missing_bytes:
        return _Cut(answer)
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
