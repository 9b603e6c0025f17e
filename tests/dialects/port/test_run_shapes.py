"""A run as version=v1 and as version=v2 show it, whole, at each station of its life."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import Client
from tests.support.furniture import LEAD, furnish


@pytest.fixture(autouse=True)
def _furnished(port_fake: FakePort) -> None:
    furnish(port_fake)


@dataclass(frozen=True)
class Seen:
    """One run in both shapes."""

    v1: dict[str, Any]
    v2: dict[str, Any]

    @property
    def stamps(self) -> dict[str, str]:
        """Identity and times, which other tests are about."""
        return {key: self.v2[key] for key in ("id", "createdAt", "updatedAt")}


def see(client: Client, run_id: str) -> Seen:
    path = f"/v1/actions/runs/{run_id}"
    one, two = (client.get(path, {"version": version}).json["run"] for version in ("v1", "v2"))
    two.pop("payload", None)  # the invocation, which has tests of its own
    return Seen(v1=one, v2=two)


def test_a_fresh_run_that_creates_something(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("create_microservice", {"name": "my-microservice"})

    seen = see(client, run.id)

    inputs = {"name": "my-microservice", "region": "eu-west-1"}
    machine = port_fake.client_id
    assert seen.v1 == {
        **seen.stamps,
        "status": "IN_PROGRESS",
        "action": "create_microservice",
        "blueprint": {"identifier": "microservice", "title": "Service"},
        "properties": inputs,
        "source": "API",
        "endedAt": None,
        "relatedEntityExists": False,
        "relatedBlueprintExists": True,
        "createdBy": machine,
        "updatedBy": machine,
    }
    assert seen.v2 == {
        **seen.stamps,
        "status": "IN_PROGRESS",
        "action": {
            "identifier": "create_microservice",
            "title": "Create Microservice",
            "icon": "Microservice",
        },
        "blueprint": {"identifier": "microservice", "title": "Service", "icon": "Microservice"},
        "properties": inputs,
        "rawProperties": {"name": "my-microservice"},
        "source": "API",
        "link": [],
        "requiredApproval": False,
        "createdBy": machine,
        "updatedBy": machine,
    }


def test_a_run_on_an_entity_points_at_it(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("restart", {"reason": "stuck"}, entity="checkout", as_user=LEAD)

    seen = see(client, run.id)

    lea = port_fake.caller(LEAD).id
    assert seen.v1 == {
        **seen.stamps,
        "status": "IN_PROGRESS",
        "action": "restart",
        "blueprint": {"identifier": "microservice", "title": "Service"},
        "entity": {"identifier": "checkout", "title": "Checkout"},
        "properties": {"reason": "stuck"},
        "source": "API",
        "endedAt": None,
        "relatedEntityExists": True,
        "relatedBlueprintExists": True,
        "createdBy": lea,
        "updatedBy": lea,
    }
    assert seen.v2 == {
        **seen.stamps,
        "status": "IN_PROGRESS",
        "action": {"identifier": "restart", "title": "Restart", "icon": None},
        "blueprint": {"identifier": "microservice", "title": "Service", "icon": "Microservice"},
        "entity": {"identifier": "checkout", "title": "Checkout", "icon": "Cart"},
        "properties": {"reason": "stuck"},
        "rawProperties": {"reason": "stuck"},
        "source": "API",
        "link": [],
        "requiredApproval": False,
        "createdBy": lea,
        "updatedBy": lea,
    }


def test_a_run_that_waits_for_approval(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("deploy")

    seen = see(client, run.id)

    machine = port_fake.client_id
    assert seen.v1 == {
        **seen.stamps,
        "status": "WAITING_FOR_APPROVAL",
        "action": "deploy",
        "properties": {},
        "source": "API",
        "endedAt": None,
        "relatedEntityExists": False,
        "relatedBlueprintExists": False,
        "createdBy": machine,
        "updatedBy": machine,
    }
    assert seen.v2 == {
        **seen.stamps,
        "status": "WAITING_FOR_APPROVAL",
        "action": {"identifier": "deploy", "title": "Deploy", "icon": None},
        "properties": {},
        "rawProperties": {},
        "source": "API",
        "link": [],
        "requiredApproval": {"type": "ANY"},
        "createdBy": machine,
        "updatedBy": machine,
    }


def test_an_approved_run_says_by_whom_and_why(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("deploy")
    port_fake.approve(run, as_user=LEAD, description="Looks good")

    seen = see(client, run.id)

    lea = port_fake.caller(LEAD).id
    assert seen.v1.keys() == {
        *("id", "status", "action", "properties", "source", "endedAt"),
        *("relatedEntityExists", "relatedBlueprintExists"),
        *("createdAt", "createdBy", "updatedAt", "updatedBy"),
    }
    assert (seen.v1["status"], seen.v1["updatedBy"]) == ("IN_PROGRESS", lea)
    assert seen.v2 == {
        **seen.stamps,
        "status": "IN_PROGRESS",
        "action": {"identifier": "deploy", "title": "Deploy", "icon": None},
        "properties": {},
        "rawProperties": {},
        "source": "API",
        "link": [],
        "requiredApproval": {"type": "ANY"},
        "approval": {"userId": lea, "state": "APPROVED", "description": "Looks good"},
        "createdBy": port_fake.client_id,
        "updatedBy": lea,
    }


def test_a_declined_run_has_ended(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("deploy")
    port_fake.decline(run, as_user=LEAD)

    seen = see(client, run.id)

    lea = port_fake.caller(LEAD).id
    assert seen.v1["status"] == "DECLINED"
    assert seen.v1["endedAt"] == seen.v2["updatedAt"]
    assert seen.v2 == {
        **seen.stamps,
        "status": "DECLINED",
        "action": {"identifier": "deploy", "title": "Deploy", "icon": None},
        "properties": {},
        "rawProperties": {},
        "source": "API",
        "link": [],
        "requiredApproval": {"type": "ANY"},
        "approval": {"userId": lea, "state": "DECLINED"},
        "endedAt": seen.v2["updatedAt"],
        "createdBy": port_fake.client_id,
        "updatedBy": lea,
    }


def test_a_finished_run_carries_all_that_was_reported(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("create_microservice", {"name": "a"})
    report = {
        "status": "SUCCESS",
        "link": "https://ci.example.com/1",
        "message": {"run_status": "done"},
        "statusLabel": "Deployed",
        "summary": "All is well",
        "externalRunId": "build-7",
    }
    client.patch(f"/v1/actions/runs/{run.id}", report)

    seen = see(client, run.id)

    inputs = {"name": "a", "region": "eu-west-1"}
    machine = port_fake.client_id
    assert seen.v1 == {
        **seen.stamps,
        **report,
        "action": "create_microservice",
        "blueprint": {"identifier": "microservice", "title": "Service"},
        "properties": inputs,
        "source": "API",
        "endedAt": seen.v2["updatedAt"],
        "relatedEntityExists": False,
        "relatedBlueprintExists": True,
        "createdBy": machine,
        "updatedBy": machine,
    }
    assert seen.v2 == {
        **seen.stamps,
        "status": "SUCCESS",
        "statusLabel": "Deployed",
        "action": {
            "identifier": "create_microservice",
            "title": "Create Microservice",
            "icon": "Microservice",
        },
        "blueprint": {"identifier": "microservice", "title": "Service", "icon": "Microservice"},
        "properties": inputs,
        "rawProperties": {"name": "a"},
        "source": "API",
        "link": ["https://ci.example.com/1"],
        "summary": "All is well",
        "externalRunId": "build-7",
        "endedAt": seen.v2["updatedAt"],
        "requiredApproval": False,
        "createdBy": machine,
        "updatedBy": machine,
    }


def test_what_a_run_points_at_may_be_gone(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("restart", entity="checkout")
    client.delete("/v1/actions/restart")
    client.delete("/v1/blueprints/microservice/entities/checkout")
    client.delete("/v1/blueprints/microservice")

    seen = see(client, run.id)

    assert seen.v1["action"] == "restart"
    assert seen.v1["blueprint"] == {"identifier": "microservice", "title": None}
    assert seen.v1["entity"] == {"identifier": "checkout", "title": None}
    assert seen.v1["relatedEntityExists"] is False
    assert seen.v1["relatedBlueprintExists"] is False
    gone = {"title": None, "icon": None, "deleted": True}
    assert seen.v2["action"] == {
        "identifier": "restart",
        "title": "Restart",
        "icon": None,
        "deleted": True,
    }
    assert seen.v2["blueprint"] == {"identifier": "microservice", **gone}
    assert seen.v2["entity"] == {"identifier": "checkout", **gone}


def test_an_entity_that_is_gone_leaves_its_blueprint(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("restart", entity="checkout")
    client.delete("/v1/blueprints/microservice/entities/checkout")

    seen = see(client, run.id)

    assert (seen.v1["relatedEntityExists"], seen.v1["relatedBlueprintExists"]) == (False, True)
    assert "deleted" not in seen.v2["blueprint"]
    assert seen.v2["entity"]["deleted"] is True


def test_an_action_of_the_same_name_is_another_action(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("deploy")
    client.delete("/v1/actions/deploy")
    port_fake.add_action("deploy", title="Another")

    seen = see(client, run.id)

    assert seen.v2["action"] == {
        "identifier": "deploy",
        "title": "Deploy",
        "icon": None,
        "deleted": True,
    }


def test_an_entity_input_is_a_whole_entity_in_v2_and_as_it_was_sent_in_v1(
    port_fake: FakePort, client: Client
) -> None:
    service = {"type": "string", "format": "entity", "blueprint": "microservice"}
    many = {"type": "array", "items": {"format": "entity", "blueprint": "microservice"}}
    port_fake.add_action("scale", inputs={"service": service, "others": many})
    sent = {"service": "checkout", "others": ["checkout"]}
    run = port_fake.execute("scale", sent)

    seen = see(client, run.id)

    entity = client.get("/v1/blueprints/microservice/entities/checkout").json["entity"]
    assert seen.v1["properties"] == sent
    assert seen.v2["rawProperties"] == sent
    assert seen.v2["properties"] == {"service": entity, "others": [entity]}


def test_a_list_of_links_is_answered_as_a_list(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("deploy")
    links = ["https://ci.example.com/1", "https://ci.example.com/2"]
    client.patch(f"/v1/actions/runs/{run.id}", {"link": links})

    seen = see(client, run.id)

    assert (seen.v1["link"], seen.v2["link"]) == (links, links)


def test_a_run_on_behalf_of_a_user_names_the_machine(port_fake: FakePort, client: Client) -> None:
    path = "/v1/actions/create_microservice/runs"
    sent = client.post(path, {"properties": {"name": "a"}}, {"run_as": LEAD})

    seen = see(client, sent.json["run"]["id"])

    lea = port_fake.caller(LEAD).id
    assert "impersonatedBy" not in seen.v1
    assert (seen.v1["createdBy"], seen.v2["createdBy"]) == (lea, lea)
    assert seen.v2["impersonatedBy"] == port_fake.client_id


@pytest.mark.parametrize("required", [True, {"type": "ANY"}, {"type": "ALL"}])
def test_required_approval_is_copied_from_the_action(
    port_fake: FakePort, client: Client, required: object
) -> None:
    port_fake.add_action("gated", requiredApproval=required)
    run = port_fake.execute("gated")

    seen = see(client, run.id)

    assert seen.v2["requiredApproval"] == required


def test_ids_and_times_look_like_ports(port_fake: FakePort, client: Client) -> None:
    run = port_fake.execute("create_microservice", {"name": "a"})
    port_fake.advance(90)
    port_fake.complete(run)

    seen = see(client, run.id)

    assert re.fullmatch(r"r_[A-Za-z0-9]{16}", seen.v2["id"])
    for shape in (seen.v1, seen.v2):
        for key in ("createdAt", "updatedAt", "endedAt"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", shape[key])
        assert shape["createdAt"] < shape["updatedAt"] == shape["endedAt"]
