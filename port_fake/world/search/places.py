"""Where in a query something stands, and what is wrong with it there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any, NoReturn

from port_fake.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Place:
    """A group or a rule of a query, named by the way to it; the query itself has no *name*."""

    name: str = ""
    depth: int = 0

    def rule(self, index: int) -> Place:
        """Return the place of a rule of the group that is here."""
        inside = f"{self.name}." if self.name else ""
        return Place(f"{inside}rules[{index}]", self.depth + 1)

    def refuse(self, what: str) -> NoReturn:
        """Say what is wrong here.

        Raises:
            InvalidError: Always.
        """
        raise InvalidError(f"{self.name or 'query'}: {what}")

    def must_hold(
        self, what: Mapping[str, Any], needed: Collection[str], *, also: Collection[str] = ()
    ) -> None:
        """Refuse what lacks a *needed* key, or has one that is neither needed nor in *also*.

        Raises:
            InvalidError: It does.
        """
        for key in needed:
            if key not in what:
                self.refuse(f"needs {key!r}")
        for key in what:
            if key not in needed and key not in also:
                self.refuse(f"does not know {shortened(key)} here")

    def text(self, what: Mapping[str, Any], key: str) -> str:
        """Return the text under *key*.

        Raises:
            InvalidError: It is none.
        """
        value = what[key]
        if not isinstance(value, str):
            self.refuse(f"{key!r} is a text, not {shortened(value)}")
        return value
