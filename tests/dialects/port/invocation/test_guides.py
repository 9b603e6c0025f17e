"""What Port's guides do with actions: accepted, executed, rendered, delivered."""

from typing import Any

import pytest

from port_fake import Backend, FakePort
from port_fake.surface.letters import Fate
from tests.dialects.port.invocation.guides import GUIDES, Guide
from tests.dialects.port.invocation.more_guides import MORE_GUIDES
from tests.support.furniture import add_people

ALL = {**GUIDES, **MORE_GUIDES}


def furnish(port: FakePort) -> None:
    add_people(port)
    names = ("status", "url", "risk")
    properties: dict[str, Any] = {name: {"type": "string"} for name in names}
    properties |= {"locked": {"type": "boolean"}, "size": {"type": "number"}}
    properties["tags"] = {"type": "array", "items": {"type": "string"}}
    relations = {"parent": {"target": "service", "many": False, "required": False}}
    port.add_blueprint("service", properties=properties, relations=relations)
    port.add_entity("service", "cart", title="Cart", properties={"locked": False})
    port.add_entity("service", "shop", title="Shop")
    port.add_secret("INCIDENT_KEY", "key-of-incidents")
    port.add_secret("status-page", "key-of-the-page")
    inputs = {"reason": {"type": "string"}}
    port.add_action("waits", inputs=inputs, approval=True, invokes={"type": "KAFKA"})


def at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value[key]
    return value


def put_in(value: Any, places: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: put_in(one, places) for key, one in value.items()}
    for place, real in places.items() if isinstance(value, str) else ():
        value = value.replace(place, real)
    return value


@pytest.mark.parametrize("guide", ALL.values(), ids=[name.replace(" ", "_") for name in ALL])
def test_a_guide_works(port_fake: FakePort, port_backend: Backend, guide: Guide) -> None:
    furnish(port_fake)
    waiting = port_fake.execute("waits")
    places = {"LOCAL": port_backend.url, "WAITING": waiting.id}
    port_fake.add_action(
        "guide",
        inputs=guide.inputs,
        blueprint="service",
        operation=guide.operation,
        invokes=put_in(guide.method, places),
        **guide.more,
    )

    entity = None if guide.operation == "CREATE" else "cart"
    run = port_fake.execute("guide", put_in(guide.given, places), entity=entity)
    if run.status == "WAITING_FOR_APPROVAL":
        port_fake.approve(run)
    port_fake.settle()

    told = [one for one in port_fake.deliveries if one.run_id == run.id and one.kind != "EMAIL"]
    [delivery] = told
    assert delivery.notes == ()
    assert delivery.kind == guide.method["type"]
    assert delivery.fate is fate_of(guide), (delivery.reason, delivery.attempts)
    payload = port_fake.run(run).json["payload"]
    assert "{{" not in repr({**payload, "payload": None} if kind_is_old(guide) else payload)
    for path, wanted in guide.wanted.items():
        assert at(payload, path) == wanted, path
    assert "key-of" not in repr((payload, delivery.message))
    assert {letter.signed for letter in port_backend.letters} <= {True}


def fate_of(guide: Guide) -> Fate:
    url = str(guide.method.get("url", ""))
    if guide.method["type"] == "UPSERT_ENTITY":
        return Fate.SENT
    if guide.method["type"] != "WEBHOOK" or guide.method.get("agent"):
        return Fate.RECORDED
    return Fate.SENT if url.startswith(("LOCAL", "https://api.getport.io")) else Fate.NOT_SENT


def kind_is_old(guide: Guide) -> bool:
    return guide.method == {"type": "KAFKA"}


def test_there_is_one_for_every_kind_of_backend() -> None:
    kinds = {guide.method["type"] for guide in ALL.values()}

    assert len(ALL) >= 25
    assert kinds == {
        "AZURE_DEVOPS",
        "GITHUB",
        "GITLAB",
        "JENKINS",
        "KAFKA",
        "SLACK",
        "UPSERT_ENTITY",
        "WEBHOOK",
    }
