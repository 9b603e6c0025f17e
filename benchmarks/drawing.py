"""How long it takes to draw a body, for an action with twelve inputs of mixed kinds."""

from __future__ import annotations

from time import process_time
from typing import Any

from hypothesis import HealthCheck, given, settings

from port_fake.strategies import execute_bodies
from tests.strategies.kinds import KNOWN, MIXED, action

DRAWS = 300
ROUNDS = 5


def milliseconds_a_body() -> float:
    """Return the CPU time of one draw in the best of some rounds."""

    @settings(max_examples=DRAWS, database=None, suppress_health_check=list(HealthCheck))
    @given(execute_bodies(action(*MIXED), **KNOWN))
    def draw(_: Any) -> None:
        pass

    def timed() -> float:
        start = process_time()
        draw()
        return (process_time() - start) / DRAWS * 1000

    timed()
    return min(timed() for _ in range(ROUNDS))
