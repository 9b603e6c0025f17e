"""Runs that nobody asked for: an automation answers what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from port_fake.engine.actions import Action
from port_fake.engine.changes import Cause, Change
from port_fake.engine.runs import Run, Source
from port_fake.engine.states import State
from port_fake.world.lives import Lives


class Automations(Lives):
    """The command that makes runs of automations, and does not do so for ever."""

    def automate(self, action: Action, event: Mapping[str, Any], cause: Cause) -> Run | None:
        """Make a run of an automation for what has happened.

        The chain from run to automation to run ends after `chain_limit` links, and all that one
        request sets off after `automation_limit` runs: then there is no run, and the journal says
        so.
        Source: docs, automations: the run belongs to who caused the event.
        Assumed: an automation asks nobody for approval.
        """
        problem = self._too_much(cause)
        if problem is not None:
            self.journal.rows.append(Change(action, action, cause, problem=problem))
            return None
        self.automated[cause.root] += 1
        now = self.clock.now()
        run = self.runs.add(
            Run(
                id=self.ids.draw("r_"),
                action=action,
                entity=None,
                state=State.QUEUED,
                source=Source.AUTOMATION,
                inputs={},
                submitted={},
                event=event,
                created_at=now,
                created_by=cause.by,
                updated_at=now,
                updated_by=cause.by,
                depth=cause.depth + 1,
                root=cause.root,
            )
        )
        return self._entered(run)

    def _too_much(self, cause: Cause) -> str | None:
        if cause.depth >= self.settings.chain_limit:
            return (
                f"not run: {cause.depth} automations and calls of the fake to itself led to this "
                "one, and that looks endless (setting chain_limit)"
            )
        automated = self.automated[cause.root]
        if automated >= self.settings.automation_limit:
            return (
                f"not run: {automated} automations have run because of one request, and that "
                "looks endless (setting automation_limit)"
            )
        return None
