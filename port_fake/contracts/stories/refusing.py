"""What every operation refuses alike, read from the rows of the dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from port_fake.contracts.exchanges.lines import NOBODY, STRANGER
from port_fake.contracts.stories.stage import Stage
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.operation import Nothing, Operation

PARAMETER: Final = re.compile(r"{\w+}")
METHODS: Final = ("PATCH", "DELETE", "PUT", "POST")


def strangers(stage: Stage) -> None:
    """Without a valid token there is nothing to see, whatever there is."""
    for row in _private():
        stage.ask(row.method, _path(row), b"{}", caller=NOBODY)
    for row in _private():
        stage.ask(row.method, _path(row), b"{}", caller=STRANGER)


def nothing(stage: Stage) -> None:
    """What does not exist is not found, or a body goes before it."""
    for row in PORT.operations:
        if "{" in row.path:
            stage.ask(row.method, _path(row), b"{}")
    for path in ("/", "/v1", "/v1/", "/v1/nothing", "/v1/actions/", "/v2/actions", "/openapi.txt"):
        stage.get(path)


def unreadable(stage: Stage) -> None:
    """Bodies that are no JSON, or no objects, and methods that a route does not have."""
    for row in PORT.operations:
        if row.shapes.body is not Nothing:
            for body in (b"{", b'{"a":1e999}', b"\xff", b"[]", b"null"):
                stage.ask(row.method, _path(row), body)
    allowed: dict[str, set[str]] = {}
    for row in PORT.operations:
        allowed.setdefault(_path(row), set()).add(row.method)
    for path, methods in allowed.items():
        missing = next((one for one in METHODS if one not in methods), None)
        if missing is not None:
            stage.ask(missing, path)


def _private() -> Iterator[Operation]:
    return (row for row in PORT.operations if not row.public)


def _path(row: Operation) -> str:
    return PARAMETER.sub("nothing", row.path)
