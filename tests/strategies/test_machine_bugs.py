"""PortMachine, as it is, finds every defect that was planted in a world."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from port_fake import FakePort
from port_fake.strategies.machine import MemoryTarget, PortMachine, Target
from tests.strategies.bugs import BUGS, Plant

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_defect_is_found(plant: Plant) -> None:
    class Planted(PortMachine):
        def make_target(self) -> Target:
            port = FakePort()
            plant(port)
            return MemoryTarget(port)

    # As it comes, but that nothing of earlier runs helps, and that nobody waits for shrinking.
    how = settings(
        Planted.TestCase.settings,
        database=None,
        derandomize=True,
        max_examples=100,
        phases=[Phase.generate],
    )

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Planted, settings=how)
