"""A request on its way through the proxy, in the words of the API."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote, urlencode

from port_fake.contracts.proxy import Answered, Asked, Forward
from port_fake.strategies.playing.targets import OPERATIONS

Query: TypeAlias = Sequence[tuple[str, str]]

JSON_TYPE: Final = ("Content-Type", "application/json; charset=utf-8")
BEARER: Final = "bearer "


@dataclass(slots=True)
class Passing:
    """A request, which operation it is, and what was made of it.

    *operation* is empty where there is none. *here* is the address of the proxy.
    """

    asked: Asked
    forward: Forward
    here: str = ""
    operation: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    _sent: list[Asked] = field(default_factory=list)
    _got: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.operation, self.path = _recognised(self.asked)

    # -- what is asked

    @property
    def query(self) -> Query:
        """The query, in its order."""
        return parse_qsl(self.asked.target.partition("?")[2], keep_blank_values=True)

    def value(self, name: str) -> str | None:
        """Return what the query has under *name*, the first if there are several."""
        return next((value for key, value in self.query if key == name), None)

    @property
    def body(self) -> Any:
        """The body as JSON; None if it is none."""
        return parsed(self.asked.body)

    @property
    def fields(self) -> dict[str, Any]:
        """The body, if it is an object; else an empty one."""
        body = self.body
        return body if isinstance(body, dict) else {}

    @property
    def token(self) -> str:
        """The access token; empty if there is none."""
        for name, value in self.asked.headers:
            if name.lower() == "authorization":
                return value[len(BEARER) :] if value.lower().startswith(BEARER) else value
        return ""

    @property
    def organisation(self) -> str:
        """Whose token it is; empty if nobody's."""
        return organisation_of(self.token)

    # -- asking on

    async def go(self, asked: Asked | None = None) -> Answered:
        """Ask the fake what was asked, or something else."""
        sent = asked or self.asked
        return self.note(await self.forward(sent), sent=sent)

    def note(self, answered: Answered, *, sent: Asked | None = None) -> Answered:
        """Take an answer that came otherwise for that of the fake, to what was asked or sent."""
        self._sent.append(sent or self.asked)
        self._got.append(answered)
        return answered

    async def look(self, target: str, *, token: str | None = None) -> Any:
        """Return what the fake shows there, to the caller or whoever has *token*; else None."""
        asked = Asked("GET", target, self.asked.headers)
        answered = await self.forward(asked if token is None else bearing(asked, token))
        return parsed(answered.body) if answered.status < 300 else None

    def with_query(self, query: Query) -> Asked:
        """Return the request with another query."""
        path = self.asked.target.partition("?")[0]
        return replace(self.asked, target=f"{path}?{urlencode(query)}" if query else path)

    def with_body(self, body: Any) -> Asked:
        """Return the request with another body."""
        return replace(self.asked, body=json.dumps(body).encode())

    def was_altered(self, answered: Answered) -> bool:
        """Whether the caller got another answer, or the fake took another request."""
        passed = list(zip(self._sent, self._got, strict=True))
        taken = [sent for sent, got in passed if sent.method != "GET" and got.status < 400]
        return (self.asked, answered) not in passed or taken not in ([], [self.asked])


def _recognised(asked: Asked) -> tuple[str, Mapping[str, str]]:
    path = asked.target.partition("?")[0]
    for name, method, shape in SHAPES:
        found = shape.fullmatch(path) if method == asked.method else None
        if found:
            return name, {key: unquote(value) for key, value in found.groupdict().items()}
    return "", {}


def _shape(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


# What says more literally comes first: ack is no run.
SHAPES: Final = [
    (name, row.method, _shape(row.path))
    for name, row in sorted(OPERATIONS.items(), key=lambda item: item[1].path.count("{"))
]


def parsed(content: bytes) -> Any:
    """Return what a body says; None if it is no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def saying(answered: Answered, document: Any) -> Answered:
    """Return the answer with another body, and the very same if that says nothing else."""
    if json.dumps(document) == json.dumps(parsed(answered.body)):
        return answered
    return replace(answered, body=json.dumps(document, ensure_ascii=False).encode())


def answer(status: int, document: Any) -> Answered:
    """Return an answer that the fake never gave."""
    return Answered(status, (JSON_TYPE,), json.dumps(document).encode())


def bearing(asked: Asked, token: str) -> Asked:
    """Return the request with another token."""
    kept = tuple(pair for pair in asked.headers if pair[0].lower() != "authorization")
    return replace(asked, headers=(*kept, ("Authorization", f"Bearer {token}")))


def organisation_of(token: str) -> str:
    """Return whose token it is, as it says itself; empty if it says nothing."""
    claims = claims_of(token)
    return str(claims.get("orgId", ""))


def claims_of(token: str) -> Mapping[str, Any]:
    """Return what a token says, whoever signed it."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
