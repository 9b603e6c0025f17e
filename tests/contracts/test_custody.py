from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from port_fake import FakePort, RunView
from port_fake.contracts.custody import MARK
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.proxy import Answered, Asked, Forward, refused
from port_fake.contracts.questions import Need
from port_fake.contracts.scenes import Button, Scene
from port_fake.contracts.sites import OtherSite, Wanted, open_site
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError
from port_fake.delivery.receiver import ScriptedAnswer
from tests.support.foreign import asking, credentials_of, foreign, told
from tests.support.recording import LOG_IN, Seen, log_in_answer, recording, run_answer

pytestmark = pytest.mark.slow  # processes that are interrupted

EXECUTE = "/v1/actions/deploy/runs"
MOVING = ("requests", "clock", "ids", "accounts", "runs", "logs", "payloads")
OURS = ("--write", "deploy", "--select", "runs.created")


@pytest.fixture
def port(port_fake: FakePort) -> FakePort:
    """An organisation with runs of two actions, none of them the suites'."""
    for name in ("deploy", "other"):
        port_fake.add_action(name, inputs={"version": {"type": "string"}})
        port_fake.execute(name)
    return port_fake


@contextmanager
def written_to(url: str, variables: dict[str, str], **more: Any) -> Iterator[OtherSite]:
    wanted = Wanted(target=url, write="deploy", owned=True, **more)
    site = open_site(wanted, veil=Veil(), environment=variables)
    assert isinstance(site, OtherSite)
    try:
        yield site
    finally:
        site.close()


@contextmanager
def organisation_of(port: FakePort, **more: Any) -> Iterator[tuple[OtherSite, Organisation]]:
    with (
        written_to(port.base_url, credentials_of(port), **more) as site,
        site.organisation() as one,
    ):
        yield site, one


def execute(organisation: Organisation) -> str:
    """Make a run and return its id."""
    path = {"action_identifier": "deploy"}
    body: dict[str, Any] = {"properties": {}}
    run = organisation.get("execute-self-service-action", path=path, body=body).object("run")
    return str(run["id"])


def untouched(port: FakePort, *, but: tuple[str, ...] = ()) -> Any:
    """What there is in an organisation, beside these runs and what counts on."""
    kept = port.snapshot()
    others = [run.json for run in port.runs() if run.id not in but]
    return others, {key: value for key, value in kept.items() if key not in MOVING}


def made_since(port: FakePort, before: Any) -> list[RunView]:
    known = {run["id"] for run in before[0]}
    return [run for run in port.runs() if run.id not in known]


# -- what is made is marked and ended


def test_a_run_says_who_made_it_as_soon_as_it_is_made(port: FakePort) -> None:
    with organisation_of(port) as (_, organisation):
        run_id = execute(organisation)

        assert port.run(run_id).label == MARK
        assert port.run(run_id).status == "IN_PROGRESS"


def test_every_run_that_was_made_is_ended_and_nothing_else(port: FakePort) -> None:
    others = [run.json for run in port.runs()]

    with organisation_of(port) as (site, organisation):
        made = [execute(organisation) for _ in range(3)]
        organisation.get("update-action-run", path={"run_id": made[0]}, body={"status": "SUCCESS"})

    assert [port.run(one).status for one in made] == ["SUCCESS", "FAILURE", "FAILURE"]
    assert {port.run(one).label for one in made} == {MARK}
    assert [run.json for run in port.runs() if run.id not in made] == others
    assert list(site.notes) == []


@pytest.mark.parametrize("policy", ["ANY", "ALL"])
def test_a_run_that_waits_for_approval_is_ended_too(port_fake: FakePort, policy: str) -> None:
    port_fake.add_user("ana@example.com", roles=["Admin"])
    port_fake.add_action("deploy", approval=policy, approvers=["ana@example.com"])

    with organisation_of(port_fake) as (_, organisation):
        made = execute(organisation)
        assert port_fake.run(made).status == "WAITING_FOR_APPROVAL"

    assert port_fake.run(made).status == "FAILURE"
    assert port_fake.run(made).label == MARK


def test_a_question_that_fails_in_the_middle_leaves_no_run(port: FakePort) -> None:
    made: list[str] = []

    def ask() -> None:
        with organisation_of(port) as (_, organisation):
            made.append(execute(organisation))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask()

    assert port.run(made[0]).status == "FAILURE"


def test_runs_are_ended_even_when_the_time_is_up(port: FakePort) -> None:
    with organisation_of(port, max_time_s=100) as (site, organisation):
        made = execute(organisation)
        site.wire.pace._until = 1.0  # noqa: SLF001 - as if the time had passed
        assert site.wire.pace.is_over

    assert port.run(made).status == "FAILURE"


def test_closing_twice_ends_runs_once(port: FakePort) -> None:
    with organisation_of(port) as (site, organisation):
        execute(organisation)
        site.close()
        before = len(port.requests)
        site.close()

        assert len(port.requests) == before


def test_a_button_makes_runs_of_the_action_that_was_named(port: FakePort) -> None:
    with organisation_of(port) as (site, organisation):
        button = Button(Scene(organisation), properties={"version": "9"})
        made = button.press()

        assert (made["properties"], port.run(made["id"]).action) == ({"version": "9"}, "deploy")
        assert site.offers == frozenset({Need.WRITE})


# -- a target that does not play along


class Stubborn:
    """A target whose runs are made, and where *refuse* says what else is answered."""

    def __init__(self, refuse: Callable[[Seen], ScriptedAnswer | None]) -> None:
        self._refuse = refuse
        self.count = 0

    def __call__(self, seen: Seen) -> ScriptedAnswer:
        answer = self._refuse(seen)
        if answer is not None:
            return answer
        if (seen.method, seen.target) == LOG_IN:
            return log_in_answer("a-token-that-is-no-jwt")
        if seen.path == EXECUTE:
            self.count += 1
            return run_answer(f"r_{self.count}")
        if seen.method == "GET" and seen.path.startswith("/v1/actions/runs/"):
            run = {"id": seen.path.rpartition("/")[2], "status": "IN_PROGRESS"}
            return ScriptedAnswer.of(200, json={"ok": True, "run": run})
        return ScriptedAnswer.of(404 if seen.target.startswith("/_fake") else 200)


KEYS = {"PORT_CLIENT_ID": "me", "PORT_CLIENT_SECRET": "secret-of-mine"}


@pytest.mark.parametrize(
    "answer",
    [
        ScriptedAnswer.of(500),
        ScriptedAnswer.of(403, body="no"),
        ScriptedAnswer.of(200, drop=True),
        ScriptedAnswer.of(302, headers={"Location": "/"}),
    ],
)
def test_runs_that_cannot_be_ended_are_named(answer: ScriptedAnswer) -> None:
    def refuse(seen: Seen) -> ScriptedAnswer | None:
        return answer if seen.method == "PATCH" else None

    with recording(Stubborn(refuse)) as server, written_to(server.url, KEYS) as site:
        with site.organisation() as organisation:
            made = [execute(organisation) for _ in range(2)]
        site.close()

    assert made == ["r_1", "r_2"]
    assert site.notes == ["runs that could not be ended, end them by hand: r_1, r_2"]


def test_a_target_that_stumbles_once_is_asked_again() -> None:
    stumbles = iter([None, True])  # the mark goes well

    def refuse(seen: Seen) -> ScriptedAnswer | None:
        return ScriptedAnswer.of(500) if seen.method == "PATCH" and next(stumbles, None) else None

    with recording(Stubborn(refuse)) as server, written_to(server.url, KEYS) as site:
        with site.organisation() as organisation:
            execute(organisation)
        site.close()

    assert site.notes == []


@pytest.mark.parametrize("status", [None, 3, [], {}, "string"])
def test_a_status_that_is_none_does_not_stop_the_end(status: object) -> None:
    def refuse(seen: Seen) -> ScriptedAnswer | None:
        if seen.method != "GET" or "/runs/" not in seen.path:
            return None
        return ScriptedAnswer.of(200, json={"ok": True, "run": {"id": "r_1", "status": status}})

    with recording(Stubborn(refuse)) as server, written_to(server.url, KEYS) as site:
        with site.organisation() as organisation:
            execute(organisation)
        site.close()

    assert site.notes == []


def test_an_id_that_leads_elsewhere_is_named_and_not_followed() -> None:
    def refuse(seen: Seen) -> ScriptedAnswer | None:
        return run_answer("../blueprints/service") if seen.path == EXECUTE else None

    with recording(Stubborn(refuse)) as server, written_to(server.url, KEYS) as site:
        with site.organisation() as organisation:
            execute(organisation)
        site.close()

        assert not [line for line in server.lines if line.startswith(("PATCH", "DELETE"))]
    assert site.notes == ["runs that could not be ended, end them by hand: ../blueprints/service"]


@pytest.mark.parametrize(
    "answer", [ScriptedAnswer.of(200, drop=True), ScriptedAnswer.of(502), ScriptedAnswer.of(202)]
)
def test_an_execution_whose_answer_was_lost_is_told(answer: ScriptedAnswer) -> None:
    def refuse(seen: Seen) -> ScriptedAnswer | None:
        return answer if seen.path == EXECUTE else None

    with recording(Stubborn(refuse)) as server, written_to(server.url, KEYS) as site:
        with (
            site.organisation() as organisation,
            pytest.raises((AssertionError, UnreachableError)),
        ):
            execute(organisation)
        site.close()

    assert [note[:50] for note in site.notes] == [
        "1 executions of 'deploy' were not answered with a"[:50] + " "
    ]


def test_signals_do_not_cut_the_end_off(port: FakePort, capsys: pytest.CaptureFixture[str]) -> None:
    with organisation_of(port) as (site, organisation):
        made = [execute(organisation) for _ in range(2)]
        send = site.wire.send

        def impatient(*arguments: Any, **named: Any) -> Any:
            signal.raise_signal(signal.SIGINT)
            return send(*arguments, **named)

        site.wire.send = impatient  # type: ignore[method-assign] # a person who presses Ctrl-C
        site.close()

    assert {port.run(one).status for one in made} == {"FAILURE"}
    assert "2 runs are being ended, please wait" in capsys.readouterr().err


# -- the command


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_command_that_is_ended_leaves_nothing_but_ended_runs(port: FakePort, name: str) -> None:
    before = untouched(port)
    processes: list[subprocess.Popen[str]] = []

    async def between(asked: Asked, forward: Forward) -> Answered:
        answered = await forward(asked)
        if asked.method == "POST" and asked.target == EXECUTE:
            processes[0].send_signal(getattr(signal, name))
        return answered

    with foreign(port, between) as target:
        process = asking(target.base_url, *OURS, variables=credentials_of(port))
        processes.append(process)
        code, output, complaints = told(process)

    made = made_since(port, before)
    assert code == 2, output + complaints
    assert "interrupted" in output
    assert [(run.status, run.label, run.action) for run in made] == [("FAILURE", MARK, "deploy")]
    assert untouched(port, but=tuple(run.id for run in made)) == before


def test_a_command_that_comes_to_its_end_leaves_nothing_but_ended_runs(port: FakePort) -> None:
    before = untouched(port)

    with foreign(port) as target:
        inputs = '{"version": "1.2"}'
        process = asking(
            target.base_url, *OURS, "--properties", inputs, variables=credentials_of(port)
        )
        code, output, complaints = told(process)

    made = made_since(port, before)
    assert (code, complaints) == (0, ""), output
    assert made
    assert {(run.status, run.label, run.action) for run in made} == {("FAILURE", MARK, "deploy")}
    assert made[0].properties == {"version": "1.2"}
    assert untouched(port, but=tuple(run.id for run in made)) == before


def test_a_command_names_what_it_could_not_end(port: FakePort, tmp_path: Any) -> None:
    async def between(asked: Asked, forward: Forward) -> Answered:
        if asked.method == "PATCH":
            return refused(500, "internal_server_error", "not today")
        return await forward(asked)

    report = tmp_path / "report.json"
    known = {run.id for run in port.runs()}
    with foreign(port, between) as target:
        arguments = (*OURS, "--json", str(report))
        process = asking(target.base_url, *arguments, variables=credentials_of(port))
        _, _, complaints = told(process)

    left = {run.id for run in port.runs()} - known
    told_left = json.loads(report.read_text())["settings"]["left"]
    assert left
    assert "port-fake: runs that could not be ended, end them by hand: r_" in complaints
    assert [one for one in left if one not in complaints or one not in told_left] == []
