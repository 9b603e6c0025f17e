"""Follows an organisation with a file, on a thread of its own.

A request never waits for it: what there is to write is looked at under the organisation's lock,
which takes as long as copying the tables' references, and encoded and written without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Final

from port_fake.errors import MisuseError
from port_fake.snapshots.document import Encoder
from port_fake.snapshots.state import State
from port_fake.snapshots.statefile import write

LOG: Final = logging.getLogger("port_fake")

EVERY_S: Final = 0.5
"""How often is looked whether something has changed, in seconds.

A crash loses what changed since then, and while the file was last written: together less than
the last second, for organisations of up to some ten thousand runs.
"""


class Keeper:
    """Writes what *look* returns to *file*, a moment after it has changed."""

    def __init__(self, file: Path, look: Callable[[], State], *, every_s: float = EVERY_S) -> None:
        self._file = file
        self._look = look
        self._every_s = every_s
        self._encoder = Encoder()
        self._kept: State | None = None
        self._complained = False
        self._ending = Event()
        self._thread = Thread(target=self._follow, name="port-fake state", daemon=True)

    def start(self) -> None:
        """Write the file, and again after each change from now on.

        Raises:
            MisuseError: The file cannot be written.
        """
        self._keep()
        self._thread.start()

    def stop(self) -> None:
        """Write what has changed last, and stop.

        Raises:
            MisuseError: The file cannot be written.
        """
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        self._keep()

    def _follow(self) -> None:
        while not self._ending.wait(self._every_s):
            try:
                self._keep()
                self._complained = False
            except MisuseError as error:
                # Once for each time that it begins to fail, and not twice a second.
                if not self._complained:
                    LOG.error("%s", error)  # noqa: TRY400 - no defect, no traceback
                self._complained = True

    def _keep(self) -> None:
        state = self._look()
        if self._kept is not None and _still(self._kept) == _still(state):
            return
        write(self._file, self._encoder.encode(state))
        self._kept = state


def _still(state: State) -> State:
    """Return *state* without what moves by itself: the time of a clock that follows the machine's.

    Rows that have not changed are the same objects, so comparing takes next to no time.
    """
    clock = state.contents.clock
    if clock.ahead is None:
        return state
    still = replace(clock, time=clock.time.min)
    return replace(state, contents=replace(state.contents, clock=still))
