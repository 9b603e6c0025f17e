"""Blueprints go, and organisations describe themselves."""

import pytest

from port_fake.errors import ConflictError, NotFoundError
from port_fake.world.clock import EPOCH, TICK
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_action, make_world, write


def with_service(world: World, *, owner: str = "core") -> World:
    world.blueprints.define(blueprint("service"), MACHINE)
    write(world, "service/web", team=owner)
    return world


def test_a_blueprint_goes_with_its_actions_if_asked_and_never_with_entities() -> None:
    world = with_service(make_world())
    for name, kind in (("deploy", "service"), ("scale", "service"), ("other", None)):
        world.actions.add(make_action(name, blueprint=kind))

    with pytest.raises(ConflictError, match="blueprint 'service' still has 1 entities"):
        world.remove_blueprint("service", MACHINE, with_actions=True)
    world.delete_entity(key("service/web"), caller=MACHINE)
    world.remove_blueprint("service", MACHINE, with_actions=True)

    assert world.blueprints.get("service") is None
    assert [action.identifier for action in world.actions] == ["other"]
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'service'"):
        world.remove_blueprint("service", MACHINE, with_actions=False)


def test_the_actions_of_a_blueprint_stay_unless_they_are_to_go() -> None:
    world = make_world()
    world.blueprints.define(blueprint("service"), MACHINE)
    world.actions.add(make_action(blueprint="service"))

    world.remove_blueprint("service", MACHINE, with_actions=False)

    assert [action.identifier for action in world.actions] == ["deploy"]


def test_an_organisation_is_called_by_its_id_until_it_has_a_name() -> None:
    assert World("org_1").name == "org_1"
    assert World("org_1", name="Acme").name == "Acme"


def test_changing_the_profile_keeps_what_is_not_given() -> None:
    world = make_world()
    world.describe({"name": "Acme", "settings": {"a": 1, "b": 1}, "about": "x"}, keep=True)

    world.describe({"settings": {"b": 2}}, keep=True)

    assert world.name == "Acme"
    assert world.profile == {"about": "x", "settings": {"a": 1, "b": 2}}


def test_replacing_the_profile_keeps_nothing() -> None:
    world = make_world()
    world.describe({"name": "Acme", "settings": {"a": 1}, "about": "x"}, keep=True)

    world.describe({"name": "Other"}, keep=False)

    assert world.name == "Other"
    assert world.profile == {"settings": {}}


def test_a_world_starts_at_the_epoch() -> None:
    assert make_world().clock.now() == EPOCH + TICK
