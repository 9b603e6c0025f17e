"""Every letter of an organisation, and every attempt to deliver it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Condition

from port_fake.surface.letters import Attempt, Delivery, Fate, Letter


class Ledger:
    """Remembers letters, and knows how many are on their way. Safe to use from any thread."""

    def __init__(self) -> None:
        self._deliveries: list[Delivery] = []
        self._under_way = 0
        self._changed = Condition()
        self._waiters: list[Callable[[], None]] = []
        self.is_over = False
        """Whether another ledger has taken its place, so that its letters must change nothing."""

    def add(self, letter: Letter, fate: Fate) -> int:
        """Write a letter down and return its number."""
        with self._changed:
            number = len(self._deliveries)
            self._deliveries.append(
                Delivery(
                    number=number,
                    kind=letter.kind,
                    run_id=letter.run_id,
                    fate=fate,
                    shown=letter.shown,
                    notes=letter.notes,
                    reason=letter.reason,
                )
            )
        return number

    def note(
        self,
        number: int,
        fate: Fate,
        *,
        attempt: Attempt | None = None,
        reason: str | None = None,
    ) -> None:
        """Write down what became of a letter."""
        with self._changed:
            old = self._deliveries[number]
            attempts = old.attempts if attempt is None else (*old.attempts, attempt)
            self._deliveries[number] = replace(
                old, fate=fate, attempts=attempts, reason=reason or old.reason
            )

    def all(self) -> list[Delivery]:
        """Return the deliveries, oldest first."""
        with self._changed:
            return list(self._deliveries)

    def start(self) -> None:
        """Count one piece of work more that is under way."""
        with self._changed:
            self._under_way += 1

    def finish(self) -> None:
        """Count one piece of work less."""
        with self._changed:
            self._under_way -= 1
            if self._under_way:
                return
            self._changed.notify_all()
            waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter()

    def wait(self, timeout_s: float) -> bool:
        """Block until nothing is under way; return whether that came about in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout_s)

    def when_quiet(self, waiter: Callable[[], None]) -> None:
        """Call *waiter* once nothing is under way, from whatever thread that happens on."""
        with self._changed:
            if self._under_way:
                self._waiters.append(waiter)
                return
        waiter()
