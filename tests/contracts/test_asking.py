"""What comes of a question: its verdict, its reason, and the exit code of all."""

from __future__ import annotations

import pytest

from port_fake import FakePortServer
from tests.contracts.suites import Asked, Questions

ONE_OF_EACH = """
    @question("a.held", source="docs: this")
    def test_it_holds(port):
        port.get("get-all-action-runs")

    @question("a.failed", source="docs: this")
    def test_it_fails(port):
        port.ask("get-all-action-runs").must(418)

    @question("a.broken", source="docs: this")
    def test_it_breaks(port):
        port.get("get-all-action-runs").json["nothing"]

    @question("a.unknown", source="Assumed: this", level=Level.UNKNOWN)
    def test_nobody_knows(port, observe):
        observe("it says 200")
        assert port.ask("get-all-action-runs").status == 418, "it is no teapot"

    @question("a.seen", source="Assumed: this", level=Level.UNKNOWN)
    def test_nobody_knew(port, observe):
        observe("it says 200")

    @question("a.known", source="docs: this", level=Level.KNOWN)
    def test_it_is_known_to_differ(port):
        port.ask("get-all-action-runs").must(418)

    @question("a.lacking", source="docs: this")
    def test_there_is_nothing_to_ask(port):
        pytest.skip("the organisation has no runs")

    @question("a.unarranged", source="docs: this", needs={Need.FURNISH})
    def test_what_it_needs_is_refused(unarranged):
        pass

    @pytest.fixture
    def unarranged(port):
        port.ask("get-all-action-runs").must(418)

    @question("a.many", source="docs: this")
    @pytest.mark.parametrize("number", [1, 2])
    def test_each_case_is_a_question(number):
        assert number == 1
    """


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """One question of each kind, asked."""
    return Questions(tmp_path_factory.mktemp("asked")).ask(ONE_OF_EACH)


def test_every_question_gets_its_verdict(asked: Asked) -> None:
    assert asked.verdicts == {
        "a.held": "held",
        "a.failed": "failed",
        "a.broken": "broken",
        "a.unknown": "differs",
        "a.seen": "held",
        "a.known": "differs",
        "a.lacking": "skipped",
        "a.unarranged": "failed",
        "a.many.1": "held",
        "a.many.2": "failed",
    }
    assert asked.code == 1


def test_a_reason_is_one_line_that_says_what_the_target_did(asked: Asked) -> None:
    told = asked.questions

    refused = "GET /v1/actions/runs was answered 200"
    assert told["a.failed"]["reason"].startswith(refused)
    assert told["a.failed"]["reason"].endswith("and the status must be 418")
    assert told["a.broken"]["reason"] == "KeyError: 'nothing'"
    assert told["a.unknown"]["reason"].startswith("it is no teapot")
    assert told["a.seen"]["reason"] == "it says 200"
    assert told["a.lacking"]["reason"] == "the organisation has no runs"
    assert told["a.unarranged"]["reason"].startswith(
        f"what it needs could not be arranged: {refused}"
    )


def test_a_failure_shows_what_was_sent_and_came_back(asked: Asked) -> None:
    evidence = asked.questions["a.failed"]["evidence"]

    last = evidence[-1]
    assert (last["method"], last["path"], last["status"]) == ("GET", "/v1/actions/runs", 200)
    assert '"runs":[]' in last["got"]


def test_only_must_fails_the_whole(questions: Questions) -> None:
    asked = questions.ask(ONE_OF_EACH, "--port-select=a.unknown", "--port-select=a.known")

    assert asked.code == 0
    assert asked.verdicts == {"a.unknown": "differs", "a.known": "differs"}


def test_no_secret_is_shown_whatever_a_question_says(questions: Questions) -> None:
    asked = questions.ask(
        """
        @question("a.loud", source="docs: this")
        def test_it_is_loud(port):
            print(port.token(), port.credentials.client_secret)
            assert port.token() == port.credentials.client_secret, port.token()

        @question("a.louder", source="docs: this")
        def test_it_breaks_loudly(port):
            raise RuntimeError(f"{port.token()} {port.credentials.client_secret}")

        @question("a.written", source="docs: this")
        def test_it_writes_what_may_not_be_shown(port):
            from pathlib import Path
            Path("secrets").write_text(f"{port.token()} {port.credentials.client_secret}")
        """
    )

    shown = f"{asked.printed}{asked.report}"
    assert asked.verdicts["a.loud"] == "failed"
    assert "***" in asked.questions["a.louder"]["reason"]
    assert "eyJ" not in shown
    for secret in (questions.folder / "secrets").read_text("utf-8").split():
        assert secret not in shown


def test_a_time_limit_skips_what_is_left(questions: Questions) -> None:
    asked = questions.ask(ONE_OF_EACH, "--port-max-time=0.000001")

    assert set(asked.verdicts.values()) == {"skipped"}
    assert asked.questions["a.held"]["reason"] == "the time was up"
    assert asked.report["ended"] == "the time was up"


def test_two_questions_of_one_name_are_refused(questions: Questions) -> None:
    asked = questions.ask(
        """
        @question("a.twice", source="docs: this")
        def test_one():
            pass

        @question("a.twice", source="docs: this")
        def test_two():
            pass
        """
    )

    assert "two questions have the name a.twice" in asked.printed
    assert asked.code == 4


def test_a_suite_that_cannot_be_read_is_told(questions: Questions) -> None:
    asked = questions.ask("import nothing_of_that_name", "--port-own-report")

    assert asked.code == 1
    assert asked.verdicts == {"suite.1": "broken"}
    assert "nothing_of_that_name" in asked.printed


def test_a_name_that_no_question_has_is_told(questions: Questions) -> None:
    asked = questions.ask(ONE_OF_EACH, "--port-select=b")

    assert "no question is called b" in asked.printed
    assert asked.code == 4


def test_the_command_that_asks_again_names_the_same_target(
    questions: Questions, port_fake_server: FakePortServer
) -> None:
    url = port_fake_server.base_url

    asked = questions.ask(ONE_OF_EACH, f"--port-target={url}", "--port-profile=nightly")

    command = asked.questions["a.failed"]["again"]
    seed = asked.report["seed"]
    assert command == (
        f"port-fake contracts run --select a.failed --seed {seed} --target {url} --profile nightly"
    )
