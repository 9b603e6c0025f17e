"""The contract suites, asked from within a project of somebody else."""

from __future__ import annotations

import pytest

from tests.plugin.suites import Suite


def test_the_suites_are_asked_in_place_of_the_projects_tests(suite: Suite) -> None:
    suite.write("def test_own():\n    raise AssertionError('not to be run')")

    result = suite.run_apart("--port-fake-contracts", "--port-select=runs.created.is-readable")

    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_the_options_of_the_suites_are_shown_where_they_are_asked_for(suite: Suite) -> None:
    with_suites = suite.run_apart("--port-fake-contracts", "--help").stdout.str()
    without = suite.run_apart("--help").stdout.str()

    assert "--port-target=URL" in with_suites
    assert "--port-target=URL" not in without
