"""Which known routes a request may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from port_fake.surface.operation import Operation


def nearest(method: str, path: str, operations: Iterable[Operation]) -> Operation:
    """Return the operation that is most like a request; the path counts more than the method."""
    return max(
        operations,
        key=lambda one: (_likeness(path, one.path), one.method == method),
    )


def methods_of(path: str, operations: Iterable[Operation]) -> list[str]:
    """Return the methods that a path has, in alphabetical order; none if it is unknown."""
    fitting = [(one.path.split("/"), one.method) for one in operations if _fits(path, one.path)]
    if not fitting:
        return []
    # As in the tree of routes: what is spelled out goes before a parameter.
    chosen = min((template for template, _ in fitting), key=_parameters)
    return sorted(method for template, method in fitting if template == chosen)


def _fits(path: str, template: str) -> bool:
    given, known = path.split("/"), template.split("/")
    return len(given) == len(known) and all(
        one == other or (other.startswith("{") and one)
        for one, other in zip(given, known, strict=True)
    )


def _parameters(template: Sequence[str]) -> list[bool]:
    return [segment.startswith("{") for segment in template]


def _likeness(path: str, template: str) -> float:
    given, known = path.split("/"), template.split("/")
    # Counted from the end as well, for a path that lacks its beginning.
    return max(
        SequenceMatcher(None, path, _filled(known, given, skipped)).ratio()
        for skipped in {0, max(0, len(known) - len(given))}
    )


def _filled(template: Sequence[str], given: Sequence[str], skipped: int) -> str:
    """Put what was given in the place of parameters."""
    return "/".join(
        given[place] if segment.startswith("{") and 0 <= place < len(given) else segment
        for place, segment in enumerate(template, -skipped)
    )
