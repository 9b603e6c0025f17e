"""How much of what a strategy begins to draw it filters out."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.control import current_build_context
from hypothesis.internal.conjecture.data import Status


def filtered(strategy: st.SearchStrategy[Any], *, draws: int = 100) -> float:
    """Return which share of the draws that were begun a filter has ended.

    Draws that Hypothesis itself cuts off, as it tries shorter ones, do not count.
    """
    begun = 0
    ended = 0

    @st.composite
    def counted(draw: st.DrawFn) -> Any:
        nonlocal begun, ended
        begun += 1
        data = current_build_context().data
        try:
            return draw(strategy)
        finally:
            ended += data.status is Status.INVALID

    @settings(
        database=None,
        max_examples=draws,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(counted())
    def draw_all(_: Any) -> None:
        """Nothing is to be done with what was drawn."""

    draw_all()
    return ended / begun
