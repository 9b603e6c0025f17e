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
    from port_fake.strategies.organisation import Organisation, organisations
    from port_fake.strategies.self_service import actions, permissions

__all__ = [
    "Broken",
    "BrokenBody",
    "Organisation",
    "actions",
    "approval_bodies",
    "blueprints",
    "entities",
    "execute_bodies",
    "inputs_for",
    "invalid_approval_bodies",
    "invalid_execute_bodies",
    "invalid_inputs_for",
    "invalid_log_bodies",
    "invalid_update_bodies",
    "log_bodies",
    "organisations",
    "permissions",
    "update_bodies",
    "user_inputs",
]

ROOMS: Final = {
    "Broken": "inputs",
    "BrokenBody": "bodies",
    "Organisation": "organisation",
    "actions": "self_service",
    "approval_bodies": "bodies",
    "blueprints": "catalog",
    "entities": "catalog",
    "execute_bodies": "bodies",
    "inputs_for": "inputs",
    "invalid_approval_bodies": "bodies",
    "invalid_execute_bodies": "bodies",
    "invalid_inputs_for": "inputs",
    "invalid_log_bodies": "bodies",
    "invalid_update_bodies": "bodies",
    "log_bodies": "bodies",
    "organisations": "organisation",
    "permissions": "self_service",
    "update_bodies": "bodies",
    "user_inputs": "definitions",
}


def __getattr__(name: str) -> Any:
    room = ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'port_fake.strategies' has no attribute {name!r}")
    return getattr(import_module(f"port_fake.strategies.{room}"), name)
