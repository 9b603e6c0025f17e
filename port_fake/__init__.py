"""port-fake: Port's action-run API in memory, for tests and offline development.

``with FakePort() as port:`` gives an organisation on a running fake; the pytest plugin gives the
same as the fixture ``port_fake``. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from port_fake.backend import Backend
    from port_fake.engine.catalog import EntityKey
    from port_fake.engine.states import State
    from port_fake.errors import MisuseError, PortFakeError, RefusedError
    from port_fake.fake import FakePort
    from port_fake.handle.views import RunView
    from port_fake.http.faults import Fault
    from port_fake.http.recorder import Exchange
    from port_fake.server import FakePortServer
    from port_fake.settings import Settings
    from port_fake.world.clock import RepeatableClock, SystemClock

__all__ = [
    "Backend",
    "EntityKey",
    "Exchange",
    "FakePort",
    "FakePortServer",
    "Fault",
    "MisuseError",
    "PortFakeError",
    "RefusedError",
    "RepeatableClock",
    "RunView",
    "Settings",
    "State",
    "SystemClock",
]

ROOMS: Final = {
    "Backend": "backend",
    "EntityKey": "engine.catalog",
    "Exchange": "http.recorder",
    "FakePort": "fake",
    "FakePortServer": "server",
    "Fault": "http.faults",
    "MisuseError": "errors",
    "PortFakeError": "errors",
    "RefusedError": "errors",
    "RepeatableClock": "world.clock",
    "RunView": "handle.views",
    "Settings": "settings",
    "State": "engine.states",
    "SystemClock": "world.clock",
}


def __getattr__(name: str) -> Any:
    room = ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'port_fake' has no attribute {name!r}")
    return getattr(import_module(f"port_fake.{room}"), name)
