"""An insertion-ordered table that speaks of its rows when it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from port_fake.errors import ConflictError, NotFoundError

Row = TypeVar("Row")


class Table(Generic[Row]):
    """Rows by identifier, oldest first. *kind* is the noun used in messages."""

    __slots__ = ("_kind", "_rows")

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rows: dict[str, Row] = {}

    def __getitem__(self, identifier: str) -> Row:
        """Return the row.

        Raises:
            NotFoundError: There is none.
        """
        try:
            return self._rows[identifier]
        except KeyError:
            raise NotFoundError(f"no {self._kind} has the identifier {identifier!r}") from None

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, identifier: str) -> Row | None:
        """Return the row, or None."""
        return self._rows.get(identifier)

    def must_be_free(self, identifier: str) -> None:
        """Refuse an identifier that is taken.

        Raises:
            ConflictError: It is.
        """
        if identifier in self._rows:
            raise ConflictError(f"{self._kind} {identifier!r} exists already")

    def put(self, identifier: str, row: Row) -> Row:
        """Store *row*, over an older one in its place, and return it."""
        self._rows[identifier] = row
        return row

    def remove(self, identifier: str) -> Row:
        """Take the row out and return it.

        Raises:
            NotFoundError: There is none.
        """
        row = self[identifier]
        del self._rows[identifier]
        return row
