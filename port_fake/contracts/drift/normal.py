"""Schemas in a normal form in which equal meanings look equal, however they were written.

A `Shape` holds what one schema says: references followed, ``allOf`` merged, unions flattened.
The schemas inside of it stay as they are written until somebody asks for their shapes, so
schemas that contain themselves do no harm.
"""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.drift import joining, keywords
from port_fake.contracts.drift.joining import Shape, Together, tidy
from port_fake.contracts.drift.references import DanglingError, target

LIMIT_DEPTH: Final = 40
"""References and unions inside of one another, without a property or item between."""

LIMIT_TOGETHER: Final = 5_000


class Schemas:
    """The schemas of one document. *nullable* siblings of ``$ref`` count from 3.1 on."""

    def __init__(self, root: Any, *, siblings: bool = True) -> None:
        self._root = root
        self._siblings = siblings
        self._shapes: dict[int, Shape] = {}
        self._together: dict[frozenset[int], Shape] = {}
        self._problems: dict[str, Shape] = {}
        self._kept: list[Any] = []
        self._open: set[int] = set()

    def shape(self, node: Any) -> Shape:  # noqa: PLR0911 - one for each kind of node
        """Return the normal form of the schema *node*; the same value for the same node."""
        if isinstance(node, Shape):
            return node
        if isinstance(node, bool):
            return ANYTHING if node else NOTHING
        if isinstance(node, Together):
            return self._all(node)
        if not isinstance(node, dict):
            return self._problem("a schema is neither an object nor true or false")
        if (made := self._shapes.get(id(node))) is not None:
            return made
        if id(node) in self._open or len(self._open) >= LIMIT_DEPTH:
            made = self._problem(
                "a schema refers to itself without end, or through too many others"
            )
            return self._shapes.setdefault(id(node), made)
        self._open.add(id(node))
        try:
            made = self._made(node)
        finally:
            self._open.discard(id(node))
        self._kept.append(node)
        return self._shapes.setdefault(id(node), made)

    def _problem(self, reason: str) -> Shape:
        """Return the shape of what is not understood; the same one for the same reason."""
        return self._problems.setdefault(reason, Shape({"?": (reason,)}))

    def _all(self, nodes: Together) -> Shape:
        """Return the shape of what must hold together; the same one for the same schemas."""
        shapes = [self.shape(node) for node in nodes]
        key = frozenset(id(shape) for shape in shapes)
        if key not in self._together:
            if len(self._together) >= LIMIT_TOGETHER:
                return self._problem("too many schemas are combined in too many ways")
            made = Shape()
            for shape in shapes:
                made = joining.both(made, shape)
            self._together[key] = made
        return self._together[key]

    def _made(self, node: dict[str, Any]) -> Shape:
        if "$ref" in node:
            try:
                there = self.shape(target(node["$ref"], self._root))
            except DanglingError as error:
                return self._problem(str(error))
            rest = {key: value for key, value in node.items() if key != "$ref"}
            own = self._made(rest) if self._siblings else Shape()
            return joining.both(own, there) if own else there
        own = spelt(node)
        for group in ("anyOf", "oneOf"):
            own = joining.both(own, self._union(node, group))
        for member in _members(node, "allOf"):
            own = joining.both(own, self.shape(member))
        if node.get("nullable") is True and "type" not in node:
            own = joining.nullable(own)
        return tidy(own)

    def _union(self, node: dict[str, Any], group: str) -> Shape:
        members = [self.shape(member) for member in _members(node, group)]
        if not members:
            return Shape()
        return joining.union(members, exclusive=group == "oneOf")


def _members(node: dict[str, Any], group: str) -> list[Any]:
    members = node.get(group)
    return members if isinstance(members, list) else []


ANYTHING: Final = Shape()
NOTHING: Final = Shape({"enum": ()})


def spelt(node: dict[str, Any]) -> Shape:
    """Return the keywords of *node* in their one spelling, without groups and references."""
    shape, odd = Shape(), []
    for word, value in _modern(node).items():
        if word in keywords.IGNORED or word.startswith("x-") or word in LATER:
            continue
        if (speller := keywords.SPELLERS.get(word)) is None:
            shape[word] = keywords.canonical(value)
            shape["unknown"] = tuple(sorted({*shape.get("unknown", ()), word}))
            continue
        try:
            shape[word] = speller(value)
        except keywords.MisspeltError:
            odd.append(f"{word} has a value that it cannot have")
    odd += [
        f"{group} is not a list of schemas"
        for group in ("anyOf", "oneOf", "allOf")
        if group in node and not _members(node, group)
    ]
    if odd:
        shape["?"] = tuple(odd)
    return tidy(shape)


LATER: Final = frozenset(("anyOf", "oneOf", "allOf", "nullable", "$ref"))


def _modern(node: dict[str, Any]) -> dict[str, Any]:
    """Return *node* with the keywords of older drafts in the words of the newest."""
    modern = dict(node)
    _bounds(modern)
    if modern.get("nullable") is True and isinstance(modern.get("type"), str):
        modern["type"] = [modern["type"], "null"]
    if "const" in modern:
        only = modern.pop("const")
        allowed = modern.get("enum")
        refused = isinstance(allowed, list) and only not in allowed
        modern["enum"] = [] if refused else [only]
    if isinstance(items := modern.get("items"), list):
        modern["prefixItems"] = items
        modern["items"] = modern.get("additionalItems", True)
    modern.pop("additionalItems", None)
    _dependencies(modern)
    if "if" not in modern or not {"then", "else"} & modern.keys():
        for word in ("if", "then", "else"):
            modern.pop(word, None)
    return modern


def _bounds(modern: dict[str, Any]) -> None:
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(strict := modern.get(word), bool):
            del modern[word]
            if strict and bound in modern:
                modern[word] = modern.pop(bound)


def _dependencies(modern: dict[str, Any]) -> None:
    if isinstance(dependencies := modern.get("dependencies"), dict):
        del modern["dependencies"]
        for name, needs in dependencies.items():
            word = "dependentRequired" if isinstance(needs, list) else "dependentSchemas"
            if isinstance(modern.get(word, {}), dict):
                modern[word] = {**modern.get(word, {}), name: needs}
