"""Which methods a path has, by the document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
"""Those that are tried; HEAD and OPTIONS are nobody's but the server's."""

PARAMETER: Final = re.compile(r"\{\w+\}")


def possible(path: str) -> frozenset[str]:
    """Return the methods of all templates that *path*, as it is on the wire, may stand for.

    ``/v1/actions/runs`` is also an action called runs.
    """
    return frozenset(
        method
        for template, methods in _templates().items()
        if template.fullmatch(path)
        for method in methods
    )


def documented(template: str) -> frozenset[str]:
    """Return the methods of a template."""
    return frozenset(method.upper() for method in document(PORT)["paths"][template])


def undocumented(path: str) -> Sequence[str]:
    """Return the methods that are to be refused."""
    known = possible(path)
    return [method for method in METHODS if method not in known]


@cache
def _templates() -> Mapping[re.Pattern[str], frozenset[str]]:
    return {
        re.compile("[^/]+".join(map(re.escape, PARAMETER.split(path)))): frozenset(
            method.upper() for method in item
        )
        for path, item in document(PORT)["paths"].items()
    }
