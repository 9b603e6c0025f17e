"""``port-fake contracts run``: the suites, asked by one command."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from port_fake._resources import directory
from port_fake.contracts.interrupts import ended_in_order
from port_fake.contracts.telling import ExitCode

PLUGINS: Final = ("_hypothesis_pytestplugin",)
"""What the suites are written for; whatever else is installed stays out."""

VALUED: Final = (
    *("target", "profile", "seed", "max_time", "write", "properties"),
    *("html", "junit", "json"),
)
"""The options that have a value, and are passed on if it is given."""


def run_suites(options: argparse.Namespace, *, plugins: Sequence[object] = ()) -> int:
    """Ask the questions and return an `ExitCode`; *plugins* of pytest may watch."""
    suites = str(directory("contracts"))
    arguments = ["-c", f"{suites}/pytest.ini", "--rootdir", suites, "--confcutdir", suites]
    for name in PLUGINS:
        arguments += ["-p", name]
    arguments += ["--port-own-report", *_passed_on(options), suites]
    with _alone(), ended_in_order():
        code = pytest.main(arguments, plugins=[*plugins])
    return int(ExitCode.STOPPED if code == pytest.ExitCode.USAGE_ERROR else code)


def _passed_on(options: argparse.Namespace) -> Sequence[str]:
    """Return the command's options as pytest's."""
    given: dict[str, Any] = vars(options)
    passed = [
        f"--port-{key.replace('_', '-')}={given[key]}" for key in VALUED if given[key] is not None
    ]
    passed += [f"--port-select={name}" for name in given["select"]]
    passed += ["--port-throwaway"] * given["throwaway"]
    passed += ["--i-own-this-organisation"] * given["i_own_this_organisation"]
    passed += ["--collect-only"] * given["list"]
    return passed + ["--exitfirst"] * given["fail_fast"]


def _kept() -> Path:
    place = os.environ.get("XDG_CACHE_HOME")
    return (Path(place) if place else Path.home() / ".cache") / "port-fake"


@contextmanager
def _alone() -> Iterator[None]:
    """Keep out what a project or a machine sets for its own tests, and leave no file with it.

    What Hypothesis computes once, and takes seconds for, is kept for the next time with what
    other programs keep.
    """
    before = dict(os.environ)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    try:
        set_hypothesis_home_dir(_kept())
        yield
    finally:
        set_hypothesis_home_dir(None)
        os.environ.clear()
        os.environ.update(before)
