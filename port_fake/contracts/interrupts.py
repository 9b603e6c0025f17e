"""Signals that end a process: made to end it in order, and kept from what must not be cut off."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType
from typing import Final, NoReturn

TERMINATING: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
ENDING: Final = (signal.SIGINT, *TERMINATING)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let whoever ends the process find everything put in order, as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        del number, frame
        raise KeyboardInterrupt

    with _handled(TERMINATING, by=interrupt):
        yield


@contextmanager
def held_back(notice: str | None = None) -> Iterator[None]:
    """Let no signal cut the block off.

    What came meanwhile takes effect at the end of the block; if there is a *notice*, what comes is
    answered with it and that is all. On a thread that is not the main one there is nothing to do.
    """
    came: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)
        if notice is not None:
            with suppress(OSError, ValueError, RuntimeError):
                print(notice, file=sys.stderr, flush=True)  # noqa: T201 - a person waits for it

    with _handled(ENDING, by=remember):
        yield
    if came and notice is None:
        signal.raise_signal(came[0])


@contextmanager
def _handled(
    numbers: tuple[int, ...], *, by: Callable[[int, FrameType | None], None]
) -> Iterator[None]:
    """Handle signals in the block, but for those that are ignored, as after ``nohup``."""
    before = {}
    if current_thread() is main_thread():
        before = {number: signal.getsignal(number) for number in numbers}
    taken = {
        number: handler
        for number, handler in before.items()
        if handler not in {None, signal.SIG_IGN}
    }
    for number in taken:
        signal.signal(number, by)
    try:
        yield
    finally:
        for number, handler in taken.items():
            signal.signal(number, handler)
