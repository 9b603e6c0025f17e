"""One organisation: the only mutable object below HTTP, one method for each command.

Everything here is synchronous, so a command is atomic, and a command that raises has changed
nothing. Whoever calls from several threads holds `lock` around a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from port_fake.engine.catalog import EntityKey
from port_fake.engine.people import Caller
from port_fake.world.automations import Automations
from port_fake.world.entities import Write, Written


class World(Automations):
    """What an organisation holds, and what may be done to it."""

    def write_entity(
        self,
        blueprint: str,
        draft: Mapping[str, Any],
        caller: Caller,
        *,
        how: Write,
        run_id: str | None = None,
        make_related: bool = False,
        only_check: bool = False,
    ) -> Written:
        """Write an entity; with *run_id*, as something that run has affected.

        Raises:
            NotFoundError: The run, or what `Entities.write` names.
            InvalidError: The run is not under way, or what `Entities.write` names.
            ConflictError: What `Entities.write` names.
        """
        written = self.entities.write(
            blueprint,
            draft,
            self._on_behalf(caller, run_id),
            how=how,
            run_id=run_id,
            make_related=make_related,
            only_check=only_check,
        )
        if run_id is not None and not only_check:
            self.runs.touch(run_id, (*written.made_for_it, written.entity.key))
        return written

    def delete_entity(
        self,
        *keys: EntityKey,
        caller: Caller,
        run_id: str | None = None,
        dependents: bool = False,
    ) -> None:
        """Delete entities, all or none; with *run_id*, as something that run has affected.

        Raises:
            NotFoundError: The run, a blueprint or an entity does not exist.
            InvalidError: The run is not under way.
            ConflictError: Other entities require them.
        """
        actor = self._on_behalf(caller, run_id)
        gone = self.entities.delete(*keys, caller=actor, run_id=run_id, dependents=dependents)
        if run_id is not None:
            self.runs.touch(run_id, gone)

    def remove_blueprint(self, identifier: str, caller: Caller, *, with_actions: bool) -> None:
        """Remove a blueprint that has no entities, and on request its actions.

        Raises:
            NotFoundError: There is no such blueprint.
            ConflictError: It still has entities.
        """
        self.entities.forget_blueprint(identifier)
        self.blueprints.undefine(identifier, caller)
        if with_actions:
            doomed = [one.identifier for one in self.actions if one.blueprint == identifier]
            for action_id in doomed:
                self.actions.remove(action_id, caller)

    def describe(self, profile: Mapping[str, Any], *, keep: bool) -> None:
        """Change what the organisation says of itself; *keep* what is not given."""
        settings = {
            **(self.profile.get("settings", {}) if keep else {}),
            **profile.get("settings", {}),
        }
        self.profile = {**(self.profile if keep else {}), **profile, "settings": settings}
        self.name = self.profile.pop("name", self.name)

    def _on_behalf(self, caller: Caller, run_id: str | None) -> Caller:
        if run_id is None:
            return caller
        run = self.runs.must_be_under_way(self.seen(run_id, caller).id)
        return replace(caller, depth=max(caller.depth, run.depth), root=caller.root or run.root)
