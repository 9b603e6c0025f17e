"""What jq says of policies, and when it is asked."""

from typing import Any

from port_fake.expressions.values import Value
from port_fake.world.clock import EPOCH
from port_fake.world.verdicts import PATIENCE, UndecidedError, Verdicts

PROGRAM = "length > 1"


def asked(verdicts: Verdicts, context: Any, about: str = "a") -> Value | None:
    """Return the answer; None if jq has to be asked first, which it then is."""
    try:
        return verdicts.of([PROGRAM], context, about=about, at=EPOCH)[PROGRAM]
    except UndecidedError as undecided:
        question = undecided.question
        verdicts.learn(question, {PROGRAM: Value(question.context)})
        return None


def test_the_same_question_is_asked_once() -> None:
    verdicts = Verdicts()

    assert [asked(verdicts, [1]) for _ in range(3)] == [None, Value([1]), Value([1])]


def test_a_plain_path_asks_nobody() -> None:
    values = Verdicts().of([".a", ".b"], {"a": 1}, about="a", at=EPOCH)

    assert {name: value.value for name, value in values.items()} == {".a": 1, ".b": None}


def test_a_context_that_never_stands_still_is_judged_as_it_was_last() -> None:
    verdicts = Verdicts()

    answers = [asked(verdicts, [number]) for number in range(PATIENCE + 2)]

    assert answers == [None] * PATIENCE + [Value([PATIENCE - 1])] * 2


def test_what_is_asked_for_something_else_gets_its_own_answer() -> None:
    verdicts = Verdicts()
    for number in range(PATIENCE):
        asked(verdicts, [number])

    answers = [asked(verdicts, [-1], about="b") for _ in range(2)]

    assert answers == [None, Value([-1])]
