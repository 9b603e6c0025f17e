"""What inputs point at: entities always, users and teams if the settings say so."""

from typing import Any, Final

import pytest

from port_fake.errors import InvalidError
from port_fake.inputs.forms import Form
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, invite, key, make_world, write

ENTITY: Final = {"type": "string", "format": "entity", "blueprint": "service"}
FORM: Final = Form(
    {
        "main": ENTITY,
        "others": {"type": "array", "items": ENTITY},
        "aimless": {"type": "string", "format": "entity"},
        "person": {"type": "string", "format": "user"},
        "teams": {"type": "array", "items": {"type": "string", "format": "team"}},
    },
    noun="input",
    closed=True,
)


def catalog(**settings: bool) -> World:
    world = make_world(**settings)
    invite(world, "ana", teams=("core",))
    world.blueprints.define(blueprint("service"), MACHINE)
    write(world, "service/web")
    write(world, "service/api")
    return world


def resolve(world: World, **inputs: Any) -> dict[str, Any]:
    return world.links.resolve(FORM.references(inputs))


def test_an_entity_input_leads_to_its_entity_and_a_list_of_them_to_a_list() -> None:
    world = catalog()
    web, api = world.entities[key("service/web")], world.entities[key("service/api")]

    linked = resolve(world, main={"identifier": "web"}, others=["api", {"identifier": "web"}])

    assert linked == {"main": web, "others": [api, web]}


def test_inputs_that_are_not_given_lead_nowhere() -> None:
    assert resolve(catalog(), main=None, others=[]) == {}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"main": "db"}, "input 'main': no entity of blueprint 'service' has the identifier 'db'"),
        ({"others": ["web", "db"]}, "input 'others': no entity of blueprint 'service' has"),
        ({"aimless": "web"}, "input 'aimless': no entity of blueprint None has"),
    ],
)
def test_an_entity_that_does_not_exist_is_refused_by_input(
    inputs: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidError, match=message):
        resolve(catalog(), **inputs)


def test_people_need_not_exist() -> None:
    assert resolve(catalog(), person="nobody@x.io", teams=["none"]) == {}


def test_people_must_exist_if_the_settings_say_so() -> None:
    world = catalog(people_must_exist=True)

    assert resolve(world, person="ana@x.io", teams=["core"]) == {}
    with pytest.raises(InvalidError, match=r"input 'person': no user is named 'nobody@x\.io'"):
        resolve(world, person="nobody@x.io")
    with pytest.raises(InvalidError, match="input 'teams': no team is named 'none'"):
        resolve(world, teams=["core", "none"])
