"""The organisations of one server, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from threading import RLock

from port_fake.errors import ConflictError, NotFoundError
from port_fake.fake import FakePort, Stage
from port_fake.threaded import Home

NAMELESS = "organisation"
"""What an organisation is called, with a number, if whoever makes it gives no name."""


@dataclass(slots=True)
class Entry:
    """An organisation; without a *port* it is still being made. *life* ends one made here."""

    port: FakePort | None
    life: ExitStack | None = None

    @property
    def is_over(self) -> bool:
        """Whether its name is free again."""
        return self.port is not None and self.port.stage is Stage.OVER


class Register:
    """Knows who is who. Safe to use from any thread."""

    def __init__(self, home: Home) -> None:
        """Prepare for organisations at *home*."""
        self.home = home
        self._entries: dict[str, Entry] = {}
        self._lock = RLock()

    def admit(self, name: str, make: Callable[[str], FakePort]) -> FakePort:
        """Return an organisation that *make* makes, and that ends when its with statement does.

        It gets *name*, or ``name#2`` while another one has that, and so on.
        """
        with self._lock:
            self._forget_those_over()
            unique = next(free for free in _numbered(name) if free not in self._entries)
            port = make(unique)
            self._entries[unique] = Entry(port)
        return port

    def create(self, name: str | None, make: Callable[[str], FakePort]) -> tuple[str, FakePort]:
        """Return a new organisation in use, and its name; `remove` ends it.

        Others are not held up while *make* makes it.

        Raises:
            ConflictError: The name is taken.
        """
        with self._lock:
            self._forget_those_over()
            name = self._free_name() if name is None else name
            if name in self._entries:
                raise ConflictError(
                    f"organisation {name!r} exists already: choose another name, reset that one "
                    "or delete it first"
                )
            life = ExitStack()
            entry = self._entries[name] = Entry(None, life)
        try:
            entry.port = life.enter_context(make(name))
        except BaseException:
            with self._lock:
                del self._entries[name]
            raise
        return name, entry.port

    def named(self, name: str) -> FakePort:
        """Return an organisation that is in use.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self._found(name)[1]

    def is_removable(self, name: str) -> bool:
        """Whether `remove` would end it."""
        with self._lock:
            entry = self._entries.get(name)
            return entry is not None and entry.life is not None

    def all(self) -> list[tuple[str, FakePort]]:
        """Return the organisations that are in use, by name, oldest first."""
        with self._lock:
            entries = list(self._entries.items())
        return [
            (name, entry.port)
            for name, entry in entries
            if entry.port is not None and entry.port.stage is Stage.IN_USE
        ]

    def remove(self, name: str) -> None:
        """End an organisation that was made here; its credentials are worth nothing any more.

        Raises:
            NotFoundError: There is none of that name.
            ConflictError: It belongs to somebody else.
        """
        with self._lock:
            life = self._found(name)[0].life
            if life is None:
                raise ConflictError(
                    f"organisation {name!r} was not made here: it ends with the server or with "
                    "the test that made it; reset it instead"
                )
            del self._entries[name]
        life.close()

    def close(self) -> None:
        """End all organisations that were made here."""
        for name, _ in self.all():
            if self.is_removable(name):
                self.remove(name)

    def _found(self, name: str) -> tuple[Entry, FakePort]:
        with self._lock:
            entry = self._entries.get(name)
        if entry is None or entry.port is None or entry.port.stage is not Stage.IN_USE:
            raise NotFoundError(
                f"there is no organisation {name!r}: GET /_fake/organisations lists them, and "
                "POST makes one"
            )
        return entry, entry.port

    def _free_name(self) -> str:
        return next(
            free for free in (f"{NAMELESS}-{n}" for n in count(1)) if free not in self._entries
        )

    def _forget_those_over(self) -> None:
        for name in [name for name, entry in self._entries.items() if entry.is_over]:
            del self._entries[name]


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}#{number}" for number in count(2))
