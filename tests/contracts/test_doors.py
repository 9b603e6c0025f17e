"""Who among the suites can open a connection: a list that is read by people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import port_fake
from port_fake._resources import directory

ROOM: Final = Path(port_fake.__file__).resolve().parent / "contracts"
SUITES: Final = directory("contracts")
FILES: Final = sorted([*ROOM.rglob("*.py"), *SUITES.rglob("*.py")])

DOORS: Final = frozenset(
    {
        *("aiohttp", "ftplib", "http.client", "httpx", "requests", "smtplib", "socket"),
        *("telnetlib", "urllib.request", "urllib3", "xmlrpc.client", "http.server", "socketserver"),
        *("asyncio", "subprocess", "multiprocessing", "ctypes", "websockets", "confluent_kafka"),
        "port_fake.delivery.receiver",
    }
)
"""Modules with which something may leave the process, or be let in."""

OPEN: Final = {
    "wire.py": {"http.client": "the one place that asks a target"},
    "proxy.py": {
        "aiohttp": "a proxy listens, and asks the server that it stands before",
        "asyncio": "as aiohttp does",
    },
    "receiving.py": {"port_fake.delivery.receiver": "listens: the target calls this machine"},
    "sessions.py": {
        "requests": "requests are made into requests of a wire, and sent by nothing else",
        "urllib3": "answers are put into its shape",
    },
    "schema/examination.py": {"requests": "sends with the session of a wire, and names its types"},
    "schema/judging.py": {"requests": "names its types"},
    "served.py": {"subprocess": "starts the fake that is asked"},
    "drift/fetching.py": {
        "http.client": "names its errors",
        "urllib.request": "fetches a published document, with no credentials",
    },
    "nightly/hub.py": {"subprocess": "calls gh, which has the credentials of the repository"},
    "mutants/forks.py": {"multiprocessing": "tries several mutants of a fake at once"},
    "mutants/trying.py": {"multiprocessing": "the same"},
    "mutants/catalogue/deliveries.py": {"aiohttp": "a mutant that delivers twice, to this machine"},
}


HIDDEN: Final = frozenset({"__import__", "import_module"})
"""Calls that import what no import statement names."""


@cache
def imported(file: Path) -> frozenset[str]:
    """Return the names of all that a file imports, wherever in it."""
    return frozenset(_imported(file))


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Call) and (called := _name(node.func)) in HIDDEN:
            yield called


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def doors(file: Path) -> set[str]:
    names = imported(file)
    return {door for door in DOORS for name in names if f"{name}.".startswith(f"{door}.")}


def in_its_room(file: Path) -> str:
    return str(file.relative_to(ROOM if file.is_relative_to(ROOM) else SUITES))


def test_nothing_opens_a_connection_but_what_is_listed_with_its_reason() -> None:
    opened = {in_its_room(file): found for file in FILES if (found := doors(file))}

    unlisted = {
        name: sorted(found - OPEN.get(name, {}).keys())
        for name, found in opened.items()
        if found - OPEN.get(name, {}).keys()
    }
    assert opened
    assert unlisted == {}, "ask through the wire, or list it with a reason that holds"


def test_no_question_has_a_door_of_its_own() -> None:
    questions = [file for file in FILES if file.parent == SUITES]

    assert questions
    assert [file.name for file in questions if doors(file)] == []


def test_nothing_is_imported_by_a_name_that_is_made_up_at_run_time() -> None:
    assert [in_its_room(file) for file in FILES if HIDDEN & imported(file)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import socket", {"socket"}),
        ("from http import client", {"http.client"}),
        ("import http.client as web", {"http.client"}),
        ("def f():\n    from urllib.request import urlopen", {"urllib.request"}),
        ("from urllib.parse import quote", set()),
        ("import socketsomething", set()),
    ],
)
def test_the_search_finds_what_it_looks_for(text: str, found: set[str], tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text(text, encoding="utf-8")

    assert doors(file) == found
