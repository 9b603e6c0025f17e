"""Each fault has one refusal that carries it."""

from typing import Final

import pytest

from port_fake.errors import Fault, MisuseError, PortFakeError, RefusedError

REFUSALS: Final = RefusedError.__subclasses__()


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_carried_by_one_refusal_that_is_named_after_it(fault: Fault) -> None:
    assert [error.__name__ for error in REFUSALS if error.fault is fault] == [
        f"{fault.value.title().replace(' ', '')}Error"
    ]


def test_a_misuse_is_raised_on_purpose_and_is_no_refusal() -> None:
    assert issubclass(MisuseError, PortFakeError)
    assert not issubclass(MisuseError, RefusedError)
