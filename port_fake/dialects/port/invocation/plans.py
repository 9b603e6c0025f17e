"""From an effect to the template that has to be rendered for it."""

from __future__ import annotations

from typing import Any

from port_fake.dialects.port.invocation.context import context
from port_fake.engine.effects import Effect, Invoke
from port_fake.surface.letters import Plan
from port_fake.world.world import World


def plan(world: World, effect: Effect) -> Plan:
    """Return what to render for *effect*: the invocation method, templates and all.

    Source: docs, "Configure the payload": templates may stand in any string of the method.
    """
    run = world.runs[effect.run_id]
    if not isinstance(effect, Invoke):
        return Plan(effect=effect, template=None, context={}, masked=None, is_plain=True)
    known = run.action.invocation
    if known is not None:
        return Plan(effect=effect, template=known, context={}, masked=None, is_plain=True)
    template: Any = run.action.definition["invocationMethod"]
    seen = context(world, run)
    secrets = world.secrets.values()
    masks = {name: f"[secret {name}]" for name in secrets}
    return Plan(
        effect=effect,
        template=template,
        context={**seen, "secrets": secrets},
        masked={**seen, "secrets": masks} if secrets else None,
    )
