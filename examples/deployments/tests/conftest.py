"""Acme's organisation in a fake of Port, and our programs in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from hypothesis import HealthCheck, settings

from deployments.backend import Backend
from deployments.client import Deployer
from deployments.port import Port
from deployments.rehearsal import Rehearsal
from deployments.server import Server
from port_fake import FakePort

# In a fresh checkout Hypothesis first builds its tables of characters, which takes seconds.
settings.register_profile(
    "acme",
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("acme")


@pytest.fixture
def port(port_fake_env: FakePort) -> Port:
    """Our connection to Port, whose pauses take no time."""
    return Port.from_env(sleep=port_fake_env.advance)


@pytest.fixture
def cluster() -> Rehearsal:
    """A cluster that only remembers."""
    return Rehearsal()


@pytest.fixture
def clock(port_fake: FakePort) -> Callable[[], float]:
    """What our programs take for the time: Port's, so that hours go by in no time."""

    def seconds() -> float:
        return port_fake.now.timestamp()

    return seconds


@pytest.fixture
def backend(port: Port, cluster: Rehearsal, clock: Callable[[], float]) -> Backend:
    """The backend; it works while Port waits for its answer, so `settle()` waits for it."""
    return Backend(port, cluster, start=lambda job: job(), now=clock)


@pytest.fixture
def server(port_fake: FakePort, backend: Backend) -> Iterator[Server]:
    """The backend, listening where Acme's action finds it."""
    with Server(backend) as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        port_fake.add_secret("DEPLOYMENTS_URL", listening.url)
        yield listening
        listening.shutdown()
        thread.join()


@pytest.fixture
def meanwhile() -> list[Callable[[], object]]:
    """What people do while the client sleeps, one thing each time."""
    return []


@pytest.fixture
def dev(
    port_fake: FakePort, clock: Callable[[], float], meanwhile: list[Callable[[], object]]
) -> Deployer:
    """The client of a developer."""

    def sleep(seconds: float) -> None:
        if meanwhile:
            meanwhile.pop(0)()
        port_fake.advance(seconds)
        port_fake.settle()

    who = port_fake.credentials_of("dev@acme.example")
    port = Port(port_fake.base_url, who.client_id, who.client_secret)
    return Deployer(port, clock=clock, sleep=sleep)
