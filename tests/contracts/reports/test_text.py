"""What a terminal shows once all questions are asked."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

import pytest

from port_fake.contracts.outcomes import Findings, Verdict
from port_fake.contracts.questions import Level
from port_fake.contracts.reports.colours import wants_colour
from port_fake.contracts.reports.table import as_text
from tests.contracts.reports.samples import EVIDENCE, findings, many, outcome

ALL = many(120, failed=3, broken=2, differs=4, skipped=20)


def plain(found: Findings, width: int = 80) -> list[str]:
    return as_text(found, width=width, colour=False).splitlines()


def test_a_failure_tells_all_that_is_needed_to_go_on() -> None:
    one = outcome(
        "runs.late",
        Verdict.FAILED,
        reason="answered 500",
        source="PyPort",
        evidence=EVIDENCE[:2],
    )

    lines = plain(findings(one))

    start = lines.index("  runs.late")
    assert lines[start : start + 7] == [
        "  runs.late",
        "    a run that is runs late stays as it is",
        "    reason  answered 500",
        "    level   must",
        "    source  PyPort",
        "    last    PATCH /v1/actions/runs/r_2kd81hfiq0 -> 422",
        "    again   port-fake contracts run --select runs.late --seed 20240",
    ]


def test_each_area_is_counted_by_verdict() -> None:
    lines = plain(findings(outcome("runs.a"), outcome("runs.b", Verdict.FAILED), outcome("logs.c")))

    table = [line.split() for line in lines[lines.index("") + 1 :][:4]]
    assert table == [
        ["area", "failed", "broken", "differs", "skipped", "held", "all"],
        ["logs", "-", "-", "-", "-", "1", "1"],
        ["runs", "1", "-", "-", "-", "1", "2"],
        ["all", "1", "-", "-", "-", "2", "3"],
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_nothing_but_a_command_and_the_last_line_is_wider_than_the_terminal(width: int) -> None:
    long = outcome("area.that.is.named.at.length", Verdict.FAILED, reason="words " * 60)
    found = findings(*ALL.outcomes, long, outcome("a-long-word" * 4 + ".x"))

    lines = plain(found, width)[:-1]

    wide = [line for line in lines if len(line) > width]
    assert [line for line in wide if not line.startswith("    again")] == []


def test_what_needs_a_look_comes_before_what_is_only_noted() -> None:
    lines = plain(ALL)

    heads = [line.partition(":")[0] for line in lines if line[:6].isupper()]
    assert heads == ["FAILED (3)", "BROKEN (2)", "DIFFERS (4)", "SKIPPED (20)"]


def test_differences_are_noted_with_their_level() -> None:
    lines = plain(findings(outcome("a.b", Verdict.DIFFERS, level=Level.UNKNOWN, reason="201")))

    assert lines[lines.index("  a.b (unknown)") + 1] == "      201"


def test_more_differences_than_anybody_reads_are_counted() -> None:
    lines = plain(many(70, differs=60))

    assert "  ... and 10 more" in lines


def test_skipped_questions_stand_under_their_reason() -> None:
    skipped = [outcome(f"runs.n{n}", Verdict.SKIPPED, reason="no clock") for n in range(7)]

    lines = plain(findings(*skipped))

    start = lines.index("  7: no clock")
    assert lines[start + 1] == "      runs.n0, runs.n1, runs.n2, runs.n3 and 3 more"


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (many(5), "Everything asked held: 5 questions asked, 5 held."),
        (
            many(5, differs=1),
            "Nothing failed: 5 questions asked, 4 held, 1 differed, which is noted.",
        ),
        (many(5, failed=1), "1 question failed: 5 questions asked, 4 held."),
        (
            many(5, failed=1, broken=2, skipped=1),
            "1 question failed and 2 questions broke: 4 questions asked, 1 held, 1 skipped.",
        ),
        (many(5, skipped=5), "Nothing was asked: 5 skipped."),
        (findings(), "Nothing was asked: there were no questions."),
        (
            replace(many(5), ended="the target is gone."),
            (
                "Ended early, and nothing failed until then: 5 questions asked, 5 held. "
                "The run ended early: the target is gone."
            ),
        ),
    ],
)
def test_the_last_line_is_the_verdict(found: Findings, last: str) -> None:
    assert plain(found)[-1] == last


def test_colour_changes_nothing_but_colour() -> None:
    coloured = as_text(ALL, width=80, colour=True)

    assert "\x1b[" in coloured
    bare = "".join(part.partition("m")[2] for part in f"\x1b[m{coloured}".split("\x1b["))
    assert bare == as_text(ALL, width=80, colour=False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_whose_user_has_not_said_no(
    stream: io.StringIO, environment: Mapping[str, str], *, wanted: bool
) -> None:
    assert wants_colour(stream, environment) is wanted
