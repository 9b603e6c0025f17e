"""A small catalog that holds a value of every kind, and short ways to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.engine.people import Caller
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, invite, make_world, many, one, write

BEFORE: Final = "2026-01-05T09:00:00Z"
"""An hour before the clock of every test begins."""

PROPERTIES: Final[Mapping[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "array": {"type": "array", "items": {"type": "string"}},
    "object": {"type": "object"},
    "date-time": {"type": "string", "format": "date-time"},
    "user": {"type": "string", "format": "user"},
    "team": {"type": "string", "format": "team"},
}

HELD: Final[Mapping[str, Any]] = {
    "string": "checkout-api",
    "number": 3,
    "boolean": True,
    "array": ["api", "web"],
    "object": {"api": "web"},
    "date-time": BEFORE,
    "user": "ada@x.io",
    "team": "core",
}


def make_catalog() -> tuple[World, Caller]:
    """Return a world of services, in which ``full`` holds everything and ``bare`` nothing.

    Ada, who is in the team core, is the caller.
    """
    world = make_world()
    ada = invite(world, "ada", teams=("core",))
    world.blueprints.define(
        blueprint("service", properties=PROPERTIES, main=one("service"), uses=many("service")),
        MACHINE,
    )
    write(world, "service/api", title="Api")
    write(world, "service/web", title="Web")
    write(
        world,
        "service/full",
        title="Shop",
        icon="Cart",
        team=["core", "data"],
        properties=HELD,
        relations={"main": "api", "uses": ["api", "web"]},
    )
    write(world, "service/bare")
    return world, ada


def rule(subject: Any, operator: str, *value: Any, **more: Any) -> dict[str, Any]:
    """Return a rule about a property; of no value, if the operator wants none."""
    wanted = {"value": value[0]} if value else {}
    return {"property": subject, "operator": operator, **wanted, **more}


def both(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


def either(*rules: Any) -> dict[str, Any]:
    return {"combinator": "or", "rules": list(rules)}


def found(world: World, query: Any, caller: Caller = MACHINE, **more: Any) -> list[str]:
    """Return the identifiers of what is found."""
    return [entity.key.identifier for entity in world.search.find(query, caller, **more)]
