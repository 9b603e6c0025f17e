"""Which alternative of one union stands for which of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from port_fake.contracts.drift.joining import Shape

Resolve: TypeAlias = Callable[[Any], Shape]


def paired(
    fake: list[Shape],
    published: list[Shape],
    *,
    same: Callable[[Shape, Shape], bool],
    resolve: tuple[Resolve, Resolve],
) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
    """Return the likeliest pairs of what is not the same, and what is left on each side."""
    left = [one for one in fake if not any(same(one, other) for other in published)]
    right = [other for other in published if not any(same(one, other) for one in fake)]
    if len(left) == len(right) == 1:
        alike = likeness(left[0], right[0], resolve) >= 0
        return ([(left[0], right[0])], [], []) if alike else ([], left, right)
    ranked = sorted(
        (
            (score, -i, -j)
            for i, one in enumerate(left)
            for j, other in enumerate(right)
            if (score := likeness(one, other, resolve)) > 0
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for _, i, j in ranked:
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return (
        [(left[i], right[j]) for i, j in sorted(pairs.items())],
        [one for i, one in enumerate(left) if i not in pairs],
        [other for j, other in enumerate(right) if j not in pairs.values()],
    )


def likeness(one: Shape, other: Shape, resolve: tuple[Resolve, Resolve]) -> float:
    """Return how much two alternatives have in common; below 0 they are different things."""
    if "?" in one or "?" in other:
        return -1
    if bool(one.get("enum")) != bool(other.get("enum")):
        return -1
    types = {*one.get("type", ())}, {*other.get("type", ())}
    if types[0] and types[1] and not types[0] & types[1]:
        return -1
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    shared = mine.keys() & theirs.keys()
    told = 0
    for name in shared:
        marks = resolve[0](mine[name]).get("enum"), resolve[1](theirs[name]).get("enum")
        if all(mark and len(mark) == 1 for mark in marks):
            if marks[0] != marks[1]:
                return -1
            told += 1
    both = len(mine.keys() | theirs.keys())
    return told + (len(shared) / both if both else 0.5)
