"""Rules about relations, kinds of properties, the user who asks, and ways through the catalog."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake.engine.people import Caller
from port_fake.world.entities import Write
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, invite, make_world, many, one, write
from tests.world.search.catalogs import both, either, found, make_catalog, rule

WORLD, ADA = make_catalog()


def relation(name: str, operator: str, *value: Any, **more: Any) -> dict[str, Any]:
    wanted = {"value": value[0]} if value else {}
    return {"relation": name, "operator": operator, **wanted, **more}


def kind(schema: dict[str, Any], operator: str, **more: Any) -> dict[str, Any]:
    return {"propertySchema": schema, "operator": operator, **more}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (relation("main", "=", "Api", targetProperty="$title"), ["full"]),
        (relation("main", "=", "api", targetProperty="$title"), []),
        (relation("main", "=", "api", targetProperty="$identifier"), ["full"]),
        (relation("uses", "containsAny", ["Web", "Db"], targetProperty="$title"), ["full"]),
        (relation("uses", "=", ["Api", "Web"], targetProperty="$title"), ["full"]),
        (relation("uses", "isNotEmpty", targetProperty="$title"), ["full"]),
        (relation("main", "isEmpty", targetProperty="$title"), ["api", "web", "bare"]),
        (relation("unheard of", "isEmpty"), ["api", "web", "full", "bare"]),
        (relation("nothing", "isEmpty", targetProperty="$title"), ["api", "web", "full", "bare"]),
    ],
)
def test_a_relation_is_known_by_identifiers_or_titles(
    asked: dict[str, Any], expected: list[str]
) -> None:
    assert found(WORLD, both(asked), blueprint="service") == expected


def test_an_entity_without_a_title_or_that_does_not_exist_has_no_title_in_a_relation() -> None:
    world = make_world(relations_must_exist=False)
    world.blueprints.define(blueprint("service", uses=many("service")), MACHINE)
    write(world, "service/api", relations={"uses": ["api", "nobody"]})

    asked = relation("uses", "isEmpty", targetProperty="$title")

    assert found(world, both(asked), blueprint="service") == ["api"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (kind({"type": "string"}, "=", value="checkout-api"), ["full"]),
        (kind({"type": "string"}, "=", value="core"), ["full"]),
        (kind({"type": "string", "format": "user"}, "=", value="core"), []),
        (kind({"type": "string", "format": "team"}, "=", value="core"), ["full"]),
        (kind({"type": "array"}, "contains", value="web"), ["full"]),
        (kind({"type": "array", "items": {"type": "string"}}, "contains", value="web"), ["full"]),
        (kind({"type": "array", "items": {"type": "number"}}, "contains", value="web"), []),
        (kind({"type": "string", "items": {"type": "string"}}, "contains", value="core"), []),
        (kind({"type": "number"}, "=", value=3), ["full"]),
        (kind({"type": "number"}, "!=", value=3), ["api", "web", "bare"]),
        (kind({"type": "number"}, "="), ["api", "web", "bare"]),
        (kind({"type": "number"}, "!="), ["full"]),
        (kind({"type": "unheard of"}, "="), []),
        (kind({"type": "unheard of"}, "!="), ["api", "web", "full", "bare"]),
    ],
)
def test_a_kind_of_property_stands_for_any_property_of_that_kind(
    asked: dict[str, Any], expected: list[str]
) -> None:
    assert found(WORLD, both(asked), blueprint="service") == expected


def test_users_and_teams_have_kinds_of_properties_too() -> None:
    asked = kind({"type": "string"}, "=", value="Member")

    assert found(WORLD, both(asked)) == ["ada@x.io"]


# The user who asks.

USER: Final = {"context": "user", "property": "$identifier"}
TEAMS: Final = {"context": "userTeams", "property": "$identifier"}


def furnished() -> tuple[World, Caller]:
    """Return a world in which Ada is in two of three teams and has properties of her own."""
    world = make_world()
    ada = invite(world, "ada", teams=("core", "data"))
    invite(world, "bob", teams=("web",))
    tags = {"type": "array", "items": {"type": "string"}}
    world.blueprints.define(
        blueprint("_user", properties={"level": {"type": "number"}, "tags": tags}), MACHINE
    )
    world.blueprints.define(blueprint("_team", properties={"room": {}, "tags": tags}), MACHINE)
    write(world, "_user/ada@x.io", properties={"level": 3, "tags": ["x", "y"]})
    write(world, "_team/core", properties={"room": "a1", "tags": ["x"]})
    world.blueprints.define(
        blueprint("task", properties={"level": {"type": "number"}, "owner": {}, "room": {}}),
        MACHINE,
    )
    write(world, "task/hers", team=["data"], properties={"level": 3, "owner": "ada@x.io"})
    write(world, "task/his", team=["web"], properties={"level": 5, "owner": "bob@x.io"})
    write(world, "task/theirs", team=["core", "web"], properties={"level": 1, "room": "a1"})
    return world, ada


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (rule("owner", "=", USER), ["hers"]),
        (rule("owner", "in", USER), ["hers"]),
        (rule("owner", "containsAny", USER), ["hers"]),
        (rule("owner", "matchAny", USER), ["hers"]),
        (rule("level", ">", {"context": "user", "property": "level"}), ["his"]),
        (rule("level", "!=", {"context": "user", "property": "level"}), ["his", "theirs"]),
        (rule("$team", "containsAny", TEAMS), ["hers", "theirs"]),
        (rule("$team", "in", TEAMS), ["hers", "theirs"]),
        (rule("$team", "contains", TEAMS), []),
        (rule("$team", "=", TEAMS), []),
        (rule("room", "in", {"context": "userTeams", "property": "room"}), ["theirs"]),
        (rule("$team", "in", {"context": "user", "property": "$team"}), ["hers", "theirs"]),
        (rule("level", "between", {"context": "user", "property": "level"}), []),
        (rule("level", ">", USER), []),
        (rule("level", "notBetween", USER), []),
        (rule("owner", "=", {"context": "user", "property": "unheard of"}), []),
        (rule("owner", "!=", {"context": "user", "property": "unheard of"}), []),
    ],
)
def test_a_value_may_be_one_of_the_user_who_asks(
    asked: dict[str, Any], expected: list[str]
) -> None:
    world, ada = furnished()

    assert found(world, both(asked), ada, blueprint="task") == expected


@pytest.mark.parametrize(
    ("context", "name", "operator", "wanted", "expected"),
    [
        ("user", "$identifier", "=", "ada@x.io", True),
        ("user", "level", ">=", 3, True),
        ("user", "level", "<", 3, False),
        ("user", "tags", "contains", "x", True),
        ("user", "port_role", "in", ["Member", "Admin"], True),
        ("user", "unheard of", "=", "x", False),
        ("user", "unheard of", "!=", "x", True),
        ("userTeams", "$identifier", "containsAny", ["core", "ops"], True),
        ("userTeams", "$identifier", "containsAny", ["web", "ops"], False),
        ("userTeams", "$identifier", "=", ["core", "data"], True),
        ("userTeams", "tags", "=", ["x"], True),
        ("userTeams", "room", "notIn", ["a1"], False),
        ("userTeams", "$identifier", "matchAny", TEAMS, True),
        ("user", "$team", "containsAny", TEAMS, True),
        ("user", "level", "=", {"context": "user", "property": "unheard of"}, False),
    ],
)
def test_a_rule_about_the_user_who_asks_lets_all_pass_or_none(
    context: str, name: str, operator: str, wanted: Any, *, expected: bool
) -> None:
    world, ada = furnished()

    asked = rule({"context": context, "property": name}, operator, wanted)

    everything = ["hers", "his", "theirs"]
    assert found(world, both(asked), ada, blueprint="task") == (everything if expected else [])


@pytest.mark.parametrize(
    "asked",
    [
        rule("owner", "=", USER),
        rule("owner", "!=", USER),
        rule("$team", "containsAny", TEAMS),
        rule("$team", "notIn", TEAMS),
        rule(USER, "!=", "x"),
        rule(USER, "isEmpty"),
        rule(TEAMS, "doesNotContains", "x"),
        rule({"path": ["main"]}, "matchAny", USER),
    ],
)
def test_nothing_is_found_through_a_user_when_none_asks(asked: dict[str, Any]) -> None:
    world, ada = furnished()
    user = ada.user
    assert user is not None
    world.people.dismiss(user.email)

    for caller in (MACHINE, ada):
        assert found(world, both(asked), caller, blueprint="task") == []
        assert found(world, either(asked, rule("level", "=", 5)), caller) == ["his"]


# Ways through the catalog.


@pytest.fixture(scope="module")
def chain() -> World:
    """A world in which teams have parents, services have owners, and some are required."""
    world = make_world()
    world.blueprints.define(blueprint("unit", parent=one("unit")), MACHINE)
    world.blueprints.define(
        blueprint("app", owner=one("unit", required=True), needs=many("app")), MACHINE
    )
    write(world, "unit/group")
    write(world, "unit/domain", relations={"parent": "group"})
    write(world, "unit/tribe", relations={"parent": "domain"})
    write(world, "unit/squad", relations={"parent": "tribe"})
    write(world, "app/db", relations={"owner": "tribe"})
    write(world, "app/api", relations={"owner": "squad", "needs": ["db"]})
    write(world, "app/web", relations={"owner": "squad", "needs": ["api"]})
    return world


def related(name: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"operator": "relatedTo", "blueprint": name, "value": value, **more}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (related("unit", "domain"), ["group", "tribe", "squad", "db", "api", "web"]),
        (related("unit", "domain", direction="upstream"), ["group"]),
        (related("unit", "domain", direction="downstream"), ["tribe", "squad", "db", "api", "web"]),
        (
            related("app", "web", direction="upstream"),
            ["group", "domain", "tribe", "squad", "db", "api"],
        ),
        (related("app", ["web", "db"], direction="downstream"), ["api", "web"]),
        (related("unit", "squad", required=True), ["api", "web"]),
        (related("app", "api", required=False), ["db", "web"]),
        (related("app", "web", required=True, direction="upstream"), ["squad"]),
        (related("app", "db", required=True, direction="downstream"), []),
        (related("app", []), []),
        (related("app", "squad"), []),
        (related("unheard of", "squad"), []),
    ],
)
def test_related_to_follows_relations_to_the_end(
    chain: World, asked: dict[str, Any], expected: list[str]
) -> None:
    assert found(chain, both(asked)) == expected


def test_what_is_related_in_a_circle_is_related_to_itself() -> None:
    world = make_world()
    world.blueprints.define(blueprint("app", needs=many("app")), MACHINE)
    write(world, "app/a")
    write(world, "app/b", relations={"needs": ["a"]})
    write(world, "app/a", how=Write.MERGE, relations={"needs": ["b"]})

    assert found(world, both(related("app", "a"))) == ["a", "b"]


def path(*steps: Any, source: str | None = None) -> dict[str, Any]:
    return {"path": list(steps), **({"fromBlueprint": source} if source else {})}


def hops(most: float) -> dict[str, Any]:
    return {"relation": "parent", "maxHops": most}


@pytest.mark.parametrize(
    ("way", "value", "expected"),
    [
        (path("owner"), "squad", ["api", "web"]),
        (path("owner"), ["squad", "tribe"], ["db", "api", "web"]),
        (path("owner", "parent"), "domain", ["db"]),
        (path("needs", "owner"), "squad", ["web"]),
        (path({"relation": "owner"}), "tribe", ["db"]),
        (path("parent", "parent"), "group", ["tribe"]),
        (path(hops(2)), "group", ["domain", "tribe"]),
        (path(hops(2.0)), "group", ["domain", "tribe"]),
        (path("owner", hops(1)), "tribe", ["db", "api", "web"]),
        (path("unheard of"), "group", []),
        (path("owner", source="app"), "api", ["squad"]),
        (path("owner", source="app"), ["api", "db"], ["tribe", "squad"]),
        (path("parent", "parent", source="unit"), "squad", ["domain"]),
        (path(hops(3), source="unit"), "squad", ["group", "domain", "tribe"]),
        (path("parent", "parent", hops(3), source="unit"), "squad", ["group", "domain"]),
        (path(hops(15), source="unit"), "group", []),
        (path("parent", source="unit"), "nobody", []),
        (path("parent", source="unheard of"), "squad", []),
    ],
)
def test_a_path_leads_from_or_to_what_is_named(
    chain: World, way: dict[str, Any], value: Any, expected: list[str]
) -> None:
    assert found(chain, both(rule(way, "matchAny", value))) == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [(USER, ["hers"]), (TEAMS, []), ({"context": "user", "property": "unheard of"}, [])],
)
def test_a_path_may_lead_to_the_user_who_asks(context: dict[str, Any], expected: list[str]) -> None:
    world, ada = furnished()
    world.blueprints.define(blueprint("note", author=one("_user")), MACHINE)
    write(world, "note/hers", relations={"author": "ada@x.io"})
    write(world, "note/nobody's")

    asked = rule({"path": ["author"]}, "matchAny", context)

    assert found(world, both(asked), ada, blueprint="note") == expected
