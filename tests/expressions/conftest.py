"""One evaluator for the tests that only want answers; those that end it bring their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from port_fake.expressions.evaluator import Evaluator
from port_fake.expressions.template_engine import render_template
from port_fake.expressions.templates import Rendered

NOON_S = 1767614400.0
"""2026-01-05T12:00:00Z."""

Render = Callable[[Any, Any], Rendered]


@pytest.fixture(scope="session")
def shared_evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator()
    yield evaluator
    evaluator.close()


@pytest.fixture
def own_evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator()
    yield evaluator
    evaluator.close()


@pytest.fixture(scope="session")
def render(shared_evaluator: Evaluator) -> Render:
    def at_noon(template: Any, context: Any) -> Rendered:
        return render_template(template, context, evaluator=shared_evaluator, now=NOON_S)

    return at_noon
