"""The page, as somebody reads it who has no script."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.outcomes import Exchange, Findings, Verdict
from port_fake.contracts.questions import Level
from port_fake.contracts.reports.html import as_html
from port_fake.contracts.reports.page.bodies import body
from tests.contracts.reports.reading import Node, read, rows
from tests.contracts.reports.samples import EVIDENCE, findings, many, outcome

SMALL_B: Final = 1_000_000


def page_of(found: Findings) -> Node:
    return read(as_html(found))


def evidence_of(sent: str) -> str:
    exchange = Exchange("POST", "/v1/x", 200, sent, "")
    page = page_of(findings(outcome("runs.x", Verdict.FAILED, evidence=[exchange])))
    return page.one("ol", class_="evidence").one("pre").text


def test_a_question_has_all_its_facts_in_one_row() -> None:
    one = outcome(
        "runs.patched.late", Verdict.FAILED, reason="answered 500", source="PyPort", seconds=1.25
    )

    page = page_of(findings(one))

    heads = [
        head.text for head in page.one("table", id="table").one("thead").all("th", scope="col")
    ]
    assert heads == ["Question", "Level", "Verdict", "Reason", "Source", "Time"]
    asked = "runs.patched.latea run that is runs patched late stays as it is"
    assert rows(page) == [(asked, "must", "failed", "answered 500", "PyPort", "1.2 s")]


def test_tables_have_a_caption_and_cells_know_their_heads() -> None:
    page = page_of(many(20, failed=2, skipped=3))

    for table in page.all("table"):
        assert table.one("caption").text
        assert [one for one in table.all("th") if "scope" not in one.attributes] == []


def test_what_needs_a_look_comes_first_and_open() -> None:
    page = page_of(many(30, failed=2, broken=1, differs=2, skipped=4))

    verdicts = [row[2] for row in rows(page)]
    assert verdicts[:5] == ["failed", "failed", "broken", "differs", "differs"]
    opened = [one for one in page.all("details") if "open" in one.attributes]
    bodies = [
        one for one in page.all("tbody") if one.attributes.get("class") in {"failed", "broken"}
    ]
    assert [one.all("details")[0] for one in bodies] == opened


def test_a_failure_shows_what_was_asked_and_answered() -> None:
    one = outcome("runs.x", Verdict.FAILED, detail="line 1\nline 2", evidence=EVIDENCE)

    page = page_of(findings(one))

    exchanges = page.one("ol", class_="evidence").all("li")
    lines = [one.all("p")[0].text for one in exchanges]
    assert lines == [
        "POST /v1/actions/deploy/runs 202",
        "PATCH /v1/actions/runs/r_2kd81hfiq0 422",
        "GET /v1/actions/runs/r_2kd81hfiq0?version=v2 no answer",
    ]
    assert '  "status": "SUCCESS"' in exchanges[1].all("pre")[0].text.splitlines()[1]
    assert page.one("pre", class_="detail").text == "line 1\nline 2"


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.BROKEN, Verdict.DIFFERS])
def test_a_question_can_be_asked_again(verdict: Verdict) -> None:
    page = page_of(findings(outcome("runs.it's", verdict)))

    command = page.one("p", class_="again").one("code").text
    assert command == "port-fake contracts run --select 'runs.it'\"'\"'s' --seed 20240"


def test_the_verdict_is_told_in_words_at_the_top() -> None:
    assert page_of(many(9, failed=1)).one("h1").text == "1 question failed"
    assert page_of(many(9, failed=2, broken=1)).one("h1").text == (
        "2 questions failed and 1 question broke"
    )
    assert page_of(many(9)).one("h1").text == "Everything asked held"
    assert page_of(many(9, skipped=9)).one("h1").text == "Nothing was asked"
    assert page_of(findings()).one("h1").text == "Nothing was asked"
    ended = replace(many(9), ended="the target is gone")
    assert "the target is gone." in page_of(ended).one("header").text


def test_the_head_says_what_was_asked_and_how() -> None:
    facts = page_of(replace(many(3), settings={"rate": "5 a second"})).one("dl")

    told = {one.one("dt").text: one.one("dd").text for one in facts.all("div")}
    assert told["mode"] == "fake"
    assert told["seed"] == "20240"
    assert told["began"] == "2025-03-04 05:06:07 UTC"
    assert told["rate"] == "5 a second"


def test_the_overview_has_a_cell_for_each_question_that_says_its_verdict() -> None:
    found = many(50, failed=3, skipped=5)

    cells = page_of(found).one("section", id="overview").all("a")

    told = {str(one.attributes["title"]) for one in cells}
    assert told == {f"{one.question.name}: {one.verdict}" for one in found.outcomes}


def test_the_tabulator_stops_only_at_cells_that_need_a_look() -> None:
    cells = page_of(many(50, failed=3, differs=2)).one("section", id="overview").all("a")

    stops = [one for one in cells if one.attributes.get("tabindex") != "-1"]
    assert {one.attributes["class"] for one in stops} == {"failed", "differs"}


def test_skipped_questions_stand_under_their_reason_the_most_frequent_first() -> None:
    skipped = [outcome(f"runs.{n}", Verdict.SKIPPED, reason="no clock") for n in range(3)]
    other = outcome("logs.x", Verdict.SKIPPED, reason="no receiver")

    page = page_of(findings(other, *skipped))

    reasons = [one.all("summary")[0].text for one in page.one("ul", class_="reasons").children]
    assert reasons == ["3 no clock", "1 no receiver"]
    assert [one.text for one in page.all("ul", class_="names")[1].all("li")] == ["logs.x"]


def test_the_slowest_questions_are_named_and_what_was_skipped_is_not() -> None:
    found = [outcome(f"runs.n{n}", seconds=n) for n in range(1, 30)]
    never = outcome("runs.never", Verdict.SKIPPED, seconds=99)

    table = page_of(findings(*found, never)).one("table", id="slowest")

    assert [one.text for one in table.all("th", scope="row")] == [
        f"runs.n{n}" for n in range(29, 19, -1)
    ]


def test_an_address_stays_whatever_else_is_asked() -> None:
    one = outcome("runs.patched.late")

    alone = page_of(findings(one)).all("tbody", id="q-runs.patched.late")
    among = page_of(findings(outcome("a.b"), outcome("runs.patched"), one))

    assert len(alone) == 1
    assert "runs.patched.late" in among.one("tbody", id="q-runs.patched.late").text


def test_questions_of_one_name_have_addresses_of_their_own() -> None:
    one = outcome("runs.x")

    page = page_of(findings(one, one))

    assert len(page.all("tbody", id="q-runs.x")) == len(page.all("tbody", id="q-runs.x~2")) == 1


def test_areas_and_levels_can_be_chosen_from_where_there_are_some() -> None:
    page = page_of(findings(outcome("runs.x"), outcome("logs.x", level=Level.UNKNOWN)))

    chosen = {
        str(one.attributes["name"]): [option.text for option in one.all("option")]
        for one in page.all("select")
    }
    assert chosen == {"area": ["all", "logs", "runs"], "level": ["all", "must", "unknown"]}
    assert "hidden" in page.one("form").attributes, "without a script it would answer nothing"


def test_json_is_shown_on_lines_of_its_own_as_it_was_written() -> None:
    shown = evidence_of('{"a":1.0,"a":1e400,"b":[{},[],"x, {y}: \\"z\\""]}')

    assert shown == (
        '{\n  "a": 1.0,\n  "a": 1e400,\n  "b": [\n    {},\n    [],\n    "x, {y}: \\"z\\""\n  ]\n}'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.text(), JSON, max_size=3))
def test_a_body_says_the_same_when_it_is_shown(value: object) -> None:
    shown = read(body(json.dumps(value))).text

    assert json.loads(shown) == value


@pytest.mark.parametrize(
    "raw", ['{"cut": [1, 2', "plain", "[" * 2_000, "[" * 60 + "]" * 60, '"a string"', "NaN x"]
)
def test_what_is_no_json_is_shown_as_it_is(raw: str) -> None:
    assert evidence_of(raw) == raw


def test_long_texts_are_cut_and_the_page_says_how_much_is_missing() -> None:
    shown = evidence_of("x" * 10_000)

    assert shown == f"{'x' * 6_000}\n… 4000 more characters"


def heavy(count: int) -> Findings:
    exchange = Exchange("POST", "/v1/x", 500, "<" * 5_000, '{"a":"é"}' * 600)
    one = outcome("", Verdict.FAILED, detail="&" * 5_000, evidence=[exchange] * 5)
    return findings(
        *(replace(one, question=replace(one.question, name=f"runs.n{n}")) for n in range(count))
    )


@pytest.mark.parametrize(
    "found",
    [many(1_000, failed=20, differs=50, skipped=200), many(1_000, failed=1_000), heavy(1_000)],
)
def test_a_thousand_questions_are_a_small_page(found: Findings) -> None:
    assert len(as_html(found).encode()) < SMALL_B


def test_evidence_that_finds_no_room_leaves_the_rest_of_the_question() -> None:
    page = page_of(heavy(40))

    assert page.all("ol", class_="evidence"), "the first has it"
    assert "Page full: see the JSON report." in page.text
    assert len(page.all("p", class_="again")) == len(rows(page)) == 40
