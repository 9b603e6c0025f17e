"""The marker, the command-line option, and what pytest says of them."""

from typing import Final

import pytest

from port_fake import FakePort
from tests.plugin.suites import Suite

NOTING: Final = """
    import json, pathlib, pytest

    def note(port_fake, request, more=""):
        run = port_fake.execute("create_microservice", {"name": "billing"})
        seen = [port_fake.client_id, port_fake.token(), run.json]
        pathlib.Path(f"{request.node.name}{more}.note.json").write_text(json.dumps(seen))

    pytestmark = pytest.mark.port_fake(scenario="microservice")
    """

TESTS: Final = (
    NOTING
    + """
    @pytest.mark.parametrize("number", range(4))
    def test_numbered(port_fake, request, number):
        note(port_fake, request)

    def test_beside_another(port_fake_server, request):
        for name in ("port-fake", "acme"):
            with port_fake_server.organisation(name=name, scenario="microservice") as one:
                note(one, request, name)
                with port_fake_server.organisation(name=name, scenario="microservice") as two:
                    note(two, request, f"{name} 2")

    @pytest.mark.port_fake(scenario="microservice", name="acme")
    def test_named(port_fake, request):
        note(port_fake, request)

    @pytest.mark.port_fake(scenario="microservice", name="acme")
    def test_named_alike(port_fake, request):
        note(port_fake, request)
    """
)
REVERSED: Final = """
    def pytest_collection_modifyitems(items):
        items.reverse()
    """


def test_ids_are_the_same_in_whatever_order_tests_run(suite: Suite) -> None:
    suite.write(TESTS)
    suite.run().assert_outcomes(passed=7)
    forwards = suite.noted()

    suite.write_conftest(REVERSED)
    suite.run().assert_outcomes(passed=7)
    backwards = suite.noted()
    suite.run("-k", "beside or numbered").assert_outcomes(passed=5, deselected=2)
    some = suite.noted()

    assert forwards == backwards
    assert some.items() <= forwards.items()
    assert forwards["test_numbered[0]"] != forwards["test_numbered[1]"]
    assert forwards["test_named"] == forwards["test_named_alike"]


@pytest.mark.slow
def test_ids_are_the_same_side_by_side(suite: Suite) -> None:
    suite.write(TESTS)
    suite.run().assert_outcomes(passed=7)
    alone = suite.noted()

    suite.run_apart("-p", "xdist", "-n", "2").assert_outcomes(passed=7)

    assert suite.noted() == alone


def test_the_seed_of_the_command_line_changes_ids_but_not_times(suite: Suite) -> None:
    suite.write(TESTS)
    suite.run("-k", "named").assert_outcomes(passed=2, deselected=5)
    (client_id, token, run) = suite.noted()["test_named"]

    suite.run("-k", "named", "--port-fake-seed", "5").assert_outcomes(passed=2, deselected=5)
    (other_id, other_token, other_run) = suite.noted()["test_named"]

    assert client_id != other_id
    assert token != other_token
    assert run["id"] != other_run["id"]
    assert run["createdAt"] == other_run["createdAt"]


def test_a_seed_must_be_a_number(suite: Suite) -> None:
    result = suite.run("--port-fake-seed", "lucky")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--port-fake-seed: invalid int value: 'lucky'*"])


def test_the_marker_configures_the_organisation(suite: Suite) -> None:
    suite.write(
        """
        import pytest
        from port_fake import FakePort, RefusedError, Settings

        @pytest.mark.port_fake(seed=7, name="acme", client_secret="mine")
        def test_identity(port_fake):
            same = FakePort(seed=7, name="acme")
            assert port_fake.client_id == same.client_id
            assert port_fake.client_secret == "mine"

        @pytest.mark.port_fake(seed=None)
        def test_without_a_seed(port_fake):
            assert not port_fake.add_action("deploy")["createdAt"].startswith("2026-01-05T10:00:00")

        @pytest.mark.port_fake(settings=Settings(logs_after_the_end=False))
        def test_settings(port_fake):
            port_fake.add_action("deploy")
            run = port_fake.complete(port_fake.execute("deploy"))
            with pytest.raises(RefusedError):
                port_fake.log(run, "late")

        @pytest.mark.port_fake(scenario="microservice")
        class TestClosest:
            def test_of_the_class(self, port_fake):
                assert port_fake.perform("get-actions")["actions"]

            @pytest.mark.port_fake()
            def test_of_the_test(self, port_fake):
                assert not port_fake.perform("get-actions")["actions"]
        """
    )

    suite.run().assert_outcomes(passed=5)


def test_a_scenario_may_be_a_folder_of_the_suite(suite: Suite, pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("acme")
    (folder / "teams.json").write_text('[{"name": "platform"}]', encoding="utf-8")
    suite.write(
        """
        import pathlib, pytest

        @pytest.mark.port_fake(scenario=pathlib.Path(__file__).parent / "acme")
        def test_it(port_fake):
            (team,) = port_fake.perform("get-teams")["teams"]
            assert team["name"] == "platform"
        """
    )

    suite.run().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("scenarioo='x'", "*has no option 'scenarioo'; there are: *client_id, *scenario, *"),
        ("port=8080", "*has no option 'port'; there are: *"),
        ("scenario='monolith'", "*no scenario 'monolith': name a folder, or one of *microservice*"),
        ("'microservice'", "*takes its options by name*, and not 'microservice'"),
    ],
)
def test_a_mistake_in_the_marker_is_told_in_one_line(
    suite: Suite, options: str, expected: str
) -> None:
    suite.write(
        f"""
        import pytest

        @pytest.mark.port_fake({options})
        def test_it(port_fake):
            pass
        """
    )

    result = suite.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_it*", f"the marker port_fake of {expected}"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*plugin.py*")


def test_the_marker_is_known_where_markers_are_strict(suite: Suite) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.port_fake(seed=1)
        def test_it(port_fake):
            pass
        """
    )

    suite.run("--strict-markers").assert_outcomes(passed=1)


def test_pytest_explains_the_marker(suite: Suite) -> None:
    suite.run("--markers").stdout.fnmatch_lines(
        ["@pytest.mark.port_fake(*options): configure the port_fake fixture of this test; *"]
    )


def test_pytest_explains_the_fixtures(suite: Suite) -> None:
    suite.run("--fixtures").stdout.fnmatch_lines_random(
        [
            "port_fake_server [[]session scope[]] -- *",
            "    A fake of Port on a thread, shared by all tests of the process; *",
            "port_fake -- *",
            "    An organisation of its own on the running fake of Port, gone after the test.",
            "port_fake_env -- *",
            "    The organisation of `port_fake`, with its address and credentials in the *",
        ]
    )


def test_pytest_explains_the_option(suite: Suite) -> None:
    suite.run("--help").stdout.fnmatch_lines(["port-fake:", "*--port-fake-seed=N*"])


def test_options_of_the_marker_are_those_of_the_handle() -> None:
    with pytest.raises(TypeError, match="scenarioo"):
        FakePort(scenarioo="x")  # type: ignore[call-arg]  # that is what is refused
