"""Nothing that is drawn is thrown away more than now and then."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from port_fake.strategies.letters import claim_batches, forged_letters, webhook_letters
from port_fake.strategies.lives import histories
from port_fake.strategies.run_answers import runs
from tests.strategies.filtering import filtered

pytestmark = pytest.mark.slow  # thousands of draws

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "runs of v1": runs("v1"),
    "runs of v2": runs("v2"),
    "runs that failed": runs(statuses=["FAILURE"]),
    "lists of runs": st.lists(runs(), max_size=3, unique_by=lambda run: run["id"]),
    "letters": webhook_letters(),
    "forgeries": forged_letters(),
    "batches for Ocean": claim_batches("ocean", max_runs=3),
    "batches for the agent": claim_batches("agent", max_runs=3),
    "histories": histories(),
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_at_most_one_draw_in_twenty_is_thrown_away(name: str) -> None:
    assert filtered(STRATEGIES[name]) <= 1 / 20


def test_what_throws_away_is_found_out() -> None:
    assert filtered(st.integers(0, 99).filter(lambda one: str(one).endswith("7"))) > 1 / 20
