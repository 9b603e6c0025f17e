"""Letters that are addressed to the API that the fake itself is."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from pydantic_core import to_json

from port_fake.http.messages import Request
from port_fake.surface.letters import Letter


def request_of(letter: Letter, authorization: str | None) -> Request:
    """Return the request that a letter is, with what the recorder may show of it."""
    shown = letter.shown() if callable(letter.shown) else letter.shown
    parts, seen = urlsplit(letter.url), urlsplit(str(shown["url"]))
    return Request(
        method=letter.method,
        path=parts.path,
        query=parts.query,
        pairs=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        authorization=authorization,
        body=letter.body,
        depth=letter.depth,
        root=letter.root,
        shown=Request(
            method=letter.method,
            path=seen.path,
            query=seen.query,
            body=to_json(shown["body"], inf_nan_mode="null"),
        ),
    )
