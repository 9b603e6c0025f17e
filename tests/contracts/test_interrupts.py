from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from threading import Thread

import pytest

from port_fake.contracts.interrupts import ENDING, TERMINATING, ended_in_order, held_back


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Show that every signal is handled after a test as it was before."""
    before = [signal.getsignal(number) for number in ENDING]
    yield
    assert [signal.getsignal(number) for number in ENDING] == before


@pytest.mark.parametrize("number", TERMINATING)
def test_whoever_ends_the_process_is_heard_like_ctrl_c(number: int) -> None:
    with pytest.raises(KeyboardInterrupt), ended_in_order():
        os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ENDING)
def test_what_is_held_back_takes_effect_at_the_end(number: int) -> None:
    told: list[str] = []

    def ask() -> None:
        with ended_in_order(), held_back():
            os.kill(os.getpid(), number)
            os.kill(os.getpid(), number)
            told.append("done")

    with pytest.raises(KeyboardInterrupt):
        ask()

    assert told == ["done"]


def test_with_a_notice_that_is_all_that_happens(capsys: pytest.CaptureFixture[str]) -> None:
    with held_back("please wait"):
        os.kill(os.getpid(), signal.SIGINT)

    assert capsys.readouterr().err == "please wait\n"


def test_what_goes_wrong_meanwhile_is_not_lost() -> None:
    with pytest.raises(ZeroDivisionError), held_back():
        raise ZeroDivisionError


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_that_is_ignored_stays_so(number: int) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with ended_in_order(), held_back():
            os.kill(os.getpid(), number)
    finally:
        signal.signal(number, before)


def test_a_thread_beside_the_main_one_changes_nothing() -> None:
    before = [signal.getsignal(number) for number in ENDING]
    during: list[object] = []

    def ask() -> None:
        with ended_in_order(), held_back():
            during.extend(signal.getsignal(number) for number in ENDING)

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert during == before
