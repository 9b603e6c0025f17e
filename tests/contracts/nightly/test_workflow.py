"""The workflow of every night: its steps are done here, with stubs for what reaches out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.cli import _parser, main
from port_fake.contracts.nightly.parts import Part
from port_fake.contracts.outcomes import Verdict
from tests.contracts.nightly.folders import drift_report, replay_report, run_report
from tests.contracts.nightly.hubs import Hub
from tests.contracts.nightly.workflows import FILE, Ended, Runner, called, steps, workflow

pytestmark = pytest.mark.slow  # every step is a shell

SECRETS: Final = {
    "secrets.PORT_CLIENT_ID": "planted-client-id",
    "secrets.PORT_CLIENT_SECRET": "planted-client-secret",
}
ORDER: Final = "::add-mask::e"
"""What the runner would obey if it listened."""

AGREES: Final[dict[str, Any]] = {
    "run": {"code": 0, "report": run_report(Verdict.HELD), "says": ORDER},
    "replay": {"code": 0, "report": replay_report()},
    "reread": {"code": 0, "report": replay_report()},
    "drift": {"code": 0, "report": drift_report()},
}
DRIFTED: Final = {"code": 1, "report": drift_report(gone=True)}
FAILED: Final = {"code": 1, "report": run_report(Verdict.FAILED)}


def runner_in(folder: Path) -> Runner:
    """Return a runner with the secrets, a recording, and a Port that agrees."""
    recorded = folder / "contracts" / "recorded"
    recorded.mkdir(parents=True)
    (recorded / "one night.jsonl").write_text("{}\n")
    return Runner(folder, Hub.within(folder), plan=AGREES, values=dict(SECRETS))


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner of one's own."""
    return runner_in(tmp_path)


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """A night that agreed, with a seed of its own."""
    runner = runner_in(tmp_path_factory.mktemp("agreed"))
    runner.values["inputs.seed"] = "7"
    return runner.run()


def test_a_night_that_agrees_is_green_and_opens_nothing(agreed: Ended) -> None:
    assert agreed.is_green
    assert agreed.commands == ["run", "replay", "reread", "drift", "verdict", "tell"]
    assert agreed.summary.startswith("Port and the fake agree")
    assert "no issue had to be changed" in agreed.log


@pytest.mark.parametrize("missing", [SECRETS, ["secrets.PORT_CLIENT_SECRET"]], ids=len)
def test_without_secrets_nothing_is_passed_off_as_checked(missing: Any, runner: Runner) -> None:
    runner.values.update(dict.fromkeys(missing, ""))

    ended = runner.run()

    assert ended.is_green
    assert not {"run", "reread"} & set(ended.commands)
    assert "::notice title=Not checked::run: the secrets" in ended.log
    assert "**not everything was checked**" in ended.summary
    assert "drift" in ended.commands, "it needs no secrets"


def test_without_secrets_an_issue_stays_open(runner: Runner) -> None:
    runner.plan = {**AGREES, "run": FAILED}
    runner.run()
    runner.values.update(dict.fromkeys(SECRETS, ""))
    runner.plan = AGREES

    runner.run()

    assert runner.hub.open_issues == [1]


def test_without_recordings_the_replay_is_not_checked(runner: Runner) -> None:
    runner.values["vars.PORT_RECORDED || 'contracts/recorded'"] = "elsewhere"

    ended = runner.run()

    assert ended.is_green
    assert not {"replay", "reread"} & set(ended.commands)
    assert "nothing is recorded in elsewhere" in ended.summary


def test_one_file_of_recordings_can_be_named(runner: Runner) -> None:
    name = "contracts/recorded/one night.jsonl"
    runner.values["vars.PORT_RECORDED || 'contracts/recorded'"] = name

    ended = runner.run()

    assert ["contracts", "replay", name] == ended.calls[1][0][:3]


def test_drift_is_red_and_opens_an_issue_that_is_closed_when_it_is_gone(runner: Runner) -> None:
    runner.plan = {**AGREES, "drift": DRIFTED}

    ended = runner.run()
    again = runner.run()

    assert not ended.is_green
    assert not again.is_green
    assert "**CHANGED**" in ended.summary
    assert runner.hub.done == ["label create", "issue create"]
    runner.plan = AGREES
    assert runner.run().is_green
    assert runner.hub.open_issues == []


def test_after_a_run_that_fails_everything_else_is_done(runner: Runner) -> None:
    runner.plan = {**AGREES, "run": FAILED}

    ended = runner.run()

    assert not ended.is_green
    assert ended.commands == ["run", "replay", "reread", "drift", "verdict", "tell"]
    assert runner.hub.open_issues == [1]


@pytest.mark.parametrize(
    ("part", "plan"), [(Part.RUN, {"code": 2}), (Part.REPLAY, {"code": 0})], ids=str
)
def test_a_part_that_crashes_is_red_and_no_difference(
    part: Part, plan: dict[str, int], runner: Runner
) -> None:
    runner.plan = {**AGREES, part: plan}

    ended = runner.run()

    assert not ended.is_green
    assert ended.summary.startswith("**BROKEN**")
    assert runner.hub.done == []


def test_if_port_fake_cannot_be_installed_it_is_red_and_says_so(runner: Runner) -> None:
    runner.installs = False

    ended = runner.run()

    assert not ended.is_green
    assert ended.summary.startswith("**BROKEN**")
    assert "Changed or broken" in ended.log


def test_an_issue_that_cannot_be_opened_is_red(runner: Runner) -> None:
    runner.plan = {**AGREES, "drift": DRIFTED}
    runner.hub.let(breaks={"issue create": "no rights"})

    ended = runner.run()

    assert not ended.is_green
    assert "cannot open an issue" in ended.log


def test_what_a_command_prints_gives_the_runner_no_orders(agreed: Ended) -> None:
    before, order, after = agreed.log.partition(ORDER)

    assert order
    stopped = re.findall(r"^::stop-commands::([0-9a-f]{32})$", before, re.MULTILINE)
    assert len(stopped) == 1, "the runner still listens"
    assert re.search(rf"^::{stopped[0]}::$", after, re.MULTILINE), "it never listens again"


def test_each_part_stops_orders_with_a_word_of_its_own(agreed: Ended) -> None:
    words = re.findall(r"::stop-commands::(\w+)", agreed.log)

    assert len(set(words)) == len(words) == len(Part)


def test_secrets_reach_the_command_that_needs_them_and_no_other(agreed: Ended) -> None:
    assert {called(arguments): seen for arguments, seen in agreed.calls} == {
        "run": ["PORT_CLIENT_SECRET"],
        "replay": [],
        "reread": ["PORT_CLIENT_SECRET"],
        "drift": [],
        "verdict": [],
        "tell": ["GH_TOKEN"],
    }


def test_no_secret_is_left_anywhere(agreed: Ended) -> None:
    assert len(agreed.left) > len(Part)
    for text in (agreed.log, agreed.summary, *agreed.left, str(agreed.calls)):
        assert "planted" not in text


def test_the_seed_is_one_argument_whatever_it_is(runner: Runner) -> None:
    seed = "-7 $(touch planted) --write x"
    runner.values["inputs.seed"] = seed

    ended = runner.run()

    assert f"--seed={seed}" in ended.calls[0][0]


def test_every_command_line_is_one_that_port_fake_takes(agreed: Ended) -> None:
    for arguments, _ in agreed.calls:
        options = _parser().parse_args(arguments)
        assert callable(options.run)


def test_the_suites_are_asked_by_reading_only(agreed: Ended) -> None:
    options = _parser().parse_args(agreed.of("run"))

    assert options.target == "https://api.getport.io"
    assert options.i_own_this_organisation
    assert (options.write, options.throwaway) == (None, False)
    assert (options.profile, options.seed, options.max_time) == ("nightly", 7, 1200)


def test_port_is_asked_again_by_shape_what_was_recorded(agreed: Ended) -> None:
    options = _parser().parse_args(agreed.of("reread"))

    assert options.target == "https://api.getport.io"
    assert options.i_own_this_organisation
    assert options.shape


def test_no_expression_is_pasted_into_a_script() -> None:
    assert [step["run"] for step in steps() if "${{" in step.get("run", "")] == []


def test_the_secrets_are_named_only_where_port_is_asked() -> None:
    asking = [step for step in steps() if "secrets." in str(step)]

    assert [step["run"].count("--target") for step in asking] == [1, 1]
    assert FILE.read_text("utf-8").count("secrets.") == 2 * len(asking)


def test_it_has_no_more_rights_than_it_needs() -> None:
    one = workflow()

    assert one["permissions"] == {"contents": "read", "issues": "write"}
    assert set(one["on"]) == {"schedule", "workflow_dispatch"}
    assert all("permissions" not in job for job in one["jobs"].values())


def test_credentials_can_be_sent_to_port_only() -> None:
    target = workflow()["on"]["workflow_dispatch"]["inputs"]["target"]

    assert target["type"] == "choice"
    hosts = [one for one in target["options"] if ":" in one]
    assert all(re.fullmatch(r"https://api\.(us\.)?(get)?port\.io", one) for one in hosts)


def test_every_step_that_asks_has_a_limit_and_the_job_has_room_for_all() -> None:
    [job] = workflow()["jobs"].values()
    limits = [step["timeout-minutes"] for step in steps() if "timeout-minutes" in step]

    assert len(limits) == len(Part)
    assert sum(limits) < job["timeout-minutes"]


def test_reports_are_kept_for_a_month_whatever_came_of_it() -> None:
    [keeping] = [step for step in steps() if "upload-artifact" in step.get("uses", "")]

    assert keeping["with"]["retention-days"] == 30
    assert keeping["with"]["path"] == workflow()["env"]["REPORTS"]
    assert keeping["if"] == "${{ !cancelled() }}"


@pytest.mark.parametrize("command", ["verdict", "tell"])
def test_its_commands_explain_themselves(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["contracts", command, "--help"])

    assert ended.value.code == 0
    assert "Exit code: 0" in capsys.readouterr().out
