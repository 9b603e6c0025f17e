"""A session of the library requests that has no socket: what it sends leaves through a `Wire`."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPHeaderDict, HTTPResponse

from port_fake.contracts.replies import Reply
from port_fake.contracts.wire import Wire

HTTP_1_1: Final = 11


class ElsewhereError(Exception):
    """A request was meant for another server than the one that is asked; nothing was sent."""


class WireSession(requests.Session):
    """A session without a socket of its own: permit, pace, veil and evidence are those of *wire*.

    Nothing of the environment takes part: no proxy, no ``.netrc``. Redirects are answers like any
    other, and cookies are not kept.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.adapters.clear()
        self.mount("", WireAdapter(wire))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and return its answer; the parameters are those of requests.

        Raises:
            ElsewhereError: It is meant for another server. Nothing was sent.
            NotPermittedError: It may not be sent. Nothing was.
            TimeIsUpError: There is no time left for it.
            UnreachableError: No answer came.
        """
        kwargs["allow_redirects"] = False
        answer = super().request(*args, **kwargs)
        self.cookies.clear()
        return answer


class WireAdapter(BaseAdapter):
    """Hands prepared requests to a wire."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def send(self, request: requests.PreparedRequest, *how: Any, **named: Any) -> requests.Response:
        """Send one request; how is the wire's affair, so all but *request* is without meaning."""
        del how, named
        content = request.body
        reply = self._wire.send(
            request.method or "GET",
            self._target(request.url or ""),
            headers=[
                (_text(name), _text(value))
                for name, value in request.headers.items()
                if name.lower() != "user-agent"  # the wire says who asks
            ],
            content=content.encode() if isinstance(content, str) else content,
        )
        return _response(request, reply)

    def close(self) -> None:
        """Do nothing: the connections are the wire's."""

    def _target(self, url: str) -> str:
        """Return what follows the address of the server.

        The path is taken as it is written, however odd: it is often the point of the request.
        """
        base = self._wire.base_url
        rest = url.removeprefix(base)
        if rest == url or rest[:1] not in {"/", "?", ""}:
            address = urlsplit(url)
            raise ElsewhereError(f"{address.netloc} was not asked: the target is {base}")
        return rest if rest.startswith("/") else f"/{rest}"


def _response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    answer = requests.Response()
    answer.status_code = reply.status
    answer.headers = CaseInsensitiveDict(reply.headers)
    answer.encoding = get_encoding_from_headers(answer.headers)
    answer.reason = HTTPStatus(reply.status).phrase if reply.status in STATUSES else ""
    answer.url = request.url or ""
    answer.request = request
    answer.elapsed = timedelta(0)
    answer.raw = HTTPResponse(
        body=BytesIO(reply.content),
        headers=HTTPHeaderDict(reply.headers),
        status=reply.status,
        version=HTTP_1_1,
        preload_content=False,
        decode_content=False,
    )
    # Read as it came: the wire asks for no encoding, and a wrong length is not for requests to say.
    answer._content = reply.content  # noqa: SLF001 # type: ignore[attr-defined]
    return answer


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


STATUSES: Final = frozenset(HTTPStatus)
