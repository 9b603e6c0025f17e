"""Runs are made of actions: by whom, on what, with which inputs."""

import re
from typing import Any, Final

import pytest

from port_fake.engine.approvals import Policy
from port_fake.engine.people import Permissions, Rules
from port_fake.engine.runs import Source
from port_fake.engine.states import State
from port_fake.errors import ForbiddenError, InvalidError, NotFoundError, RefusedError
from port_fake.world.clock import EPOCH
from port_fake.world.world import World
from tests.world.builders import (
    MACHINE,
    NOBODY,
    WATCH,
    all_runs,
    blueprint,
    invite,
    key,
    make_action,
    make_world,
    write,
)

INPUTS: Final = {
    "properties": {
        "size": {"type": "number", "default": 1},
        "on": {"type": "string", "format": "entity", "blueprint": "service"},
    }
}


def with_service(world: World, *, owner: str = "core") -> World:
    world.blueprints.define(blueprint("service"), MACHINE)
    write(world, "service/web", team=owner)
    return world


def test_a_run_holds_its_inputs_with_defaults_and_as_they_were_sent() -> None:
    world = with_service(make_world())
    action = world.actions.add(make_action(inputs=INPUTS))

    run = world.execute("deploy", {"on": "web"}, MACHINE, source=Source.UI)

    assert re.fullmatch(r"r_[A-Za-z0-9]{16}", run.id)
    assert (run.action, run.entity, run.source) == (action, None, Source.UI)
    assert run.inputs == {"size": 1, "on": "web"}
    assert run.submitted == {"on": "web"}
    assert run.linked == {"on": world.entities[key("service/web")]}
    assert run.created_at == run.updated_at == world.clock.peek()
    assert (run.created_by, run.updated_by, run.impersonated_by) == ("machine", "machine", None)
    assert world.runs[run.id] == run


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        (None, State.QUEUED),
        (Policy.ANY, State.AWAITING_APPROVAL),
        (Policy.ALL, State.AWAITING_APPROVAL),
    ],
)
def test_a_run_waits_if_its_action_asks_for_approval(policy: Policy | None, state: State) -> None:
    world = make_world()
    world.actions.add(make_action(policy=policy))

    assert world.execute("deploy", {}, MACHINE).state is state


def test_a_run_keeps_the_action_that_it_was_made_of() -> None:
    world = make_world()
    action = world.actions.add(make_action())
    run = world.execute("deploy", {}, MACHINE)

    world.actions.replace("deploy", make_action(title="New"))

    assert world.runs[run.id].action == action


def test_an_action_on_an_entity_runs_on_one_that_exists() -> None:
    world = with_service(make_world())
    world.actions.add(make_action(blueprint="service", needs_entity=True))

    assert world.execute("deploy", {}, MACHINE, entity="web").entity == "web"
    with pytest.raises(NotFoundError, match="no entity of blueprint 'service' has the identifier"):
        world.execute("deploy", {}, MACHINE, entity="db")
    with pytest.raises(InvalidError, match="acts on an entity of blueprint 'service': name it"):
        world.execute("deploy", {}, MACHINE)


@pytest.mark.parametrize("changes", [{"blueprint": "service"}, {"needs_entity": True}])
def test_an_action_that_makes_something_new_ignores_the_entity(changes: dict[str, Any]) -> None:
    world = make_world()
    world.actions.add(make_action(**changes))

    assert world.execute("deploy", {}, MACHINE, entity="web").entity is None


def test_an_automation_cannot_be_executed() -> None:
    world = make_world()
    world.actions.add(make_action(trigger=WATCH))

    with pytest.raises(InvalidError, match="action 'deploy' is an automation"):
        world.execute("deploy", {}, MACHINE)


def test_the_owners_of_an_entity_may_act_on_it() -> None:
    world = with_service(make_world())
    ana, ben = invite(world, "ana", teams=("core",)), invite(world, "ben")
    world.actions.add(make_action(blueprint="service", needs_entity=True))
    world.actions.permit("deploy", Permissions(execute=Rules(owned_by_team=True)), MACHINE)

    run = world.execute("deploy", {}, ana, entity="web")

    assert run.created_by == ana.id
    with pytest.raises(ForbiddenError, match=r"user 'ben@x\.io' may not execute"):
        world.execute("deploy", {}, ben, entity="web")


def test_the_organisation_may_run_as_a_user_who_may() -> None:
    world = make_world()
    ana = invite(world, "ana")
    world.actions.add(make_action())

    run = world.execute("deploy", {}, MACHINE, run_as="ana@x.io")

    assert (run.created_by, run.updated_by, run.impersonated_by) == (ana.id, ana.id, "machine")


def test_running_as_somebody_asks_for_the_permissions_of_that_user() -> None:
    world = make_world()
    ana = invite(world, "ana")
    world.actions.add(make_action())
    world.actions.permit("deploy", Permissions(execute=NOBODY), MACHINE)

    with pytest.raises(ForbiddenError, match=r"user 'ana@x\.io' may not execute"):
        world.execute("deploy", {}, MACHINE, run_as="ana@x.io")
    with pytest.raises(ForbiddenError, match="run_as needs a token of the organisation"):
        world.execute("deploy", {}, ana, run_as="ana@x.io")
    with pytest.raises(NotFoundError, match="no user has the identifier"):
        world.execute("deploy", {}, MACHINE, run_as="ben@x.io")


def test_a_refused_execution_leaves_no_run_and_takes_no_time() -> None:
    world = make_world()
    world.actions.add(make_action(inputs=INPUTS))

    for action_id, inputs in (("none", {}), ("deploy", {"size": "big"}), ("deploy", {"on": "db"})):
        with pytest.raises(RefusedError):
            world.execute(action_id, inputs, MACHINE)

    assert all_runs(world) == []
    assert world.clock.peek() == EPOCH
