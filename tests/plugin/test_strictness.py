"""Reports of tests that used faults, and strict tests, as somebody sees them."""

from __future__ import annotations

from typing import Final

import pytest

from tests.plugin.suites import Suite

USING: Final = """
    import pytest
    import requests

    def ask(port, path="/v1/actions/runs", method="GET", **body):
        headers = {"Authorization": port.token()}
        url = f"{port.base_url}{path}"
        return requests.request(method, url, headers=headers, timeout=10, **body).status_code
    """


def test_the_report_of_a_failure_lists_the_faults(suite: Suite) -> None:
    suite.write(
        USING
        + """
    def test_it(port_fake):
        port_fake.fault("get-all-action-runs", status=503, times=2)
        port_fake.fault("get-actions", drop="after", probability=0.5)
        assert ask(port_fake) == 200
    """
    )

    result = suite.run("--port-fake-seed", "5")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- port-fake -*",
            "seed: 5",
            "faults:",
            "  <Fault get-all-action-runs: status=503 times=2, hits: 1>",
            "  <Fault get-actions: drop=after times=1 probability=0.5, hits: 0>",
            "last requests:",
            "  GET /v1/actions/runs -> 503 (fault: status=503)",
        ]
    )


def test_a_failure_without_faults_has_no_such_section(suite: Suite) -> None:
    suite.write(
        """
        def test_it(port_fake):
            assert port_fake.runs()

        def test_other():
            assert False
        """
    )

    result = suite.run()

    result.assert_outcomes(failed=2)
    result.stdout.no_fnmatch_line("*- port-fake -*")


LEAVING: Final = (
    USING
    + """
    @pytest.mark.port_fake(strict=True)
    def test_route(port_fake):
        assert ask(port_fake, "/v1/action/runs") == 404

    @pytest.mark.port_fake(strict=True)
    def test_fault(port_fake):
        port_fake.fault(status=503)

    @pytest.mark.port_fake(strict=True)
    def test_letter(port_fake):
        port_fake.add_action("deploy", invokes="https://backend.example.com/hook")
        port_fake.execute("deploy")

    @pytest.mark.port_fake(strict=True)
    def test_in_order(port_fake, port_backend):
        port_fake.add_action("deploy", invokes=port_backend.url)
        port_fake.execute("deploy")
        port_fake.fault(status=503)
        assert ask(port_fake) == 503

    def test_not_strict(port_fake):
        port_fake.fault(status=503)
    """
)


def test_a_strict_test_fails_for_what_it_leaves_over(suite: Suite) -> None:
    suite.write(LEAVING)

    result = suite.run()

    result.assert_outcomes(failed=3, passed=2)
    result.stdout.fnmatch_lines(
        [
            "*_ test_route _*",
            "strict mode found:",
            "  unknown route: GET /v1/action/runs -> 404; the nearest is GET /v1/actions/runs (*",
            "what to do:",
            "  unknown route: correct the address in the code under test (`port-fake openapi` *",
            "*_ test_fault _*",
            "strict mode found:",
            "  unused fault: <Fault any request: status=503 times=1, hits: 0>",
            "what to do:",
            "  unused fault: see that the code under test makes such a request, or take *",
            "*_ test_letter _*",
            "strict mode found:",
            "  unanswered letter: WEBHOOK of run r_*: not sent, host 'backend.example.com' is *",
            "what to do:",
            "  unanswered letter: let an action invoke a backend that answers 2xx *",
        ]
    )
    for word in ("ERROR", "Traceback", "During handling"):
        result.stdout.no_fnmatch_line(f"*{word}*")


def test_a_whole_suite_may_be_strict_with_exceptions(suite: Suite) -> None:
    suite.write(
        """
        import pytest

        def test_strict(port_fake):
            port_fake.fault(status=503)

        @pytest.mark.port_fake(strict=False)
        def test_exception(port_fake):
            port_fake.fault(status=503)

        def test_without():
            pass
        """
    )

    result = suite.run("--port-fake-strict")

    result.assert_outcomes(failed=1, passed=2)


def test_strictness_does_not_hide_why_a_test_has_failed(suite: Suite) -> None:
    suite.write(
        """
        import unittest
        import pytest

        def test_failing(port_fake):
            port_fake.fault(status=503)
            assert "mine" == "yours"

        def test_skipped(port_fake):
            port_fake.fault(status=503)
            pytest.skip("not today")

        @pytest.mark.xfail(strict=True)
        def test_expected(port_fake):
            port_fake.fault(status=503)

        class TestClass(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _port(self, port_fake):
                self.port = port_fake

            def test_unit(self):
                self.port.fault(status=503)

            def test_unit_failing(self):
                self.port.fault(status=503)
                self.assertEqual("his", "hers")
        """
    )

    result = suite.run("--port-fake-strict", "-rA")

    result.assert_outcomes(failed=3, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines_random(
        [
            "E *assert 'mine' == 'yours'",
            "FAILED *test_unit - Failed: strict mode found:*",
            "FAILED *test_unit_failing - AssertionError: 'his' !*",
        ]
    )


def test_an_organisation_beside_the_fixture_may_be_strict(suite: Suite) -> None:
    suite.write(
        """
        def test_it(port_fake_server):
            with port_fake_server.organisation(strict=True) as other:
                other.fault(status=503)
        """
    )

    result = suite.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*AssertionError: strict mode found:*"])


def test_pytest_explains_strict_mode(suite: Suite) -> None:
    suite.run("--help").stdout.fnmatch_lines(
        ["*--port-fake-strict*fail tests that use port_fake for unknown routes,*"]
    )


@pytest.mark.parametrize("processes", ["2"])
def test_reports_come_through_from_other_processes(suite: Suite, processes: str) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_it(port_fake, number):
            port_fake.fault(status=503)
            assert not number
        """
    )

    result = suite.run_apart("-p", "xdist", "-n", processes, "--port-fake-strict")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*- port-fake -*", "seed: 0"])
    result.stdout.fnmatch_lines(["strict mode found:"])
