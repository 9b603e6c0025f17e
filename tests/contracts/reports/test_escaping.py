"""Whatever a server answers, it is read and never obeyed, in any of the reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.outcomes import Findings, Verdict
from port_fake.contracts.reports.html import as_html
from port_fake.contracts.reports.junit import as_junit
from port_fake.contracts.reports.record import as_json
from port_fake.contracts.reports.table import as_text
from tests.contracts.reports.drawn import NASTY, findings
from tests.contracts.reports.reading import read, rows
from tests.contracts.reports.samples import EVIDENCE, outcome
from tests.contracts.reports.samples import findings as made

OURS: Final = read(as_html(made()))
FETCHING: Final = frozenset(
    {"src", "srcset", "data", "poster", "background", "action", "xlink:href"}
)


@given(findings)
def test_a_page_has_no_element_and_no_handler_that_an_answer_has_brought(found: Findings) -> None:
    page = read(as_html(found))

    (script,) = page.all("script")
    (style,) = page.all("style")
    names = {name for one in page.walk() for name in one.attributes}
    assert (script.text, style.text) == (
        OURS.one("script").text,
        OURS.one("style").text,
    )
    assert not {tag for tag in ("img", "iframe", "object", "link", "base") if page.all(tag)}
    assert not [name for name in names if name.startswith("on") or name == "style"]


@given(findings)
def test_a_page_fetches_nothing(found: Findings) -> None:
    page = read(as_html(found))

    others = [one for one in page.walk() if one.tag != "a"]
    assert not [one for one in others if {*FETCHING, "href"} & one.attributes.keys()]
    links = [str(one.attributes["href"]) for one in page.all("a")]
    assert [one for one in links if not re.match(r"#[\w.~-]+$|https?://", one)] == []
    assert "url(" not in page.one("style").text
    assert "@import" not in page.one("style").text


@given(findings)
def test_every_link_within_a_page_leads_to_one_place(found: Findings) -> None:
    page = read(as_html(found))

    ids = [str(one.attributes["id"]) for one in page.walk() if "id" in one.attributes]
    links = [str(one.attributes["href"]) for one in page.all("a")]
    assert len(set(ids)) == len(ids)
    assert {one[1:] for one in links if one.startswith("#")} <= set(ids)


@given(findings)
def test_a_page_has_every_question_once(found: Findings) -> None:
    verdicts = [row[2] for row in rows(read(as_html(found)))]

    assert verdicts == [verdict for verdict in Verdict for _ in range(found.counts[verdict])]


@given(findings)
def test_junit_is_xml_whatever_an_answer_held(found: Findings) -> None:
    root = ET.fromstring(as_junit(found).encode())  # noqa: S314 - our own document

    assert len(root.findall("testsuite/testcase")) == len(found.outcomes)


@given(found=findings, width=st.integers(0, 200))
def test_a_text_commands_no_terminal(found: Findings, width: int) -> None:
    text = as_text(found, width=width, colour=False)

    assert all(line.isprintable() for line in text.split("\n"))
    text.encode()


@given(findings)
def test_a_record_is_json(found: Findings) -> None:
    record = as_json(found)

    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert len(record["questions"]) == len(found.outcomes)


@pytest.mark.parametrize("report", [as_html, as_junit], ids=["html", "junit"])
@pytest.mark.parametrize("answer", NASTY)
def test_a_report_can_be_written_to_a_file(report: Callable[[Findings], str], answer: str) -> None:
    found = made(outcome("runs.x", Verdict.FAILED, reason=answer, detail=answer, evidence=EVIDENCE))

    assert report(found).encode()
