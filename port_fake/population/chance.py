"""Names and lots, the same for the same seed every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from port_fake.errors import MisuseError

if TYPE_CHECKING:
    from random import Random

    from faker import Faker

One = TypeVar("One")


class Chance:
    """Draws everything that is made up, from one seed."""

    def __init__(self, seed: int) -> None:
        """Start from *seed*.

        Raises:
            MisuseError: Faker is not installed.
        """
        self._faker = _faker()
        self._faker.seed_instance(seed)
        self._lots: Random = self._faker.random

    def name(self) -> tuple[str, str]:
        """Return a first and a last name."""
        return self._faker.first_name(), self._faker.last_name()

    def one(self, things: Sequence[One]) -> One:
        """Return one of *things*."""
        return self._lots.choice(things)

    def some(self, things: Sequence[One], count: int) -> list[One]:
        """Return *count* of *things*, each once, in any order."""
        return self._lots.sample(things, min(count, len(things)))

    def weighed(self, weights: Mapping[One, float]) -> One:
        """Return one of the keys, each as often as its weight says."""
        return self._lots.choices(list(weights), list(weights.values()))[0]

    def happens(self, probability: float) -> bool:
        """Whether something happens that happens with *probability*."""
        return self._lots.random() < probability

    def number(self, low: int, high: int) -> int:
        """Return a number from *low* to *high*."""
        return self._lots.randint(low, high)

    def length(self, low_s: float, high_s: float) -> timedelta:
        """Return a duration in whole seconds, more often a short one."""
        return timedelta(seconds=round(self._lots.triangular(low_s, high_s, low_s)))

    def digits(self, length: int) -> str:
        """Return *length* hexadecimal digits."""
        return f"{self._lots.getrandbits(4 * length):0{length}x}"

    def moments(self, count: int, *, within: timedelta) -> Iterable[timedelta]:
        """Return how long ago *count* things happened *within* that time, oldest first.

        A day has its busy hours, two days of seven are quiet, and the last hour is a busy one.
        """
        ago: list[timedelta] = []
        while len(ago) < count:
            if self.happens(0.03):  # whoever looks at it wants to see something going on
                ago.append(timedelta(seconds=self.number(0, 3600)))
                continue
            days = self._lots.random() * within.days
            hours = self._lots.triangular(0, 24, 5)
            if days % 7 >= 5 and not self.happens(0.15):  # noqa: PLR2004 - the weekend
                continue
            ago.append(timedelta(days=int(days), seconds=round(hours * 3600)))
        return sorted(ago, reverse=True)


def _faker() -> Faker:
    try:
        from faker import Faker
    except ImportError:
        raise MisuseError(
            "made-up organisations need Faker: pip install 'port-fake[strategies]'"
        ) from None
    return Faker("en_US")
