"""Letters never hold up a request, and there is a way to wait for them."""

import asyncio
import gc
import threading
from collections import Counter

import pytest

from port_fake import Backend, FakePort, FakePortServer, MisuseError
from port_fake.surface.letters import Fate
from tests.support.client import client_of

MANY = 1_000
LONG_S = 3_600


def test_a_slow_backend_does_not_hold_up_who_executes(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.answers(delay_s=LONG_S)

    answer = client_of(port_fake).post("/v1/actions/deploy/runs", {"properties": {}})

    assert answer.status == 202
    [delivery] = port_fake.deliveries
    assert (delivery.fate, delivery.attempts) == (Fate.WAITING, ()), "it has been waited for"
    with pytest.raises(TimeoutError, match="still on their way"):
        port_fake.settle(timeout_s=0)


def test_a_slow_backend_holds_up_no_other_letter(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("slow", invokes=port_backend.url)
    port_backend.answers(delay_s=LONG_S)
    port_fake.execute("slow")

    with Backend(port_fake) as quick:
        quick.reports()
        port_fake.add_action("quick", invokes={"type": "WEBHOOK", "url": quick.url, "body": {}})
        run = port_fake.execute("quick")
        reported_on(port_fake, run.id)

    assert [one.fate for one in port_fake.deliveries] == [Fate.WAITING, Fate.SENT]


def reported_on(port: FakePort, run_id: str) -> None:
    """Wait for the end of a run, which is looked at over and over."""
    for _ in range(10_000):
        if port.run(run_id).status != "IN_PROGRESS":
            return
        client_of(port).get(f"/v1/actions/runs/{run_id}")
    pytest.fail(f"run {run_id} has not ended")


def test_a_thousand_letters_arrive_once_each(port_fake: FakePort, port_backend: Backend) -> None:
    method = {"type": "WEBHOOK", "url": port_backend.url, "body": {"runId": "{{ .run.id }}"}}
    port_fake.add_action("ping", invokes=method)

    runs = [port_fake.execute("ping").id for _ in range(MANY)]
    deliveries = port_fake.settle()

    assert Counter(one.run_id for one in deliveries) == Counter(runs)
    assert {(one.fate, len(one.attempts)) for one in deliveries} == {(Fate.SENT, 1)}
    assert Counter(letter.run_id for letter in port_backend.letters) == Counter(runs)
    assert {letter.signed for letter in port_backend.letters} == {True}


def test_letters_wait_for_the_server_to_start() -> None:
    port = FakePort()
    with Backend(port) as backend:
        backend.answers(500)
        port.add_action("ask", invokes=backend.url)
        early, ended = port.execute("ask"), port.execute("ask")
        port.complete(ended)
        assert [one.fate for one in port.deliveries] == [Fate.WAITING] * 2

        with port:
            port.settle()

        assert [one.fate for one in port.deliveries] == [Fate.FAILED] * 2
        assert port.run(early).status == "FAILURE"
        assert port.run(ended).status == "SUCCESS", "who has ended the run goes before"


def test_an_organisation_may_end_while_a_letter_is_on_the_wire(
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = set(threading.enumerate())
    with FakePortServer() as server:
        with server.organisation() as port, Backend(port) as backend:
            backend.answers(delay_s=LONG_S)
            port.add_action("deploy", invokes=backend.url)
            port.execute("deploy")
            arrived(backend)
        with server.organisation() as other:
            assert other.settle(timeout_s=5) == []
        courier = other.api.office.courier
        assert port.settle(timeout_s=5), "nobody waits for it any more"
    gc.collect()

    assert courier.thread_is_ours is False
    assert set(threading.enumerate()) - before == set()
    assert caplog.records == []


def test_a_server_may_end_while_a_letter_is_on_the_wire(caplog: pytest.LogCaptureFixture) -> None:
    port = FakePort()
    with Backend(port) as backend:
        backend.answers(delay_s=LONG_S)
        with port:
            port.add_action("deploy", invokes=backend.url)
            port.execute("deploy")
            arrived(backend)
        gc.collect()

        assert [one.attempts for one in port.settle(timeout_s=5)] == [()]
    assert caplog.records == []


def arrived(backend: Backend) -> None:
    """Wait for the first letter."""
    while not backend.letters:
        threading.Event().wait(0.001)


def test_reports_of_the_backend_are_waited_for(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.reports(logs=[str(number) for number in range(20)])

    runs = [port_fake.execute("deploy") for _ in range(20)]
    port_fake.settle()

    assert {port_fake.run(run).status for run in runs} == {"SUCCESS"}
    assert {len(port_fake.run(run).logs) for run in runs} == {20}


def test_on_the_own_event_loop_settled_is_awaited() -> None:
    async def story() -> tuple[str, int]:
        async with FakePort() as port:
            with Backend(port) as backend:
                backend.reports()
                port.add_action("deploy", invokes=backend.url)
                run = port.execute("deploy")
                deliveries = await asyncio.wait_for(port.settled(), 10)
                return port.run(run).status, len(deliveries)

    assert asyncio.run(story()) == ("SUCCESS", 1)


def test_settle_on_the_own_event_loop_is_a_mistake() -> None:
    async def story() -> None:
        async with FakePort() as port:
            with pytest.raises(MisuseError, match=r"await settled\(\)"):
                port.settle()

    asyncio.run(story())


def test_settled_may_be_awaited_beside_a_server_on_a_thread(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.reports()
    run = port_fake.execute("deploy")

    deliveries = asyncio.run(port_fake.settled())

    assert [one.fate for one in deliveries] == [Fate.SENT]
    assert port_fake.run(run).status == "SUCCESS"


def test_an_event_loop_may_end_with_letters_under_way() -> None:
    async def story() -> FakePort:
        async with FakePort() as port:
            with Backend(port) as backend:
                backend.answers(delay_s=LONG_S)
                port.add_action("deploy", invokes=backend.url)
                for _ in range(3):
                    port.execute("deploy")
        return port

    port = asyncio.run(story())

    assert len(port.settle(timeout_s=5)) == 3
