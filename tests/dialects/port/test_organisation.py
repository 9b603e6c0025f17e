"""The organisation itself."""

from __future__ import annotations

from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.support.client import NOTHING, Client, assert_refused

ORGANISATION: Final = "/v1/organization"


def shown(client: Client) -> dict[str, Any]:
    organisation: dict[str, Any] = client.get(ORGANISATION).json["organization"]
    return organisation


@pytest.mark.port_fake(name="Acme")
def test_an_organisation_is_read_whole(port_fake: FakePort, client: Client) -> None:
    answer = client.get(ORGANISATION)

    assert answer.status == 200
    assert answer.json == {
        "ok": True,
        "organization": {
            "id": port_fake.world.id,
            "name": port_fake.world.name,
            "featureFlags": [],
            "isBlocked": False,
            "settings": {},
        },
    }
    assert port_fake.world.name.startswith("Acme")
    assert port_fake.world.id.startswith("org_")


def test_a_change_keeps_what_it_does_not_name_and_adds_settings(client: Client) -> None:
    before = shown(client)
    client.patch(ORGANISATION, {"name": "Acme", "settings": {"portalTitle": "Portal"}})

    answer = client.patch(ORGANISATION, {"settings": {"portAgentStreamerName": "POLLING"}})

    assert (answer.status, answer.json) == (200, {"ok": True})
    settings = {"portalTitle": "Portal", "portAgentStreamerName": "POLLING"}
    assert shown(client) == {**before, "name": "Acme", "settings": settings}


def test_a_replacement_forgets_what_it_does_not_name(client: Client) -> None:
    before = shown(client)
    client.patch(ORGANISATION, {"isOnboarded": True, "settings": {"portalTitle": "Portal"}})

    answer = client.put(ORGANISATION, {"name": "Acme", "announcement": {"content": "Hello"}})

    assert (answer.status, answer.json) == (200, {"ok": True})
    assert shown(client) == {**before, "name": "Acme", "announcement": {"content": "Hello"}}


@pytest.mark.parametrize("key", ["id", "featureFlags", "surprise"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_the_body_is_closed(client: Client, method: str, key: str) -> None:
    before = shown(client)

    answer = client.ask(method, ORGANISATION, {"name": "Acme", key: "x"})

    assert_refused(answer, 422, key)
    assert shown(client) == before


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"name": None}, "body/name"),
        ({"name": 7}, "body/name"),
        ({"name": "Acme", "settings": None}, "body/settings"),
        ({"name": "Acme", "settings": {"portalTitle": "x" * 31}}, "body/settings/portalTitle"),
        ({"name": "Acme", "announcement": {"content": ""}}, "body/announcement/content"),
        ({"name": "Acme", "announcement": {"content": "x", "color": "green"}}, "color"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_values_of_the_wrong_kind_are_refused(
    client: Client, method: str, body: dict[str, Any], about: str
) -> None:
    before = shown(client)

    answer = client.ask(method, ORGANISATION, body)

    assert_refused(answer, 422, about)
    assert shown(client) == before


@pytest.mark.parametrize("body", [NOTHING, {}, {"settings": {}}])
def test_a_replacement_needs_a_name(client: Client, body: Any) -> None:
    answer = client.put(ORGANISATION, body)

    assert_refused(answer, 422, "body")


def test_the_agent_chooses_between_two_streamers(client: Client) -> None:
    answer = client.patch(ORGANISATION, {"settings": {"portAgentStreamerName": "PIGEON"}})

    assert_refused(answer, 422, "body/settings/portAgentStreamerName")
