"""Users and teams as entities, beside those that are stored and under them."""

from __future__ import annotations

import pytest

from port_fake.engine.catalog import Entity, EntityKey
from port_fake.errors import NotFoundError
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, invite, make_world, one, write


def names(world: World, kind: str) -> list[str]:
    return [entity.key.identifier for entity in world.census.of(kind)]


def entity(world: World, kind: str, identifier: str) -> Entity:
    found = world.census.find(kind, identifier)
    assert found is not None
    return found


def test_users_and_teams_are_entities_that_nobody_stored() -> None:
    world = make_world()
    invite(world, "ada", "Admin", teams=("core",))

    ada, core = entity(world, "_user", "ada@x.io"), entity(world, "_team", "core")

    user, team = world.people.users["ada@x.io"], world.people.teams["core"]
    assert (ada.title, ada.team, ada.relations) == ("ada", ("core",), {})
    assert ada.properties == {
        "port_role": "Admin",
        "port_type": "Standard",
        "status": "Active",
        "moderated_blueprints": [],
    }
    assert (ada.stamps.created_at, ada.stamps.updated_at) == (user.created_at, user.updated_at)
    assert (core.title, core.team, core.properties) == ("core", (), {"description": None})
    assert core.stamps.created_at == team.created_at
    assert list(world.blueprints) == []


@pytest.mark.parametrize(
    ("roles", "expected", "moderated"),
    [
        (("Member",), "Member", []),
        (("Member", "Admin"), "Admin", []),
        (("app-moderator", "Member"), "Moderator", ["app"]),
        (("app-moderator", "Admin"), "Admin", ["app"]),
        (("Auditor",), "Member", []),
    ],
)
def test_a_user_shows_the_highest_role(
    roles: tuple[str, ...], expected: str, moderated: list[str]
) -> None:
    world = make_world()
    invite(world, "ada", *roles)

    shown = entity(world, "_user", "ada@x.io").properties

    assert (shown["port_role"], shown["moderated_blueprints"]) == (expected, moderated)


def test_an_entity_that_is_stored_is_laid_over_the_user() -> None:
    world = make_world()
    for name in ("ada", "bob"):
        invite(world, name, teams=("core",))
    world.blueprints.define(
        blueprint(
            "_user", properties={"level": {"type": "number"}, "status": {}}, boss=one("_user")
        ),
        MACHINE,
    )
    write(
        world,
        "_user/ada@x.io",
        title="Countess",
        icon="Crown",
        team=["data"],
        properties={"level": 3, "status": "Away"},
    )
    write(world, "_user/bob@x.io", properties={"level": 1}, relations={"boss": "ada@x.io"})
    write(world, "_user/eve@x.io")

    ada, bob = entity(world, "_user", "ada@x.io"), entity(world, "_user", "bob@x.io")

    assert (ada.title, ada.icon, ada.team) == ("Countess", "Crown", ("data",))
    assert (ada.properties["level"], ada.properties["status"]) == (3, "Away")
    assert ada.properties["port_role"] == "Member"
    assert (bob.title, bob.team, bob.relations) == ("bob", ("core",), {"boss": "ada@x.io"})
    assert names(world, "_user") == ["ada@x.io", "bob@x.io", "eve@x.io"]
    assert list(world.census.of("_user")) == [
        world.census.find("_user", name) for name in names(world, "_user")
    ]


def test_a_team_and_its_entity_are_one() -> None:
    world = make_world()
    world.blueprints.define(blueprint("_team", properties={"room": {}}), MACHINE)
    write(world, "_team/ops", properties={"room": "b2"})
    world.people.found("ops", description="they run it")

    ops = entity(world, "_team", "ops")

    assert ops.properties == {"description": "they run it", "room": "b2"}
    assert names(world, "_team") == ["ops"]


def test_what_a_user_may_hold_is_what_users_hold_and_what_the_blueprint_adds() -> None:
    world = make_world()
    before = {*world.census.properties("_user")}
    world.blueprints.define(blueprint("_user", properties={"level": {}}), MACHINE)

    assert {*world.census.properties("_user")} == before | {"level"}
    assert "port_role" in before
    assert world.census.properties("unheard of") == {}


def test_blueprints_that_may_have_entities_are_told_once() -> None:
    world = make_world()
    for name in ("_team", "app"):
        world.blueprints.define(blueprint(name), MACHINE)

    assert world.census.blueprints() == ["_team", "app", "_user"]


def test_stored_entities_are_in_the_census_as_they_are() -> None:
    world = make_world()
    world.blueprints.define(blueprint("app"), MACHINE)
    stored = write(world, "app/web").entity

    assert list(world.census.of("app")) == [stored]
    assert world.census[stored.key] is stored
    assert world.census.find("app", "api") is None
    assert world.census.find("unheard of", "api") is None


@pytest.mark.parametrize(
    ("kind", "identifier", "text"),
    [
        ("_user", "eve@x.io", "'eve@x.io'"),
        ("_team", "ops", "'ops'"),
        ("app", "web", "'web'"),
        ("unheard of", "web", "'unheard of'"),
    ],
)
def test_who_does_not_exist_is_not_found(kind: str, identifier: str, text: str) -> None:
    world = make_world()
    world.blueprints.define(blueprint("app"), MACHINE)

    with pytest.raises(NotFoundError, match=text):
        world.census[EntityKey(blueprint=kind, identifier=identifier)]
    with pytest.raises(NotFoundError, match="'unheard of'"):
        world.census.of("unheard of")
