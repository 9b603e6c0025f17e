"""The pytest plugin. It imports nothing but pytest until a fixture is used."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from port_fake.backend import Backend
    from port_fake.fake import FakePort
    from port_fake.server import FakePortServer

FAKE = pytest.StashKey["FakePort"]()
"""The organisation of a test that uses `port_fake`."""

STRICT = pytest.StashKey[bool]()
"""Whether that test is strict."""


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
    group.addoption(
        "--port-fake-strict",
        action="store_true",
        help="fail tests that use port_fake for unknown routes, unused faults and unanswered "
        "letters; the marker's strict=False makes an exception",
    )
    group.addoption(
        "--port-fake-contracts",
        action="store_true",
        help="ask the questions of port-fake's contract suites instead of running tests; adds the "
        "options --port-target, --port-select and others: see them with --help beside this one",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Add the suites to what is collected, early enough for their own options."""
    early = early_config.known_args_namespace
    if early.port_fake_contracts:
        from importlib.util import find_spec

        from port_fake._resources import directory

        if find_spec("schemathesis") is None:
            raise pytest.UsageError("the suites need: pip install 'port-fake[contracts]'")
        suites = str(directory("contracts"))
        args.append(suites)
        early.file_or_dir.append(suites)
        early.confcutdir = suites


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker."""
    config.addinivalue_line(
        "markers",
        "port_fake(**options): configure the port_fake fixture of this test; the options are "
        "those of port_fake.FakePort, such as scenario='microservice', seed=7 or strict=True",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a strict test that has passed and left something over."""
    result = yield
    fake = item.stash.get(FAKE, None)
    if fake is not None and item.stash[STRICT]:
        _hold_strictly(fake)
    return result


def _hold_strictly(fake: FakePort) -> None:
    try:
        fake.assert_strict()
    except AssertionError as error:
        reason = str(error)
    else:
        return
    # Not inside of the block above, or the report would tell it twice.
    pytest.fail(reason, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of the faults of a test that has failed."""
    report = yield
    fake = item.stash.get(FAKE, None)
    if report.failed and fake is not None and fake.faults:
        report.sections.append(("port-fake", fake.explain_faults()))
    return report


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

    options = _options(request)
    strict = options.pop("strict", request.config.getoption("--port-fake-strict"))
    try:
        organisation = port_fake_server.organisation(**options)
    except MisuseError as error:
        pytest.fail(f"the marker port_fake of {request.node.nodeid}: {error}", pytrace=False)
    with organisation as fake:
        # A strict test fails when it ends, not when this fixture does: that would be an error.
        stash = request.node.stash
        stash[FAKE], stash[STRICT] = fake, strict
        yield fake
        del stash[FAKE]


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
