"""What automations are told of an event, and how they set one another off, but not for ever."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import pytest

from port_fake import FakePort, Settings
from port_fake.surface.letters import Fate
from tests.support.client import Client, client_of
from tests.support.furniture import BUILDER, LEAD, add_people

RUNS: Final = "/v1/actions/runs"
SERVICES: Final = "/v1/blueprints/service/entities"
AUDIT: Final = "/v1/audit-log"
API: Final = "https://api.getport.io/v1/actions"
KAFKA: Final = {"type": "KAFKA"}
TOLD: Final = {
    name: f"{{{{ .{name} }}}}" for name in ("event", "trigger", "inputs", "entity", "action", "run")
}
NEEDS_JQ: Final = {"type": "JQ", "expressions": ['.diff | has("after")']}
NEEDS_NONE: Final[dict[str, Any]] = {"type": "JQ", "expressions": []}


def automate(
    port: FakePort,
    identifier: str,
    event: str,
    *,
    watches: str = "service",
    condition: dict[str, Any] = NEEDS_NONE,
    invokes: dict[str, Any] | None = None,
) -> None:
    """Add an automation that waits for an event of a blueprint or an action."""
    key = "actionIdentifier" if "RUN" in event else "blueprintIdentifier"
    trigger = {"type": "automation", "event": {"type": event, key: watches}, "condition": condition}
    method = invokes or {**KAFKA, "payload": TOLD}
    port.perform(
        "create-action",
        body={"identifier": identifier, "trigger": trigger, "invocationMethod": method},
    )


def upsert(identifier: str, **properties: str) -> dict[str, Any]:
    return {
        "type": "UPSERT_ENTITY",
        "blueprintIdentifier": "service",
        "mapping": {"identifier": identifier, "properties": properties},
    }


def automatic(client: Client, **query: str) -> list[dict[str, Any]]:
    """Return the runs of automations, oldest first."""
    query = {"version": "v2", "source": "AUTOMATION", **query}
    return list(reversed(client.get(RUNS, query).json["runs"]))


def told(port: FakePort) -> dict[str, Any]:
    """Return the context that the one run of an automation has seen."""
    port.settle()
    [run] = automatic(client_of(port))
    return context_of(run)


def context_of(run: dict[str, Any]) -> dict[str, Any]:
    context: dict[str, Any] = run["payload"]["payload"]
    return context


def failures(client: Client) -> list[dict[str, Any]]:
    query = {"status": "FAILURE", "limit": "1000"}
    found: list[dict[str, Any]] = client.get(AUDIT, query).json["audits"]
    return found


@pytest.fixture
def furnished(port_fake: FakePort) -> FakePort:
    add_people(port_fake)
    port_fake.add_blueprint("service", properties={"seen": {"type": "string"}})
    port_fake.add_entity("service", "checkout")
    return port_fake


# The event.


def test_an_automation_is_told_all_of_an_event_of_an_entity(furnished: FakePort) -> None:
    automate(furnished, "react", "ENTITY_UPDATED")
    ben, client = client_of(furnished, BUILDER), client_of(furnished)
    before = client.get(f"{SERVICES}/checkout").json["entity"]

    after = ben.patch(f"{SERVICES}/checkout", {"properties": {"seen": "now"}}).json["entity"]

    context = told(furnished)
    event = context["event"]
    assert event.keys() >= {"id", "resourceType", "action", "trigger", "context", "diff"}
    assert event["id"].startswith("event_")
    assert (event["resourceType"], event["action"]) == ("entity", "UPDATE")
    assert event["context"]["blueprintIdentifier"] == "service"
    assert event["context"]["entityIdentifier"] == "checkout"
    assert event["diff"] == {"before": before, "after": after}
    assert after["properties"] == {"seen": "now"}
    assert event["trigger"]["by"]["user"]["email"] == BUILDER
    assert event["trigger"]["at"] == after["updatedAt"]
    assert (context["inputs"], context["entity"]) == (None, None)
    assert context["action"] == {"identifier": "react"}
    assert context["run"] == {"id": automatic(client)[0]["id"]}


def test_an_automation_runs_in_the_name_of_who_caused_the_event(furnished: FakePort) -> None:
    automate(furnished, "react", "ENTITY_CREATED")

    client_of(furnished, BUILDER).post(SERVICES, {"identifier": "new"})

    trigger = told(furnished)["trigger"]
    [run] = automatic(client_of(furnished))
    assert run["createdBy"] == furnished.caller(BUILDER).id
    assert trigger["by"]["user"]["email"] == BUILDER
    assert (trigger["origin"], "operation" in trigger) == ("AUTOMATION", False)


def test_an_automation_is_told_all_of_an_event_of_a_run(furnished: FakePort) -> None:
    furnished.add_action(
        "deploy",
        title="Deploy",
        approval="ANY",
        approvers=[LEAD],
        inputs={"env": {"type": "string"}},
        invokes={**KAFKA, "payload": {"env": "{{ .inputs.env }}"}},
    )
    automate(furnished, "react", "RUN_UPDATED", watches="deploy")
    ben, lea = client_of(furnished, BUILDER), client_of(furnished, LEAD)
    run = ben.post("/v1/actions/deploy/runs", {"properties": {"env": "prod"}}).json["run"]

    lea.patch(f"{RUNS}/{run['id']}/approval", {"status": "APPROVE", "description": "Yes"})

    event = told(furnished)["event"]
    before, after = event["diff"]["before"], event["diff"]["after"]
    assert (event["resourceType"], event["action"]) == ("run", "UPDATE")
    assert (before["status"], after["status"]) == ("WAITING_FOR_APPROVAL", "IN_PROGRESS")
    assert before["id"] == after["id"] == run["id"]
    assert after["properties"] == {"env": "prod"}
    assert after["approval"] == {
        "userId": furnished.caller(LEAD).id,
        "state": "APPROVED",
        "description": "Yes",
    }
    assert event["trigger"]["by"]["user"]["email"] == LEAD
    action = event["context"]["action"]
    assert (action["identifier"], action["title"]) == ("deploy", "Deploy")
    assert action["invocationMethod"]["payload"] == {"env": "{{ .inputs.env }}"}, "as it is stored"


def test_what_is_new_was_nothing_and_what_is_gone_is_nothing(furnished: FakePort) -> None:
    automate(furnished, "made", "ENTITY_CREATED")
    automate(furnished, "gone", "ENTITY_DELETED")
    client = client_of(furnished)

    client.post(SERVICES, {"identifier": "new"})
    client.delete(f"{SERVICES}/new")
    furnished.settle()

    diffs = [context_of(run)["event"]["diff"] for run in automatic(client)]
    assert [(one["before"] is None, one["after"] is None) for one in diffs] == [
        (True, False),
        (False, True),
    ]
    assert diffs[0]["after"]["identifier"] == diffs[1]["before"]["identifier"] == "new"


def test_the_event_of_an_automation_is_in_the_audit_log(furnished: FakePort) -> None:
    automate(furnished, "react", "ENTITY_CREATED")
    client = client_of(furnished)

    client.post(SERVICES, {"identifier": "new"})

    event = told(furnished)["event"]
    [record] = client.get(AUDIT, {"entity": "new", "resources": "entity"}).json["audits"]
    same = {"id", "resourceType", "action", "trigger", "diff"}
    assert {key: record[key] for key in same} == {key: event[key] for key in same}
    types = client.get(AUDIT, {"resources": "run", "actionType": "automation"}).json["audits"]
    assert {one["trigger"]["origin"] for one in types} == {"AUTOMATION"}


# One after the other.


def test_an_automation_may_wait_for_an_automation(furnished: FakePort) -> None:
    automate(furnished, "first", "ENTITY_CREATED")
    automate(furnished, "second", "RUN_CREATED", watches="first")
    automate(furnished, "third", "RUN_CREATED", watches="second", condition=NEEDS_JQ)
    client = client_of(furnished)

    client.post(SERVICES, {"identifier": "new"})
    furnished.settle()

    runs = automatic(client)
    assert [run["action"]["identifier"] for run in runs] == ["first", "second", "third"]
    for cause, run in pairwise(runs):
        event = context_of(run)["event"]
        assert event["diff"]["after"]["id"] == cause["id"]
        assert event["trigger"]["origin"] == "AUTOMATION"
        assert event["context"]["action"]["trigger"]["type"] == "automation"


def test_one_event_sets_off_all_that_wait_for_it_in_the_order_of_their_making(
    furnished: FakePort,
) -> None:
    names = ["zebra", "ape", "lion"]
    for name in names:
        automate(furnished, name, "ENTITY_CREATED")

    client_of(furnished).post(SERVICES, {"identifier": "new"})
    furnished.settle()

    runs = automatic(client_of(furnished))
    assert [run["action"]["identifier"] for run in runs] == names


# And not for ever.

BOTH_CONDITIONS: Final = pytest.mark.parametrize("condition", [NEEDS_NONE, NEEDS_JQ])


@BOTH_CONDITIONS
@pytest.mark.port_fake(settings=Settings(chain_limit=7))
def test_two_automations_that_write_for_one_another_come_to_an_end(
    furnished: FakePort, condition: dict[str, Any]
) -> None:
    for mine, other in (("ping", "pong"), ("pong", "ping")):
        mentions = {
            "type": "JQ",
            "expressions": [f'.context.entityIdentifier == "{mine}"', *condition["expressions"]],
        }
        method = upsert(other, seen="{{ .event.id }}")
        automate(furnished, f"on_{mine}", "ANY_ENTITY_CHANGE", condition=mentions, invokes=method)
    client = client_of(furnished)

    client.post(SERVICES, {"identifier": "ping"})
    furnished.settle()

    runs = automatic(client)
    assert [run["action"]["identifier"] for run in runs] == (["on_ping", "on_pong"] * 4)[:7]
    assert {run["status"] for run in runs} == {"SUCCESS"}
    [record] = failures(client)
    assert (record["identifier"], record["resourceType"]) == ("on_pong", "action")
    assert "chain_limit" in record["message"]
    assert record["status"] == "FAILURE"


@BOTH_CONDITIONS
def test_an_automation_that_presses_the_button_it_waits_for_comes_to_an_end(
    furnished: FakePort, condition: dict[str, Any]
) -> None:
    press = {"type": "WEBHOOK", "url": f"{API}/deploy/runs", "body": {"properties": {}}}
    furnished.add_action("deploy", invokes=KAFKA)
    automate(
        furnished, "again", "RUN_CREATED", watches="deploy", condition=condition, invokes=press
    )
    client = client_of(furnished)

    client.post("/v1/actions/deploy/runs", {"properties": {}})
    deliveries = furnished.settle()

    assert len(automatic(client)) <= Settings().chain_limit
    told = [one["message"] for one in failures(client)]
    cut = [one.reason for one in deliveries if one.fate is Fate.NOT_SENT]
    assert len(told) + len(cut) == 1
    assert "looks endless" in str(told or cut)


@pytest.mark.port_fake(settings=Settings(chain_limit=6))
def test_an_automation_that_updates_the_run_it_waits_for_comes_to_an_end(
    furnished: FakePort,
) -> None:
    label = {
        "type": "WEBHOOK",
        "method": "PATCH",
        "url": f"{API}/runs/{{{{ .event.diff.after.id }}}}",
        "body": {"statusLabel": "{{ .event.id }}"},
    }
    furnished.add_action("deploy", invokes=KAFKA)
    automate(furnished, "again", "RUN_UPDATED", watches="deploy", invokes=label)
    client = client_of(furnished)
    run_id = client.post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]["id"]

    client.patch(f"{RUNS}/{run_id}", {"statusLabel": "begin"})
    furnished.settle()

    assert 2 <= len(automatic(client)) <= 6


@BOTH_CONDITIONS
@pytest.mark.port_fake(settings=Settings(automation_limit=30))
def test_automations_that_multiply_come_to_an_end(
    furnished: FakePort, condition: dict[str, Any]
) -> None:
    for name in ("left", "right"):
        method = upsert(f"{{{{ .event.id }}}}-{name}")
        automate(furnished, name, "ENTITY_CREATED", condition=condition, invokes=method)
    client = client_of(furnished)
    counts = []

    for identifier in ("new", "newer"):
        client.post(SERVICES, {"identifier": identifier})
        furnished.settle()
        counts.append(len(automatic(client)))

    assert counts == [30, 60], "each request has a limit of its own"
    assert len(failures(client)) == 2 * 32
    assert all("automation_limit" in one["message"] for one in failures(client))


def test_automations_that_multiply_end_while_somebody_looks_on(furnished: FakePort) -> None:
    for name in ("left", "right"):
        method = upsert(f"{{{{ .event.id }}}}-{name}")
        automate(furnished, name, "ENTITY_CREATED", invokes=method)
    client = client_of(furnished)

    client.post(SERVICES, {"identifier": "new"})
    while not failures(client):
        assert len(automatic(client)) <= 200, "looking on has let them begin anew"
    furnished.settle()

    assert len(automatic(client)) == 200
