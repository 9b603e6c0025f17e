"""Runs that integrations fetch by themselves: claimed for a while, acknowledged, responded to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from port_fake.contracts.anatomy import enveloped, is_moment, misshapen, moment_of
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import Reply
from port_fake.contracts.scenes import Scene
from port_fake.contracts.stillness import unchanged

CLAIM = "claim-pending-runs"
ACK = "acknowledge-runs"
RESPOND = "keep-run-response"
BOTH = "clients: port-agent and ocean, claim-pending"
OCEAN = "client: ocean"
AGENT = "client: port-agent"
EXECUTION: Final = {"org": "o", "repo": "r", "workflow": "w.yml"}


class Station:
    """An installation with a queue of its own, and actions whose runs go there."""

    def __init__(self, scene: Scene, name: str = "station") -> None:
        self.scene = scene
        self.installation = scene.named(name)

    def action(self, name: str = "build", **given: Any) -> str:
        """Make an action whose runs are fetched from the queue."""
        calls = {
            "type": "INTEGRATION_ACTION",
            "installationId": self.installation,
            "integrationActionType": "dispatch_workflow",
            "integrationActionExecutionProperties": EXECUTION,
        }
        return self.scene.action(name, calls=calls, **given)

    def claim(self, **body: Any) -> list[dict[str, Any]]:
        """Claim runs; return them as they were handed out."""
        return self.asked(**body).must(200).objects("runs")

    def ids(self, **body: Any) -> list[Any]:
        """Claim runs; return their ids in the order of the answer."""
        return [run.get("id") for run in self.claim(**body)]

    def asked(self, **body: Any) -> Reply:
        """Claim runs; return the answer, whatever it is."""
        body = {"installationId": self.installation, "limit": 10, **body}
        return self.scene.port.ask(CLAIM, body=body)

    def acknowledge(self, **body: Any) -> Reply:
        """Acknowledge; return the answer, whatever it is."""
        return self.scene.port.ask(ACK, body=body)


@pytest.fixture
def station(scene: Scene) -> Station:
    return Station(scene)


@question("queues.claim.hands-out", source=BOTH, needs={Need.FURNISH})
def test_a_run_for_an_installation_is_handed_out_whole(station: Station) -> None:
    scene = station.scene
    run_id = scene.run(station.action(), properties={"version": "1"})["id"]

    claimed = enveloped(station.asked().must(200), "runs")

    assert claimed == [scene.read(run_id)]
    found = scene.read(run_id)
    assert misshapen(found) == []
    payload = found.get("payload")
    assert isinstance(payload, dict)
    assert payload.get("type") == "INTEGRATION_ACTION"
    assert payload.get("installationId") == station.installation
    assert payload.get("integrationActionType") == "dispatch_workflow"
    assert payload.get("integrationActionExecutionProperties") == EXECUTION


@question("queues.claim.marks", source=AGENT, needs={Need.FURNISH})
def test_a_queued_run_says_so_before_and_after(station: Station) -> None:
    run_id = station.scene.run(station.action())["id"]

    before = station.scene.read(run_id)
    claimed = station.claim()
    station.acknowledge(runId=run_id).must(200)
    after = station.scene.read(run_id)

    assert before.get("installationId") == station.installation
    assert before.get("pendingExecution") is True
    assert "claimedUntil" not in before
    assert [run.get("pendingExecution") for run in claimed] == [True]
    assert [is_moment(run.get("claimedUntil")) for run in claimed] == [True]
    assert after.get("pendingExecution") is False
    assert after["status"] == "IN_PROGRESS"


@question("queues.claim.nothing", source=OCEAN, needs={Need.FURNISH})
def test_an_empty_queue_hands_out_an_empty_list(station: Station) -> None:
    assert enveloped(station.asked().must(200), "runs") == []


@question(
    "queues.claim.oldest-first", source=f"{BOTH}. Assumed: oldest first", needs={Need.FURNISH}
)
def test_the_oldest_runs_are_handed_out_first_and_as_many_as_asked_for(station: Station) -> None:
    action = station.action()
    made = [station.scene.run(action)["id"] for _ in range(4)]

    first, second, third = (station.ids(limit=limit) for limit in (1, 2, 5))

    assert (first, second, third) == (made[:1], made[1:3], made[3:])


@question("queues.claim.hides", source=OCEAN, needs={Need.FURNISH})
def test_a_claimed_run_is_hidden_from_others(station: Station) -> None:
    run_id = station.scene.run(station.action())["id"]

    assert station.ids(visibilityTimeoutMs=60_000) == [run_id]
    assert station.ids(visibilityTimeoutMs=60_000) == []


@question("queues.claim.comes-back", source=OCEAN, needs={Need.FURNISH, Need.CLOCK})
@pytest.mark.parametrize(
    ("visibility_ms", "before_s", "after_s"),
    [
        pytest.param(10_000, 8, 3, id="ten-seconds"),
        pytest.param(600_000, 590, 15, id="ten-minutes"),
        pytest.param(None, 50, 15, id="default"),
    ],
)
def test_a_claimed_run_comes_back_when_its_time_is_up(
    station: Station, visibility_ms: int | None, before_s: float, after_s: float
) -> None:
    run_id = station.scene.run(station.action())["id"]
    body = {} if visibility_ms is None else {"visibilityTimeoutMs": visibility_ms}
    first = station.ids(**body)

    station.scene.port.advance(before_s)
    early = station.ids(**body)
    station.scene.port.advance(after_s)
    late = station.ids(**body)

    assert (first, early, late) == ([run_id], [], [run_id])


@question("queues.claim.exclude", source=OCEAN, needs={Need.FURNISH})
def test_excluded_actions_stay_in_the_queue(station: Station) -> None:
    build, ship = station.action("build"), station.action("ship")
    one, two = station.scene.run(build)["id"], station.scene.run(ship)["id"]

    assert station.ids(exclude=[build]) == [two]
    assert station.ids() == [one]


@question("queues.claim.installation", source=BOTH, needs={Need.FURNISH})
def test_an_installation_gets_its_own_runs_only(station: Station) -> None:
    other = Station(station.scene, "other")
    mine = station.scene.run(station.action("mine"))["id"]
    theirs = other.scene.run(other.action("theirs"))["id"]

    assert Station(station.scene, "nobody").ids() == []
    assert other.ids() == [theirs]
    assert station.ids() == [mine]


@question("queues.claim.only-integrations", source=BOTH, needs={Need.FURNISH})
def test_a_run_that_is_sent_somewhere_is_in_no_queue(station: Station) -> None:
    made = station.scene.run(station.scene.action())

    assert station.ids() == []
    assert "installationId" not in made
    assert "pendingExecution" not in made


@question("queues.claim.waits-for-approval", source=BOTH, needs={Need.FURNISH})
def test_a_run_is_queued_once_it_is_approved(station: Station) -> None:
    run_id = station.scene.run(station.action(approval="ANY"))["id"]
    before = station.ids()

    station.scene.rule(run_id, "APPROVE").must(201)

    assert (before, station.ids()) == ([], [run_id])


@question("queues.claim.not-once-over", source=BOTH, needs={Need.FURNISH})
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_run_that_is_over_is_not_handed_out(station: Station, status: str) -> None:
    action = station.action()
    over, going = station.scene.run(action)["id"], station.scene.run(action)["id"]
    station.scene.update(over, status=status)

    assert station.ids() == [going]
    assert station.scene.read(over).get("pendingExecution") is not True


@question("queues.claim.declined-is-never-queued", source=BOTH, needs={Need.FURNISH})
def test_a_declined_run_is_never_handed_out(station: Station) -> None:
    run_id = station.scene.run(station.action(approval="ANY"))["id"]
    station.scene.rule(run_id, "DECLINE").must(201)

    assert station.ids() == []


@question("queues.claim.bounds", source=f"{OCEAN}: 1 to 1000, 1 to 600000 ms", needs={Need.FURNISH})
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"limit": 0}, id="limit-zero"),
        pytest.param({"limit": -1}, id="limit-negative"),
        pytest.param({"limit": 1001}, id="limit-too-large"),
        pytest.param({"limit": "10"}, id="limit-text"),
        pytest.param({"limit": None}, id="limit-null"),
        pytest.param({"visibilityTimeoutMs": 0}, id="visibility-zero"),
        pytest.param({"visibilityTimeoutMs": -1}, id="visibility-negative"),
        pytest.param({"visibilityTimeoutMs": 600_001}, id="visibility-too-long"),
        pytest.param({"visibilityTimeoutMs": "60000"}, id="visibility-text"),
        pytest.param({"installationId": None}, id="installation-null"),
        pytest.param({"installationId": 1}, id="installation-number"),
        pytest.param({"exclude": "build"}, id="exclude-text"),
        pytest.param({"exclude": [1]}, id="exclude-numbers"),
    ],
)
def test_a_wrong_claim_is_refused_and_claims_nothing(
    station: Station, body: Mapping[str, Any]
) -> None:
    run_id = station.scene.run(station.action())["id"]

    station.asked(**body).refused(422)

    assert station.ids() == [run_id]


@question("queues.claim.incomplete", source=BOTH, needs={Need.FURNISH})
@pytest.mark.parametrize("missing", ["installationId", "limit"])
def test_a_claim_names_an_installation_and_a_limit(scene: Scene, missing: str) -> None:
    body = {"installationId": "x", "limit": 1}
    del body[missing]

    scene.port.ask(CLAIM, body=body).refused(422)


# -- acknowledging


@question("queues.ack.one", source=OCEAN, needs={Need.FURNISH})
def test_a_run_is_acknowledged_once(station: Station) -> None:
    run_id = station.scene.run(station.action())["id"]
    station.claim()

    first = station.acknowledge(runId=run_id).must(200)
    again = station.acknowledge(runId=run_id)

    assert first["ok"] is True
    again.refused(409)


@question("queues.ack.list", source=AGENT, needs={Need.FURNISH})
def test_acknowledged_runs_are_counted_and_taken_ones_are_not(station: Station) -> None:
    action = station.action()
    made = [station.scene.run(action)["id"] for _ in range(3)]

    counts = [
        station.acknowledge(runIds=ids).must(200)["ackedCount"]
        for ids in (made[:1], made, made, [])
    ]

    assert counts == [1, 2, 0, 0]


@question("queues.ack.is-for-good", source=BOTH, needs={Need.FURNISH, Need.CLOCK})
def test_an_acknowledged_run_never_comes_back(station: Station) -> None:
    run_id = station.scene.run(station.action())["id"]
    station.claim(visibilityTimeoutMs=1000)
    station.acknowledge(runIds=[run_id]).must(200)

    station.scene.port.advance(3600)

    assert station.ids() == []


@question("queues.ack.takes-one", source=BOTH, needs={Need.FURNISH})
def test_acknowledging_one_run_leaves_the_others(station: Station) -> None:
    action = station.action()
    one, two = station.scene.run(action)["id"], station.scene.run(action)["id"]

    station.acknowledge(runId=one).must(200)

    assert station.ids() == [two]


@question("queues.ack.never-queued", source=OCEAN, needs={Need.FURNISH})
def test_a_run_that_was_never_queued_cannot_be_acknowledged(station: Station) -> None:
    run_id = station.scene.run(station.scene.action())["id"]

    with unchanged(station.scene, run_id):
        station.acknowledge(runId=run_id).refused(409)


@question(
    "queues.ack.unknown",
    source="Assumed: an unknown run is 404 alone, and counts nothing in a list",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_an_unknown_run_cannot_be_acknowledged(station: Station) -> None:
    nobody = "r_0000000000000000"

    station.acknowledge(runId=nobody).refused(404)
    assert station.acknowledge(runIds=[nobody]).must(200)["ackedCount"] == 0


@question("queues.ack.refused", source=BOTH, needs={Need.FURNISH})
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="empty"),
        pytest.param({"runId": None}, id="null"),
        pytest.param({"runId": 7}, id="number"),
        pytest.param({"runIds": "r_x"}, id="text-for-a-list"),
        pytest.param({"runIds": [None]}, id="list-of-null"),
    ],
)
def test_a_wrong_acknowledgement_is_refused(station: Station, body: Mapping[str, Any]) -> None:
    run_id = station.scene.run(station.action())["id"]

    station.acknowledge(**body).refused(422)

    assert station.ids() == [run_id]


# -- responding


@question("queues.response", source=AGENT, needs={Need.FURNISH})
@pytest.mark.parametrize(
    "response",
    [
        pytest.param({"id": 7, "nested": {"é": [None]}}, id="object"),
        pytest.param("accepted ✓", id="text"),
        pytest.param([1, {"a": 2}], id="list"),
    ],
)
def test_the_answer_of_a_backend_is_kept_with_the_run(station: Station, response: Any) -> None:
    run_id = station.scene.run(station.action())["id"]

    path = {"run_id": run_id}
    reply = station.scene.port.ask(RESPOND, path=path, body={"response": response})

    assert reply.status in range(200, 300)
    found = station.scene.read(run_id)
    assert found.get("response") == response
    assert found["status"] == "IN_PROGRESS"
    assert moment_of(found, "createdAt") <= moment_of(found, "updatedAt")


@question(
    "queues.response.not-once-over",
    source="docs: a run that has ended cannot be modified. Assumed: 422",
    needs={Need.FURNISH},
)
def test_a_run_that_is_over_keeps_no_response(station: Station) -> None:
    run_id = station.scene.run(station.action())["id"]
    station.scene.update(run_id, status="SUCCESS")

    with unchanged(station.scene, run_id):
        path = {"run_id": run_id}
        station.scene.port.ask(RESPOND, path=path, body={"response": "late"}).refused(422)


@question("queues.response.refused", source=AGENT, needs={Need.FURNISH})
def test_a_response_must_be_named_and_its_run_known(station: Station) -> None:
    port, run_id = station.scene.port, station.scene.run(station.action())["id"]

    with unchanged(station.scene, run_id):
        port.ask(RESPOND, path={"run_id": run_id}, body={}).refused(422)
        nobody = {"run_id": "r_0000000000000000"}
        port.ask(RESPOND, path=nobody, body={"response": "x"}).refused(404)
