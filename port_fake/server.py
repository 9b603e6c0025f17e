"""Many organisations on one server: what a whole test session shares."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from itertools import count
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from port_fake.errors import MisuseError
from port_fake.fake import FakePort, Stage
from port_fake.threaded import ServerThread

OF_THE_SERVER: Final = frozenset({"host", "port", "server"})
OPTIONS: Final = frozenset(signature(FakePort).parameters) - OF_THE_SERVER


class FakePortServer:
    """A running fake without organisations; `organisation` adds one at a time."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int | None = 0,
        kafka: bool = False,
    ) -> None:
        """Prepare to listen; *seed* and *kafka* are those of organisations that name none."""
        self._thread = ServerThread(host=host, port=port)
        self._defaults = {"seed": seed, "kafka": kafka}
        self._named: dict[str, FakePort] = {}
        self._lock = Lock()

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end.

        Raises:
            MisuseError: The server does not run.
        """
        return self._thread.base_url

    def organisation(self, *, name: str = "port-fake", **options: Any) -> FakePort:
        """Return an organisation of its own, to be used in a with statement.

        *options* are those of `FakePort`, but for the server's. The name decides the credentials;
        while the first one of a name is not over, the second one gets ``name#2``, and so on.

        Raises:
            MisuseError: There is no such option, or the scenario has a mistake.
        """
        for unknown in options.keys() - OPTIONS:
            known = ", ".join(sorted(OPTIONS))
            raise MisuseError(f"an organisation has no option {unknown!r}; there are: {known}")
        with self._lock:
            for over in [key for key, one in self._named.items() if one.stage is Stage.OVER]:
                del self._named[over]
            unique = next(free for free in _numbered(name) if free not in self._named)
            fake = self._named[unique] = FakePort(
                **{**self._defaults, **options, "name": unique, "server": self._thread}
            )
        return fake

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._thread.stop()


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}#{number}" for number in count(2))
