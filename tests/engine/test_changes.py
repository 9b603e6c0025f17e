"""Changes: what has happened, whose doing it was, and whether anybody can tell."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given

from port_fake.engine.actions import Happening
from port_fake.engine.approvals import Ballot
from port_fake.engine.catalog import Entity, EntityKey, Stamps
from port_fake.engine.changes import Cause, Change, Grant
from port_fake.engine.people import Permissions
from port_fake.engine.runs import Annotations, Run, advance, touch
from port_fake.engine.states import Event, State
from port_fake.world.clock import EPOCH
from tests.world.builders import RUNS, make_action, make_run

LATER: Final = EPOCH + timedelta(hours=1)
CAUSE: Final = Cause(by="ana", at=LATER)
STAMPS: Final = Stamps(created_at=EPOCH, created_by="ana", updated_at=EPOCH, updated_by="ana")
ENTITY: Final = Entity(
    key=EntityKey(blueprint="service", identifier="api"),
    title=None,
    icon=None,
    team=(),
    properties={},
    relations={},
    stamps=STAMPS,
)


@given(RUNS)
def test_a_run_says_itself_who_changed_it_when_and_on_whose_behalf(run: Run) -> None:
    changed = replace(run, updated_by="ana", updated_at=LATER, depth=3)

    cause = Change(run, changed).cause

    assert cause == Cause(by="ana", at=LATER, run_id=run.id, depth=3)


def test_what_has_been_told_of_a_cause_goes_before_what_the_run_says() -> None:
    assert Change(None, make_run(), CAUSE).cause is CAUSE


@pytest.mark.parametrize(
    ("change", "happening"),
    [
        (Change(None, ENTITY, CAUSE), Happening.MADE),
        (Change(ENTITY, ENTITY, CAUSE), Happening.CHANGED),
        (Change(ENTITY, None, CAUSE), Happening.GONE),
        (Change(None, ENTITY, CAUSE, expired="until"), Happening.EXPIRED),
    ],
)
def test_a_change_knows_what_has_happened(change: Change, happening: Happening) -> None:
    assert change.happening is happening
    assert change.thing is ENTITY


RUN: Final = make_run(state=State.QUEUED)


@pytest.mark.parametrize(
    "after",
    [
        replace(RUN, notes=Annotations(label="half")),
        replace(RUN, response={"id": 1}),
        replace(RUN, verdict=Ballot(voter="a", ruling=Event.APPROVE, because=None, at=EPOCH)),
        advance(RUN, Event.FAIL, at=LATER, by="ana"),
        advance(RUN, Event.SUCCEED, at=LATER, by="ana"),
    ],
)
def test_a_run_that_looks_other_than_before_has_visibly_changed(after: Run) -> None:
    assert Change(RUN, after).is_visible


@pytest.mark.parametrize(
    "after",
    [
        replace(RUN, state=State.RUNNING),
        replace(RUN, claimed_until=LATER, is_queued=True, installation="agent"),
        replace(RUN, updated_at=LATER),
        touch(RUN, ENTITY.key),
    ],
)
def test_who_has_a_run_and_what_it_touched_changes_nothing_that_is_told_of_it(after: Run) -> None:
    assert not Change(RUN, after).is_visible


def test_an_entity_that_is_written_as_it_was_has_not_visibly_changed() -> None:
    same = replace(ENTITY, stamps=replace(STAMPS, updated_at=LATER, updated_by="ben"))

    assert not Change(ENTITY, same, CAUSE).is_visible
    assert Change(ENTITY, replace(same, title="API"), CAUSE).is_visible
    assert Change(None, ENTITY, CAUSE).is_visible


def test_what_is_not_a_change_of_values_is_visible_all_the_same() -> None:
    action = make_action()
    grant = Grant(action, Permissions())

    assert Change(action, action, CAUSE, problem="endless").is_visible
    assert Change(None, ENTITY, CAUSE, expired="until").is_visible
    assert Change(grant, grant, CAUSE).is_visible
