"""From a rendered plan to letters, and from what came of a letter to the run."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from port_fake.dialects.port.invocation.complete import complete
from port_fake.dialects.port.invocation.legacy import legacy_message
from port_fake.dialects.port.invocation.methods import (
    installation_of,
    letter,
    payload_of,
    with_message,
)
from port_fake.dialects.port.invocation.notifications import notification
from port_fake.engine.effects import Invoke
from port_fake.engine.runs import Annotations
from port_fake.engine.states import Event, State
from port_fake.expressions.templates import Rendered
from port_fake.surface.letters import Attempt, Letter, Plan
from port_fake.world.world import World


def compose(world: World, plan: Plan, real: Rendered, shown: Rendered) -> list[Letter]:
    """Return the letters of a plan, and let the run show what was rendered.

    *real* goes on the wire, *shown* is the same without secrets.
    Source: Port's agent, which needs a body in what it claims.
    Assumed: nobody else is shown the message of an action that names none of its own.
    """
    run = world.runs[plan.effect.run_id]
    if not isinstance(plan.effect, Invoke):
        told = notification(world, run)
        return [] if told is None else [told]
    method = real.value if plan.is_plain else complete(real.value)
    seen = method if shown is real else complete(shown.value)
    installation = installation_of(world, method)
    message = legacy_message(world, run)
    fetched = seen if installation is None else with_message(seen, message)
    world.invoke(run.id, payload=payload_of(fetched), installation=installation)
    made = letter(world, run, method, seen, message, installation=installation, notes=shown.notes)
    return [made]


def report(world: World, letter: Letter, attempt: Attempt) -> None:
    """Let the run know how its letter fared.

    Source: docs, synchronized webhooks: the status follows the answer's, the body is kept.
    Assumed: an asynchronous webhook that cannot be reached or answers no 2xx fails its run.

    Raises:
        IllegalTransitionError: The run has moved on.
    """
    run = world.runs[letter.run_id]
    if letter.synchronized:
        ending = Event.SUCCEED if attempt.went_well else Event.FAIL
        if letter.kind == "WEBHOOK" and attempt.status is not None:
            world.respond(run.id, _value(attempt.body), world.machine)
        world.update(run.id, ending, _summary(attempt), world.machine)
    elif attempt.went_well:
        if run.state is State.QUEUED:
            world.start(run.id)
    elif world.settings.failed_calls_fail_runs:
        world.update(run.id, Event.FAIL, _summary(attempt), world.machine)


def _summary(attempt: Attempt) -> Annotations:
    if attempt.went_well:
        return Annotations()
    reason = attempt.error or f"status code {attempt.status}"
    return Annotations(summary=f"the backend could not be invoked: {reason}")


def _value(text: str) -> Any:
    try:
        return from_json(text)
    except ValueError:
        return text
