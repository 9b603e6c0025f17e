"""How a machine says that something is wrong."""

from __future__ import annotations

from typing import Any


def must(holds: bool, sentence: str, *values: Any) -> None:  # noqa: FBT001 - as assert reads
    """Fail with *sentence*, its ``{}`` filled in, unless something holds; with ``-O`` too.

    Raises:
        AssertionError: It does not hold.
    """
    if not holds:
        raise AssertionError(sentence.format(*values))
