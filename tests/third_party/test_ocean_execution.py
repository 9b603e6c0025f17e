"""Ocean's own execution manager polls the fake and works its runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from port_fake import FakePort, RunView
from tests.third_party.integration import (
    AbstractExecutor,
    ActionExecutionError,
    add_deploy,
    deploy,
)

pytestmark = pytest.mark.anyio


class Dispatcher(AbstractExecutor):  # type: ignore[misc]  # its class is not here to be checked
    """An integration's executor: it dispatches and succeeds, or fails as it is told."""

    ACTION_NAME = "dispatch_workflow"
    WEBHOOK_PROCESSOR_CLASS = None
    WEBHOOK_PATH = ""

    def __init__(self, client: Any, failure: Exception | None = None) -> None:
        self.client = client
        self.failure = failure
        self.dispatched: list[dict[str, Any]] = []

    async def is_close_to_rate_limit(self, _run: Any) -> bool:
        return False

    async def get_remaining_seconds_until_rate_limit(self, _run: Any) -> float:
        return 0

    async def execute(self, run: Any) -> None:
        self.dispatched.append(run.execution_properties["workflowInputs"])
        if self.failure is not None:
            raise self.failure
        await self.client.update_run_started(run, "https://ci.example.com/7", f"gh_{run.id}")
        await self.client.report_run_completed(run, success=True, message="dispatched")


@pytest.fixture
async def manager(ocean: Any) -> AsyncIterator[Any]:
    """The execution manager of Ocean's application, shut down after the test."""
    yield ocean.execution_manager
    await ocean.execution_manager.shutdown()


async def ended(port: FakePort, run: RunView) -> RunView:
    """The run as it stands once the manager is done with it."""
    async with asyncio.timeout(20):
        # The fake is on another thread and has nothing to await.
        while (seen := port.run(run)).status == "IN_PROGRESS":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return seen


async def test_it_executes_what_it_claims(client: Any, manager: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    runs = [deploy(port_fake, ref=ref) for ref in ("v7", "v8")]
    executor = Dispatcher(client)
    manager.register_executor(executor)

    await manager.start_processing_action_runs()
    seen = [await ended(port_fake, run) for run in runs]

    assert [(one.status, one.logs) for one in seen] == [("SUCCESS", ("dispatched",))] * 2
    assert sorted(one["ref"] for one in executor.dispatched) == ["v7", "v8"]
    for run in runs:
        port_fake.assert_called("PATCH", "/v1/actions/runs/ack", json={"runId": run.id})


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ValueError("boom"), ("Failed to execute run: boom", "Execution failed")),
        (ActionExecutionError("no such workflow"), ("no such workflow", "Execution failed")),
        (ActionExecutionError("no runner", "No capacity"), ("no runner", "No capacity")),
    ],
    ids=["unexpected", "expected", "expected-with-label"],
)
async def test_it_reports_what_an_executor_raises(
    client: Any, manager: Any, port_fake: FakePort, failure: Exception, told: tuple[str, str]
) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)
    manager.register_executor(Dispatcher(client, failure))

    await manager.start_processing_action_runs()
    seen = await ended(port_fake, run)

    assert (seen.status, *seen.logs, seen.label) == ("FAILURE", *told)


async def test_it_fails_a_run_that_nothing_executes(manager: Any, port_fake: FakePort) -> None:
    add_deploy(port_fake)
    run = deploy(port_fake)

    await manager.start_processing_action_runs()
    seen = await ended(port_fake, run)

    assert (seen.status, seen.logs) == (
        "FAILURE",
        ("No executor registered for action type 'dispatch_workflow'",),
    )


async def test_it_skips_a_run_that_a_colleague_has_acknowledged(
    client: Any, manager: Any, another: Callable[..., Any], port_fake: FakePort
) -> None:
    add_deploy(port_fake)
    deploy(port_fake)
    executor = Dispatcher(client)
    manager.register_executor(executor)
    (claimed,) = await client.claim_pending_runs(1, 1)
    port_fake.advance(1)
    (again,) = await client.claim_pending_runs(1, 60_000)
    await another().acknowledge_run(claimed)

    await manager._execute_run(again)  # noqa: SLF001 - what a worker does with a run from its queue

    assert executor.dispatched == []
    port_fake.assert_called("PATCH", "/v1/actions/runs/ack", status=409)
