"""Runs that agents and integrations fetch by themselves."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from port_fake import FakePort, Settings
from port_fake.surface.letters import Fate
from tests.support.client import Answer, Client, assert_refused, client_of

CLAIM = "/v1/actions/runs/claim-pending"
ACK = "/v1/actions/runs/ack"
AGENT = "_PORT_EXEC_AGENT"
OCEAN = "github-ocean"


def dispatch(installation: str = OCEAN) -> dict[str, Any]:
    return {
        "type": "INTEGRATION_ACTION",
        "installationId": installation,
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {
            "org": "acme",
            "repo": "{{ .inputs.repo }}",
            "workflow": "deploy.yml",
            "workflowInputs": {"run": "{{ .run.id }}"},
        },
    }


def poll(port: FakePort) -> None:
    port.perform("change-organization", body={"settings": {"portAgentStreamerName": "POLLING"}})


@pytest.fixture
def ocean(port_fake: FakePort, client: Client) -> Client:
    """An organisation with an action of an integration."""
    inputs = {"repo": {"type": "string", "default": "shop"}}
    port_fake.add_action("dispatch", inputs=inputs, invokes=dispatch())
    return client


def claim(client: Client, installation: str = OCEAN, **keys: Any) -> list[dict[str, Any]]:
    answer = client.post(CLAIM, {"installationId": installation, "limit": 100, **keys})
    assert answer.status == 200, answer
    runs: list[dict[str, Any]] = answer.json["runs"]
    return runs


def ids(runs: list[dict[str, Any]]) -> list[str]:
    return [run["id"] for run in runs]


def test_a_claimed_run_shows_what_to_do(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch", {"repo": "cart"})
    assert run.json["pendingExecution"] is True

    [claimed] = claim(ocean, visibilityTimeoutMs=60_000)

    assert claimed["id"] == run.id
    assert claimed["status"] == "IN_PROGRESS"
    assert claimed["action"]["identifier"] == "dispatch"
    assert claimed["installationId"] == OCEAN
    assert claimed["claimedUntil"] == "2026-01-05T10:01:00.002Z"
    assert claimed["payload"]["integrationActionExecutionProperties"] == {
        "org": "acme",
        "repo": "cart",
        "workflow": "deploy.yml",
        "workflowInputs": {"run": run.id},
    }
    assert [one.fate for one in port_fake.deliveries] == [Fate.RECORDED]


def test_oldest_runs_go_first_and_no_more_than_asked_for(
    port_fake: FakePort, ocean: Client
) -> None:
    runs = [port_fake.execute("dispatch").id for _ in range(5)]

    assert ids(claim(ocean, limit=2)) == runs[:2]
    assert ids(claim(ocean, limit=2)) == runs[2:4]
    assert ids(claim(ocean)) == runs[4:]
    assert claim(ocean) == []


def test_a_claim_hides_a_run_until_its_time_is_up(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")
    claim(ocean, visibilityTimeoutMs=5_000)

    port_fake.advance(4.999)
    assert claim(ocean) == []
    port_fake.advance(0.001)
    assert ids(claim(ocean)) == [run.id]


@pytest.mark.port_fake(settings=Settings(visibility_timeout_ms=1_000))
def test_who_names_no_time_gets_the_usual_one(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")
    claim(ocean)

    port_fake.advance(1)

    assert ids(claim(ocean)) == [run.id]


def test_actions_may_be_excluded(port_fake: FakePort, ocean: Client) -> None:
    port_fake.add_action("other", invokes={**dispatch(), "type": "INTEGRATION_ACTION"})
    first, second = port_fake.execute("dispatch"), port_fake.execute("other")

    assert ids(claim(ocean, exclude=["dispatch"])) == [second.id]
    assert ids(claim(ocean, exclude=["other"])) == [first.id]


def test_a_queue_belongs_to_one_installation(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")

    assert claim(ocean, "another") == []
    assert ids(claim(ocean)) == [run.id]


def test_a_kind_may_be_asked_for(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")

    assert claim(ocean, invocationMethod="WEBHOOK") == []
    assert ids(claim(ocean, invocationMethod="INTEGRATION_ACTION")) == [run.id]


@pytest.mark.parametrize("many", [True, False])
def test_an_acknowledged_run_never_comes_back(
    port_fake: FakePort, ocean: Client, *, many: bool
) -> None:
    run = port_fake.execute("dispatch")
    claim(ocean)

    answer = ocean.patch(ACK, {"runIds": [run.id]} if many else {"runId": run.id})

    assert (answer.status, answer.json) == (200, {"ok": True, "ackedCount": 1})
    port_fake.advance(3_600)
    assert claim(ocean) == []
    assert port_fake.run(run).json["pendingExecution"] is False
    assert port_fake.run(run).status == "IN_PROGRESS"


def test_a_second_acknowledgement_counts_nothing_or_is_a_conflict(
    port_fake: FakePort, ocean: Client
) -> None:
    run = port_fake.execute("dispatch")
    claim(ocean)
    ocean.patch(ACK, {"runId": run.id})

    assert ocean.patch(ACK, {"runIds": [run.id, "r_unknown"]}).json["ackedCount"] == 0
    assert_refused(ocean.patch(ACK, {"runId": run.id}), 409, run.id)
    assert_refused(ocean.patch(ACK, {"runId": "r_unknown"}), 404, "r_unknown")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"runIds": "r_1"},
        {"runId": 7},
        [],
        {"runs": ["r_1"]},
        {"runId": "r_1", "runIds": 7},
        {"runId": "r_1", "runIds": [{}]},
        {"runId": None, "runIds": ["r_1"]},
    ],
)
def test_other_acknowledgements_are_refused(ocean: Client, body: object) -> None:
    assert_refused(ocean.patch(ACK, body), 422)


@pytest.mark.parametrize(
    "change", [{"limit": 0}, {"limit": 1001}, {"visibilityTimeoutMs": 0}, {"installationId": None}]
)
def test_other_claims_are_refused(ocean: Client, change: dict[str, object]) -> None:
    assert_refused(ocean.post(CLAIM, {"installationId": OCEAN, "limit": 1, **change}), 422)


def test_a_run_that_has_ended_is_not_handed_out(port_fake: FakePort, ocean: Client) -> None:
    ended, other = port_fake.execute("dispatch"), port_fake.execute("dispatch")
    port_fake.complete(ended, "FAILURE")

    assert ids(claim(ocean)) == [other.id]
    assert port_fake.run(ended).json["pendingExecution"] is False


def test_a_run_that_waits_is_handed_out_once_it_is_approved(
    port_fake: FakePort, client: Client
) -> None:
    inputs = {"repo": {"type": "string", "default": "shop"}}
    port_fake.add_action("gated", approval=True, inputs=inputs, invokes=dispatch())
    approved, declined = port_fake.execute("gated"), port_fake.execute("gated")
    assert claim(client) == []

    port_fake.approve(approved)
    port_fake.decline(declined)

    assert ids(claim(client)) == [approved.id]


def test_fifty_claimers_never_share_a_run(port_fake: FakePort, ocean: Client) -> None:
    runs = [port_fake.execute("dispatch").id for _ in range(200)]

    def work(_: int) -> list[str]:
        return [run_id for _ in range(4) for run_id in ids(claim(ocean, limit=3))]

    with ThreadPoolExecutor(50) as crew:
        claimed = [run_id for part in crew.map(work, range(50)) for run_id in part]

    assert Counter(claimed) == Counter(runs)


def test_fifty_workers_acknowledge_a_run_once(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")

    def work(_: int) -> Answer:
        return ocean.patch(ACK, {"runId": run.id})

    with ThreadPoolExecutor(50) as crew:
        answers = Counter(answer.status for answer in crew.map(work, range(50)))

    assert answers == {200: 1, 409: 49}


# The agent's queue.


WEBHOOK = {
    "type": "WEBHOOK",
    "url": "https://internal.example.com/hook",
    "agent": True,
    "synchronized": True,
    "headers": {"RUN_ID": "{{ .run.id }}"},
    "body": {"name": "{{ .inputs.name }}"},
}
NAME = {"name": {"type": "string", "default": "x"}}


def test_a_polling_agent_finds_webhooks_in_its_queue(port_fake: FakePort, client: Client) -> None:
    poll(port_fake)
    port_fake.add_action("deploy", inputs=NAME, invokes=WEBHOOK)

    run = port_fake.execute("deploy")
    [claimed] = claim(client, AGENT, invocationMethod="WEBHOOK")

    payload = claimed["payload"]
    assert (claimed["id"], claimed["installationId"]) == (run.id, AGENT)
    assert (payload["type"], payload["agent"], payload["synchronized"]) == ("WEBHOOK", True, True)
    assert payload["url"] == WEBHOOK["url"]
    assert payload["headers"]["RUN_ID"] == run.id
    assert payload["body"] == {"name": "x"}


def test_without_polling_the_message_goes_to_kafka(port_fake: FakePort, client: Client) -> None:
    port_fake.add_action("deploy", inputs=NAME, invokes=WEBHOOK)

    port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert claim(client, AGENT) == []
    assert delivery.fate is Fate.RECORDED
    assert delivery.message["topic"] == f"{port_fake.world.id}.runs"
    assert delivery.message["message"]


@pytest.mark.parametrize(("agent", "queued"), [("{{ true }}", 1), ("{{ false }}", 0), (False, 0)])
def test_whether_it_is_for_the_agent_may_be_a_template(
    port_fake: FakePort, client: Client, agent: object, queued: int
) -> None:
    poll(port_fake)
    port_fake.add_action("deploy", inputs=NAME, invokes={**WEBHOOK, "agent": agent})

    port_fake.execute("deploy")

    assert len(claim(client, AGENT)) == queued


def test_an_agent_keeps_the_answer_and_ends_the_run(port_fake: FakePort, client: Client) -> None:
    poll(port_fake)
    port_fake.add_action("deploy", inputs=NAME, invokes=WEBHOOK)
    run = port_fake.execute("deploy")
    claim(client, AGENT)
    client.patch(ACK, {"runIds": [run.id]})
    one = f"/v1/actions/runs/{run.id}"

    assert client.patch(f"{one}/response", {"response": {"id": 7}}).status == 200
    assert client.patch(one, {"status": "SUCCESS"}).status == 200

    seen = client.get(one, {"version": "v2"}).json["run"]
    assert (seen["status"], seen["response"]) == ("SUCCESS", {"id": 7})


@pytest.mark.parametrize("response", [{"a": [1]}, "text", None])
def test_an_answer_may_be_an_object_text_or_nothing(
    port_fake: FakePort, ocean: Client, response: object
) -> None:
    run = port_fake.execute("dispatch")

    answer = ocean.patch(f"/v1/actions/runs/{run.id}/response", {"response": response})

    assert answer.status == 200
    assert port_fake.run(run).json.get("response") == response


def test_an_answer_comes_before_the_end_and_to_a_run(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")
    port_fake.complete(run)

    late = ocean.patch(f"/v1/actions/runs/{run.id}/response", {"response": "late"})
    lost = ocean.patch("/v1/actions/runs/r_unknown/response", {"response": "lost"})
    empty = ocean.patch(f"/v1/actions/runs/{run.id}/response", {})

    assert late.status in {409, 422}
    assert (lost.status, empty.status) == (404, 422)


def test_a_queue_is_its_organisations_own(port_fake: FakePort, ocean: Client) -> None:
    run = port_fake.execute("dispatch")

    with FakePort(name="other") as other:
        assert claim(client_of(other)) == []
    assert ids(claim(ocean)) == [run.id]
