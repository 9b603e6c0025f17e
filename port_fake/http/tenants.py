"""What a server keeps of each organisation beside its world."""

from __future__ import annotations

from port_fake.http.faults import Faults
from port_fake.http.rates import RateMeter
from port_fake.http.recorder import Recorder
from port_fake.surface.dialect import Dialect
from port_fake.world.world import World


class Tenant:
    """The requests of an organisation, its faults, and how much of its rate limit is used."""

    __slots__ = ("faults", "meter", "recorder", "world")

    def __init__(self, world: World, dialect: Dialect) -> None:
        self.world = world
        self.recorder = Recorder()
        self.faults = Faults(world, dialect.operations)
        self.meter = RateMeter(world)
