"""The fixtures, as somebody's tests use them."""

import os

import pytest

from port_fake import FakePort, FakePortServer
from tests.plugin.suites import Suite


def test_ten_lines_are_enough_to_test_a_backend(suite: Suite) -> None:
    suite.write(
        """
        import requests

        def finish(url, token, run):
            requests.patch(f"{url}/v1/actions/runs/{run}", json={"status": "SUCCESS"},
                           headers={"Authorization": f"Bearer {token}"}, timeout=10)

        def test_my_backend_ends_the_run(port_fake):
            port_fake.add_action("deploy")
            run = port_fake.execute("deploy")
            finish(port_fake.base_url, port_fake.token(), run.id)
            assert port_fake.run(run).status == "SUCCESS"
        """
    )

    suite.run().assert_outcomes(passed=1)


def test_asynchronous_code_may_be_tested_without_another_plugin(suite: Suite) -> None:
    suite.write(
        """
        import asyncio
        import aiohttp

        async def log_in(env):
            body = {"clientId": env["PORT_CLIENT_ID"], "clientSecret": env["PORT_CLIENT_SECRET"]}
            async with aiohttp.ClientSession(env["PORT_BASE_URL"]) as session:
                async with session.post("/v1/auth/access_token", json=body) as response:
                    return (await response.json())["accessToken"]

        async def many(env):
            return await asyncio.gather(*(log_in(env) for _ in range(5)))

        def test_logins_at_once(port_fake):
            tokens = asyncio.run(many(port_fake.env))
            assert set(tokens) == {port_fake.token()}
            port_fake.assert_called("POST", "/v1/auth/access_token", times=5)
        """
    )

    suite.run().assert_outcomes(passed=1)


def test_classes_of_unittest_get_it_through_a_fixture_of_their_own(suite: Suite) -> None:
    suite.write(
        """
        import unittest
        import pytest

        class TestDeployments(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _port(self, port_fake):
                self.port = port_fake

            def setUp(self):
                self.port.add_action("deploy")

            def test_one(self):
                self.assertEqual(self.port.execute("deploy").status, "IN_PROGRESS")

            def test_two(self):
                self.assertEqual(self.port.runs(), [])
        """
    )

    suite.run().assert_outcomes(passed=2)


def test_classes_of_pytest_get_it_as_any_test_does(suite: Suite) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.port_fake(scenario="microservice")
        class TestDeployments:
            @pytest.fixture
            def run(self, port_fake):
                return port_fake.execute("create_microservice", {"name": "billing"})

            def test_it_is_the_same_fake_for_all_fixtures_of_a_test(self, port_fake, run):
                assert port_fake.runs() == [run]
        """
    )

    suite.run().assert_outcomes(passed=1)


def test_tests_see_nothing_of_each_other(suite: Suite) -> None:
    suite.write(
        """
        import pytest
        import requests

        TOKENS = []

        def status(port_fake, token):
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{port_fake.base_url}/v1/actions"
            return requests.get(url, headers=headers, timeout=10).status_code

        @pytest.mark.parametrize("turn", [1, 2, 3])
        def test_each_starts_empty_and_knows_no_older_token(port_fake, turn):
            assert port_fake.perform("get-actions")["actions"] == []
            assert port_fake.requests == []
            assert [status(port_fake, token) for token in TOKENS] == [401] * (turn - 1)
            port_fake.add_action("deploy")
            port_fake.advance(1_000)
            TOKENS.append(port_fake.token())
            assert status(port_fake, TOKENS[-1]) == 200
        """
    )

    suite.run().assert_outcomes(passed=3)


def test_a_test_may_have_a_second_organisation_on_the_same_server(suite: Suite) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_two(port_fake, port_fake_server, turn):
            with port_fake_server.organisation(scenario="microservice") as other:
                assert other.base_url == port_fake.base_url == port_fake_server.base_url
                assert other.client_id != port_fake.client_id
                other.execute("create_microservice", {"name": "billing"})
                assert port_fake.runs() == []
        """
    )

    suite.run().assert_outcomes(passed=2)


def test_all_tests_of_a_process_share_one_server(suite: Suite) -> None:
    for name in ("test_one", "test_two"):
        suite.write(
            """
            import json, pathlib

            def test_it(port_fake, request):
                name = request.module.__name__
                pathlib.Path(f"{name}.note.json").write_text(json.dumps(port_fake.base_url))
            """,
            name=name,
        )

    suite.run().assert_outcomes(passed=2)

    assert len(set(suite.noted().values())) == 1


def test_the_environment_is_set_for_the_test_alone(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT_CLIENT_ID", "mine")
    monkeypatch.delenv("PORT_BASE_URL", raising=False)
    suite.write(
        """
        import os

        def test_with_it(port_fake_env, port_fake):
            assert port_fake_env is port_fake
            for name, value in port_fake.env.items():
                assert os.environ[name] == value

        def test_without_it(port_fake):
            assert os.environ["PORT_CLIENT_ID"] == "mine"
            assert "PORT_BASE_URL" not in os.environ
        """
    )

    suite.run().assert_outcomes(passed=2)
    assert os.environ["PORT_CLIENT_ID"] == "mine"


def test_a_test_that_fails_leaves_a_clean_server_to_the_next(suite: Suite) -> None:
    suite.write(
        """
        def test_one(port_fake):
            port_fake.add_action("deploy")
            raise RuntimeError("boom")

        def test_two(port_fake):
            port_fake.add_action("deploy")
        """
    )

    suite.run().assert_outcomes(failed=1, passed=1)


def test_a_missing_call_fails_with_the_nearest_miss(suite: Suite) -> None:
    suite.write(
        """
        import requests

        def test_it(port_fake):
            port_fake.add_action("deploy")
            run = port_fake.execute("deploy")
            path = f"/v1/actions/runs/{run.id}"
            requests.patch(port_fake.base_url + path, json={"status": "FAILURE"},
                           headers={"Authorization": port_fake.token()}, timeout=10)
            port_fake.assert_called("PATCH", path, json={"status": "SUCCESS"})
        """
    )

    result = suite.run()

    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"E +AssertionError: expected PATCH /v1/actions/runs/r_\w+, it was not called",
            r"E +the nearest request was PATCH /v1/actions/runs/r_\w+ -> 200:",
            r"E +- body.status is 'FAILURE', not 'SUCCESS'",
            r"E +all requests:",
            r"E +PATCH /v1/actions/runs/r_\w+ -> 200",
        ]
    )


def test_our_own_tests_get_what_the_plugin_promises(
    port_fake: FakePort, port_fake_server: FakePortServer
) -> None:
    assert port_fake.base_url == port_fake_server.base_url
    assert port_fake.env["PORT_CLIENT_ID"] == port_fake.client_id
