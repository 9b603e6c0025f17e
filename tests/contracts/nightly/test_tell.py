"""``port-fake contracts tell``: one issue, opened, changed and closed by what a night found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.cli import main
from port_fake.contracts.nightly.parts import Part, Standing
from port_fake.contracts.outcomes import Verdict
from tests.contracts.nightly.folders import leave, leave_ended, run_report
from tests.contracts.nightly.hubs import Hub

pytestmark = pytest.mark.slow  # every call of gh is a process

AGREES, BROKEN, CHANGED, UNCHECKED = (
    Standing.AGREES,
    Standing.BROKEN,
    Standing.CHANGED,
    Standing.UNCHECKED,
)
Night = Callable[..., Path]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A GitHub without issues."""
    made = Hub.within(tmp_path)
    monkeypatch.setenv("PATH", str(made.folder))
    return made


@pytest.fixture
def night(tmp_path: Path) -> Night:
    """Write the verdict on a night in which all agreed but the parts that are named."""

    def judged(*, failed: int = 1, **standings: Standing) -> Path:
        folder = tmp_path / "reports"
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for part in Part:
            leave_ended(folder, part, standings.get(part, AGREES))
        if standings.get("run") is CHANGED:
            leave(folder, "run", code=1, report=run_report(*[Verdict.FAILED] * failed))
        file = tmp_path / "verdict.json"
        main(["contracts", "verdict", "--reports", str(folder), "--json", str(file)])
        return file

    return judged


def tell(verdict: Path, *more: str) -> int:
    return main(["contracts", "tell", "--verdict", str(verdict), *more])


def test_the_first_difference_opens_an_issue(hub: Hub, night: Night) -> None:
    assert tell(night(drift=CHANGED)) == 0

    assert hub.done == ["label create", "issue create"]
    [issue] = hub.issues
    assert issue["labels"] == ["port-drift"]
    assert "**CHANGED**" in issue["body"]


def test_a_label_that_is_there_is_used(hub: Hub, night: Night) -> None:
    hub.let(labels=["port-drift"])

    assert tell(night(drift=CHANGED)) == 0

    assert hub.open_issues == [1]


@pytest.mark.parametrize(
    "standings",
    [
        {},
        {"run": UNCHECKED},
        {"drift": BROKEN},
        dict.fromkeys(Part, UNCHECKED),
        dict.fromkeys(Part, BROKEN),
    ],
)
def test_without_differences_no_issue_is_opened(
    standings: dict[str, Standing], hub: Hub, night: Night
) -> None:
    assert tell(night(**standings)) == 0

    assert hub.done == []


def test_the_same_findings_leave_the_issue_alone(hub: Hub, night: Night) -> None:
    for _ in range(3):
        tell(night(run=CHANGED, drift=CHANGED))

    assert hub.done == ["label create", "issue create"]


def test_other_findings_change_the_issue_and_are_commented_on(hub: Hub, night: Night) -> None:
    tell(night(run=CHANGED))

    tell(night(run=CHANGED, failed=3))

    assert hub.done == ["label create", "issue create", "issue edit", "issue comment"]
    [issue] = hub.issues
    assert "`run`: 3 findings, before: 1 finding" in issue["comments"][0]
    assert "runs.failed.2" in issue["body"].replace("&#46;", ".")


def test_an_issue_is_closed_when_everything_agrees_again(hub: Hub, night: Night) -> None:
    tell(night(run=CHANGED, drift=CHANGED))

    tell(night())

    [issue] = hub.issues
    assert (issue["open"], issue["reason"]) == (False, "completed")
    assert "gone" in issue["comments"][0]


@pytest.mark.parametrize("standing", [UNCHECKED, BROKEN])
def test_an_issue_stays_as_it_is_while_nobody_looked_again(
    standing: Standing, hub: Hub, night: Night
) -> None:
    tell(night(run=CHANGED))
    before = hub.issues

    tell(night(run=standing))
    tell(night(**dict.fromkeys(Part, standing)))

    assert hub.issues == before
    assert hub.done == ["label create", "issue create"]


@pytest.mark.parametrize("standing", [UNCHECKED, BROKEN])
def test_a_part_that_found_nothing_before_need_not_be_checked_to_close(
    standing: Standing, hub: Hub, night: Night
) -> None:
    tell(night(drift=CHANGED))

    tell(night(run=standing))

    assert hub.open_issues == []


def test_what_was_not_looked_at_again_is_still_named_when_the_rest_changes(
    hub: Hub, night: Night
) -> None:
    tell(night(run=CHANGED, drift=CHANGED))

    tell(night(run=UNCHECKED))
    assert hub.open_issues == [1]
    assert "`run` had 1 finding when it was last done" in hub.issues[0]["body"]
    assert "`drift`: nothing, before: 1 finding" in hub.issues[0]["comments"][0]
    tell(night(run=AGREES))

    assert hub.open_issues == []


def test_after_an_issue_was_closed_a_new_difference_opens_another(hub: Hub, night: Night) -> None:
    for changed in (CHANGED, AGREES, CHANGED):
        tell(night(drift=changed))

    assert hub.open_issues == [2]


def test_of_several_issues_the_oldest_is_kept(hub: Hub, night: Night) -> None:
    tell(night(drift=CHANGED))
    body = hub.issues[0]["body"]
    hub.add(body)
    hub.add(body)

    tell(night(drift=CHANGED))

    assert hub.open_issues == [1]
    assert {one["reason"] for one in hub.issues[1:]} == {"not planned"}
    assert "#1" in hub.issues[1]["comments"][0]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "I have seen this too",
        "see <!-- port-fake nightly {} -->",
        "<!-- port-fake nightly {} -->",
        '<!-- port-fake nightly {"run": 1} -->',
        '<!-- port-fake nightly {"other": "1.ab"} -->',
        "<!-- port-fake nightly {nonsense} -->",
        'text\n<!-- port-fake nightly {"drift": "1.ab"} -->',
    ],
)
def test_an_issue_of_somebody_else_with_that_label_is_not_touched(
    body: str, hub: Hub, night: Night
) -> None:
    hub.add(body)

    tell(night())
    tell(night(drift=CHANGED))

    assert hub.open_issues == [1, 2]
    assert hub.issues[0]["body"] == body


def test_line_ends_of_another_system_do_not_hide_the_mark(hub: Hub, night: Night) -> None:
    tell(night(drift=CHANGED))
    body = hub.issues[0]["body"].replace("\n", "\r\n")
    hub.let(issues=[{**hub.issues[0], "body": body}])

    tell(night(drift=CHANGED))

    assert hub.issues[0]["body"] == body


def test_the_label_can_be_another(hub: Hub, night: Night) -> None:
    tell(night(drift=CHANGED), "--label", "port drifts")

    assert hub.issues[0]["labels"] == ["port drifts"]


PLANTED: Final = "ghs_0123456789abcdef"


@pytest.mark.parametrize("verb", ["issue list", "issue edit", "issue comment", "issue close"])
def test_a_gh_that_fails_is_told_of_without_its_token(
    verb: str,
    hub: Hub,
    night: Night,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(night(drift=CHANGED))
    monkeypatch.setenv("GH_TOKEN", PLANTED)
    hub.let(breaks={verb: f"HTTP 403: token {PLANTED} may not"})

    code = tell(night(run=CHANGED) if verb != "issue close" else night())

    told = capsys.readouterr()
    assert code == 1
    assert "gh ended with 1: HTTP 403" in told.err
    assert PLANTED not in told.err + told.out


def test_an_issue_that_cannot_be_opened_is_told_of(
    hub: Hub, night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.let(breaks={"issue create": "no rights"})

    assert tell(night(drift=CHANGED)) == 1
    assert "cannot open an issue: gh ended with 1: no rights" in capsys.readouterr().err


@pytest.mark.parametrize("answer", ["nonsense", "{}", "[1]", '[{"number": "1", "body": ""}]'])
def test_a_strange_answer_of_gh_changes_nothing(
    answer: str, hub: Hub, night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.let(answer=answer)

    code = tell(night(drift=CHANGED))

    assert code == 1
    assert hub.done == []
    assert "no list of issues" in capsys.readouterr().err


def test_without_the_program_it_says_so(
    night: Night,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert tell(night(drift=CHANGED)) == 1
    assert "there is no program gh on the PATH" in capsys.readouterr().err


def changed(key: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda record: record.update({key: value})


@pytest.mark.parametrize(
    "change",
    [
        changed("format", 2),
        changed("verdict", "agrees"),
        changed("verdict", "fine"),
        changed("parts", {}),
        changed("parts", []),
        changed("markdown", 1),
        changed("link", None),
        lambda record: record["parts"]["drift"].update(fingerprint="--> x"),
        lambda record: record["parts"]["drift"].update(fingerprint=1),
        lambda record: record["parts"]["drift"].update(standing="good"),
        lambda record: record["parts"].pop("run"),
    ],
)
def test_a_verdict_that_is_none_is_wrong_use(
    change: Callable[[dict[str, Any]], object],
    hub: Hub,
    night: Night,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = night(drift=CHANGED)
    record = json.loads(file.read_text())
    change(record)
    file.write_text(json.dumps(record))

    assert tell(file) == 2
    assert hub.done == []
    assert "cannot read" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "nonsense", None])
def test_a_file_without_a_verdict_is_wrong_use(
    text: str | None, hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "verdict.json"
    if text is not None:
        file.write_text(text)

    assert tell(file) == 2
    assert hub.done == []
    assert str(file) in capsys.readouterr().err
