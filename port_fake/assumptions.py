"""Every ``Assumed:`` line of the package: what the fake does where nobody knows what Port does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from port_fake._resources import PACKAGE

ASSUMED: Final = re.compile(r"Assumed: (?P<text>.+?)(?=\n\s*\n|\n\s*[A-Z]\w+:|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One guess: the *place* that acts on it, ``module.name``, and what it says."""

    place: str
    text: str


def assumptions(package: Path = PACKAGE) -> list[Assumption]:
    """Return the assumptions of *package*, by place."""
    found = []
    for file in sorted(package.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        module = ".".join(file.relative_to(package).with_suffix("").parts)
        for place, text in _texts(tree, module):
            found += [Assumption(place, _joined(one["text"])) for one in ASSUMED.finditer(text)]
    return found


def _texts(node: ast.AST, place: str) -> Iterator[tuple[str, str]]:
    body = getattr(node, "body", [])
    name = place
    for child in body:
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            if isinstance(child.value.value, str):
                yield name, child.value.value
        elif isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            yield from _texts(child, f"{place}.{child.name}")
        # A text below an assignment describes what was assigned.
        name = f"{place}.{target}" if (target := _target(child)) else place


def _target(node: ast.AST) -> str | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _joined(text: str) -> str:
    return " ".join(text.split())
