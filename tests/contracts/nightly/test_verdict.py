"""``port-fake contracts verdict``: what a night amounts to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.cli import main
from port_fake.contracts.exchanges.comparing import Tier
from port_fake.contracts.nightly import reports
from port_fake.contracts.nightly.parts import Night, Part, Standing, Word, amounts_to
from port_fake.contracts.nightly.reading import read_night
from port_fake.contracts.outcomes import Verdict
from tests.contracts.nightly.folders import (
    drift_report,
    leave,
    leave_ended,
    replay_report,
    run_report,
)

NIGHTS: Final = [
    dict(zip(Part, standings, strict=True)) for standings in product(Standing, repeat=len(Part))
]
CODES: Final = {
    Word.AGREES: 0,
    Word.CHANGED: 1,
    Word.BROKEN: 1,
    Word.NOTHING_CHECKED: 3,
    Word.PARTLY_CHECKED: 3,
}


def standing_of(folder: Path, part: Part) -> Standing:
    return read_night(folder).endings[part].standing


def ended(folder: Path, **standings: Standing) -> None:
    """Let all parts agree but those named."""
    for part in Part:
        leave_ended(folder, part, standings.get(part, Standing.AGREES))


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: ",".join(night.values()))
def test_a_night_agrees_only_if_every_part_was_checked_and_agrees(
    night: Mapping[Part, Standing], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for part, standing in night.items():
        leave_ended(tmp_path, part, standing)
    file = tmp_path / "verdict.json"

    code = main(["contracts", "verdict", "--reports", str(tmp_path), "--json", str(file)])

    record = json.loads(file.read_text())
    found = set(night.values())
    word = Word(record["verdict"])
    assert {part: record["parts"][part]["standing"] for part in Part} == night
    assert (word is Word.AGREES) == (found == {Standing.AGREES})
    assert (word is Word.CHANGED) == (Standing.CHANGED in found)
    assert (word is Word.BROKEN) == (Standing.BROKEN in found and Standing.CHANGED not in found)
    assert (word is Word.NOTHING_CHECKED) == (found == {Standing.UNCHECKED})
    assert code == CODES[word]
    assert f"verdict: {word}" in capsys.readouterr().out


@given(st.lists(st.sampled_from(Standing)))
def test_the_order_and_number_of_parts_do_not_matter(standings: list[Standing]) -> None:
    word = amounts_to(standings)

    assert amounts_to([*reversed(standings), *standings]) is word
    assert (word is Word.AGREES) == (set(standings) == {Standing.AGREES})


def test_a_night_without_parts_checked_nothing() -> None:
    assert Night({}).word is Word.NOTHING_CHECKED


def test_an_empty_folder_is_a_broken_night(tmp_path: Path) -> None:
    night = read_night(tmp_path)

    assert night.word is Word.BROKEN
    assert {one.summary for one in night.endings.values()} == {
        "it did not end: there is no exit code"
    }


@pytest.mark.parametrize("code", ["", "x", 2, 4, 124, 127, 137, 143, -9, "1 2", "٣٣"])
def test_a_part_that_crashed_is_broken_whatever_it_reports(code: object, tmp_path: Path) -> None:
    leave(tmp_path, Part.RUN, code=code, report=run_report(Verdict.HELD))

    assert standing_of(tmp_path, Part.RUN) is Standing.BROKEN


REPORTS: Final[list[Any]] = [
    None,
    "",
    "{",
    "[]",
    '"text"',
    "[" * 100_000,
    {},
    {"format": 2, "questions": []},
    {"format": 1},
    {"format": 1, "questions": [1]},
    {"format": 1, "questions": [{"name": "a"}]},
    {"format": 1, "questions": [{"name": "a", "verdict": ["held"]}]},
    {"fail_on": "breaking", "operations": []},
    {"fail_on": "none", "operations": {"compared": ["x"]}, "findings": [], "exit_code": 0},
    {"fail_on": "breaking", "operations": {"compared": ["x"]}, "findings": [None]},
    {"fail_on": "breaking", "operations": {"compared": ["x"]}, "findings": [], "exit_code": None},
]


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("code", [0, 1])
@pytest.mark.parametrize("report", REPORTS)
def test_a_part_with_a_report_that_cannot_be_read_is_broken(
    part: Part, code: int, report: Any, tmp_path: Path
) -> None:
    leave(tmp_path, part, code=code, report=report)

    assert standing_of(tmp_path, part) is Standing.BROKEN


@pytest.mark.parametrize(
    ("code", "verdicts", "standing"),
    [
        (0, [Verdict.HELD], Standing.AGREES),
        (0, [Verdict.HELD, Verdict.SKIPPED, Verdict.DIFFERS], Standing.AGREES),
        (0, [Verdict.SKIPPED], Standing.UNCHECKED),
        (0, [], Standing.UNCHECKED),
        (0, [Verdict.HELD, Verdict.FAILED], Standing.BROKEN),
        (0, [Verdict.HELD, Verdict.BROKEN], Standing.BROKEN),
        (1, [Verdict.FAILED], Standing.CHANGED),
        (1, [Verdict.FAILED, Verdict.BROKEN], Standing.CHANGED),
        (1, [Verdict.BROKEN], Standing.BROKEN),
        (1, [Verdict.HELD], Standing.BROKEN),
        (3, [Verdict.SKIPPED], Standing.UNCHECKED),
        (3, [Verdict.FAILED], Standing.BROKEN),
    ],
)
def test_exit_code_and_report_of_a_run_have_to_say_the_same(
    code: int, verdicts: list[Verdict], standing: Standing, tmp_path: Path
) -> None:
    leave(tmp_path, Part.RUN, code=code, report=run_report(*verdicts))

    assert standing_of(tmp_path, Part.RUN) is standing


def test_a_run_that_ran_out_of_time_did_not_check_everything(tmp_path: Path) -> None:
    report = run_report(Verdict.HELD, Verdict.SKIPPED, ended="the time was up")
    leave(tmp_path, Part.RUN, code=0, report=report)

    ending = read_night(tmp_path).endings[Part.RUN]

    assert ending.standing is Standing.UNCHECKED
    assert "the time was up" in ending.summary


def test_a_run_against_a_fake_says_nothing_of_port(tmp_path: Path) -> None:
    leave(tmp_path, Part.RUN, code=0, report=run_report(Verdict.HELD, mode="fake"))

    assert standing_of(tmp_path, Part.RUN) is Standing.UNCHECKED


def test_a_document_that_cannot_be_read_is_broken_with_its_reason(tmp_path: Path) -> None:
    report = drift_report(text="<html>")
    leave(tmp_path, Part.DRIFT, code=3, report=report)

    ending = read_night(tmp_path).endings[Part.DRIFT]

    assert ending.standing is Standing.BROKEN
    assert ending.faults[0].text == report["findings"][0]["message"]


@pytest.mark.parametrize("code", [0, 3])
def test_a_report_on_drift_that_claims_another_exit_code_is_not_believed(
    code: int, tmp_path: Path
) -> None:
    leave(tmp_path, Part.DRIFT, code=code, report=drift_report(gone=True))

    assert standing_of(tmp_path, Part.DRIFT) is Standing.BROKEN


def test_what_does_not_count_for_the_exit_code_is_no_finding(tmp_path: Path) -> None:
    report = drift_report()
    report["findings"] = [{"class": "additive", "message": "one more", "operation": "GET /x"}]
    leave(tmp_path, Part.DRIFT, code=0, report=report)

    ending = read_night(tmp_path).endings[Part.DRIFT]

    assert (ending.standing, ending.findings) == (Standing.AGREES, ())
    assert "1 additive" in ending.summary


def test_why_a_part_was_not_done_is_told(tmp_path: Path) -> None:
    leave(tmp_path, Part.RUN, code=3, why="the secrets are not set")

    ending = read_night(tmp_path).endings[Part.RUN]

    assert (ending.standing, ending.summary) == (Standing.UNCHECKED, "the secrets are not set")


@pytest.mark.parametrize(
    ("report", "standing"),
    [
        (replay_report(), Standing.AGREES),
        (replay_report("info", "warning"), Standing.AGREES),
        ({**replay_report("error"), "exit_code": 0}, Standing.BROKEN),
        ({**replay_report(compared=0), "exit_code": 0}, Standing.UNCHECKED),
        (replay_report("error"), Standing.CHANGED),
        (replay_report("error", broken=[4]), Standing.CHANGED),
        (replay_report("warning", level="warning"), Standing.CHANGED),
        ({**replay_report("warning"), "exit_code": 1}, Standing.BROKEN),
        (replay_report(broken=[4]), Standing.BROKEN),
        (replay_report(compared=0), Standing.UNCHECKED),
    ],
)
def test_what_a_replay_says_is_weighed_by_tier(
    report: dict[str, Any], standing: Standing, tmp_path: Path
) -> None:
    leave(tmp_path, Part.REPLAY, code=report["exit_code"], report=report)

    assert standing_of(tmp_path, Part.REPLAY) is standing


def test_the_words_of_the_reports_are_those_of_the_commands() -> None:
    assert [*reports.Verdict] == [*Verdict]
    assert [*reports.TIERS] == [tier.word for tier in Tier]


@pytest.mark.parametrize("report", [{}, {"level": "error", "files": []}])
def test_a_replay_of_nothing_is_never_taken_for_agreement(
    report: dict[str, Any], tmp_path: Path
) -> None:
    leave(tmp_path, Part.REPLAY, code=0, report={"exit_code": 0, **report})

    assert standing_of(tmp_path, Part.REPLAY) is not Standing.AGREES


def test_fingerprints_do_not_tell_apart_what_differs_in_words_of_the_night_only(
    tmp_path: Path,
) -> None:
    marks = []
    for reason in ("run r_1 has no endedAt", "run r_2 has no endedAt"):
        leave(tmp_path, Part.RUN, code=1, report=run_report(Verdict.FAILED, reason=reason))
        marks.append(read_night(tmp_path).endings[Part.RUN].mark)

    assert marks[0] == marks[1]


def test_fingerprints_tell_apart_what_is_not_the_same(tmp_path: Path) -> None:
    marks = set()
    for report in (
        drift_report(),
        drift_report(gone=True),
        drift_report(text='{"openapi": "3.1.0", "paths": {}}'),
    ):
        leave(tmp_path, Part.DRIFT, code=report["exit_code"], report=report)
        marks.add(read_night(tmp_path).endings[Part.DRIFT].mark)
    for failed in (1, 2):
        leave(tmp_path, Part.RUN, code=1, report=run_report(*[Verdict.FAILED] * failed))
        marks.add(read_night(tmp_path).endings[Part.RUN].mark)

    assert len(marks) == 4, "drift that agrees and drift that is broken find nothing, both"


def test_the_order_of_findings_does_not_change_the_fingerprint(tmp_path: Path) -> None:
    leave(tmp_path, Part.RUN, code=1, report=run_report(*[Verdict.FAILED] * 3))
    ending = read_night(tmp_path).endings[Part.RUN]

    turned = replace(ending, findings=[*reversed(ending.findings)])

    assert turned.mark == ending.mark


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x)[y](z", "https://x y", "x"])
def test_what_is_no_address_is_not_linked_to(
    link: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended_with:
        main(["contracts", "verdict", "--reports", str(tmp_path), "--link", link])

    assert ended_with.value.code == 2
    assert "--link" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--json", "--out"])
def test_a_file_that_cannot_be_written_is_wrong_use(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(tmp_path)
    file = str(tmp_path / "no" / "file")

    code = main(["contracts", "verdict", "--reports", str(tmp_path), option, file])

    assert code == 2
    assert file in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contracts", "verdict", "--reports", "/no/such/folder"]) == 2
    assert "/no/such/folder" in capsys.readouterr().err


def test_nothing_that_a_report_says_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended(tmp_path)
    report = run_report(Verdict.FAILED, reason="::add-mask::x")
    leave(tmp_path, Part.RUN, code=1, report=report, why="::error::y")

    main(["contracts", "verdict", "--reports", str(tmp_path)])

    assert "::" not in capsys.readouterr().out
