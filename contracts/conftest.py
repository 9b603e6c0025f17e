"""Lets pytest ask the questions of this folder; the options are in ``pytest contracts --help``."""

from __future__ import annotations

import pytest

from port_fake.contracts import fixtures
from port_fake.contracts.asking import install
from port_fake.contracts.options import add_options
from port_fake.contracts.telling import tell


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


@pytest.hookimpl(trylast=True)  # pytest's own reporter is there by then
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(fixtures, "port-fake-contract-fixtures")
    install(config)
    tell(config)
