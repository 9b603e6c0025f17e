"""Defects that a test plants in one world, and machines have to find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from port_fake import FakePort
from port_fake.engine.approvals import Policy
from port_fake.engine.effects import Invoke
from port_fake.engine.runs import LogLine, Run, annotate
from port_fake.engine.states import Event, State

Plant: TypeAlias = Callable[[FakePort], None]


def _wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Let *around* be called in the place of a method, with the method first."""
    original = getattr(owner, name)
    setattr(owner, name, lambda *args, **named: around(original, *args, **named))


def one_vote_releases_what_all_must_approve(port: FakePort) -> None:
    world = port.world

    def rule(original: Callable[..., Run], run_id: str, *args: Any, **named: Any) -> Run:
        run = original(run_id, *args, **named)
        if run.ballots and run.state is State.AWAITING_APPROVAL:
            run = world.runs.change(replace(run, state=State.QUEUED, verdict=run.ballots[-1]))
            world.outbox.append(Invoke(run.id))
        return run

    _wrap(world, "rule", rule)


def any_vote_waits_for_everybody(port: FakePort) -> None:
    world = port.world

    def rule(original: Callable[..., Run], run_id: str, *args: Any, **named: Any) -> Run:
        run = world.runs[run_id]
        if run.action.policy is Policy.ANY:
            world.runs.change(replace(run, action=replace(run.action, policy=Policy.ALL)))
        return original(run_id, *args, **named)

    _wrap(world, "rule", rule)


def a_declined_run_is_invoked(port: FakePort) -> None:
    world = port.world

    def rule(original: Callable[..., Run], *args: Any, **named: Any) -> Run:
        run = original(*args, **named)
        if run.state is State.DECLINED:
            world.outbox.append(Invoke(run.id))
        return run

    _wrap(world, "rule", rule)


def a_run_is_invoked_before_it_is_approved(port: FakePort) -> None:
    world = port.world

    def execute(original: Callable[..., Run], *args: Any, **named: Any) -> Run:
        run = original(*args, **named)
        if run.state is State.AWAITING_APPROVAL:
            world.outbox.append(Invoke(run.id))
        return run

    _wrap(world, "execute", execute)


def a_second_vote_is_taken(port: FakePort) -> None:
    world = port.world

    def rule(
        original: Callable[..., Run], run_id: str, ruling: Any, caller: Any, **named: Any
    ) -> Run:
        run = world.runs[run_id]
        others = tuple(ballot for ballot in run.ballots if ballot.voter != caller.id)
        if run.state is State.AWAITING_APPROVAL:
            world.runs.change(replace(run, ballots=others))
        return original(run_id, ruling, caller, **named)

    _wrap(world, "rule", rule)


def a_finished_run_is_annotated(port: FakePort) -> None:
    world = port.world

    def update(
        original: Callable[..., Run], run_id: str, ending: Any, notes: Any, caller: Any
    ) -> Run:
        run = world.runs[run_id]
        if run.has_ended and ending is None:
            return world.runs.change(annotate(run, notes))
        return original(run_id, ending, notes, caller)

    _wrap(world, "update", update)


def withdrawing_releases(port: FakePort) -> None:
    world = port.world

    def update(
        original: Callable[..., Run], run_id: str, ending: Any, notes: Any, caller: Any
    ) -> Run:
        waited = world.runs[run_id].state is State.AWAITING_APPROVAL
        run = original(run_id, ending, notes, caller)
        if waited and ending is Event.FAIL:
            world.outbox.append(Invoke(run.id))
            run = world.runs.change(replace(run, state=State.QUEUED, ended_at=None))
        return run

    _wrap(world, "update", update)


def anybody_withdraws(port: FakePort) -> None:
    _wrap(port.world.access, "must_withdraw", lambda *_: None)


def links_are_merged(port: FakePort) -> None:
    world = port.world

    def update(
        original: Callable[..., Run], run_id: str, ending: Any, notes: Any, caller: Any
    ) -> Run:
        old = world.runs[run_id].notes.link
        if isinstance(old, list) and isinstance(notes.link, list):
            notes = replace(notes, link=[*old, *notes.link])
        return original(run_id, ending, notes, caller)

    _wrap(world, "update", update)


def a_log_that_ends_a_run_stamps_no_end(port: FakePort) -> None:
    world = port.world

    def log(original: Callable[..., LogLine], run_id: str, *args: Any, **named: Any) -> LogLine:
        line = original(run_id, *args, **named)
        world.runs.change(replace(world.runs[run_id], ended_at=None))
        return line

    _wrap(world, "log", log)


def a_line_after_the_third_is_lost(port: FakePort) -> None:
    runs = port.world.runs

    def log(original: Callable[..., LogLine], line: LogLine) -> LogLine:
        return line if len(runs.logs(line.run_id)) >= 3 else original(line)

    _wrap(runs, "log", log)


class _OffByOne(list[LogLine]):
    def __getitem__(self, key: Any) -> Any:
        start = max(0, key.start - 1) if isinstance(key, slice) else key
        return super().__getitem__(slice(start, key.stop) if isinstance(key, slice) else key)


def pages_of_logs_begin_one_too_early(port: FakePort) -> None:
    def logs(original: Callable[..., Sequence[LogLine]], run_id: str) -> Sequence[LogLine]:
        return _OffByOne(original(run_id))

    _wrap(port.world.runs, "logs", logs)


def lists_ignore_the_entity(port: FakePort) -> None:
    def find(original: Callable[..., list[Run]], wanted: Any, limit: int) -> list[Run]:
        return original(replace(wanted, entity=None), limit)

    _wrap(port.world.runs, "find", find)


def lists_ignore_the_external_id(port: FakePort) -> None:
    def find(original: Callable[..., list[Run]], wanted: Any, limit: int) -> list[Run]:
        return original(replace(wanted, external_id=None), limit)

    _wrap(port.world.runs, "find", find)


def lists_ignore_the_limit(port: FakePort) -> None:
    def find(original: Callable[..., list[Run]], wanted: Any, limit: int) -> list[Run]:
        return original(wanted, max(limit, 1000))

    _wrap(port.world.runs, "find", find)


def lists_begin_with_the_oldest(port: FakePort) -> None:
    def find(original: Callable[..., list[Run]], wanted: Any, limit: int) -> list[Run]:
        return original(wanted, limit)[::-1]

    _wrap(port.world.runs, "find", find)


def approvers_who_have_voted_are_forgotten(port: FakePort) -> None:
    def approvers(original: Callable[..., list[Any]], run: Run, *, pending: bool) -> list[Any]:
        return [one for one in original(run, pending=pending) if one.ballot is None]

    _wrap(port.world.access, "approvers", approvers)


def a_claimed_run_stays_visible(port: FakePort) -> None:
    def claim(original: Callable[..., list[Run]], *args: Any, **named: Any) -> list[Run]:
        return original(*args, **{**named, "visibility_ms": 0})

    _wrap(port.world.queue, "claim", claim)


def a_claimed_run_never_comes_back(port: FakePort) -> None:
    def claim(original: Callable[..., list[Run]], *args: Any, **named: Any) -> list[Run]:
        return original(*args, **{**named, "visibility_ms": 10**9})

    _wrap(port.world.queue, "claim", claim)


def a_run_is_acknowledged_twice(port: FakePort) -> None:
    world = port.world

    def acknowledge(original: Callable[..., bool], run_id: str) -> bool:
        return original(run_id) or world.runs[run_id].installation is not None

    _wrap(world.queue, "acknowledge", acknowledge)


BUGS: Final[tuple[Plant, ...]] = (
    one_vote_releases_what_all_must_approve,
    any_vote_waits_for_everybody,
    a_declined_run_is_invoked,
    a_run_is_invoked_before_it_is_approved,
    a_second_vote_is_taken,
    a_finished_run_is_annotated,
    withdrawing_releases,
    anybody_withdraws,
    links_are_merged,
    a_log_that_ends_a_run_stamps_no_end,
    a_line_after_the_third_is_lost,
    pages_of_logs_begin_one_too_early,
    lists_ignore_the_entity,
    lists_ignore_the_external_id,
    lists_ignore_the_limit,
    lists_begin_with_the_oldest,
    approvers_who_have_voted_are_forgotten,
    a_claimed_run_stays_visible,
    a_claimed_run_never_comes_back,
    a_run_is_acknowledged_twice,
)
