"""Puts the control API beside the API of a server; it is built when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from port_fake.control.register import Register
from port_fake.http.annex import Visit
from port_fake.http.messages import Answer

if TYPE_CHECKING:
    from port_fake.control.api import ControlApi

PREFIX: Final = "/_fake/"
LIMIT_BYTES: Final = 256 * 1024 * 1024
"""Enough for the snapshot of an organisation with some hundred thousand runs."""


class Control:
    """What a server owns of the paths below `PREFIX`."""

    limit_bytes = LIMIT_BYTES

    def __init__(self, register: Register, *, hosts: Iterable[str] = ()) -> None:
        """Prepare to answer to *hosts*, beside the machine's own names and addresses."""
        self._register = register
        self._hosts = frozenset(host.lower() for host in hosts)

    def owns(self, path: str) -> bool:
        """Whether a raw path is below the prefix."""
        return path.startswith(PREFIX)

    def answer(self, visit: Visit) -> Answer:
        """Answer a visit; never raises, and may block."""
        return self._api.answer(visit)

    @cached_property
    def _api(self) -> ControlApi:
        # Its shapes take their time to load, and most test sessions never need them.
        from port_fake.control.api import ControlApi

        return ControlApi(self._register, hosts=self._hosts, limit_bytes=self.limit_bytes)


def mount(register: Register, *, hosts: Iterable[str] = ()) -> None:
    """Serve the control API at the home of *register*."""
    register.home.api.annex = Control(register, hosts=hosts)
