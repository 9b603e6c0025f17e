"""The organisation itself."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.values import inner, text, thing, whole

READ = "clients: Ocean, Terraform's provider: GET /v1/organization"
NEEDS = {Need.FURNISH}


def organisation(port: Organisation) -> dict[str, Any]:
    return thing(port.get("get-organization"), "organization")


@question("organisation.read.shape", source=READ)
def test_an_organisation_has_an_id_a_name_and_flags(port: Organisation) -> None:
    found = organisation(port)

    assert text(found, "id")
    assert text(found, "name")
    assert isinstance(found.get("featureFlags"), list)
    assert organisation(port) == found


@question(
    "organisation.changed.keeps-the-rest", source="OpenAPI 1.0, PATCH /v1/organization", needs=NEEDS
)
def test_a_change_of_the_organisation_keeps_what_it_does_not_name(port: Organisation) -> None:
    before = organisation(port)
    announcement = {"enabled": True, "content": "hello", "link": None, "color": "blue"}
    changes = {"name": "Größe", "settings": {"portalTitle": "T"}, "announcement": announcement}

    whole(port.get("change-organization", body=changes))
    first = organisation(port)
    whole(port.get("change-organization", body={"settings": {"portalIcon": "I"}}))
    second = organisation(port)

    assert (first.get("id"), first.get("name")) == (before.get("id"), "Größe")
    assert first.get("announcement") == second.get("announcement") == announcement
    assert inner(first, "settings").get("portalTitle") == "T"
    assert second.get("name") == "Größe"
    assert second.get("settings") == {**inner(first, "settings"), "portalIcon": "I"}


@question(
    "organisation.changed.without-a-name",
    source="client: Port's agent: settings alone",
    needs=NEEDS,
)
def test_an_agent_may_set_how_it_is_reached(port: Organisation) -> None:
    before = organisation(port)

    port.get("change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}})

    after = organisation(port)
    assert inner(after, "settings").get("portAgentStreamerName") == "POLLING"
    assert after.get("name") == before.get("name")


@question("organisation.replaced.whole", source="OpenAPI 1.0, PUT /v1/organization", needs=NEEDS)
def test_a_replacement_leaves_nothing_of_the_old(port: Organisation) -> None:
    before = organisation(port)
    port.get("change-organization", body={"settings": {"portalTitle": "T"}})

    whole(port.get("replace-organization", body={"name": "new"}))

    after = organisation(port)
    assert (after.get("name"), after.get("id")) == ("new", before.get("id"))
    assert "portalTitle" not in inner(after, "settings")


BAD_CHANGES: dict[str, Any] = {
    "unknown-key": {"name": "x", "colour": "red"},
    "name-number": {"name": 5},
    "long-title": {"name": "x", "settings": {"portalTitle": "t" * 31}},
    "streamer": {"name": "x", "settings": {"portAgentStreamerName": "PIGEON"}},
    "colour": {"name": "x", "announcement": {"content": "c", "color": "green"}},
    "empty-content": {"name": "x", "announcement": {"content": ""}},
}


@question(
    "organisation.bad-body.refused", source="OpenAPI 1.0, PATCH /v1/organization", needs=NEEDS
)
@pytest.mark.parametrize("body", BAD_CHANGES.values(), ids=BAD_CHANGES.keys())
def test_a_change_of_the_organisation_that_makes_no_sense_is_refused(
    port: Organisation, body: Any
) -> None:
    before = organisation(port)

    port.ask("change-organization", body=body).refused(422)

    assert organisation(port) == before


@question(
    "organisation.replaced.needs-a-name", source="OpenAPI 1.0, PUT /v1/organization", needs=NEEDS
)
def test_a_replacement_without_a_name_is_refused(port: Organisation) -> None:
    before = organisation(port)

    port.ask("replace-organization", body={"settings": {}}).refused(422)
    port.ask("replace-organization").refused(422)

    assert organisation(port) == before


@question(
    "organisation.kafka.credentials",
    source="clients: Port's agent, Ocean: GET /v1/kafka-credentials",
    needs=NEEDS,
)
def test_the_credentials_for_kafka_are_answered(port: Organisation) -> None:
    found = thing(port.get("get-kafka-credentials"), "credentials")

    assert isinstance(found.get("brokers"), list)
    assert text(found, "username")
    assert text(found, "password")
    assert thing(port.get("get-kafka-credentials"), "credentials") == found
