"""What a server keeps of each organisation beside its world."""

from __future__ import annotations

from port_fake.http.faults import Faults
from port_fake.http.rates import RateMeter
from port_fake.http.recorder import Recorder
from port_fake.surface.dialect import Dialect
from port_fake.world.world import World


class Tenant:
    """The requests of an organisation, its faults, and how much of its rate limit is used."""

    __slots__ = ("_operations", "faults", "meter", "recorder", "world")

    def __init__(self, world: World, dialect: Dialect) -> None:
        self.world = world
        self._operations = dialect.operations
        self.recorder = Recorder()
        self.faults = Faults(world, self._operations)
        self.meter = RateMeter(world)

    def begin_anew(self) -> None:
        """Forget requests, faults and the use of the rate limit; lots are drawn as at first."""
        self.recorder.clear()
        self.faults = Faults(self.world, self._operations)
        self.meter = RateMeter(self.world)
