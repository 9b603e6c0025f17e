"""Processes, one for each job, several at a time, forked from a process that is prepared."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

from contracts.mutants.trial import Trial

FORK: Final = multiprocessing.get_context("fork")


@dataclass(slots=True)
class _Fork:
    name: str
    process: BaseProcess
    result: Connection
    until: float


def in_forks(
    names: Iterable[str], attempt: Callable[[str], Trial], *, jobs: int, limit_s: float
) -> Iterator[Trial]:
    """Attempt what has these names; give what comes of it as it comes.

    Whatever goes wrong in a process is a `Trial` too. Those that still run are ended when nobody
    wants more.
    """
    left = iter(names)
    forks: list[_Fork] = []
    with ExitStack() as exits:
        exits.callback(_end_all, forks)
        while True:
            while len(forks) < jobs and (name := next(left, None)) is not None:
                forks.append(_forked(name, attempt, until=time.monotonic() + limit_s))
            if not forks:
                return
            wait([one.result for one in forks], timeout=1)
            for fork in [*forks]:
                trial = _ended(fork)
                if trial is not None:
                    forks.remove(fork)
                    yield trial


def _forked(name: str, attempt: Callable[[str], Trial], *, until: float) -> _Fork:
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_work, args=(name, attempt, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Fork(name, process, ours, until)


def _work(name: str, attempt: Callable[[str], Trial], result: Connection) -> None:
    try:
        trial = attempt(name)
    except BaseException:  # noqa: BLE001 - whatever it is, the table tells
        trial = Trial(name, fault=f"could not be tried: {traceback.format_exc()}")
    result.send(trial)


def _ended(fork: _Fork) -> Trial | None:
    """Return the result of a process that has ended, or took too long."""
    if fork.result.poll():
        with suppress(EOFError):
            trial: Trial = fork.result.recv()
            _end(fork)
            return trial
        fork.process.join()
        code = fork.process.exitcode
        return Trial(fork.name, fault=f"its process ended with code {code} and no result")
    if time.monotonic() > fork.until:
        fork.process.kill()
        _end(fork)
        return Trial(fork.name, fault="took too long: its process was ended")
    return None


def _end_all(forks: Iterable[_Fork]) -> None:
    for fork in forks:
        fork.process.kill()
        _end(fork)


def _end(fork: _Fork) -> None:
    """Wait for the end of a process, which has said all that it has to say."""
    fork.process.join(timeout=1)
    if fork.process.is_alive():
        fork.process.kill()
        fork.process.join()
    fork.result.close()
