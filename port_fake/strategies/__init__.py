"""Hypothesis strategies for what is sent to Port, and for what comes back.

For the tests of users: ``from port_fake.strategies import execute_bodies``. Needs the extra
``strategies``; names are loaded when they are first used. No room in here has the name of a
strategy: once imported, it would stand in its place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from port_fake.strategies.bodies import (
        BrokenBody,
        approval_bodies,
        execute_bodies,
        invalid_approval_bodies,
        invalid_execute_bodies,
        invalid_log_bodies,
        invalid_update_bodies,
        log_bodies,
        update_bodies,
    )
    from port_fake.strategies.catalog import blueprints, entities
    from port_fake.strategies.definitions import user_inputs
    from port_fake.strategies.inputs import Broken, inputs_for, invalid_inputs_for
    from port_fake.strategies.letters import (
        Forgery,
        WebhookLetter,
        claim_batches,
        forged_letters,
        webhook_letters,
    )
    from port_fake.strategies.lives import History, histories
    from port_fake.strategies.machine import PortMachine
    from port_fake.strategies.organisation import Organisation, organisations
    from port_fake.strategies.playing.targets import HttpTarget, MemoryTarget, ServedTarget, Target
    from port_fake.strategies.run_answers import runs
    from port_fake.strategies.self_service import actions, permissions

__all__ = [
    "Broken",
    "BrokenBody",
    "Forgery",
    "History",
    "HttpTarget",
    "MemoryTarget",
    "Organisation",
    "PortMachine",
    "ServedTarget",
    "Target",
    "WebhookLetter",
    "actions",
    "approval_bodies",
    "blueprints",
    "claim_batches",
    "entities",
    "execute_bodies",
    "forged_letters",
    "histories",
    "inputs_for",
    "invalid_approval_bodies",
    "invalid_execute_bodies",
    "invalid_inputs_for",
    "invalid_log_bodies",
    "invalid_update_bodies",
    "log_bodies",
    "organisations",
    "permissions",
    "runs",
    "update_bodies",
    "user_inputs",
    "webhook_letters",
]

ROOMS: Final = {
    "Broken": "inputs",
    "BrokenBody": "bodies",
    "Forgery": "letters",
    "History": "lives",
    "HttpTarget": "playing.targets",
    "MemoryTarget": "playing.targets",
    "Organisation": "organisation",
    "PortMachine": "machine",
    "ServedTarget": "playing.targets",
    "Target": "playing.targets",
    "WebhookLetter": "letters",
    "actions": "self_service",
    "approval_bodies": "bodies",
    "blueprints": "catalog",
    "claim_batches": "letters",
    "entities": "catalog",
    "execute_bodies": "bodies",
    "forged_letters": "letters",
    "histories": "lives",
    "inputs_for": "inputs",
    "invalid_approval_bodies": "bodies",
    "invalid_execute_bodies": "bodies",
    "invalid_inputs_for": "inputs",
    "invalid_log_bodies": "bodies",
    "invalid_update_bodies": "bodies",
    "log_bodies": "bodies",
    "organisations": "organisation",
    "permissions": "self_service",
    "runs": "run_answers",
    "update_bodies": "bodies",
    "user_inputs": "definitions",
    "webhook_letters": "letters",
}


def __getattr__(name: str) -> Any:
    room = ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'port_fake.strategies' has no attribute {name!r}")
    return getattr(import_module(f"port_fake.strategies.{room}"), name)
