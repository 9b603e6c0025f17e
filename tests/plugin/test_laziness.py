"""Who installs the plugin pays for it only where it is used."""

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import pytest

import port_fake
from tests.plugin.suites import Suite

HOME: Final = Path(port_fake.__file__).resolve().parents[1]
HEAVY: Final = frozenset(
    {"aiohttp", "faker", "hypothesis", "jsonschema_rs", "jwt", "pydantic", "schemathesis", "yaml"}
)
TIMEOUT_S: Final = 60
INSTALLED: Final = [one for one in entry_points(group="pytest11") if one.name == "port_fake"]


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after *statement*."""
    script = (
        f"import sys; sys.path.insert(0, {str(HOME)!r}); {statement}; "
        "import json; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    [
        "import port_fake",
        "import port_fake; dir(port_fake); port_fake.__all__",
        "import port_fake.plugin",
        "import port_fake.cli",
        "from port_fake import MisuseError, RefusedError, PortFakeError, Settings",
    ],
)
def test_an_import_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) & HEAVY == set()


def test_the_package_alone_does_not_even_load_asyncio() -> None:
    assert "asyncio" not in loaded_by("import port_fake")


def test_the_handle_loads_no_library_of_testing() -> None:
    loaded = loaded_by("from port_fake import FakePort; FakePort(scenario='microservice')")

    assert loaded & {"faker", "hypothesis", "pytest", "requests", "schemathesis"} == set()


def test_a_suite_that_does_not_use_it_loads_nothing_heavy(suite: Suite) -> None:
    suite.write(
        f"""
        import sys

        def test_nothing():
            held = {{name.partition(".")[0] for name in sys.modules}}
            assert held & {set(HEAVY)!r} == set()
        """
    )

    suite.run_apart().assert_outcomes(passed=1)


def test_the_server_starts_with_the_first_test_that_asks(suite: Suite) -> None:
    suite.write(
        """
        import threading

        def servers():
            return [one for one in threading.enumerate() if one.name == "port-fake"]

        def test_before():
            assert not servers()

        def test_with(port_fake):
            assert len(servers()) == 1
        """
    )

    suite.run_apart().assert_outcomes(passed=2)


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="needs port-fake as an installed distribution")
def test_who_has_installed_it_need_not_configure_anything(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile("def test_it(port_fake):\n    assert port_fake.runs() == []\n")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=TIMEOUT_S)

    result.assert_outcomes(passed=1)
    assert [one.value for one in INSTALLED] == ["port_fake.plugin"]
