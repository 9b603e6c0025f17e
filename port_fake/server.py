"""Many organisations on one server: what a whole test session shares."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Any, Self

from port_fake.fake import FakePort
from port_fake.threaded import ServerThread


class FakePortServer:
    """A running fake without organisations; `organisation` adds one at a time."""

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, seed: int | None = 0) -> None:
        """Prepare to listen; *seed* is that of organisations that name none of their own."""
        self._thread = ServerThread(host=host, port=port)
        self._seed = seed
        self._names: Counter[str] = Counter()

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end.

        Raises:
            MisuseError: The server does not run.
        """
        return self._thread.base_url

    def organisation(self, *, name: str = "port-fake", **options: Any) -> FakePort:
        """Return an organisation of its own, to be used in a with statement.

        *options* are those of `FakePort`. The name decides the credentials; the second one of
        the same name gets ``name#2``, and so on.

        Raises:
            MisuseError: The scenario has a mistake.
        """
        self._names[name] += 1
        count = self._names[name]
        unique = name if count == 1 else f"{name}#{count}"
        return FakePort(**{"seed": self._seed, **options, "name": unique, "server": self._thread})

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
