"""What goes wrong on purpose: which requests are struck, how often, and how.

A fault belongs to one organisation and strikes requests that come to it from outside; what the
fake asks of itself (webhooks to Port's own API) and what the handle does is spared. One fault
strikes a request: the oldest that fits it and is not used up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from port_fake.http.fault_plans import Aim, Asked, Effect
from port_fake.surface.operation import Operation
from port_fake.world.ids import HEX, Ids
from port_fake.world.world import World

DIGITS: Final = 8
"""Of how many hexadecimal digits a number between 0 and 1 is made."""


class Fault:
    """A fault that is set: how often it has struck, and the way to be rid of it.

    *hits* counts the requests that it struck, *fitting* also those that chance has spared. As a
    context manager it is removed at the end of the block.
    """

    __slots__ = (
        "_faults",
        "_ids",
        "aim",
        "effect",
        "fitting",
        "hits",
        "number",
        "probability",
        "times",
    )

    def __init__(
        self,
        *,
        aim: Aim,
        effect: Effect,
        times: int | None,
        probability: float,
        number: int,
        faults: Faults,
        ids: Ids,
    ) -> None:
        self.aim = aim
        self.effect = effect
        self.times = times
        self.probability = probability
        self.number = number
        self.hits = 0
        self.fitting = 0
        self._faults = faults
        self._ids = ids

    @property
    def is_live(self) -> bool:
        """Whether it may strike again: it is neither used up nor removed."""
        return self in self._faults.live

    def remove(self) -> None:
        """Let it strike no more; it stays in the list of faults."""
        self._faults.retire(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.remove()

    def __repr__(self) -> str:
        odds = "" if self.probability == 1 else f" probability={self.probability:g}"
        times = "always" if self.times is None else f"times={self.times}"
        return f"<Fault {self.aim.text}: {self.effect.text} {times}{odds}, hits: {self.hits}>"

    def strikes(self) -> bool:
        """Draw lots for a request that fits, and count it if it is struck. Needs the lock."""
        self.fitting += 1
        if self.probability < 1:
            drawn = int(self._ids.draw("", DIGITS, HEX), 16) / len(HEX) ** DIGITS
            if drawn >= self.probability:
                return False
        self.hits += 1
        return True


class Faults:
    """The faults of one organisation, oldest first. Safe to use from any thread."""

    def __init__(self, world: World, operations: Iterable[Operation]) -> None:
        """Prepare for *operations*; lots are drawn from the ids of *world*."""
        self.live: tuple[Fault, ...] = ()
        """Those that may strike; a request without faults pays for a look at this."""
        self._world = world
        self._operations = operations
        self._ids = world.ids.child("faults")
        self._all: list[Fault] = []
        self._made = 0
        self._lock = Lock()

    def add(self, options: Mapping[str, Any]) -> Fault:
        """Set a fault; *options* are those of `port_fake.fault`.

        Raises:
            MisuseError: There is no such option, or what it says makes no sense.
        """
        # Loaded with the first fault: most tests have none.
        from port_fake.http.fault_options import checked

        plan = checked(options, world=self._world, operations=self._operations)
        with self._lock:
            self._made += 1
            fault = Fault(
                aim=plan.aim,
                effect=plan.effect,
                times=plan.times,
                probability=plan.probability,
                number=self._made,
                faults=self,
                # A stream for each, so that they do not disturb each other.
                ids=self._ids.child(f"{self._made}"),
            )
            self._all.append(fault)
            self.live = (*self.live, fault)
        return fault

    def strike(self, asked: Asked) -> Fault | None:
        """Return the fault that strikes a request, and count it; None if none does."""
        with self._lock:
            for fault in self.live:
                if fault.aim.fits(asked) and fault.effect.suits(asked) and fault.strikes():
                    if fault.hits == fault.times:
                        self.live = tuple(one for one in self.live if one is not fault)
                    return fault
        return None

    def all(self) -> list[Fault]:
        """Return every fault since the last `clear`, also those that are used up or removed."""
        with self._lock:
            return list(self._all)

    def retire(self, fault: Fault) -> None:
        """Let a fault strike no more."""
        with self._lock:
            self.live = tuple(one for one in self.live if one is not fault)

    def clear(self) -> None:
        """Remove and forget all of them."""
        with self._lock:
            self.live = ()
            self._all.clear()
