"""Addresses: followed a little, never with a secret, and told when they give no document."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from port_fake.contracts.drift import fetching
from port_fake.contracts.drift.documents import load


class Site(BaseHTTPRequestHandler):
    """A few pages, and a memory of what was asked."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []
    hold: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        status, headers, body = self._page()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> tuple[int, dict[str, str], bytes]:
        name, _, number = self.path.partition("?")[0].strip("/").partition("-")
        if name == "hop":
            left = int(number)
            return 302, {"Location": f"/hop-{left - 1}" if left else "/spec.json"}, b""
        if name == "away":
            return 302, {"Location": "file:///etc/passwd"}, b""
        if name == "slow":
            self.hold.wait(5)
        pages = {
            "spec.json": b'{"a": 1}',
            "spec.yaml": b"a: =",
            "page": b"<!DOCTYPE html><html></html>",
            "large.json": b" " * 3_000_000,
        }
        return (200, {}, pages[name]) if name in pages else (404, {}, b"nothing")

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked.clear()
    Site.hold.clear()
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Site.hold.set()
        server.shutdown()
        thread.join()


def told(url: str) -> str:
    loaded = load(url)
    assert loaded.raw is None
    (found,) = loaded.findings
    return found.note


def test_json_and_yaml_are_fetched(site: str) -> None:
    assert load(f"{site}/spec.json?x=1").raw == {"a": 1}
    assert load(f"{site}/spec.yaml").raw == {"a": "="}


def test_some_redirects_are_followed_and_not_many(site: str) -> None:
    assert load(f"{site}/hop-3").raw == {"a": 1}
    assert "redirects" in told(f"{site}/hop-30")


def test_a_redirect_off_the_web_is_not_followed(site: str) -> None:
    assert "redirects off the web" in told(f"{site}/away")


def test_what_is_no_document_is_told(site: str) -> None:
    assert told(f"{site}/none") == "the server answered 404 Not Found"
    assert "HTML" in told(f"{site}/page")


def test_a_server_that_does_not_answer_is_left(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.05)

    assert "no answer within" in told(f"{site}/slow")


def test_a_server_that_is_not_there_is_told() -> None:
    assert "cannot reach the server" in told("http://127.0.0.1:1/spec.yaml")


def test_a_document_without_end_is_cut_off(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("port_fake.contracts.drift.documents.LIMIT_BYTES", 2**20)

    assert "larger than 1 MiB" in told(f"{site}/large.json")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.test/spec", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "only http and https"),
        ("http://[", "not an address"),
        ("https://me:hidden@example.test/spec", "with a user or password"),
    ],
)
def test_other_addresses_are_not_fetched(url: str, reason: str) -> None:
    note = told(url)

    assert reason in note
    assert "hidden" not in note


def test_nothing_of_the_environment_travels(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://me:hidden@127.0.0.1:1")
    monkeypatch.setenv("PORT_CLIENT_SECRET", "hidden")

    assert load(f"{site}/spec.json").raw == {"a": 1}
    assert "hidden" not in str(Site.asked)
    assert {"authorization", "cookie"}.isdisjoint(
        name.lower() for _, headers in Site.asked for name in headers
    )
