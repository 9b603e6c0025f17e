"""Backends that nobody calls: runs that wait to be claimed, and entities that runs write."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.receiving import await_run
from port_fake.contracts.resources import QUEUED
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import inner, moment, text, thing, things, whole

CLIENTS = "clients: Port's agent, Ocean"
UPSERT = "docs: upsert entity backend"
NEEDS = {Need.FURNISH}


def queued(scene: Scene, name: str = "dispatch", approval: Any = None) -> str:
    """Make an action whose runs wait for the installation that is called like the scene."""
    method = {**inner(QUEUED, "invocationMethod"), "installationId": scene.named("ocean")}
    return scene.action(name, calls=method, approval=approval)


def claim(scene: Scene, **body: Any) -> list[dict[str, Any]]:
    given = {"installationId": scene.named("ocean"), "limit": 100, **body}
    return things(scene.port.get("claim-pending-runs", body=given), "runs")


def ids(runs: list[dict[str, Any]]) -> list[str]:
    return [text(run, "id") for run in runs]


def acknowledge(scene: Scene, *runs: str) -> Any:
    reply = scene.port.get("acknowledge-runs", body={"runIds": list(runs)})
    return whole(reply, "ackedCount")["ackedCount"]


@question("queue.claimed.shows-what-to-do", source=f"{CLIENTS}: claim-pending", needs=NEEDS)
def test_a_claimed_run_shows_what_to_do(scene: Scene) -> None:
    run = scene.run(queued(scene))
    waits = scene.read(run["id"])

    found = claim(scene, visibilityTimeoutMs=60_000)

    assert waits.get("pendingExecution") is True
    assert waits.get("installationId") == scene.named("ocean")
    assert found == [scene.read(run["id"])]
    assert inner(found[0], "payload") == {
        **inner(QUEUED, "invocationMethod"),
        "installationId": scene.named("ocean"),
    }
    assert found[0].get("status") == "IN_PROGRESS"
    left = moment(found[0], "claimedUntil") - moment(run, "createdAt")
    assert 59 < left.total_seconds() < 120


@question("queue.claimed.oldest-first-and-bounded", source=f"{CLIENTS}: limit", needs=NEEDS)
def test_oldest_runs_go_first_and_no_more_than_asked_for(scene: Scene) -> None:
    action = queued(scene)
    runs = [scene.run(action)["id"] for _ in range(5)]

    seen = [ids(claim(scene, limit=2)) for _ in range(4)]

    assert seen == [runs[:2], runs[2:4], runs[4:], []]


@question(
    "queue.claimed.of-one-installation", source=f"{CLIENTS}: installationId, exclude", needs=NEEDS
)
def test_a_claim_gets_what_is_meant_for_it(scene: Scene) -> None:
    first, second = scene.run(queued(scene))["id"], scene.run(queued(scene, "other"))["id"]
    scene.run(scene.action())

    others = claim(scene, installationId=scene.named("another"))
    excluded = claim(scene, exclude=[scene.named("dispatch")])
    rest = claim(scene)

    assert (others, ids(excluded), ids(rest)) == ([], [second], [first])


@question(
    "queue.claimed.hidden-for-a-while",
    source="client: Ocean: visibilityTimeoutMs",
    needs=NEEDS | {Need.CLOCK},
)
def test_a_claimed_run_is_hidden_until_its_time_is_up(scene: Scene) -> None:
    run = scene.run(queued(scene))["id"]
    claim(scene, visibilityTimeoutMs=5_000)

    scene.port.advance(4)
    hidden = claim(scene)
    scene.port.advance(2)

    assert hidden == []
    assert ids(claim(scene)) == [run]


@question(
    "queue.acknowledged.never-comes-back", source=f"{CLIENTS}: ack", needs=NEEDS | {Need.CLOCK}
)
def test_an_acknowledged_run_never_comes_back(scene: Scene) -> None:
    action = queued(scene)
    run, other = scene.run(action)["id"], scene.run(action)["id"]
    claim(scene, visibilityTimeoutMs=1_000)

    counts = [acknowledge(scene, run), acknowledge(scene, run)]
    scene.port.advance(10)

    assert counts == [1, 0]
    assert ids(claim(scene)) == [other]
    assert scene.read(run).get("pendingExecution") is False
    assert scene.read(run)["status"] == "IN_PROGRESS"


@question("queue.acknowledged.once-for-one", source="client: Ocean: ack, 409", needs=NEEDS)
def test_who_acknowledges_a_run_of_somebody_else_is_told_so(scene: Scene) -> None:
    run = scene.run(queued(scene))["id"]
    claim(scene)

    scene.port.get("acknowledge-runs", body={"runId": run})

    scene.port.ask("acknowledge-runs", body={"runId": run}).refused(409)


@question("queue.approved.then-claimed", source=f"{CLIENTS}; docs: approvals", needs=NEEDS)
def test_a_run_that_waits_is_handed_out_once_it_is_approved(scene: Scene) -> None:
    action = queued(scene, approval="ANY")
    run, declined = scene.run(action)["id"], scene.run(action)["id"]
    before = claim(scene)

    scene.rule(run, "APPROVE").must(201)
    scene.rule(declined, "DECLINE").must(201)

    assert before == []
    assert ids(claim(scene)) == [run]
    assert claim(scene) == []


@question("queue.ended.not-handed-out", source=CLIENTS, needs=NEEDS)
def test_a_run_that_has_ended_is_not_handed_out(scene: Scene) -> None:
    action = queued(scene)
    over, open_ = scene.run(action)["id"], scene.run(action)["id"]

    scene.update(over, status="SUCCESS")

    assert ids(claim(scene)) == [open_]


@question("queue.response.is-kept", source="client: Port's agent: PATCH response", needs=NEEDS)
@pytest.mark.parametrize("response", [{"a": [1, None]}, "text"], ids=["object", "text"])
def test_what_an_agent_was_answered_is_kept(scene: Scene, response: Any) -> None:
    run = scene.run(queued(scene))["id"]
    path = {"run_id": run}

    whole(scene.port.get("keep-run-response", path=path, body={"response": response}))
    scene.port.ask("keep-run-response", path=path, body={}).refused(422)

    assert scene.read(run).get("response") == response
    assert scene.read(run)["status"] == "IN_PROGRESS"


BAD: dict[str, tuple[str, Any]] = {
    "claim-empty": ("claim-pending-runs", {}),
    "claim-no-limit": ("claim-pending-runs", {"installationId": "x"}),
    "claim-limit-0": ("claim-pending-runs", {"installationId": "x", "limit": 0}),
    "claim-limit-1001": ("claim-pending-runs", {"installationId": "x", "limit": 1001}),
    "claim-time-0": (
        "claim-pending-runs",
        {"installationId": "x", "limit": 1, "visibilityTimeoutMs": 0},
    ),
    "claim-time-long": (
        "claim-pending-runs",
        {"installationId": "x", "limit": 1, "visibilityTimeoutMs": 600_001},
    ),
    "ack-empty": ("acknowledge-runs", {}),
    "ack-text": ("acknowledge-runs", {"runIds": "x"}),
    "ack-number": ("acknowledge-runs", {"runId": 5}),
}


@question("queue.bad-body.refused", source=CLIENTS, needs=NEEDS)
@pytest.mark.parametrize(("operation", "body"), BAD.values(), ids=BAD.keys())
def test_what_clients_never_send_is_refused(scene: Scene, operation: str, body: Any) -> None:
    scene.port.ask(operation, body=body).refused(422)


@question("queue.acknowledged.unknown", source=f"{CLIENTS}; Assumed: 0, or 404 alone", needs=NEEDS)
def test_a_run_that_does_not_exist_is_not_acknowledged(scene: Scene) -> None:
    assert acknowledge(scene, "r_doesNotExist0000") == 0
    scene.port.ask("acknowledge-runs", body={"runId": "r_doesNotExist0000"}).refused(404)


# -- runs that write entities


def upsert(blueprint: str, **mapping: Any) -> dict[str, Any]:
    return {"type": "UPSERT_ENTITY", "blueprintIdentifier": blueprint, "mapping": mapping}


@question("invocation.upsert.writes-the-entity", source=UPSERT, needs=NEEDS)
def test_a_run_makes_an_entity_and_succeeds(scene: Scene) -> None:
    blueprint = scene.blueprint()
    mapping = {
        "identifier": "{{ .inputs.version }}",
        "title": "Service {{ .inputs.version }}",
        "properties": {"tier": "{{ .inputs.version }}"},
    }
    action = scene.action(calls=upsert(blueprint, **mapping), approval="ANY")
    run = scene.run(action, properties={"version": "cart"})["id"]
    path = {"blueprint_identifier": blueprint}
    before = scene.port.get("count-entities", path=path)["count"]

    scene.rule(run, "APPROVE").must(201)
    ended = await_run(scene.port, run, "SUCCESS", "FAILURE")
    found = things(scene.port.get("get-entities", path=path), "entities")

    assert before == 0
    assert ended["status"] == "SUCCESS"
    assert [
        {key: one.get(key) for key in ("identifier", "title", "properties")} for one in found
    ] == [{"identifier": "cart", "title": "Service cart", "properties": {"tier": "cart"}}]


@question(
    "invocation.upsert.updates", source=f"{UPSERT}: existing entities are updated", needs=NEEDS
)
def test_a_run_updates_an_entity_that_exists(scene: Scene) -> None:
    blueprint = scene.blueprint(tier={"type": "string"}, size={"type": "number"})
    entity = scene.entity(blueprint, tier="gold", size=1)
    action = scene.action(calls=upsert(blueprint, identifier=entity, properties={"size": 2}))
    path = {"blueprint_identifier": blueprint, "entity_identifier": entity}

    await_run(scene.port, scene.run(action)["id"], "SUCCESS")

    found = thing(scene.port.get("get-entity", path=path), "entity")
    assert found.get("properties") == {"tier": "gold", "size": 2}
    assert found.get("title") == "checkout"


@question("invocation.upsert.refused-fails", source=f"{UPSERT}; Assumed: FAILURE", needs=NEEDS)
def test_a_run_that_cannot_write_its_entity_fails(scene: Scene) -> None:
    blueprint = scene.blueprint()
    action = scene.action(calls=upsert(blueprint, identifier="x", properties={"tier": 5}))

    await_run(scene.port, scene.run(action)["id"], "FAILURE")

    path = {"blueprint_identifier": blueprint}
    assert scene.port.get("count-entities", path=path)["count"] == 0


@question(
    "invocation.github.is-rendered",
    source="OpenAPI 1.0, a run's payload; docs: GitHub backend",
    needs=NEEDS,
)
def test_a_workflow_elsewhere_is_rendered_and_left_alone(scene: Scene) -> None:
    method = {
        "type": "GITHUB",
        "org": "o",
        "repo": "{{ .inputs.version }}",
        "workflow": "w.yml",
        "workflowInputs": {"run": "{{ .run.id }}", "all": "{{ .inputs }}"},
        "reportWorkflowStatus": True,
    }

    run = scene.run(scene.action(calls=method), properties={"version": "shop"})["id"]
    found = scene.read(run)

    assert inner(found, "payload") == {
        **method,
        "repo": "shop",
        "workflowInputs": {"run": run, "all": {"version": "shop"}},
    }
    assert found["status"] == "IN_PROGRESS"
