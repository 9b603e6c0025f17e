"""The one place that knows where the data beside the package lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent


def directory(name: str) -> Path:
    """Return the folder *name* (``fixtures`` or ``contracts``): of the source tree, else bundled.

    The source tree goes first, because an editable install may have left an old bundle.
    """
    sibling = PACKAGE.parent / name
    if (PACKAGE.parent / "pyproject.toml").is_file() and sibling.is_dir():
        return sibling
    return PACKAGE / "_bundled" / name
