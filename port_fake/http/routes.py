"""Which operation a path leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

Target = TypeVar("Target")


@dataclass(slots=True)
class _Node(Generic[Target]):
    literals: dict[str, _Node[Target]] = field(default_factory=dict)
    parameter: _Node[Target] | None = None
    methods: dict[str, tuple[Target, tuple[str, ...]]] = field(default_factory=dict)


class Routes(Generic[Target]):
    """A tree of path segments; a literal segment goes before a parameter.

    Segments are cut before they are decoded, so an identifier may hold an encoded slash.
    """

    def __init__(self, rows: Iterable[tuple[str, str, Target]]) -> None:
        """Take rows of method, path template and target."""
        self._root: _Node[Target] = _Node()
        for method, template, target in rows:
            self._add(method, template, target)

    def find(
        self, path: str
    ) -> tuple[Mapping[str, tuple[Target, tuple[str, ...]]], tuple[str, ...]] | None:
        """Return the methods of *path*, raw as it was sent, with its values; None if unknown.

        Each method has its target and the names of the values.
        """
        return _walk(self._root, path[1:].split("/"), 0, ())

    def _add(self, method: str, template: str, target: Target) -> None:
        node = self._root
        names = []
        for segment in template[1:].split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        node.methods[method] = (target, tuple(names))


def _walk(
    node: _Node[Target], segments: list[str], index: int, values: tuple[str, ...]
) -> tuple[Mapping[str, tuple[Target, tuple[str, ...]]], tuple[str, ...]] | None:
    if index == len(segments):
        return (node.methods, values) if node.methods else None
    segment = segments[index]
    child = node.literals.get(segment)
    if child is not None:
        found = _walk(child, segments, index + 1, values)
        if found is not None:
            return found
    if node.parameter is None or not segment:
        return None
    return _walk(node.parameter, segments, index + 1, (*values, unquote(segment)))
