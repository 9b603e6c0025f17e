"""From a template and a context to what is sent: find the expressions, evaluate, put in place."""

from __future__ import annotations

from typing import Any, Final

from port_fake.expressions.evaluator import Evaluator
from port_fake.expressions.templates import Rendered, expressions_in, render, shortened

NOTES_LIMIT: Final = 20


def render_template(
    template: Any, context: Any, *, evaluator: Evaluator, now: float, null_text: str = "null"
) -> Rendered:
    """Return *template* with the values that its expressions have over *context*.

    *now* is the time that jq's `now` tells, in seconds since 1970; *null_text* is what null reads
    as between other text. Blocks for as long as `Evaluator.evaluate` may.

    Assumed: an expression that fails is null, and rendering goes on; a note says why it failed.
    """
    values = evaluator.evaluate(expressions_in(template), context, now=now)
    rendered = render(template, values, null_text=null_text)
    failures = [
        f"{shortened(expression)}: {value.error}"
        for expression, value in values.items()
        if value.error is not None
    ]
    notes = [*failures, *rendered.notes]
    if len(notes) > NOTES_LIMIT:
        notes[NOTES_LIMIT:] = [f"and {len(notes) - NOTES_LIMIT} more"]
    return Rendered(rendered.value, tuple(notes))
