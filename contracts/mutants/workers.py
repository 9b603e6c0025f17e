"""Processes, one for each mutant, several at a time.

They are forked from a process that has imported everything, where the system can do that.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.mutant import Mutant
from contracts.mutants.trial import UNTOUCHED, Plan, Trial, try_mutant

WAY: Final = "forkserver"
GRACE_S: Final = 120
"""How much longer than its patience a trial may take before its process is ended."""
SHOWN: Final = 2000
"""How much of what a process has said last is told, when it ends without a result."""


@dataclass(slots=True)
class _Worker:
    name: str
    process: BaseProcess
    result: Connection
    until: float


def trials(names: Iterable[str], plan: Plan, *, jobs: int) -> Iterator[Trial]:
    """Try mutants by their names, or `UNTOUCHED`; give what comes of them as it comes.

    Processes that still run are ended when nobody wants more.
    """
    left = iter(names)
    workers: list[_Worker] = []
    with TemporaryDirectory() as compiled, ExitStack() as exits:
        exits.callback(_end_all, workers)
        start = _Start(_context(), plan, compiled)
        while True:
            while len(workers) < jobs and (name := next(left, None)) is not None:
                workers.append(start(name))
            if not workers:
                return
            wait([one.result for one in workers], timeout=1)
            for worker in [*workers]:
                trial = _ended(worker)
                if trial is not None:
                    workers.remove(worker)
                    yield trial


def _context() -> BaseContext:
    if WAY not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context(WAY)
    context.set_forkserver_preload(["contracts.mutants.warm"])
    return context


@dataclass(frozen=True, slots=True)
class _Start:
    """Starts workers; *compiled* is where they keep the suites, once compiled."""

    context: BaseContext
    plan: Plan
    compiled: str

    def __call__(self, name: str) -> _Worker:
        ours, theirs = self.context.Pipe(duplex=False)
        given = (name, self.plan, self.compiled, theirs)
        process = self.context.Process(target=_work, args=given, daemon=True)  # type: ignore[attr-defined] # the base class of contexts lacks it
        process.start()
        theirs.close()
        return _Worker(name, process, ours, time.monotonic() + self.plan.patience_s + GRACE_S)


def _ended(worker: _Worker) -> Trial | None:
    """Return the result of a worker that has ended, or took too long."""
    if worker.result.poll():
        with suppress(EOFError):
            trial: Trial = worker.result.recv()
            _end(worker)
            return trial
        worker.process.join()
        code = worker.process.exitcode
        return Trial(worker.name, fault=f"its process ended with code {code} and no result")
    if time.monotonic() > worker.until:
        _end(worker)
        return Trial(worker.name, fault="took too long: its process was ended")
    return None


def _end_all(workers: Iterable[_Worker]) -> None:
    for worker in workers:
        worker.process.kill()
        _end(worker)


def _end(worker: _Worker) -> None:
    worker.process.join(timeout=0.5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.result.close()


def _work(name: str, plan: Plan, compiled: str, result: Connection) -> None:
    """Try a mutant in this process, which says nothing."""
    sys.pycache_prefix, sys.dont_write_bytecode = compiled, False
    with TemporaryFile() as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        try:
            trial = try_mutant(_known(name), plan)
        except Exception:  # noqa: BLE001 - whatever it is, the table tells
            trial = Trial(name, fault=f"could not be tried: {traceback.format_exc()}")
        if trial.fault and not trial.asked:
            said.seek(0)
            tail = said.read()[-SHOWN:].decode(errors="replace").strip()
            trial = replace(trial, fault=f"{trial.fault} {tail}".strip())
        result.send(trial)


def _known(name: str) -> Mutant | None:
    return None if name == UNTOUCHED else next(one for one in MUTANTS if one.name == name)
