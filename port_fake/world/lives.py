"""What may be done to runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from port_fake.engine.actions import Action
from port_fake.engine.approvals import Ballot, Policy, Ruling, tally
from port_fake.engine.catalog import Entity, EntityKey
from port_fake.engine.effects import ON_ENTRY
from port_fake.engine.people import Caller, Permissions
from port_fake.engine.runs import Annotations, LogLine, Run, Source, advance, annotate, cast, led
from port_fake.engine.states import Event, State, step
from port_fake.errors import (
    ForbiddenError,
    IllegalTransitionError,
    InvalidError,
    MisuseError,
    NotFoundError,
)
from port_fake.inputs.encryption import IV_BYTES, seal
from port_fake.world.access import named
from port_fake.world.ids import HEX
from port_fake.world.parts import Parts
from port_fake.world.policies import Case


class Lives(Parts):
    """The commands that make runs and move them through their table."""

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
            UndecidedError: A policy waits for jq.
        """
        action = self.actions[action_id]
        if action.is_automation:
            raise InvalidError(f"action {action_id!r} is an automation and cannot be executed")
        subject = caller if run_as is None else self._impersonated(run_as, caller)
        target = self._target(action, entity)
        permissions = self.actions.permissions(action_id)
        if permissions.execute.policy is None:
            owners = target.team if target else ()
            self.access.must_execute(action, subject, owners=owners)
        form = self.actions.form(action_id)
        values = form.fill(inputs)
        linked = self.links.resolve(form.references(values))
        approvers = self._judged(
            permissions,
            Case(action=action, inputs=values, linked=linked, entity=target, caller=subject),
        )
        sealed = seal(values, action.encrypted, self.client_secret, self._iv)
        now = self.clock.now()
        run = self.runs.add(
            Run(
                id=self.ids.draw("r_"),
                action=action,
                entity=target.key.identifier if target else None,
                state=State.AWAITING_APPROVAL if action.policy else State.QUEUED,
                source=source,
                inputs={**values, **sealed},
                submitted={**inputs, **{name: sealed[name] for name in sealed if name in inputs}},
                linked=linked,
                encrypted=tuple(sealed),
                approvers=approvers,
                created_at=now,
                created_by=subject.id,
                updated_at=now,
                updated_by=subject.id,
                impersonated_by=None if subject is caller else caller.id,
                depth=caller.depth,
                root=caller.root,
            )
        )
        return self._entered(run)

    def rule(self, run_id: str, ruling: Ruling, caller: Caller, *, because: str | None) -> Run:
        """Take one vote on a run that waits for approval.

        Assumed: a second vote by the same voter is refused.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run does not wait, or the voter has voted.
            ForbiddenError: The caller is no approver.
        """
        run = self.seen(run_id, caller)
        step(run.state, ruling, self.table)
        self.access.must_rule(run, caller)
        if any(ballot.voter == caller.id for ballot in run.ballots):
            raise IllegalTransitionError(f"{caller.id!r} has voted on run {run_id!r} already")
        now = self.clock.now()
        run = cast(run, Ballot(voter=caller.id, ruling=ruling, because=because, at=now))
        electorate = [user.id for user in self.access.electorate(run)]
        verdict = tally(run.ballots, run.action.policy or Policy.ANY, electorate)
        if verdict is None:
            return self.runs.change(self._advanced(run, Event.ANNOTATE, now, caller))
        run = replace(run, verdict=run.ballots[-1])
        run = self._advanced(run, verdict, now, caller)
        return self._entered(self.runs.change(run))

    def update(self, run_id: str, ending: Event | None, notes: Annotations, caller: Caller) -> Run:
        """Annotate a run and, with *ending*, end it; failing a run that waits withdraws it.

        Source: docs, "Reflect action progress", and self-service approvals on withdrawing.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run has ended, or cannot end so.
            ForbiddenError: The caller may not withdraw the request.
        """
        run = self.seen(run_id, caller)
        event = ending or Event.ANNOTATE
        if event is Event.ANNOTATE:
            self._must_take_notes(run)
        if event is Event.FAIL and run.state is State.AWAITING_APPROVAL:
            self.access.must_withdraw(run, caller)
            event = Event.WITHDRAW
        step(run.state, event, self.table)
        run = self._advanced(run, event, self.clock.now(), caller)
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
        run = self.seen(run_id, caller)
        event = ending or Event.ANNOTATE
        changes = ending is not None or label is not None
        if changes and event is Event.ANNOTATE:
            self._must_take_notes(run)
        if changes or (run.has_ended and not self.settings.logs_after_the_end):
            step(run.state, event, self.table)
        now = self.clock.now()
        if changes:
            run = self._advanced(run, event, now, caller)
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

    def invoke(self, run_id: str, *, payload: Mapping[str, Any], installation: str | None) -> Run:
        """Note how a run's backend is invoked; with an installation, queue the run for it.

        Raises:
            NotFoundError: There is no such run.
        """
        run = self.runs[run_id]
        self.runs.payloads[run_id] = payload
        if installation is None or run.state is not State.QUEUED:
            return run
        run = self.runs.change(replace(run, installation=installation, is_queued=True))
        self.queue.add(run)
        return run

    def start(self, run_id: str) -> Run:
        """Note that the backend has taken a run.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run does not wait for its backend.
        """
        run = self.runs[run_id]
        # Nobody outside can see this step, so it leaves no stamp.
        return self.runs.change(replace(run, state=step(run.state, Event.START, self.table)))

    def respond(self, run_id: str, response: Any, caller: Caller) -> Run:
        """Keep what a synchronized backend answered.

        Raises:
            NotFoundError: There is no such run.
            IllegalTransitionError: The run has ended.
        """
        run = self.seen(run_id, caller)
        run = self._advanced(run, Event.ANNOTATE, self.clock.now(), caller)
        return self.runs.change(replace(run, response=response))

    def seen(self, run_id: str, caller: Caller) -> Run:
        """Return a run, if *caller* may know of it.

        Assumed: a run that the caller may not see is answered like one that does not exist.

        Raises:
            NotFoundError: There is no such run for the caller.
        """
        run = self.runs[run_id]
        if not self.access.may_see(run, caller):
            raise NotFoundError(f"no run has the identifier {run_id!r}")
        return run

    def _judged(self, permissions: Permissions, case: Case) -> tuple[str, ...] | None:
        """Refuse a case that a policy forbids; return whom a policy names as approvers.

        Assumed: a policy is asked when the run is made, and never again for that run.
        """
        bound = permissions.execute.policy if self.access.is_bound(case.caller) else None
        naming = permissions.approve.policy if case.action.policy is not None else None
        if bound is None and naming is None:
            return None
        if self.policies is None:
            raise MisuseError(f"world {self.id!r} cannot read policies: make it with policies=...")
        if bound is not None and not self.policies.allows(self, bound, case):
            raise ForbiddenError(
                f"the policy of action {case.action.identifier!r} does not let "
                f"{named(case.caller)} execute it like this"
            )
        if naming is None:
            return None
        emails = dict.fromkeys(self.policies.names(self, naming, case))
        found = (self.people.users.get(email) for email in emails)
        return tuple(user.id for user in found if user is not None)

    def _advanced(self, run: Run, event: Event, at: datetime, caller: Caller) -> Run:
        run = advance(run, event, at=at, by=caller.id, table=self.table)
        return led(run, depth=caller.depth, root=caller.root)

    def _entered(self, run: Run) -> Run:
        effect = ON_ENTRY.get(run.state)
        if effect is not None:
            self.outbox.append(effect(run.id))
        return run

    def _iv(self) -> bytes:
        return bytes.fromhex(self.ids.draw("iv_", 2 * IV_BYTES, HEX)[3:])

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

    def _must_take_notes(self, run: Run) -> None:
        waits = run.state is State.AWAITING_APPROVAL
        if waits and not self.settings.annotations_while_waiting:
            raise IllegalTransitionError(f"run {run.id!r} waits for approval")
