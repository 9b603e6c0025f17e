"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from port_fake.contracts.outcomes import Findings, Verdict
from port_fake.contracts.reports.junit import as_junit
from tests.contracts.reports.samples import EVIDENCE, findings, many, outcome

FOUND: Final = many(60, failed=3, broken=2, differs=2, skipped=5)


class Shape(NamedTuple):
    """What an element must have, may have and may hold."""

    needs: frozenset[str]
    may: frozenset[str]
    holds: frozenset[str]


def shape(needs: str = "", may: str = "", holds: str = "") -> Shape:
    return Shape(frozenset(needs.split()), frozenset(may.split()), frozenset(holds.split()))


# As in junit-10.xsd of Jenkins' xunit plugin, without what nobody writes.
SHAPES: Final[Mapping[str, Shape]] = {
    "testsuites": shape(may="name time tests failures errors", holds="testsuite"),
    "testsuite": shape(
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "properties": shape(holds="property"),
    "property": shape("name value"),
    "testcase": shape(
        "name", "time classname group", "skipped error failure system-out system-err"
    ),
    "failure": shape(may="type message"),
    "error": shape(may="type message"),
    "skipped": shape(may="type message"),
    "system-out": shape(),
}


def parsed(found: Findings) -> ET.Element:
    return ET.fromstring(as_junit(found).encode())  # noqa: S314 - our own document


def kinds(case: ET.Element) -> list[str]:
    return [child.tag for child in case if child.tag != "system-out"]


@pytest.mark.parametrize("found", [FOUND, findings()], ids=["some", "none"])
def test_a_report_has_the_shape_that_jenkins_checks(found: Findings) -> None:
    for one in parsed(found).iter():
        expected = SHAPES[one.tag]
        assert expected.needs <= one.attrib.keys(), one.tag
        assert one.attrib.keys() <= expected.needs | expected.may, one.tag
        assert {child.tag for child in one} <= expected.holds, one.tag


def test_counts_are_those_of_the_cases() -> None:
    root = parsed(FOUND)

    for node in [root, *root]:
        cases = [*node.iter("testcase")]
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if count in node.attrib:
                assert int(node.attrib[count]) == sum(tag in kinds(case) for case in cases)
        assert int(node.attrib["tests"]) == len(cases)
    assert root.attrib["tests"] == "60"


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.FAILED, ["failure"]),
        (Verdict.BROKEN, ["error"]),
        (Verdict.SKIPPED, ["skipped"]),
        (Verdict.DIFFERS, []),
        (Verdict.HELD, []),
    ],
)
def test_a_verdict_is_what_a_test_may_be(verdict: Verdict, kind: list[str]) -> None:
    root = parsed(findings(outcome("runs.patched.late", verdict, reason="because")))

    (case,) = root.iter("testcase")
    assert (case.attrib["classname"], case.attrib["name"]) == ("contracts.runs", "patched.late")
    assert case.attrib["time"] == "0.012"
    assert kinds(case) == kind
    assert [child.attrib["message"] for child in case if child.tag in kind] == ["because"] * len(
        kind
    )


def test_a_failure_holds_detail_and_evidence() -> None:
    one = outcome(
        "a.b", Verdict.FAILED, reason="why", detail="line 1\nline 2", evidence=EVIDENCE[1:]
    )

    text = parsed(findings(one)).findtext("testsuite/testcase/failure") or ""

    assert text.startswith(
        "why\n\nline 1\nline 2\n\nPATCH /v1/actions/runs/r_2kd81hfiq0 -> 422\n> {"
    )
    assert text.endswith("GET /v1/actions/runs/r_2kd81hfiq0?version=v2 -> no answer")


def test_a_suite_says_what_was_asked_and_a_case_how_it_is_known() -> None:
    root = parsed(findings(outcome("a.b", source="PyPort")))

    told = {one.attrib["name"]: one.attrib["value"] for one in root.iter("property")}
    lines = (root.findtext("testsuite/testcase/system-out") or "").splitlines()
    assert (told["target"], told["seed"], told["mode"]) == (
        "port-fake, started for this",
        "20240",
        "fake",
    )
    assert {"level: must", "source: PyPort"} <= set(lines)


def test_a_difference_is_a_passed_test_that_says_what_differs() -> None:
    root = parsed(findings(outcome("a.b", Verdict.DIFFERS, reason="answered 201")))

    assert "differs: answered 201" in (root.findtext("testsuite/testcase/system-out") or "")


@pytest.mark.parametrize("code", [0x00, 0x08, 0x0B, 0x1B, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_what_xml_forbids_is_replaced(code: int) -> None:
    root = parsed(findings(outcome("a.b", Verdict.FAILED, reason=f"a{chr(code)}b")))

    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "a\ufffdb"


@pytest.mark.parametrize("allowed", ["\t", "\n", "\x20", "\x7f", "é", "\ud7ff", "\ufffd", "😀"])
def test_what_xml_allows_stays(allowed: str) -> None:
    root = parsed(findings(outcome("a.b", Verdict.FAILED, reason=f"a{allowed}b")))

    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == f"a{allowed}b"
