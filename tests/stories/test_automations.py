"""Automations: what sets them off, what they are told, and what they then do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import pytest

from port_fake import Backend, FakePort
from tests.support.client import Client, assert_refused, client_of
from tests.support.furniture import BUILDER, LEAD, add_people

RUNS: Final = "/v1/actions/runs"
CHECKOUT: Final = "/v1/blueprints/service/entities/checkout"
KAFKA: Final = {"type": "KAFKA"}
EVENTS: Final = {
    "ENTITY_CREATED": {"blueprintIdentifier": "service"},
    "ENTITY_UPDATED": {"blueprintIdentifier": "service"},
    "ENTITY_DELETED": {"blueprintIdentifier": "service"},
    "ANY_ENTITY_CHANGE": {"blueprintIdentifier": "service"},
    "TIMER_PROPERTY_EXPIRED": {"blueprintIdentifier": "service", "propertyIdentifier": "due"},
    "RUN_CREATED": {"actionIdentifier": "deploy"},
    "RUN_UPDATED": {"actionIdentifier": "deploy"},
    "ANY_RUN_CHANGE": {"actionIdentifier": "deploy"},
}
MADE: Final = ["ANY_RUN_CHANGE", "RUN_CREATED"]
UPDATED: Final = ["ANY_RUN_CHANGE", "RUN_UPDATED"]

Deed: TypeAlias = Callable[[FakePort, str], object]


def automate(
    port: FakePort,
    identifier: str,
    event: str,
    *,
    condition: dict[str, Any] | None = None,
    invokes: dict[str, Any] | None = None,
    publish: bool = True,
    **watched: str,
) -> None:
    """Add an automation that waits for an event."""
    trigger: dict[str, Any] = {
        "type": "automation",
        "event": {"type": event, **(watched or EVENTS[event])},
    }
    if condition is not None:
        trigger["condition"] = {"type": "JQ", **condition}
    body = {
        "identifier": identifier,
        "trigger": trigger,
        "invocationMethod": invokes or KAFKA,
        "publish": publish,
    }
    assert client_of(port).post("/v1/actions", body).status == 201


def fired(port: FakePort) -> list[str]:
    """Return which automations have run, by name."""
    port.settle()
    return sorted(run.action for run in port.runs(source="AUTOMATION"))


@pytest.fixture
def furnished(port_fake: FakePort) -> FakePort:
    """An organisation with a service, and an action that waits for approval."""
    add_people(port_fake)
    port_fake.add_blueprint(
        "service",
        properties={"tier": {"type": "string"}, "due": {"type": "string", "format": "timer"}},
    )
    port_fake.add_blueprint("other")
    port_fake.add_entity("service", "checkout", properties={"tier": "base"})
    port_fake.add_action(
        "deploy",
        approval=True,
        approvers=[LEAD],
        inputs={"type": {"type": "string"}},
        invokes=KAFKA,
    )
    port_fake.add_action("scale", invokes=KAFKA)
    return port_fake


# A guide's story.


def test_a_run_is_approved_by_an_automation(
    furnished: FakePort, port_backend: Backend, client: Client
) -> None:
    port_backend.reports()
    furnished.add_action(
        "request",
        approval="ANY",
        approvers=[LEAD],
        inputs={"type": {"type": "string"}},
        approvalNotification={"type": "email"},
        invokes=port_backend.url,
    )
    automate(
        furnished,
        "approve_small_ones",
        "RUN_CREATED",
        actionIdentifier="request",
        condition={
            "expressions": ['.diff.after.properties.type == "small"'],
            "combinator": "and",
        },
        invokes={
            "type": "WEBHOOK",
            "url": "https://api.getport.io/v1/actions/runs/{{ .event.diff.after.id }}/approval",
            "method": "PATCH",
            "synchronized": True,
            "headers": {},
            "body": {"status": "APPROVE", "description": "{{ .event.diff.after.properties.type }}"},
        },
    )
    ben = client_of(furnished, BUILDER)

    asked = [
        ben.post("/v1/actions/request/runs", {"properties": {"type": kind}}).json["run"]["id"]
        for kind in ("small", "large")
    ]
    furnished.settle()

    small, large = (client.get(f"{RUNS}/{one}", {"version": "v2"}).json["run"] for one in asked)
    assert (small["status"], large["status"]) == ("SUCCESS", "WAITING_FOR_APPROVAL")
    assert small["approval"] == {
        "userId": furnished.client_id,
        "state": "APPROVED",
        "description": "small",
    }
    assert [letter.run_id for letter in port_backend.letters] == [small["id"]]
    [automatic] = client.get(RUNS, {"source": "AUTOMATION", "version": "v2"}).json["runs"]
    assert (automatic["status"], automatic["source"]) == ("SUCCESS", "AUTOMATION")
    assert automatic["createdBy"] == furnished.caller(BUILDER).id
    assert automatic["response"]["run"]["id"] == small["id"]


# Each event and each deed.


def change(method: str, path: str, body: Any = None, **query: str) -> Deed:
    """Return a deed that is one request; the id of the run is put into the path."""
    return lambda port, run: client_of(port).ask(
        method, path.format(run=f"{RUNS}/{run}", checkout=CHECKOUT), body, query=query
    )


DEEDS: Final[dict[str, tuple[Deed, list[str]]]] = {
    "an entity is made": (
        change("POST", "/v1/blueprints/service/entities", {"identifier": "new"}),
        ["ANY_ENTITY_CHANGE", "ENTITY_CREATED"],
    ),
    "an entity is patched": (
        change("PATCH", "{checkout}", {"properties": {"tier": "gold"}}),
        ["ANY_ENTITY_CHANGE", "ENTITY_UPDATED"],
    ),
    "an entity is replaced": (
        change("PUT", "{checkout}", {"title": "Checkout"}),
        ["ANY_ENTITY_CHANGE", "ENTITY_UPDATED"],
    ),
    "an entity is written as it was": (
        change("PATCH", "{checkout}", {"properties": {"tier": "base"}}),
        [],
    ),
    "an entity is only checked": (
        change(
            "POST",
            "/v1/blueprints/service/entities",
            {"identifier": "new"},
            validation_only="true",
        ),
        [],
    ),
    "an entity is deleted": (
        change("DELETE", "{checkout}"),
        ["ANY_ENTITY_CHANGE", "ENTITY_DELETED"],
    ),
    "many entities are written": (
        change(
            "POST",
            "/v1/blueprints/service/entities/bulk",
            {"entities": [{"identifier": "one"}, {"identifier": "two"}]},
        ),
        ["ANY_ENTITY_CHANGE"] * 2 + ["ENTITY_CREATED"] * 2,
    ),
    "an entity of another blueprint is made": (
        change("POST", "/v1/blueprints/other/entities", {"identifier": "new"}),
        [],
    ),
    "a timer goes off": (lambda port, _: port.advance(3600), []),
    "a button is pressed": (
        change("POST", "/v1/actions/deploy/runs", {"properties": {}}),
        MADE,
    ),
    "another button is pressed": (
        change("POST", "/v1/actions/scale/runs", {"properties": {}}),
        [],
    ),
    "a button is pressed in vain": (
        change("POST", "/v1/actions/deploy/runs", {"properties": {"type": 7}}),
        [],
    ),
    "a run is approved": (change("PATCH", "{run}/approval", {"status": "APPROVE"}), UPDATED),
    "a run is declined": (change("PATCH", "{run}/approval", {"status": "DECLINE"}), UPDATED),
    "a request is withdrawn": (change("PATCH", "{run}", {"status": "FAILURE"}), UPDATED),
    "a run gets a link": (change("PATCH", "{run}", {"link": "https://ci.example.com"}), UPDATED),
    "a run gets a label": (change("PATCH", "{run}", {"statusLabel": "Soon"}), UPDATED),
    "a patch says nothing": (change("PATCH", "{run}", {}), []),
    "a run gets a log line": (change("POST", "{run}/logs", {"message": "Hello"}), []),
    "a log line sets a label": (
        change("POST", "{run}/logs", {"message": "Hello", "statusLabel": "Soon"}),
        UPDATED,
    ),
    "a run is read": (change("GET", "{run}"), []),
}


@pytest.mark.parametrize("name", DEEDS)
def test_each_event_comes_of_just_these_deeds(furnished: FakePort, name: str) -> None:
    deed, expected = DEEDS[name]
    run = furnished.execute("deploy")
    for event in EVENTS:
        automate(furnished, event, event)

    deed(furnished, run.id)

    assert fired(furnished) == expected


def test_a_timer_is_an_event_of_its_own(furnished: FakePort) -> None:
    body = {"properties": {"due": "2026-01-05T10:30:00Z"}}
    client_of(furnished).patch(CHECKOUT, body)
    for event in EVENTS:
        automate(furnished, event, event)

    furnished.advance(3600)

    assert fired(furnished) == ["TIMER_PROPERTY_EXPIRED"]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"path": "{run}", "body": {"status": "SUCCESS"}, "method": "PATCH"}, UPDATED),
        ({"path": "{run}", "body": {"status": "FAILURE"}, "method": "PATCH"}, UPDATED),
        (
            {
                "path": "{run}/logs",
                "body": {"message": "Bye", "terminationStatus": "SUCCESS"},
                "method": "POST",
            },
            UPDATED,
        ),
        ({"path": "{run}/logs", "body": {"message": "Hello"}, "method": "POST"}, []),
        ({"path": "{run}/response", "body": {"response": {"a": 1}}, "method": "PATCH"}, UPDATED),
    ],
)
def test_what_a_backend_reports_updates_its_run(
    furnished: FakePort, report: dict[str, Any], expected: list[str]
) -> None:
    run = furnished.execute("deploy")
    furnished.approve(run)
    for event in EVENTS:
        automate(furnished, event, event)

    change(report["method"], report["path"], report["body"])(furnished, run.id)

    assert fired(furnished) == expected


def test_that_a_backend_has_a_run_is_no_update(furnished: FakePort, port_backend: Backend) -> None:
    furnished.add_action("call", invokes=port_backend.url)
    for event in ("RUN_CREATED", "RUN_UPDATED", "ANY_RUN_CHANGE"):
        automate(furnished, event, event, actionIdentifier="call")

    furnished.execute("call")

    assert fired(furnished) == MADE
    assert len(port_backend.letters) == 1


def test_who_claims_a_run_does_not_update_it(furnished: FakePort) -> None:
    body = {"settings": {"portAgentStreamerName": "POLLING"}}
    furnished.perform("change-organization", body=body)
    method = {"type": "WEBHOOK", "url": "https://inside.example.com", "agent": True}
    furnished.add_action("call", invokes=method)
    for event in ("RUN_CREATED", "RUN_UPDATED", "ANY_RUN_CHANGE"):
        automate(furnished, event, event, actionIdentifier="call")
    client = client_of(furnished)

    run = furnished.execute("call")
    wanted = {"installationId": "_PORT_EXEC_AGENT", "limit": 9, "invocationMethod": "WEBHOOK"}
    [claimed] = client.post(f"{RUNS}/claim-pending", wanted).json["runs"]
    client.patch(f"{RUNS}/ack", {"runIds": [run.id]})

    assert claimed["id"] == run.id
    assert fired(furnished) == MADE


# Conditions.


@pytest.mark.parametrize(
    ("condition", "fires"),
    [
        ({"expressions": []}, True),
        ({"expressions": [], "combinator": "or"}, True),
        ({"expressions": ["true"]}, True),
        ({"expressions": ["false"]}, False),
        ({"expressions": ["true", "false"]}, False),
        ({"expressions": ["true", "false"], "combinator": "and"}, False),
        ({"expressions": ["true", "true"], "combinator": "and"}, True),
        ({"expressions": ["false", "true"], "combinator": "or"}, True),
        ({"expressions": ["false", "false"], "combinator": "or"}, False),
        ({"expressions": ['error("no")']}, False),
        ({"expressions": ["nonsense(", "true"], "combinator": "and"}, False),
        ({"expressions": ["nonsense(", "true"], "combinator": "or"}, True),
        ({"expressions": ["1"]}, False),
        ({"expressions": ['"true"']}, False),
        ({"expressions": ["null"]}, False),
        ({"expressions": [".unknown"]}, False),
        ({"expressions": ['.diff.after.properties.tier == "gold"']}, True),
        ({"expressions": [".diff.before.properties.tier != .diff.after.properties.tier"]}, True),
        ({"expressions": [".event.diff.after.properties.tier == null"]}, True),
        ({"expressions": ['.context.entityIdentifier == "checkout"', '.action == "UPDATE"']}, True),
    ],
)
def test_conditions_are_asked_about_the_event_itself(
    furnished: FakePort, condition: dict[str, Any], *, fires: bool
) -> None:
    automate(furnished, "react", "ENTITY_UPDATED", condition=condition)

    client_of(furnished).patch(CHECKOUT, {"properties": {"tier": "gold"}})

    assert fired(furnished) == ["react"] * fires


def test_only_what_is_published_and_still_there_runs(furnished: FakePort, client: Client) -> None:
    automate(furnished, "react", "ENTITY_UPDATED", publish=False)
    definition = client.get("/v1/actions/react").json["action"]
    kept = {key: definition[key] for key in ("identifier", "trigger", "invocationMethod")}
    counts = []

    for number, publish in enumerate((None, True, False, True)):
        if publish is not None:
            client.put("/v1/actions/react", {**kept, "publish": publish})
        client.patch(CHECKOUT, {"properties": {"tier": f"{number}"}})
        counts.append(len(fired(furnished)))
    client.delete("/v1/actions/react")
    client.patch(CHECKOUT, {"properties": {"tier": "last"}})

    assert [*counts, len(fired(furnished))] == [0, 1, 1, 2, 2]


def test_an_automation_is_not_executed(furnished: FakePort, client: Client) -> None:
    automate(furnished, "react", "ENTITY_UPDATED")

    for who in (None, BUILDER):
        answer = client_of(furnished, who).post("/v1/actions/react/runs", {"properties": {}})
        assert_refused(answer, 422, "react", "automation")

    assert client.get(RUNS).json["runs"] == []
    assert furnished.settle() == []
