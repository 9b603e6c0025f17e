"""What questions are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from port_fake.contracts.asking import NAME, OBSERVED, Asking
from port_fake.contracts.options import Profile
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.scenes import Button, Scene
from port_fake.contracts.sites import FakeSite, Site


@pytest.fixture(scope="session")
def asking(pytestconfig: pytest.Config) -> Asking:
    """The plugin that asks."""
    found = pytestconfig.pluginmanager.get_plugin(NAME)
    assert isinstance(found, Asking)  # noqa: S101 - the suites' conftest has put it there
    return found


@pytest.fixture(scope="session")
def site(asking: Asking) -> Site:
    """The target."""
    return asking.site


@pytest.fixture(scope="session")
def profile(asking: Asking) -> Profile:
    """How thoroughly is asked."""
    return asking.options.profile


@pytest.fixture(scope="session")
def contract_seed(asking: Asking) -> int:
    """The seed of everything that is drawn."""
    return asking.options.seed


@pytest.fixture
def port(site: Site) -> Iterator[Organisation]:
    """The organisation that is asked: on a fake a new and empty one."""
    with site.organisation() as organisation:
        yield organisation


@pytest.fixture
def second(site: Site) -> Iterator[Organisation]:
    """A second organisation on the same server; needs `Need.SECOND`."""
    with site.organisation() as organisation:
        yield organisation


@pytest.fixture
def scene(port: Organisation, site: Site, asking: Asking) -> Scene:
    """Makes what a question needs to be there; needs `Need.FURNISH` for all but runs."""
    return Scene(port, suffix="" if isinstance(site, FakeSite) else asking.next_suffix())


@pytest.fixture
def button(scene: Scene, asking: Asking) -> Button:
    """An action that may be executed; needs `Need.WRITE` only."""
    return Button(scene, properties=asking.options.wanted.properties)


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Note what the target does, for questions to which nobody knows the answer."""
    noted: list[str] = request.node.stash[OBSERVED]
    return noted.append
