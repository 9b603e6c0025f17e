"""Values of expressions: plain paths at once, all else by jq in a process of its own.

Blocks while jq runs, at most as long as the limits below say.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from port_fake.expressions.paths import follow, plain_path
from port_fake.expressions.values import Allowance, UnusableJsonError, Value, encode
from port_fake.expressions.worker_process import Batch, WorkerError, WorkerProcess

EXPRESSION_TIMEOUT_S: Final = 1.0
"""How long one expression may take.

Assumed: Port stops an expression that takes this long, and goes on as if it were null.
"""

RENDER_TIMEOUT_S: Final = 3.0
"""How long the expressions of one template may take together.

Assumed: as for one expression; what is left by then is null.
"""

START_TIMEOUT_S: Final = 10.0
"""How long the first start of the process may take, beside the time for the expressions."""

TOO_SLOW: Final = Value(None, f"took longer than {EXPRESSION_TIMEOUT_S:g} s")
NO_TIME_LEFT: Final = Value(
    None, f"no time was left: all expressions together have {RENDER_TIMEOUT_S:g} s"
)
DIED: Final = Value(None, "ran out of memory, or made jq stop")


class Evaluator:
    """Evaluates expressions. One is enough for all threads and organisations.

    Starts its process with the first expression that needs one, and another when that one is
    gone. A fork of the interpreter starts its own. After `close` it can be used again.
    """

    def __init__(self) -> None:
        self._bench = _Bench()

    @property
    def worker_pid(self) -> int | None:
        """The id of the process that jq runs in, None if there is none now."""
        return self._own_bench().worker_pid

    @staticmethod
    def needs_worker(expressions: Iterable[str]) -> bool:
        """Whether `evaluate` would have to ask jq, and so might take its time."""
        return any(plain_path(expression) is None for expression in expressions)

    def evaluate(self, expressions: Sequence[str], context: Any, *, now: float) -> dict[str, Value]:
        """Return the value of each of *expressions* over *context*.

        *now* is the time that jq's `now` tells, in seconds since 1970. What fails is null with an
        error, never an exception. While jq works for one caller, another one waits.
        """
        allowance = Allowance()
        values: dict[str, Value] = {}
        programs: list[str] = []
        for expression in dict.fromkeys(expressions):
            steps = plain_path(expression)
            if steps is None:
                programs.append(expression)
                values[expression] = NO_TIME_LEFT  # keeps the order until jq has answered
            else:
                values[expression] = follow(steps, context, allowance)
        if programs:
            values |= zip(programs, self._asked(programs, context, now, allowance), strict=True)
        return values

    def close(self) -> None:
        """End the process, if there is one, once nobody needs its answer any more."""
        bench = self._own_bench()
        with bench.lock:
            bench.clear()

    def _asked(
        self, programs: list[str], context: Any, now: float, allowance: Allowance
    ) -> list[Value]:
        try:
            batch = Batch(programs, encode(context), now)
        except UnusableJsonError as unusable:
            return [Value(None, f"the context cannot be used: {unusable}")] * len(programs)
        bench = self._own_bench()
        with bench.lock:
            try:
                return list(bench.answers(batch, allowance))
            except BaseException:
                # Half a conversation is of no use to the next caller.
                bench.clear()
                raise

    def _own_bench(self) -> _Bench:
        bench = self._bench
        if bench.owner != os.getpid():
            # In a fork, the lock may be held by a thread that is not here.
            self._bench = bench = _Bench()
        return bench


class _Bench:
    """One process' place for its worker. Who changes anything holds the lock."""

    __slots__ = ("_worker", "lock", "owner")

    def __init__(self) -> None:
        self.owner: Final = os.getpid()
        self.lock: Final = threading.Lock()
        self._worker: WorkerProcess | None = None

    @property
    def worker_pid(self) -> int | None:
        worker = self._worker
        return None if worker is None else worker.pid

    def clear(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker = None

    def answers(self, batch: Batch, allowance: Allowance) -> Iterator[Value]:
        """Yield the value of each program of *batch*, starting workers as they fall."""
        done = 0
        deadline: float | None = None
        while done < len(batch):
            try:
                worker, is_new = self._ready_worker(deadline)
            except WorkerError as error:
                yield from [Value(None, str(error))] * (len(batch) - done)
                return
            deadline = deadline or time.monotonic() + RENDER_TIMEOUT_S
            try:
                worker.send(batch.request(done), deadline)
                while done < len(batch):
                    limit = min(time.monotonic() + EXPRESSION_TIMEOUT_S, deadline)
                    yield worker.answer(limit, allowance)
                    done += 1
                    is_new = True
            except TimeoutError:
                self.clear()
                if time.monotonic() >= deadline:
                    yield from [NO_TIME_LEFT] * (len(batch) - done)
                    return
                yield TOO_SLOW
                done += 1
            except WorkerError:
                self.clear()
                if is_new:  # else it may have been gone before this batch: once more
                    yield DIED
                    done += 1

    def _ready_worker(self, deadline: float | None) -> tuple[WorkerProcess, bool]:
        if self._worker is not None:
            return self._worker, False
        self._worker = WorkerProcess()
        try:
            self._worker.wait_until_ready(deadline or time.monotonic() + START_TIMEOUT_S)
        except (TimeoutError, WorkerError):
            self.clear()
            raise WorkerError("the process for jq did not start") from None
        return self._worker, True
