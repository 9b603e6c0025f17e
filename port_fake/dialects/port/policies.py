"""Policies: rules about the catalog that decide who may execute and who may approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from port_fake.dialects.port.people import person, user_json
from port_fake.dialects.port.stored_action import action_json
from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import blueprint_json, entity_json
from port_fake.dialects.port.wire_v2 import inputs_json
from port_fake.errors import InvalidError
from port_fake.expressions.templates import expressions_in, render
from port_fake.expressions.values import Value
from port_fake.world.parts import Parts
from port_fake.world.policies import Case, Policy
from port_fake.world.verdicts import Verdicts

ENTITIES_LIMIT: Final = 1000
"""Source: docs, dynamic permissions: each query returns at most 1,000 entities."""


class PortPolicies:
    """Reads policies as Port does."""

    def allows(self, world: Parts, policy: Policy, case: Case) -> bool:
        """Whether one of the conditions is true.

        Source: docs, dynamic permissions: conditions are OR-ed, and yield a boolean.
        """
        return any(value is True for value in _judgements(world, policy, case, "execute"))

    def names(self, world: Parts, policy: Policy, case: Case) -> list[str]:
        """Return the emails that the conditions yield.

        Source: docs, dynamic permissions: a condition yields an array of emails.
        Assumed: those of all conditions count; what is no text in an array is passed over.
        """
        return [
            email
            for value in _judgements(world, policy, case, "approve")
            if isinstance(value, list)
            for email in value
            if isinstance(email, str)
        ]


def _judgements(world: Parts, policy: Policy, case: Case, deed: str) -> list[Any]:
    verdicts = world.verdicts or Verdicts()
    at = verdicts.at or world.clock.peek()
    facts = _facts(world, case, moment(at))
    queries: Mapping[str, Any] = policy["queries"]
    values = verdicts.of(expressions_in(queries), facts, about=f"queries to {deed}", at=at)
    results = {}
    for name, query in queries.items():
        found = _found(world, query, values, case)
        if found is not None:
            results[name] = {"entities": found}
    conditions: Sequence[str] = policy["conditions"]
    facts["results"] = results
    judged = verdicts.of(conditions, facts, about=f"conditions to {deed}", at=at)
    return [judged[condition].value for condition in conditions]


def _found(
    world: Parts, query: Mapping[str, Any], values: Mapping[str, Value], case: Case
) -> list[dict[str, Any]] | None:
    """Return the entities that a query finds; None if it fails.

    Source: docs, dynamic permissions: a query that fails is ignored.
    Assumed: a template of a rule that fails makes its query fail.
    """
    if any(values[expression].error is not None for expression in expressions_in(query)):
        return None
    rendered = render(query, values).value
    try:
        found = world.search.find(rendered, case.caller, limit=ENTITIES_LIMIT)
    except InvalidError:
        return None
    return [{"title": None, "icon": None, **entity_json(entity)} for entity in found]


def _facts(world: Parts, case: Case, at: str) -> dict[str, Any]:
    """Return what templates and conditions of a policy may speak of, all but ``results``.

    Source: docs, dynamic permissions, for the names.
    Assumed: ``trigger`` also has what it has in payloads.
    """
    action, caller = case.action, case.caller
    blueprint = world.blueprints.get(action.blueprint) if action.blueprint is not None else None
    user = None if caller.user is None else user_json(caller.user)
    if user is not None and caller.user is not None:
        user |= {"roles": list(caller.user.roles), "teams": list(caller.user.teams)}
    return {
        "inputs": inputs_json(case.inputs, case.linked),
        "user": user,
        "action": action_json(action),
        "blueprint": None if blueprint is None else blueprint_json(blueprint),
        "entity": None if case.entity is None else entity_json(case.entity),
        "trigger": {
            "at": at,
            "user": user,
            "by": person(world, caller.id),
            "operation": action.definition.get("trigger", {}).get("operation"),
        },
    }
