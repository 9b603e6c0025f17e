"""Which questions are asked first of a mutant: those that speak of the same things.

It is a matter of time only. All questions are asked until enough of them have failed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from contracts.mutants.mutant import Mutant
from port_fake.contracts.questions import Question

WORD: Final = re.compile(r"[a-z]{3,}")
SLOW: Final = frozenset({"schema", "workflow", "lifecycle"})
"""Areas whose questions are many at once; they come last."""


def by_relevance(
    mutant: Mutant | None, questions: Iterable[Question]
) -> Callable[[Question], tuple[bool, float]]:
    """Return a key to sort *questions* by; a word that few of them have weighs more."""
    known = {question.name: _words(question.name, question.text) for question in questions}
    often = Counter(word for words in known.values() for word in words)
    wanted = _words(mutant.name, mutant.does) if mutant else frozenset()

    def key(question: Question) -> tuple[bool, float]:
        shared = wanted & known.get(question.name, frozenset())
        is_alike = mutant is not None and _words(mutant.kind) & _words(question.area)
        return question.area in SLOW, -sum(1 / often[word] for word in shared) - bool(is_alike)

    return key


def _words(*texts: str) -> frozenset[str]:
    """Return the words of texts, as much alike as their beginnings are."""
    return frozenset(word.rstrip("s")[:6] for text in texts for word in WORD.findall(text.lower()))
