"""UPSERT_ENTITY: the backend that needs nobody outside."""

from typing import Any

import pytest

from port_fake import FakePort
from port_fake.surface.letters import Fate


def upsert(mapping: dict[str, Any], blueprint: str = "service") -> dict[str, Any]:
    return {"type": "UPSERT_ENTITY", "blueprintIdentifier": blueprint, "mapping": mapping}


@pytest.fixture(autouse=True)
def _catalog(port_fake: FakePort) -> None:
    port_fake.add_blueprint("domain")
    port_fake.add_blueprint(
        "service",
        properties={"lang": {"type": "string"}, "size": {"type": "number"}},
        relations={"domain": {"target": "domain", "many": False, "required": False}},
    )
    port_fake.add_entity("domain", "shop")


def entity(port: FakePort, identifier: str) -> dict[str, Any]:
    path = {"blueprint_identifier": "service", "entity_identifier": identifier}
    found: dict[str, Any] = port.perform("get-entity", path=path)["entity"]
    return found


def test_an_entity_is_made_and_the_run_has_succeeded(port_fake: FakePort) -> None:
    mapping = {
        "identifier": "{{ .inputs.name }}",
        "title": "Service {{ .inputs.name }}",
        "properties": {"lang": "{{ .inputs.lang }}", "size": "{{ .inputs.name | length }}"},
        "relations": {"domain": "{{ .inputs.domain.identifier }}"},
    }
    inputs = {
        "name": {"type": "string"},
        "lang": {"type": "string", "default": "go"},
        "domain": {"type": "string", "format": "entity", "blueprint": "domain"},
    }
    port_fake.add_action("make", inputs=inputs, invokes=upsert(mapping))

    run = port_fake.execute("make", {"name": "cart", "domain": "shop"})
    [delivery] = port_fake.settle()

    made = entity(port_fake, "cart")
    assert (made["title"], made["relations"]) == ("Service cart", {"domain": "shop"})
    assert made["properties"] == {"lang": "go", "size": 4}
    seen = port_fake.run(run)
    assert seen.status == "SUCCESS"
    assert [key.identifier for key in seen.affected_entities] == ["cart"]
    assert (delivery.kind, delivery.fate) == ("UPSERT_ENTITY", Fate.SENT)
    assert delivery.message["mapping"]["identifier"] == "cart"
    assert seen.json["payload"]["mapping"]["properties"]["size"] == 4


def test_an_entity_that_exists_keeps_what_is_not_mapped(port_fake: FakePort) -> None:
    port_fake.add_entity("service", "cart", title="Cart", properties={"lang": "go", "size": 1})
    mapping = {"identifier": "{{ .entity.identifier }}", "properties": {"size": 2}}
    port_fake.add_action("grow", blueprint="service", operation="DAY-2", invokes=upsert(mapping))

    run = port_fake.execute("grow", entity="cart")
    port_fake.settle()

    grown = entity(port_fake, "cart")
    assert (grown["title"], grown["properties"]) == ("Cart", {"lang": "go", "size": 2})
    assert port_fake.run(run).status == "SUCCESS"


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"identifier": "x", "properties": {"size": "large"}}, "size"),
        ({"identifier": "x", "relations": {"domain": "unknown"}}, "unknown"),
        ({"identifier": "no spaces here"}, "identifier"),
        ({"identifier": "{{ {} }}"}, "identifier"),
        ({"identifier": "x", "team": "{{ 7 }}"}, "team"),
    ],
)
def test_a_mapping_that_makes_no_entity_fails_the_run(
    port_fake: FakePort, mapping: dict[str, Any], reason: str
) -> None:
    port_fake.add_action("make", invokes=upsert(mapping))

    run = port_fake.execute("make")
    [delivery] = port_fake.settle()

    seen = port_fake.run(run)
    assert (seen.status, delivery.fate) == ("FAILURE", Fate.FAILED)
    assert seen.affected_entities == ()
    assert reason in (delivery.attempts[0].error or "")
    assert seen.summary


@pytest.mark.parametrize("mapping", [{}, {"identifier": "{{ .inputs.missing }}"}])
def test_an_entity_without_identifier_gets_one(
    port_fake: FakePort, mapping: dict[str, Any]
) -> None:
    port_fake.add_action("make", invokes=upsert({"title": "Cart", **mapping}))

    run = port_fake.execute("make")
    port_fake.settle()

    [key] = port_fake.run(run).affected_entities
    assert entity(port_fake, str(key.identifier))["title"] == "Cart"


def test_an_unknown_blueprint_fails_the_run(port_fake: FakePort) -> None:
    port_fake.add_action("make", invokes=upsert({"identifier": "x"}, "unknown"))

    run = port_fake.execute("make")
    [delivery] = port_fake.settle()

    assert "unknown" in (delivery.attempts[0].error or "")
    assert port_fake.run(run).status == "FAILURE"


def test_a_blueprint_may_be_a_template(port_fake: FakePort) -> None:
    port_fake.add_action("make", invokes=upsert({"identifier": "x"}, '{{ "service" }}'))

    port_fake.execute("make")
    port_fake.settle()

    assert entity(port_fake, "x")["identifier"] == "x"


def test_a_run_that_waits_writes_nothing_until_it_is_approved(port_fake: FakePort) -> None:
    port_fake.add_action("make", approval=True, invokes=upsert({"identifier": "x"}))
    approved, declined = port_fake.execute("make"), port_fake.execute("make")
    port_fake.decline(declined)
    port_fake.settle()
    assert (
        port_fake.perform("get-entities", path={"blueprint_identifier": "service"})["entities"]
        == []
    )

    port_fake.approve(approved)
    port_fake.settle()

    assert port_fake.run(approved).status == "SUCCESS"
    assert entity(port_fake, "x")["identifier"] == "x"
