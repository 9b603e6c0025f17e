"""YAML as a way to write JSON: what a file means is what JSON can say.

PyYAML parses; it is the library that most of Python's YAML goes through, has wheels for every
Python, and loads no classes here: nodes become plain values by the rules below, which are those of
YAML 1.2's JSON schema. So ``no``, ``on``, ``1_000``, ``12:30`` and ``2026-01-05`` are texts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from port_fake.errors import MisuseError

MOST_VALUES: Final = 1_000_000
"""A few lines of aliases can stand for more than a machine can hold."""

WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
UNKNOWN_NUMBER: Final = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:[eE][-+]?[0-9]{1,3}|\.[0-9]+[eE][0-9]{1,3})"
)
"""Numbers of JSON that the library takes for text: YAML 1.1 wants a dot and a sign."""

KNOWN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value")
)


def parse(file: Path, text: str) -> Any:
    """Return the value in *text*, the only document of *file*.

    Raises:
        MisuseError: It is no YAML, or means something that JSON cannot say.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is there
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise MisuseError(
            f"{_where(file, mark)}: {error.problem or error.context}; expected YAML"
        ) from None
    except yaml.YAMLError as error:
        raise MisuseError(f"{file}: {' '.join(str(error).split())}; expected YAML") from None
    return None if node is None else _Reader(file).value(node)


class _Reader:
    """Turns nodes into values."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._count = 0
        self._open: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        """Return what *node* means."""
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._mistake(node, f"stands for more than {MOST_VALUES} values")
        if node.tag not in KNOWN_TAGS:
            raise self._mistake(node, f"the tag {node.tag!r} means nothing here")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self._open:
            raise self._mistake(node, "an alias stands inside of what it names")
        self._open.add(id(node))
        value = self._object(node) if isinstance(node, yaml.MappingNode) else self._list(node)
        self._open.remove(id(node))
        return value

    def _list(self, node: yaml.Node) -> list[Any]:
        return [self.value(one) for one in node.value]

    def _object(self, node: yaml.MappingNode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._mistake(key, "expected a text as key")
            if key.value in found:
                raise self._mistake(key, f"the key {key.value!r} stands here twice")
            if key.tag.endswith(":merge"):
                raise self._mistake(key, "merge keys are not supported: write the keys out")
            found[key.value] = self.value(value)
        return found

    def _mistake(self, node: yaml.Node, reason: str) -> MisuseError:
        return MisuseError(f"{_where(self._file, node.start_mark)}: {reason}")


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if not node.style and UNKNOWN_NUMBER.fullmatch(text):
        return float(text)
    if node.style or node.tag.endswith(":str"):
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text


def _where(file: Path, mark: yaml.Mark | None) -> str:
    return f"{file}" if mark is None else f"{file}, line {mark.line + 1}, column {mark.column + 1}"
