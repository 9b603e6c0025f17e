"""Blueprints: what they keep, and what they refuse to be."""

from dataclasses import replace
from typing import Any, Final

import pytest

from port_fake.engine.catalog import Relation, Stamps
from port_fake.engine.people import Caller
from port_fake.errors import ConflictError, InvalidError, NotFoundError
from port_fake.world.clock import EPOCH, TICK
from tests.world.builders import MACHINE, blueprint, make_world, many, one

EVE: Final = Caller(id="eve")
BROKEN: Final = blueprint("service", properties={"size": {"type": "banana"}})


def test_a_blueprint_is_read_from_its_document_and_stamped() -> None:
    world = make_world()
    document = blueprint(
        "service",
        properties={"size": {"type": "number"}},
        required=("size",),
        owner=one("team", required=True),
        parts=many("service"),
    )
    document |= {"title": "Service", "icon": "Server", "surprise": 1}

    defined = world.blueprints.define(document, MACHINE)

    now = EPOCH + TICK
    assert (defined.identifier, defined.title, defined.icon) == ("service", "Service", "Server")
    assert defined.definition == document
    assert defined.properties == {"size": {"type": "number"}}
    assert defined.required == ("size",)
    assert defined.relations == {
        "owner": Relation(target="team", many=False, required=True),
        "parts": Relation(target="service", many=True, required=False),
    }
    assert defined.stamps == Stamps(
        created_at=now, created_by="machine", updated_at=now, updated_by="machine"
    )


def test_the_least_that_a_blueprint_can_say_is_its_identifier_and_its_properties() -> None:
    document: dict[str, Any] = {"identifier": "service", "schema": {"properties": {}}}

    defined = make_world().blueprints.define(document, MACHINE)

    assert (defined.title, defined.icon, defined.required) == (None, None, ())
    assert (defined.properties, defined.relations) == ({}, {})


def test_blueprints_are_listed_oldest_first_and_found_by_identifier() -> None:
    blueprints = make_world().blueprints
    for identifier in ("service", "cluster"):
        blueprints.define(blueprint(identifier), MACHINE)

    assert [each.identifier for each in blueprints] == ["service", "cluster"]
    assert blueprints["service"] is blueprints.get("service")
    assert blueprints.get("team") is None
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'team'"):
        blueprints["team"]


def test_a_redefined_blueprint_keeps_its_identifier_its_maker_and_its_place() -> None:
    blueprints = make_world().blueprints
    old = blueprints.define(blueprint("service"), MACHINE)
    blueprints.define(blueprint("cluster"), MACHINE)

    new = blueprints.redefine("service", {**blueprint("renamed"), "title": "New"}, EVE)

    assert (new.identifier, new.definition["identifier"]) == ("service", "service")
    assert new.title == "New"
    assert new.stamps == replace(old.stamps, updated_at=EPOCH + 3 * TICK, updated_by="eve")
    assert [each.identifier for each in blueprints] == ["service", "cluster"]


def test_a_refused_definition_changes_nothing() -> None:
    blueprints = make_world().blueprints
    old = blueprints.define(blueprint("service"), MACHINE)

    with pytest.raises(ConflictError, match="blueprint 'service' exists already"):
        blueprints.define(blueprint("service", required=("size",)), EVE)
    with pytest.raises(InvalidError, match="property 'size' is not well defined"):
        blueprints.define({**BROKEN, "identifier": "other"}, EVE)
    with pytest.raises(InvalidError, match="property 'size' is not well defined"):
        blueprints.redefine("service", BROKEN, EVE)
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'missing'"):
        blueprints.redefine("missing", BROKEN, EVE)

    assert list(blueprints) == [old]
    assert blueprints.form("service").fill({}) == {}


def test_an_undefined_blueprint_is_gone() -> None:
    blueprints = make_world().blueprints
    blueprints.define(blueprint("service"), MACHINE)

    blueprints.undefine("service", MACHINE)

    assert blueprints.get("service") is None
    with pytest.raises(NotFoundError, match="no blueprint has the identifier 'service'"):
        blueprints.undefine("service", MACHINE)


def test_properties_without_a_definition_pass_unless_the_settings_refuse_them() -> None:
    lenient, strict = make_world(), make_world(unknown_properties_refused=True)
    for world in (lenient, strict):
        world.blueprints.define(blueprint("service"), MACHINE)

    assert lenient.blueprints.form("service").fill({"extra": 1}) == {"extra": 1}
    with pytest.raises(InvalidError, match="property 'extra' is not defined"):
        strict.blueprints.form("service").fill({"extra": 1})


def test_a_property_may_be_null_unless_it_is_required() -> None:
    blueprints = make_world().blueprints
    sizes = {"low": {"type": "number"}, "high": {"type": "number"}}
    blueprints.define(blueprint("service", properties=sizes, required=("high",)), MACHINE)
    form = blueprints.form("service")

    assert form.fill({"low": None, "high": 1}) == {"low": None, "high": 1}
    with pytest.raises(InvalidError, match="property 'high' is required"):
        form.fill({"low": 1, "high": None})
