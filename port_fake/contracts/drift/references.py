"""JSON pointers inside of one document; what lies outside of it is never fetched."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

LIMIT_HOPS: Final = 50


class DanglingError(Exception):
    """A ``$ref`` that leads nowhere, and why."""


def escaped(key: str) -> str:
    """Return *key* as a part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def followed(node: Any, root: Any) -> Any:
    """Return what *node* refers to, through any number of references, or *node* itself.

    Raises:
        DanglingError: it leads out of the document, nowhere, or in a circle.
    """
    for _ in range(LIMIT_HOPS):
        if not (isinstance(node, dict) and "$ref" in node):
            return node
        node = target(node["$ref"], root)
    raise DanglingError("a $ref refers to itself")


def target(pointer: Any, root: Any) -> Any:
    """Return what *pointer* names.

    Raises:
        DanglingError: it names nothing in the document *root*.
    """
    if not isinstance(pointer, str):
        raise DanglingError("a $ref is not a text")
    if not pointer.startswith("#"):
        raise DanglingError(f"the $ref {pointer!r} leads out of the document")
    if pointer != "#" and not pointer.startswith("#/"):
        raise DanglingError(f"the $ref {pointer!r} is an anchor")
    node = root
    for part in unquote(pointer).split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and int(key[:9]) < len(node):
            node = node[int(key)]
        else:
            raise DanglingError(f"the $ref {pointer!r} refers to nothing")
    return node
