"""An HTTP client that holds every answer against the fake's own OpenAPI document.

An answer that drifts from the document fails the test that got it: by its status, by its body,
or by its headers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import jsonschema_rs
import requests

from port_fake import FakePort
from port_fake.dialects.port.dialect import PORT
from port_fake.http.recorder import Exchange
from port_fake.surface.document import document

Query: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, str]]

METHODS: Final = ("get", "post", "put", "patch", "delete")
NOTHING: Final = object()

GENERAL: Final = frozenset({400, 404, 405, 413, 417, 422, 429})
"""Statuses that any request may meet, whether its operation declares them or not."""

RATES: Final = frozenset(
    f"x-ratelimit-{name}" for name in ("limit", "period", "remaining", "reset")
)

SESSION: Final = requests.Session()
"""One for the whole process: connections are kept, and nothing of an answer is."""
SESSION.trust_env = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    json: Any
    headers: Mapping[str, str]

    @property
    def message(self) -> str:
        """The text of a refusal."""
        text: str = self.json["message"]
        return text


class Client:
    """Asks one server, always with the same token or always without one."""

    def __init__(self, base_url: str, token: str | None = None) -> None:
        self.base_url = base_url
        self._token = token

    def get(self, path: str, query: Query = ()) -> Answer:
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Any = NOTHING, query: Query = ()) -> Answer:
        return self.ask("POST", path, body, query=query)

    def put(self, path: str, body: Any = NOTHING, query: Query = ()) -> Answer:
        return self.ask("PUT", path, body, query=query)

    def patch(self, path: str, body: Any = NOTHING, query: Query = ()) -> Answer:
        return self.ask("PATCH", path, body, query=query)

    def delete(self, path: str, body: Any = NOTHING, query: Query = ()) -> Answer:
        return self.ask("DELETE", path, body, query=query)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = NOTHING,
        *,
        query: Query = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request; a body of bytes goes out as it is, any other as JSON."""
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        sent = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        sent.update(headers or {})
        data = None
        if body is not NOTHING:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        url = self.base_url + path + ("?" + urlencode(pairs, doseq=True) if pairs else "")
        got = SESSION.request(method, url, data=data, headers=sent, timeout=10)
        answer = Answer(
            status=got.status_code,
            json=json.loads(got.content, parse_constant=_no_constant) if got.content else None,
            headers=got.headers,
        )
        _hold(method, path, pairs, answer, knows="Authorization" in sent)
        return answer


def client_of(port: FakePort, as_user: str | None = None) -> Client:
    """Return a client with the token of the organisation, or of one of its users."""
    return Client(port.base_url, port.token(as_user=as_user))


def hold_exchange(exchange: Exchange) -> None:
    """The answer in the record of a fake is one that the document knows."""
    place, status = str(exchange), str(exchange.status)
    if not exchange.answer or exchange.fault:
        return  # log-ins and secrets are not recorded, faults are not documented
    operation = None if exchange.operation is None else operation_named(exchange.operation)
    if operation is None or status not in operation["responses"]:
        assert exchange.status in GENERAL, f"{place}: no such answer is declared"
        schema = _general()
    else:
        form = _form_of(list(exchange.parameters.items()))
        schema = _declared(operation["operationId"], status, form)
    _hold_body(place, schema, json.loads(exchange.answer))


def assert_refused(answer: Answer, status: int, *about: str) -> None:
    """The answer is a refusal in the one envelope, and its message speaks of each of *about*."""
    assert (answer.status, answer.json["ok"]) == (status, False), answer
    assert answer.json.keys() == {"ok", "error", "message"}, answer
    assert answer.json["error"] == ERRORS[status], answer
    for word in about:
        assert word in answer.message, f"{word!r} is not in {answer.message!r}"


ERRORS: Final[Mapping[int, str]] = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "payload_too_large",
    417: "bad_request",
    422: "invalid_request",
}


def _no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is not JSON")


# What an answer must be like.


def _hold(
    method: str, path: str, query: list[tuple[str, str]], answer: Answer, *, knows: bool
) -> None:
    place = f"{method} {path} -> {answer.status}"
    _hold_headers(place, answer)
    operation = operation_of(method, path)
    if path == "/openapi.json" and answer.status == requests.codes.ok:
        return  # the document does not describe itself
    if operation is None or str(answer.status) not in operation["responses"]:
        assert answer.status in GENERAL, f"{place}: no such answer is declared"
        schema = _general()
    else:
        schema = _declared(operation["operationId"], str(answer.status), _form_of(query))
        if knows and "security" in operation and answer.status != requests.codes.unauthorized:
            assert answer.headers.keys() & RATES, f"{place}: no rate-limit headers"
    if method != "HEAD":
        _hold_body(place, schema, answer.json)


def _hold_body(place: str, schema: jsonschema_rs.Draft202012Validator, body: Any) -> None:
    for error in schema.iter_errors(body):
        where = "/".join(map(str, error.instance_path))
        raise AssertionError(f"{place}: {where}: {error.message}\n{body}")


def _hold_headers(place: str, answer: Answer) -> None:
    headers = answer.headers
    assert headers["Content-Type"] == "application/json; charset=utf-8", place
    assert headers["Access-Control-Allow-Origin"] == "*", place
    assert len(headers["x-trace-id"]) == 32, place
    rates = {name: int(headers[name]) for name in RATES if name in headers}
    assert rates.keys() in (set(), RATES), f"{place}: some rate-limit headers are missing"
    if rates:
        assert 0 <= rates["x-ratelimit-remaining"] < rates["x-ratelimit-limit"], place


@cache
def _operations() -> list[tuple[str, list[str], dict[str, Any]]]:
    return [
        (method.upper(), template.split("/"), entry[method])
        for template, entry in document(PORT)["paths"].items()
        for method in METHODS
        if method in entry
    ]


@cache
def operation_named(name: str) -> dict[str, Any]:
    """Return the document's entry for an operation."""
    return next(one for _, _, one in _operations() if one["operationId"] == name)


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the document's entry for a request: one with fewer parameters goes first."""
    segments = path.split("/")
    found = [
        (sum(part.startswith("{") for part in template), entry)
        for verb, template, entry in _operations()
        if verb == method and len(template) == len(segments) and _fits(template, segments)
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def _fits(template: list[str], segments: list[str]) -> bool:
    return all(
        want == have or (want.startswith("{") and have)
        for want, have in zip(template, segments, strict=True)
    )


def _form_of(query: list[tuple[str, str]]) -> tuple[bool, bool]:
    """Whether runs come as v1, and whether some of their keys were asked away."""
    names = dict(query)
    return names.get("version", "v1") == "v1", bool({"exclude", "exclude[]"} & names.keys())


@cache
def _declared(
    operation: str, status: str, form: tuple[bool, bool]
) -> jsonschema_rs.Draft202012Validator:
    entry = operation_named(operation)
    response = entry["responses"][status]
    is_v1, excludes = form
    schema = response["content"]["application/json"]["schema"]
    if is_v1:
        schema = response.get("x-answer-of-version-v1", schema)
    loose = excludes and operation == "get-all-action-runs"
    return compiled(schema, loose=loose)


@cache
def _general() -> jsonschema_rs.Draft202012Validator:
    return compiled(PORT_REFUSAL)


PORT_REFUSAL: Final = {
    "type": "object",
    "properties": {
        "ok": {"const": False},
        "error": {"type": "string"},
        "message": {"type": "string"},
    },
    "required": ["ok", "error", "message"],
    "additionalProperties": False,
}


def compiled(
    schema: Mapping[str, Any], *, loose: bool = False
) -> jsonschema_rs.Draft202012Validator:
    """Return a validator for a schema of the document; a *loose* one requires no keys."""
    whole = {**schema, "components": {"schemas": _reachable(schema)}}
    if loose:
        whole = deepcopy(whole)
        for node in _nodes(whole):
            if isinstance(node.get("required"), list):
                # Port's own parameter breaks Port's own schema: it excludes what is required.
                del node["required"]
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _reachable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the components that a schema needs: to compile all of them takes ten times longer."""
    components = document(PORT)["components"]["schemas"]
    found: dict[str, Any] = {}
    queue: list[Any] = [schema]
    while queue:
        for node in _nodes(queue.pop()):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in components and name not in found:
                found[name] = components[name]
                queue.append(components[name])
    return found


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)
