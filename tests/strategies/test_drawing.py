"""How strategies draw: hardly ever in vain."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.statistics import collector

from port_fake import strategies
from tests.strategies.kinds import KINDS, KNOWN, MIXED, action

EVERYTHING: Final = action(*(kind for kind in KINDS if kind != "long"), required=False)
IN_VAIN: Final = ("Retried draw from", "Aborted test because unable to satisfy", "invalid because")

ALL: Final[dict[str, st.SearchStrategy[Any]]] = {
    "user_inputs": strategies.user_inputs(blueprints=["service"]),
    "inputs_for": strategies.inputs_for(EVERYTHING, **KNOWN),
    "invalid_inputs_for": strategies.invalid_inputs_for(EVERYTHING, **KNOWN),
    "execute_bodies": strategies.execute_bodies(action(*MIXED), **KNOWN),
    "invalid_execute_bodies": strategies.invalid_execute_bodies(action(*MIXED), **KNOWN),
    "update_bodies": strategies.update_bodies(),
    "invalid_update_bodies": strategies.invalid_update_bodies(),
    "approval_bodies": strategies.approval_bodies(),
    "invalid_approval_bodies": strategies.invalid_approval_bodies(),
    "log_bodies": strategies.log_bodies(),
    "invalid_log_bodies": strategies.invalid_log_bodies(),
    "actions": strategies.actions(blueprints=["service"], automations=True),
    "blueprints": strategies.blueprints(targets=["service"]),
    "permissions": strategies.permissions(users=["ana@example.com"], policies=True),
    "organisations": strategies.organisations(),
}
DRAWS: Final = 30
AT_MOST_ONE_IN: Final = 20


def drawn(strategy: st.SearchStrategy[Any], times: int) -> list[dict[str, Any]]:
    """Return what Hypothesis tells of the test cases of one strategy."""
    told: list[dict[str, Any]] = []

    @settings(max_examples=times, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(strategy)
    def test(_: object) -> None:
        pass

    with collector.with_value(told.append):  # type: ignore[arg-type] # it says None
        test()
    cases: list[dict[str, Any]] = told[0]["generate-phase"]["test-cases"]
    # An overrun is Hypothesis' own: it tries variants of what it has drawn, and gives some up.
    return [case for case in cases if case["status"] != "overrun"]


def is_in_vain(case: dict[str, Any]) -> bool:
    """Whether something was drawn and thrown away.

    A list of unique items that draws one twice does not count: it asks for another item.
    """
    events = [str(event) for event in case["events"] if "not_yet_in_unique_list" not in str(event)]
    return case["status"] != "valid" or any(event.startswith(IN_VAIN) for event in events)


@pytest.mark.parametrize("name", ALL)
def test_no_strategy_throws_away_more_than_one_draw_in_twenty(name: str) -> None:
    cases = drawn(ALL[name], DRAWS)

    vain = [case for case in cases if is_in_vain(case)]

    assert len(vain) * AT_MOST_ONE_IN <= len(cases), vain


def test_what_is_thrown_away_would_be_seen() -> None:
    cases = drawn(st.integers(0, 100).filter(lambda number: number % 2), DRAWS)

    assert sum(map(is_in_vain, cases)) * AT_MOST_ONE_IN > len(cases)
