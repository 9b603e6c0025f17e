"""A client of the control API that holds every answer against the API's own document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs
import requests

from port_fake.control.api import CONTROL
from port_fake.surface.document import document
from tests.support.client import NOTHING, SESSION

ROOT: Final = "/_fake/organisations"
ANYWHERE: Final = frozenset({400, 404, 405, 413})
"""Statuses that any request may meet, whether its operation declares them or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """What came back."""

    status: int
    json: Any
    headers: Mapping[str, str]

    @property
    def message(self) -> str:
        """The text of a refusal."""
        text: str = self.json["message"]
        return text


class ControlClient:
    """Asks the control API of one server, as a program in any language would."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def get(self, path: str) -> Controlled:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = NOTHING) -> Controlled:
        return self.ask("POST", path, body)

    def put(self, path: str, body: Any = NOTHING) -> Controlled:
        return self.ask("PUT", path, body)

    def patch(self, path: str, body: Any = NOTHING) -> Controlled:
        return self.ask("PATCH", path, body)

    def delete(self, path: str) -> Controlled:
        return self.ask("DELETE", path)

    def create(self, **body: Any) -> dict[str, Any]:
        """Make an organisation and return what is told of it."""
        answer = self.post(ROOT, body)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json
        return made

    def ask(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Controlled:
        """Send a request; a body of bytes goes out as it is, any other as JSON."""
        sent = dict(headers or {})
        data = None
        if body is not NOTHING:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        got: requests.Response = SESSION.request(
            method, self.base_url + path, data=data, headers=sent, timeout=10
        )
        answer = Controlled(
            status=got.status_code,
            json=json.loads(got.content) if method != "HEAD" else None,
            headers=got.headers,
        )
        _hold(method, path.partition("?")[0], answer)
        return answer


def named(name: str, rest: str = "") -> str:
    """Return the path of an organisation, or of something below it."""
    return f"{ROOT}/{quote(name, safe='')}{rest}"


def assert_refused(answer: Controlled, status: int, *about: str) -> None:
    """The answer is a refusal in the one envelope, and its message speaks of each of *about*."""
    assert (answer.status, answer.json["ok"]) == (status, False), answer
    assert answer.json.keys() == {"ok", "error", "message"}, answer
    for word in about:
        assert word in answer.message, f"{word!r} is not in {answer.message!r}"


def _hold(method: str, path: str, answer: Controlled) -> None:
    place = f"{method} {path} -> {answer.status}"
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8", place
    telling = [name for name in answer.headers if name.lower().startswith("access-control")]
    assert telling == [], f"{place}: a page of another origin may read this"
    entry = _entry(method, path)
    declared = {} if entry is None else entry["responses"]
    if str(answer.status) not in declared:
        assert answer.status in ANYWHERE or (entry is None and answer.status == 403), (
            f"{place}: no such answer is declared"
        )
        assert method == "HEAD" or answer.json["ok"] is False, place
        return
    schema = declared[str(answer.status)]["content"]["application/json"]["schema"]
    for error in _validator(json.dumps(schema)).iter_errors(answer.json):
        where = "/".join(map(str, error.instance_path))
        raise AssertionError(f"{place}: {where}: {error.message}\n{answer.json}")


def _entry(method: str, path: str) -> dict[str, Any] | None:
    segments = path.split("/")
    for template, entry in document(CONTROL)["paths"].items():
        parts = template.split("/")
        if len(parts) == len(segments) and all(
            want == have or (want.startswith("{") and have)
            for want, have in zip(parts, segments, strict=True)
        ):
            found: dict[str, Any] | None = entry.get(method.lower())
            return found
    return None


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = {**json.loads(schema), "components": document(CONTROL)["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
