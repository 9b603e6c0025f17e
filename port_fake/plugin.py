"""The pytest plugin. It imports nothing but pytest until a fixture is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from port_fake.backend import Backend
    from port_fake.fake import FakePort
    from port_fake.server import FakePortServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the fake."""
    group = parser.getgroup("port-fake")
    group.addoption(
        "--port-fake-seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of ids and credentials in port-fake's organisations (default: 0)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker."""
    config.addinivalue_line(
        "markers",
        "port_fake(**options): configure the port_fake fixture of this test; the options are "
        "those of port_fake.FakePort, such as scenario='microservice' or seed=7",
    )


@pytest.fixture(scope="session")
def port_fake_server(pytestconfig: pytest.Config) -> Iterator[FakePortServer]:
    """A fake of Port on a thread, shared by all tests of the process; it has no organisations.

    Each process of pytest-xdist has its own. Use `port_fake` for an organisation, and
    ``port_fake_server.organisation()`` for one more beside it.
    """
    from port_fake.server import FakePortServer

    with FakePortServer(seed=pytestconfig.getoption("--port-fake-seed")) as server:
        yield server


@pytest.fixture
def port_fake(
    port_fake_server: FakePortServer, request: pytest.FixtureRequest
) -> Iterator[FakePort]:
    """An organisation of its own on the running fake of Port, gone after the test.

    It has credentials, a clock, ids and data of its own, the same in every run and whatever the
    order of tests, so tests may run side by side, from synchronous and asynchronous code alike.
    Configure it with ``@pytest.mark.port_fake(...)``; the keywords are those of `FakePort`.
    """
    from port_fake.errors import MisuseError

    try:
        organisation = port_fake_server.organisation(**_options(request))
    except MisuseError as error:
        pytest.fail(f"the marker port_fake of {request.node.nodeid}: {error}", pytrace=False)
    with organisation as fake:
        yield fake


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("port_fake")
    if marker is None:
        return {"name": request.node.nodeid}
    if marker.args:
        given = ", ".join(map(repr, marker.args))
        pytest.fail(
            f"the marker port_fake of {request.node.nodeid} takes its options by name, "
            f"as in scenario='microservice', and not {given}",
            pytrace=False,
        )
    return {"name": request.node.nodeid, **marker.kwargs}


@pytest.fixture
def port_fake_env(port_fake: FakePort, monkeypatch: pytest.MonkeyPatch) -> FakePort:
    """The organisation of `port_fake`, with its address and credentials in the environment.

    Sets ``PORT_BASE_URL``, ``PORT_CLIENT_ID`` and ``PORT_CLIENT_SECRET`` for code under test.
    """
    for name, value in port_fake.env.items():
        monkeypatch.setenv(name, value)
    return port_fake


@pytest.fixture
def port_backend(port_fake: FakePort) -> Iterator[Backend]:
    """A local webhook receiver for the organisation of `port_fake`.

    Give its ``url`` to an action. It refuses letters that are not signed by the organisation,
    keeps all of them in ``letters``, answers what the test says with ``answers(...)``, and after
    ``reports(...)`` reports back to the run of each letter. Wait with ``port_fake.settle()``.
    """
    from port_fake.backend import Backend

    with Backend(port_fake) as backend:
        yield backend
