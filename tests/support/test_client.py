"""The client that all HTTP tests use must itself fail when an answer drifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from port_fake import FakePort
from port_fake.http.api import Api
from tests.support.client import Client, operation_of

Spoil = Callable[[Any], None]

pytestmark = pytest.mark.drifts


def spoiling(monkeypatch: pytest.MonkeyPatch, spoil: Spoil) -> None:
    """Change every answer on its way out."""
    dressed = Api._dressed  # noqa: SLF001 - where every answer is put together

    def spoilt(api: Api, *arguments: Any) -> Any:
        answer = dressed(api, *arguments)
        spoil(answer)
        return answer

    monkeypatch.setattr(Api, "_dressed", spoilt)


def status(number: int) -> Spoil:
    def spoil(answer: Any) -> None:
        answer.status = number

    return spoil


def body(text: bytes) -> Spoil:
    def spoil(answer: Any) -> None:
        answer.body = text

    return spoil


def header(name: str, value: str | None) -> Spoil:
    def spoil(answer: Any) -> None:
        del answer.headers[name]
        if value is not None:
            answer.headers[name] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "about"),
    [
        (status(201), "no such answer is declared"),
        (status(500), "no such answer is declared"),
        (status(404), "ok"),
        (body(b'{"ok":true}'), "runs"),
        (body(b'{"ok":true,"runs":[{}]}'), "required property"),
        (body(b'{"ok":true,"runs":[],"surprise":1}'), "surprise"),
        (body(b'{"ok":true,"runs":NaN}'), "not JSON"),
        (header("Content-Type", "text/plain"), "GET /v1/actions/runs"),
        (header("Access-Control-Allow-Origin", "https://a.example.com"), "GET /v1/actions/runs"),
        (header("x-ratelimit-reset", None), "some rate-limit headers are missing"),
    ],
)
def test_an_answer_that_drifts_fails_the_test_that_got_it(
    monkeypatch: pytest.MonkeyPatch, client: Client, spoil: Spoil, about: str
) -> None:
    client.get("/v1/actions/runs")
    spoiling(monkeypatch, spoil)

    with pytest.raises(AssertionError, match=about):
        client.get("/v1/actions/runs")


def test_v1_is_not_v2(port_fake: FakePort, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    port_fake.add_action("deploy")
    run = port_fake.execute("deploy")
    path = f"/v1/actions/runs/{run.id}"
    texts = {
        version: client.get(path, {"version": version}).json["run"]["action"]
        for version in ("v1", "v2")
    }
    assert (texts["v1"], texts["v2"]["identifier"]) == ("deploy", "deploy")

    spoiling(monkeypatch, _swapped)

    for version in ("v1", "v2"):
        with pytest.raises(AssertionError, match="run/action"):
            client.get(path, {"version": version})


def _swapped(answer: Any) -> None:
    as_v1 = b'"action":"deploy"'
    as_v2 = b'"action":{"identifier":"deploy","title":null,"icon":null}'
    old, new = (as_v1, as_v2) if as_v1 in answer.body else (as_v2, as_v1)
    assert old in answer.body
    answer.body = answer.body.replace(old, new)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/v1/actions/runs", "get-all-action-runs"),
        ("GET", "/v1/actions/deploy", "get-action"),
        ("GET", "/v1/actions/runs/logs", "get-action-run-s-details"),
        ("POST", "/v1/blueprints/b/entities/bulk", "write-entities"),
        ("GET", "/v1/nowhere", None),
        ("DELETE", "/v1/actions", None),
        ("GET", "/v1/actions/", None),
    ],
)
def test_an_operation_is_found_by_its_path(method: str, path: str, name: str | None) -> None:
    found = operation_of(method, path)

    assert (found and found["operationId"]) == name
