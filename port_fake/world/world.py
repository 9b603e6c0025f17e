"""One organisation: the only mutable object below HTTP, one method for each command.

Everything here is synchronous, so a command is atomic, and a command that raises has changed
nothing. Whoever calls from several threads holds `lock` around a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock
from typing import Any

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot, Policy, Ruling, tally
from port_fake.engine.catalog import Entity, EntityKey
from port_fake.engine.people import Caller
from port_fake.engine.runs import (
    Annotations,
    LogLine,
    Run,
    Source,
    advance,
    annotate,
    cast,
    touch,
)
from port_fake.engine.states import TRANSITIONS, UNDER_WAY, Event, State, Transitions, step
from port_fake.errors import (
    ForbiddenError,
    IllegalTransitionError,
    InvalidError,
)
from port_fake.settings import DEFAULT, Settings
from port_fake.world.access import Access
from port_fake.world.actions import Actions
from port_fake.world.blueprints import Blueprints
from port_fake.world.clock import Clock, RepeatableClock
from port_fake.world.entities import Entities, Write, Written
from port_fake.world.ids import Ids
from port_fake.world.links import Links
from port_fake.world.people import People
from port_fake.world.runs import Runs


class World:
    """What an organisation holds, and what may be done to it."""

    def __init__(
        self,
        org_id: str,
        *,
        name: str = "",
        clock: Clock | None = None,
        ids: Ids | None = None,
        settings: Settings = DEFAULT,
        table: Transitions = TRANSITIONS,
    ) -> None:
        self.lock = RLock()
        self.settings = settings
        self.clock = clock or RepeatableClock()
        self.ids = ids or Ids("0")
        self.id = org_id
        self.name = name or org_id
        self.profile: dict[str, Any] = {}
        self.people = People(self.clock, self.ids)
        self.blueprints = Blueprints(self.clock, settings)
        self.entities = Entities(self.blueprints, self.clock, self.ids, settings)
        self.actions = Actions(settings)
        self.runs = Runs()
        self.access = Access(self.actions, self.people, settings)
        self.links = Links(self.entities, self.people, settings)
        self._table = table

    # -- runs

    def execute(
        self,
        action_id: str,
        inputs: Mapping[str, Any],
        caller: Caller,
        *,
        entity: str | None = None,
        run_as: str | None = None,
        source: Source = Source.API,
    ) -> Run:
        """Make a run of an action.

        Source: OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs.
        Assumed: an automation cannot be executed; an action that makes something new ignores
        *entity*.

        Raises:
            NotFoundError: The action, the entity or the user of *run_as* does not exist.
            ForbiddenError: The caller may not execute it, or may not act as somebody else.
            InvalidError: The inputs do not fit, or the entity to act on is not named.
        """
        action = self.actions[action_id]
        if action.is_automation:
            raise InvalidError(f"action {action_id!r} is an automation and cannot be executed")
        subject = caller if run_as is None else self._impersonated(run_as, caller)
        target = self._target(action, entity)
        owners = target.team if target else ()
        self.access.must_execute(action, subject, owners=owners)
        form = self.actions.form(action_id)
        values = form.fill(inputs)
        linked = self.links.resolve(form.references(values))
        now = self.clock.now()
        return self.runs.add(
            Run(
                id=self.ids.draw("r_"),
                action=action,
                entity=target.key.identifier if target else None,
                state=State.AWAITING_APPROVAL if action.policy else State.QUEUED,
                source=source,
                inputs=values,
                submitted=dict(inputs),
                linked=linked,
                created_at=now,
                created_by=subject.id,
                updated_at=now,
                updated_by=subject.id,
                impersonated_by=None if subject is caller else caller.id,
            )
        )

    def rule(self, run_id: str, ruling: Ruling, caller: Caller, *, because: str | None) -> Run:
        """Take one vote on a run that waits for approval.

        Assumed: a second vote by the same voter is refused.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run does not wait, or the voter has voted.
            ForbiddenError: The caller is no approver.
        """
        run = self.runs[run_id]
        step(run.state, ruling, self._table)
        self.access.must_rule(run, caller)
        if any(ballot.voter == caller.id for ballot in run.ballots):
            raise IllegalTransitionError(f"{caller.id!r} has voted on run {run_id!r} already")
        now = self.clock.now()
        run = cast(run, Ballot(voter=caller.id, ruling=ruling, because=because, at=now))
        electorate = [user.id for user in self.access.electorate(run)]
        verdict = tally(run.ballots, run.action.policy or Policy.ANY, electorate)
        event = Event.ANNOTATE if verdict is None else verdict
        return self.runs.change(advance(run, event, at=now, by=caller.id, table=self._table))

    def update(self, run_id: str, ending: Event | None, notes: Annotations, caller: Caller) -> Run:
        """Annotate a run and, with *ending*, end it; failing a run that waits withdraws it.

        Source: docs, "Reflect action progress", and self-service approvals on withdrawing.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run has ended, or cannot end so.
            ForbiddenError: The caller may not withdraw the request.
        """
        run = self.runs[run_id]
        event = ending or Event.ANNOTATE
        if run.state is State.AWAITING_APPROVAL:
            event = self._while_waiting(run, event, caller)
        step(run.state, event, self._table)
        run = advance(run, event, at=self.clock.now(), by=caller.id, table=self._table)
        return self.runs.change(annotate(run, notes))

    def log(
        self,
        run_id: str,
        message: str,
        caller: Caller,
        *,
        ending: Event | None = None,
        label: str | None = None,
    ) -> LogLine:
        """Write a line to a run's log and, with *ending*, end the run.

        Source: docs, run logs: a line that ends the run is taken once.
        Assumed: a plain line leaves the run's own stamps alone.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run has ended or waits, and the line would change it.
        """
        run = self.runs[run_id]
        changes = ending is not None or label is not None
        if changes or (run.has_ended and not self.settings.logs_after_the_end):
            step(run.state, ending or Event.ANNOTATE, self._table)
        now = self.clock.now()
        if changes:
            event = ending or Event.ANNOTATE
            run = advance(run, event, at=now, by=caller.id, table=self._table)
            self.runs.change(annotate(run, Annotations(label=label)))
        return self.runs.log(
            LogLine(
                id=self.ids.draw("log_"),
                run_id=run_id,
                message=message,
                created_at=now,
                created_by=caller.id,
            )
        )

    # -- entities, as parts of runs

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
        self._must_be_under_way(run_id)
        written = self.entities.write(
            blueprint, draft, caller, how=how, make_related=make_related, only_check=only_check
        )
        if not only_check:
            self._affect(run_id, (*written.made_for_it, written.entity.key))
        return written

    def delete_entity(
        self, key: EntityKey, *, run_id: str | None = None, dependents: bool = False
    ) -> None:
        """Delete an entity; with *run_id*, as something that run has affected.

        Raises:
            NotFoundError: The run, the blueprint or the entity does not exist.
            InvalidError: The run is not under way.
            ConflictError: Other entities require it.
        """
        self._must_be_under_way(run_id)
        gone = self.entities.delete(key, dependents=dependents)
        self._affect(run_id, gone)

    def _must_be_under_way(self, run_id: str | None) -> None:
        # Source: docs: entities can be tied to a run while it is in progress.
        if run_id is not None and self.runs[run_id].state not in UNDER_WAY:
            raise InvalidError(
                f"run {run_id!r} is {self.runs[run_id].state}; "
                "entities can be tied to a run only while it is in progress"
            )

    def _affect(self, run_id: str | None, keys: tuple[EntityKey, ...] | list[EntityKey]) -> None:
        if run_id is not None:
            run = self.runs[run_id]
            for key in keys:
                run = touch(run, key)
            self.runs.change(run)

    # -- the rest

    def remove_blueprint(self, identifier: str, *, with_actions: bool) -> None:
        """Remove a blueprint that has no entities, and on request its actions.

        Raises:
            NotFoundError: There is no such blueprint.
            ConflictError: It still has entities.
        """
        self.entities.forget_blueprint(identifier)
        self.blueprints.undefine(identifier)
        if with_actions:
            doomed = [one.identifier for one in self.actions if one.blueprint == identifier]
            for action_id in doomed:
                self.actions.remove(action_id)

    def describe(self, profile: Mapping[str, Any], *, keep: bool) -> None:
        """Change what the organisation says of itself; *keep* what is not given."""
        settings = {
            **(self.profile.get("settings", {}) if keep else {}),
            **profile.get("settings", {}),
        }
        self.profile = {**(self.profile if keep else {}), **profile, "settings": settings}
        self.name = self.profile.pop("name", self.name)

    # -- execution, in parts

    def _impersonated(self, email: str, caller: Caller) -> Caller:
        if not caller.is_machine:
            raise ForbiddenError("run_as needs a token of the organisation, not of a user")
        return self.people.caller(email)

    def _target(self, action: Action, entity: str | None) -> Entity | None:
        if not action.needs_entity or action.blueprint is None:
            return None
        if entity is None:
            raise InvalidError(
                f"action {action.identifier!r} acts on an entity of blueprint "
                f"{action.blueprint!r}: name it as 'entity'"
            )
        return self.entities[EntityKey(blueprint=action.blueprint, identifier=entity)]

    def _while_waiting(self, run: Run, event: Event, caller: Caller) -> Event:
        if event is Event.FAIL:
            self.access.must_withdraw(run, caller)
            return Event.WITHDRAW
        if event is Event.ANNOTATE and not self.settings.annotations_while_waiting:
            raise IllegalTransitionError(f"run {run.id!r} waits for approval")
        return event
