"""Ocean's own client takes runs from the queue of its installation and reports on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from port_fake import FakePort
from tests.third_party.integration import (
    ActionRun,
    HTTPStatusError,
    RunAlreadyAcknowledgedError,
    RunStatus,
    add_deploy,
    deploy,
)

pytestmark = pytest.mark.anyio

MINUTE_MS = 60_000


async def claim(client: Any, limit: int = 10, **options: Any) -> list[Any]:
    """What the queue holds for the client now."""
    runs: list[Any] = await client.claim_pending_action_runs(limit, MINUTE_MS, **options)
    return runs


async def test_a_claimed_run_has_its_properties_filled_in(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake, ref="v7")

    (claimed,) = await claim(client)

    assert isinstance(claimed, ActionRun)
    assert (claimed.id, claimed.status, claimed.is_in_progress) == (run.id, "IN_PROGRESS", True)
    assert (claimed.action_identifier, claimed.action_type) == ("deploy", "dispatch_workflow")
    assert claimed.execution_properties == {
        "org": "acme",
        "repo": "shop",
        "workflow": "deploy.yml",
        "workflowInputs": {"ref": "v7"},
        "reportWorkflowStatus": True,
    }


async def test_nothing_to_do_is_no_run(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)

    assert await claim(client) == []
    port_fake.assert_called("POST", "/v1/actions/runs/claim-pending", status=200)


async def test_a_run_is_claimed_acknowledged_updated_and_completed(
    client: Any, port_fake: FakePort
) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)

    (claimed,) = await claim(client)
    await client.acknowledge_run(claimed)
    await client.update_run_started(
        claimed, "https://ci.example.com/7", "gh_7", status_label="Running"
    )
    found = await client.find_run_by_external_id("gh_7")
    await client.post_run_log(claimed, "building", status_label="Building")
    await client.report_run_completed(
        found, success=True, message="done", status_label="Deployed", should_raise=True
    )

    assert found == claimed
    seen = port_fake.run(run)
    assert (seen.status, seen.label, seen.logs) == ("SUCCESS", "Deployed", ("building", "done"))
    assert seen.link == "https://ci.example.com/7"
    ended = await client.get_run_by_external_id("gh_7")
    assert (ended.status, ended.is_in_progress) == (RunStatus.SUCCESS, False)


async def test_a_failure_is_reported_with_its_reason(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)

    (claimed,) = await claim(client)
    await client.acknowledge_run(claimed)
    await client.report_run_completed(claimed, success=False, message="no runner")

    seen = port_fake.run(run)
    assert (seen.status, seen.logs) == ("FAILURE", ("no runner",))


async def test_a_run_is_acknowledged_once(
    client: Any, another: Callable[..., Any], port_fake: FakePort
) -> None:
    add_deploy(port_fake)
    deploy(port_fake)
    (claimed,) = await claim(client)

    await client.acknowledge_run(claimed)

    with pytest.raises(RunAlreadyAcknowledgedError):
        await client.acknowledge_run(claimed)
    with pytest.raises(RunAlreadyAcknowledgedError):
        await another().acknowledge_run(claimed)


async def test_a_run_that_does_not_exist_cannot_be_acknowledged(client: Any) -> None:
    with pytest.raises(HTTPStatusError) as refused:
        await client.acknowledge_action_run("r_unknown000000000")

    assert refused.value.response.status_code != 409  # Ocean would take that for a colleague's


async def test_a_claimed_run_is_hidden_until_its_time_is_up(
    client: Any, another: Callable[..., Any], port_fake: FakePort
) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)
    colleague = another()

    first = await claim(client)
    port_fake.advance(50)
    meanwhile = await claim(colleague)
    port_fake.advance(15)
    after = await claim(colleague)

    assert [[one.id for one in runs] for runs in (first, meanwhile, after)] == [
        [run.id],
        [],
        [run.id],
    ]


async def test_an_acknowledged_run_does_not_come_back(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    deploy(port_fake)
    (claimed,) = await claim(client)

    await client.acknowledge_run(claimed)
    port_fake.advance(120)

    assert await claim(client) == []


async def test_runs_go_to_their_own_installation_only(
    client: Any, another: Callable[..., Any], port_fake: FakePort
) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)

    assert await claim(another("github-staging")) == []
    assert [one.id for one in await claim(client)] == [run.id]


async def test_runs_that_others_invoke_are_not_in_its_queue(
    client: Any, port_fake: FakePort
) -> None:
    port_fake.add_action("by_agent", invokes={"type": "WEBHOOK", "url": "http://x", "agent": True})
    port_fake.add_action("by_kafka", invokes={"type": "KAFKA"})
    port_fake.execute("by_agent")
    port_fake.execute("by_kafka")

    assert await claim(client) == []
    port_fake.assert_called("POST", "/v1/actions/runs/claim-pending", status=200)


async def test_no_more_runs_are_claimed_than_asked_for(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    runs = [deploy(port_fake, ref=f"v{number}").id for number in range(3)]

    first = await claim(client, 2)
    second = await claim(client, 2)

    assert (len(first), len(second)) == (2, 1)
    assert sorted(one.id for one in first + second) == sorted(runs)


async def test_an_action_can_be_excluded(client: Any, port_fake: FakePort) -> None:
    for identifier in ("deploy", "roll_back"):
        add_deploy(port_fake, identifier)
    busy, free = deploy(port_fake, "deploy"), deploy(port_fake, "roll_back")

    first = await claim(client, exclude_action_identifiers=["deploy"])
    rest = await claim(client)

    assert [one.id for one in first] == [free.id]
    assert [one.id for one in rest] == [busy.id]


async def test_a_run_waits_for_its_approval_first(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake, approval=True)
    run = deploy(port_fake)

    waiting = await claim(client)
    port_fake.approve(run)
    approved = await claim(client)

    assert waiting == []
    assert [one.id for one in approved] == [run.id]


async def test_a_run_that_has_ended_cannot_be_claimed(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    port_fake.complete(deploy(port_fake))

    assert await claim(client) == []
    port_fake.assert_called("POST", "/v1/actions/runs/claim-pending", status=200)


async def test_nobodys_external_id_finds_no_run(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    deploy(port_fake)

    assert await client.get_run_by_external_id("gh_8") is None
    assert await client.find_run_by_external_id("gh_8") is None


async def test_both_kinds_of_runs_are_claimed_in_turn(client: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    first = deploy(port_fake)
    before = await client.claim_pending_runs(1, MINUTE_MS)
    second = deploy(port_fake)
    after = await client.claim_pending_runs(1, MINUTE_MS)

    assert [one.id for one in before + after] == [first.id, second.id]
    asked = [one.path for one in port_fake.requests if one.path.endswith("claim-pending")]
    assert asked == [
        "/v1/actions/runs/claim-pending",
        "/v1/workflows/runs/claim-pending",
        "/v1/actions/runs/claim-pending",
    ]
