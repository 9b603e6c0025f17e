"""Blueprints: what kinds of entities there are, and the form each one's values must fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from port_fake.engine.catalog import Blueprint, Relation, Stamps
from port_fake.engine.changes import Cause, Change
from port_fake.engine.people import Caller
from port_fake.inputs.forms import Form
from port_fake.settings import Settings
from port_fake.world.clock import Clock
from port_fake.world.tables import Table

TIMER: Final = "timer"
"""The format of a property that holds the time of something to come."""


class Blueprints:
    """The blueprints by identifier."""

    def __init__(self, clock: Clock, settings: Settings, changes: list[Change]) -> None:
        """Start with none; every blueprint that is not as it was is told to *changes*."""
        self._clock = clock
        self._settings = settings
        self._changes = changes
        self._rows: Table[Blueprint] = Table("blueprint")
        self._forms: dict[str, Form] = {}

    def __iter__(self) -> Iterator[Blueprint]:
        return iter(self._rows)

    def __getitem__(self, identifier: str) -> Blueprint:
        """Return a blueprint.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[identifier]

    def get(self, identifier: str) -> Blueprint | None:
        """Return a blueprint, or None."""
        return self._rows.get(identifier)

    def form(self, identifier: str) -> Form:
        """Return the form that the properties of an entity must fit."""
        return self._forms[identifier]

    def define(self, definition: Mapping[str, Any], caller: Caller) -> Blueprint:
        """Store a new blueprint.

        Raises:
            ConflictError: The identifier is taken.
            InvalidError: A property makes no sense.
        """
        self._rows.must_be_free(definition["identifier"])
        return self._keep(definition, stamped(None, self._clock, caller))

    def redefine(self, identifier: str, definition: Mapping[str, Any], caller: Caller) -> Blueprint:
        """Put *definition* in the place of a blueprint; its identifier stays.

        Raises:
            NotFoundError: There is no such blueprint.
            InvalidError: A property makes no sense.
        """
        stamps = stamped(self[identifier].stamps, self._clock, caller)
        return self._keep({**definition, "identifier": identifier}, stamps)

    def undefine(self, identifier: str, caller: Caller) -> None:
        """Remove a blueprint; whoever asks has seen to its entities.

        Raises:
            NotFoundError: There is no such blueprint.
        """
        gone = self._rows.remove(identifier)
        del self._forms[identifier]
        cause = Cause(by=caller.id, at=self._clock.peek(), depth=caller.depth, root=caller.root)
        self._changes.append(Change(gone, None, cause))

    def _keep(self, definition: Mapping[str, Any], stamps: Stamps) -> Blueprint:
        schema = definition["schema"]
        blueprint = Blueprint(
            identifier=definition["identifier"],
            title=definition.get("title"),
            icon=definition.get("icon"),
            definition=definition,
            properties=schema["properties"],
            required=tuple(schema.get("required", ())),
            relations={
                name: Relation(
                    target=relation["target"],
                    many=relation["many"],
                    required=relation["required"],
                )
                for name, relation in definition.get("relations", {}).items()
            },
            timers=tuple(
                name for name, one in schema["properties"].items() if one.get("format") == TIMER
            ),
            stamps=stamps,
        )
        old = self.get(blueprint.identifier)
        cause = Cause(by=stamps.updated_by, at=stamps.updated_at)
        kept = self.take_in(blueprint)
        self._changes.append(Change(old, kept, cause))
        return kept

    def take_in(self, blueprint: Blueprint) -> Blueprint:
        """Store a blueprint as it is.

        Raises:
            InvalidError: A property makes no sense.
        """
        self._forms[blueprint.identifier] = Form(
            blueprint.properties,
            required=blueprint.required,
            noun="property",
            closed=self._settings.unknown_properties_refused,
            nullable=True,
        )
        return self._rows.put(blueprint.identifier, blueprint)


def stamped(old: Stamps | None, clock: Clock, caller: Caller) -> Stamps:
    """Return the stamps of a thing that *caller* makes now, or changes if it has *old* ones."""
    now = clock.now()
    if old is None:
        return Stamps(created_at=now, created_by=caller.id, updated_at=now, updated_by=caller.id)
    return replace(old, updated_at=now, updated_by=caller.id)
