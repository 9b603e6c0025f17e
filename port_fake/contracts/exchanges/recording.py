"""Turns what passes a proxy into lines of a file, without secrets, in the order of the answers."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import unquote

from port_fake.contracts.exchanges.callers import Callers, claims, token_of
from port_fake.contracts.exchanges.lines import (
    LIMIT_BYTES,
    Answer,
    Body,
    Exchange,
    Header,
    Kind,
    exchange_line,
    header_line,
)
from port_fake.contracts.exchanges.normalising import Names
from port_fake.contracts.exchanges.scrubbing import SECRET_KEY, Secrets
from port_fake.contracts.exchanges.targets import READABLE, in_path, in_query
from port_fake.contracts.proxy import Answered, Asked, Forward
from port_fake.dialects.port.dialect import PORT
from port_fake.http.routes import Routes
from port_fake.surface.operation import Operation

LOG: Final = logging.getLogger("port_fake.record")

ROUTES: Final = Routes((one.method, one.path, one.name) for one in PORT.operations)
TOKENS: Final = next(one.name for one in PORT.operations if one.public)

KEPT: Final = ("allow", "content-type")
"""Headers of answers whose values mean something."""
PRESENT: Final = frozenset({"retry-after"})
PRESENT_PREFIX: Final = "x-ratelimit-"
SEEN: Final = "present"
"""Stands for the value of a header that only is or is not there."""

ENCODING: Final = "content-encoding"


class Sink(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """Take a text."""
        ...

    def flush(self) -> object:
        """Let nothing wait."""
        ...


class Recording:
    """Writes each exchange as it passes; to be used as the *between* of a `Proxy`.

    One recording is one conversation: what was learnt in it holds for the rest of it.
    """

    def __init__(
        self,
        out: Sink,
        header: Header,
        *,
        keep_people: bool = False,
        environment: Mapping[str, str] | None = None,
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        """Write the first line. *environment* may hold credentials, which are learnt."""
        self._out = out
        self._secrets = Secrets(environment)
        self._names = Names(keep_people=keep_people)
        self._callers = Callers()
        self._limit_bytes = limit_bytes
        self.counts: Counter[str | None] = Counter()
        """How many exchanges of each operation were written."""
        self.lost = 0
        """How many could not be written."""
        self._write(header_line(header))

    async def __call__(self, asked: Asked, forward: Forward) -> Answered:
        """Ask upstream, and write down what came of it; no answer is no exchange.

        Whoever asked gets the answer, whatever becomes of the recording.
        """
        answered = await forward(asked)
        try:
            self.keep(asked, answered)
        except Exception as error:  # noqa: BLE001 - a full disk, or a defect
            self.lost += 1
            # Neither the message nor a traceback: they may hold what was to be covered.
            LOG.error("an exchange could not be written: %s", type(error).__name__)  # noqa: TRY400
        return answered

    def keep(self, asked: Asked, answered: Answered) -> Exchange:
        """Write an exchange down, and return it as it was written."""
        path, _, query = asked.target.partition("?")
        operation = operation_of(asked.method, path)
        sent = _sent(asked, self._limit_bytes)
        got = Body.of(answered.body, limit_bytes=self._limit_bytes)
        caller = self._learn(asked, answered.status, sent=sent, got=got, operation=operation)
        if sent.kind is Kind.JSON:
            self._names.take(sent.value)
        if query:
            in_query(query, self._taken)
        exchange = Exchange(
            number=sum(self.counts.values()) + 1,
            operation=operation,
            method=asked.method,
            path=in_path(path, self._text, safe=READABLE),
            query=in_query(query, self._text, safe=READABLE),
            caller=self._text(caller),
            request=self._body(sent, operation),
            answer=Answer(answered.status, _headers(answered), self._body(got, operation)),
        )
        self._write(exchange_line(exchange))
        self.counts[operation] += 1
        return exchange

    def _learn(
        self, asked: Asked, status: int, *, sent: Body, got: Body, operation: str | None
    ) -> str:
        """Learn all that the exchange tells before a word of it is written; return who asked."""
        authorization = _header(asked, "authorization")
        for name, value in asked.headers:
            if SECRET_KEY.search(name):
                self._secrets.learn(token_of(value), "token")
        for body in (sent, got):
            if body.kind is Kind.JSON:
                self._secrets.learn_from(body.value)
            elif body.kind is Kind.TEXT:
                self._secrets.learn_from_text(body.value)
        self._secrets.learn_from_text(unquote(asked.target))
        self._callers.learn_from(got.value)
        if got.kind is Kind.JSON:
            self._names.learn_from(self._secrets.covered(got.value))
        if operation == TOKENS and status == HTTPStatus.OK:
            return self._callers.bearer(_issued(got.value))
        said = claims(token_of(authorization or ""))
        if isinstance(said.get("clientId"), str):
            self._secrets.learn(said["clientId"], "client")
        return self._callers.caller(authorization, status)

    def _body(self, body: Body, operation: str | None) -> Body:
        match body.kind:
            case Kind.JSON:
                value = self._names.named(self._secrets.covered(body.value))
                return Body(Kind.JSON, self._without_name(value, operation))
            case Kind.TEXT:
                return Body(Kind.TEXT, self._text(body.value))
            case _:
                return body

    def _without_name(self, value: Any, operation: str | None) -> Any:
        """Return a body without the name of the organisation, if that is what it changes."""
        is_about = operation is not None and operation.endswith("-organization")
        if not is_about or not isinstance(value, dict) or not isinstance(value.get("name"), str):
            return value
        return {**value, "name": self._names.organisation(value["name"])}

    def _taken(self, text: str) -> str:
        self._names.take(text)
        return text

    def _text(self, text: str) -> str:
        return self._names.text(self._secrets.covered_text(text))

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def operation_of(method: str, path: str) -> str | None:
    """Return the operation that a request asks for, by the routes of the dialect."""
    found = ROUTES.find(path)
    if found is None or method not in found[0]:
        return None
    return found[0][method][0]


def operation_named(name: str) -> Operation:
    """Return the row of an operation."""
    return next(one for one in PORT.operations if one.name == name)


def headers_that_matter(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what is kept of the headers of an answer, in lower case."""
    found = {}
    for name, value in sorted((name.lower(), value) for name, value in headers.items()):
        if name in KEPT:
            found[name] = value
        elif name in PRESENT or name.startswith(PRESENT_PREFIX):
            found[name] = SEEN
    return found


def _headers(answered: Answered) -> dict[str, str]:
    return headers_that_matter(dict(answered.headers))


def _header(asked: Asked, wanted: str) -> str | None:
    return next((value for name, value in asked.headers if name.lower() == wanted), None)


def _sent(asked: Asked, limit_bytes: int) -> Body:
    if asked.body and _header(asked, ENCODING):
        return Body(Kind.CUT, f"{len(asked.body)} bytes, encoded")
    return Body.of(asked.body, limit_bytes=limit_bytes)


def _issued(answer: Any) -> Mapping[str, Any]:
    token = answer.get("accessToken") if isinstance(answer, dict) else None
    return claims(token) if isinstance(token, str) else {}
