"""Fetches a document because somebody asked for exactly that address.

Nothing of the environment travels along: no proxy with its password, no ``.netrc``, no cookie.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from http.client import HTTPMessage
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from typing_extensions import override

from port_fake.contracts.drift.unreadable import UnreadableError

TIMEOUT_S: Final = 20
"""For the connection and for each silence."""
DEADLINE_S: Final = 60
LIMIT_REDIRECTS: Final = 5
CHUNK: Final = 64 * 1024


class Redirects(HTTPRedirectHandler):
    """Follows a few, on the web only, and never from a protected line to an open one."""

    max_redirections = LIMIT_REDIRECTS

    @override
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Refuse what leads elsewhere."""
        _checked(newurl)
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise UnreadableError("the address redirects from https to http")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetched(url: str, *, limit_bytes: int) -> bytes:
    """Return what *url* answers.

    Raises:
        UnreadableError: no http(s) address, no answer in time, no success, or too much of it.
    """
    _checked(url)
    request = Request(url, headers={"Accept": "*/*", "User-Agent": "port-fake"})  # noqa: S310 - http(s) only, by _checked
    try:
        with _opener().open(request, timeout=TIMEOUT_S) as answer:
            return b"".join(_chunks(answer, limit_bytes))
    except HTTPError as error:
        error.close()
        if error.code in {301, 302, 303, 307, 308}:
            raise UnreadableError(
                f"it redirects off the web, in a circle, or more than {LIMIT_REDIRECTS} times"
            ) from None
        raise UnreadableError(f"the server answered {error.code} {error.reason}".rstrip()) from None
    except TimeoutError:
        raise UnreadableError(f"no answer within {TIMEOUT_S} s") from None
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise UnreadableError(f"no answer within {TIMEOUT_S} s") from None
        raise UnreadableError(f"cannot reach the server: {_reason(error.reason)}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreadableError(f"cannot reach the server: {_reason(error)}") from None


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), Redirects())


def _checked(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname, "@" in parts.netloc
    except ValueError:
        raise UnreadableError("that is not an address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise UnreadableError("only http and https addresses are fetched")
    if secret:
        raise UnreadableError("an address with a user or password is not fetched")


def _chunks(answer: IO[bytes], limit_bytes: int) -> Iterator[bytes]:
    began, length = time.monotonic(), 0
    while chunk := answer.read(CHUNK):
        length += len(chunk)
        if length > limit_bytes:
            raise UnreadableError(f"the document is larger than {limit_bytes // 1024**2} MiB")
        if time.monotonic() - began > DEADLINE_S:
            raise UnreadableError(f"the document did not arrive within {DEADLINE_S} s")
        yield chunk


def _reason(error: object) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
