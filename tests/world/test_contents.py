"""All that an organisation holds, taken out and put back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given

from port_fake.engine.approvals import Policy
from port_fake.engine.runs import LogLine
from port_fake.errors import InvalidError, MisuseError
from port_fake.world.clock import EPOCH, TICK, Reading
from port_fake.world.contents import MOST_CHARACTERS, Contents, contents, furnish
from port_fake.world.entities import Write
from port_fake.world.ids import Drawn
from port_fake.world.parts import LASTING
from port_fake.world.world import World
from tests.world.builders import (
    MACHINE,
    blueprint,
    invite,
    key,
    make_action,
    make_run,
    make_world,
    many,
    one,
    write,
)
from tests.world.test_commands import LIVES, Command, furnished

PASSED_ON: Final = {
    "access",
    "actions",
    "blueprints",
    "census",
    "entities",
    "links",
    "name",
    "node_runs",
    "people",
    "profile",
    "queue",
    "requests",
    "runs",
    "search",
    "secrets",
}
ON_THEIR_WAY: Final = {"automated", "journal", "outbox", "verdicts"}


def stocked() -> World:
    """Return a world with something in every table."""
    world = furnished()
    world.describe({"name": "Acme", "settings": {"a": 1}}, keep=True)
    world.secrets.add("TOKEN", "hunter2")
    world.node_runs.add("build", "agents", {"type": "WEBHOOK"}, status="open")
    run = world.execute("deploy", {}, MACHINE)
    queued = world.runs.add(make_run("r_queued"))
    world.invoke(queued.id, payload={"type": "WEBHOOK"}, installation="agents")
    world.log(run.id, "hello", MACHINE)
    world.outbox.clear()
    world.journal.tell_nobody()
    return world


def empty() -> World:
    return make_world()


@given(LIVES)
def test_what_is_taken_out_of_any_world_can_be_put_into_another(commands: list[Command]) -> None:
    world, other = stocked(), empty()
    for each in commands:
        each.attempt(world)

    furnish(other, contents(world))

    assert contents(other) == contents(world)


@given(LIVES, LIVES)
def test_a_world_that_was_put_back_goes_on_as_if_nothing_had_happened(
    before: list[Command], after: list[Command]
) -> None:
    first, second = stocked(), stocked()
    for each in before:
        each.attempt(first)
        each.attempt(second)

    furnish(second, contents(second))

    assert [each.attempt(second) for each in after] == [each.attempt(first) for each in after]
    assert contents(second) == contents(first)


def test_what_a_world_held_before_is_gone() -> None:
    world = stocked()

    furnish(world, contents(empty()))

    assert contents(world) == contents(empty())


def test_putting_back_tells_nobody_and_takes_back_what_was_to_be_told() -> None:
    world = stocked()
    held = contents(world)
    world.execute("deploy", {}, MACHINE)

    furnish(world, held)

    assert not world.journal.has_news
    assert list(world.outbox) == []


def test_what_an_organisation_is_stays_whatever_it_holds() -> None:
    world = World("org_2", client_id="me", client_secret="mine")  # noqa: S106 - a fake's
    before = {name: vars(world)[name] for name in LASTING}

    furnish(world, contents(stocked()))

    assert {name: vars(world)[name] for name in LASTING} == before


def test_it_is_decided_for_every_part_whether_it_is_kept() -> None:
    parts = vars(make_world()).keys()

    assert parts == LASTING | PASSED_ON | ON_THEIR_WAY, (
        "a new part: give it a place in Contents, in furnish(), and here"
    )


def test_those_who_relate_to_an_entity_keep_their_order() -> None:
    world, other = empty(), empty()
    world.blueprints.define(blueprint("team"), MACHINE)
    world.blueprints.define(blueprint("service", team=one("team"), uses=many("team")), MACHINE)
    write(world, "team/core")
    for name in ("a", "b", "c"):
        write(world, f"service/{name}", relations={"team": "core"})
    world.write_entity("service", {"identifier": "a"}, MACHINE, how=Write.MERGE)

    furnish(other, contents(world))

    dependents = world.entities.relations.dependents(key("team/core"))
    assert [entity.key.identifier for entity in dependents] == ["b", "c", "a"]
    assert other.entities.relations.dependents(key("team/core")) == dependents


def test_an_order_of_what_is_not_there_is_of_no_matter() -> None:
    world = empty()
    naming = {"core": (key("service/a"), key("service/b"))}

    furnish(world, replace(contents(stocked()), naming=naming))

    assert world.entities.relations.dependents(key("team/core")) != []


def broken(**changes: Any) -> Contents:
    """Return contents that contradict themselves by *changes*."""
    return replace(contents(stocked()), **changes)


def twice(table: str) -> Contents:
    """Return contents in which the first row of a table comes twice."""
    held = contents(stocked())
    rows = getattr(held, table)
    return broken(**{table: (*rows, rows[0])})


def undefined() -> Contents:
    """Return contents with a blueprint whose properties are none."""
    held = contents(stocked())
    return broken(blueprints=(replace(held.blueprints[0], properties={"size": None}),))


def line(run_id: str) -> LogLine:
    return LogLine(id="log_1", run_id=run_id, message="", created_at=EPOCH, created_by="me")


CONTRADICTIONS: Final[Mapping[str, Contents]] = {
    "teams, item 2: team 'core' exists already": twice("teams"),
    "users, item 2: user 'ana@x.io' exists already": twice("users"),
    "secrets, item 1: secret 'TOKEN' exists already": twice("secrets"),
    "blueprints, item 2: blueprint 'team' exists already": twice("blueprints"),
    "entities, item 3: entity 'core' exists already": twice("entities"),
    "entities, item 0: no blueprint has the identifier 'team'": broken(blueprints=()),
    "blueprints, item 0: its definition is damaged: ": undefined(),
    "actions, item 3: action 'deploy' exists already": twice("actions"),
    "permissions, 'deploy': no action has the identifier 'deploy'": broken(actions=()),
    "runs, item 9: run 'r_AWAITING_APPROVAL' exists already": twice("runs"),
    "logs, 'r_9': no run has the identifier 'r_9'": broken(logs={"r_9": (line("r_9"),)}),
    "logs, 'r_queued': line 'log_1' is of the run 'r_1'": broken(logs={"r_queued": (line("r_1"),)}),
    "payloads, 'r_9': no run has the identifier 'r_9'": broken(payloads={"r_9": {}}),
    "queues, 'agents': no run has the identifier 'r_9'": broken(queues={"agents": ("r_9",)}),
    "queues, 'others': run 'r_queued' is for 'agents'": broken(queues={"others": ("r_queued",)}),
    "node_runs, item 1: node run": twice("node_runs"),
    "ids, 'r_': expected 0 to": broken(ids=Drawn(seed="0", characters={"r_": MOST_CHARACTERS + 1})),
    "ids, 'e_': expected 0 to": broken(ids=Drawn(seed="0", characters={"e_": -1})),
}


@pytest.mark.parametrize("told", CONTRADICTIONS)
def test_contents_that_contradict_each_other_are_refused_and_change_nothing(told: str) -> None:
    world = stocked()
    world.people.found("ours", description=None)
    before = contents(world)

    with pytest.raises(MisuseError) as refusal:
        furnish(world, CONTRADICTIONS[told])

    assert str(refusal.value).startswith(told)
    assert contents(world) == before


def test_a_world_goes_on_from_the_time_and_the_ids_that_were_kept() -> None:
    world, other = stocked(), empty()
    world.clock.advance(3600)
    world.actions.permit("deploy", world.actions.permissions("deploy"), MACHINE)
    held = contents(world)

    furnish(other, held)

    first, second = (one.execute("deploy", {}, MACHINE) for one in (world, other))
    assert held.clock == Reading(time=world.clock.peek() - TICK)
    assert second == first
    assert second.created_at > EPOCH + timedelta(hours=1)
    assert second.action.policy is Policy.ALL


def test_an_action_that_was_taken_out_takes_the_same_inputs() -> None:
    world, other = empty(), empty()
    sized = {"properties": {"size": {"type": "number"}}}
    world.actions.add(make_action(inputs=sized))
    invite(world, "ana")

    furnish(other, contents(world))

    assert other.execute("deploy", {"size": 1}, MACHINE).inputs == {"size": 1}
    with pytest.raises(InvalidError, match="input 'size'"):
        other.execute("deploy", {"size": "big"}, MACHINE)


def test_timers_that_are_still_to_come_go_off_in_the_other_world_and_no_others() -> None:
    world, other = empty(), empty()
    timer = {"type": "string", "format": "timer"}
    world.blueprints.define(blueprint("lease", properties={"ends": timer}), MACHINE)
    for name, minutes in (("over", 1), ("coming", 3)):
        ends = (EPOCH + timedelta(minutes=minutes)).isoformat()
        write(world, f"lease/{name}", properties={"ends": ends})
    world.clock.advance(120)
    world.entities.expire()

    furnish(other, contents(world))
    other.clock.advance(120)
    other.entities.expire()

    assert [change.thing for change in other.journal.rows] == [other.entities[key("lease/coming")]]


def test_runs_of_an_action_that_is_gone_stay_hidden_in_the_other_world() -> None:
    world, other = empty(), empty()
    ana = invite(world, "ana")
    world.actions.add(make_action("secret", is_open=False))
    run = world.execute("secret", {}, MACHINE)
    world.actions.remove("secret", MACHINE)

    furnish(other, contents(world))

    assert not other.access.may_see(other.runs[run.id], ana)
    assert other.access.sight(ana) is not None
