"""Many organisations on one server: what a whole test session shares."""

from __future__ import annotations

from inspect import signature
from types import TracebackType
from typing import Any, Final, Self

from port_fake.control.mount import mount
from port_fake.control.register import Register
from port_fake.errors import MisuseError
from port_fake.fake import FakePort
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
        control: bool = True,
    ) -> None:
        """Prepare to listen; *seed* and *kafka* are those of organisations that name none.

        With *control*, programs in other languages find the organisations under ``/_fake/``.
        """
        self._thread = ServerThread(host=host, port=port)
        self._defaults = {"seed": seed, "kafka": kafka}
        self._register = Register(self._thread)
        if control:
            mount(self._register, hosts=(host,))

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
        given = {**self._defaults, **options, "server": self._thread}
        return self._register.admit(name, lambda unique: FakePort(**{**given, "name": unique}))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._register.close()
        self._thread.stop()
