"""Findings as JUnit XML, in the shape that continuous integration reads.

Source: junit-10.xsd of Jenkins' xunit plugin. It has properties for suites only, so level and
source of a question are lines of its output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.reports.words import NO_REASON, again, by_area, counted, facts

FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Source: XML 1.0, section 2.2: what no document may hold, not even as a reference."""

REPLACEMENT: Final = "\ufffd"
SUITES: Final = "port-fake contracts"

ELEMENTS: Final[Mapping[Verdict, str]] = {
    Verdict.FAILED: "failure",
    Verdict.BROKEN: "error",
    Verdict.SKIPPED: "skipped",
}
"""The other verdicts are passed tests; a difference is told in the output."""


def as_junit(findings: Findings) -> str:
    """Return the findings as a document of JUnit: a suite for each area, a case for each question.

    What XML forbids is replaced by U+FFFD.
    """
    root = _element("testsuites", {"name": SUITES, **_totals(findings.outcomes)})
    root.set("time", _time(findings.seconds))
    for area, outcomes in by_area(findings.outcomes).items():
        root.append(_suite(findings, area, outcomes))
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _suite(findings: Findings, area: str, outcomes: Sequence[Outcome]) -> ET.Element:
    suite = _element("testsuite", {"name": area, **_totals(outcomes)})
    suite.set("skipped", str(counted(outcomes)[Verdict.SKIPPED]))
    suite.set("time", _time(sum(one.seconds for one in outcomes)))
    suite.set("timestamp", _clean(findings.started_at))
    properties = ET.SubElement(suite, "properties")
    told = {**facts(findings), "ended": findings.ended}
    for name, value in told.items():
        properties.append(_element("property", {"name": name, "value": value}))
    suite.extend(_case(findings, one) for one in outcomes)
    return suite


def _case(findings: Findings, outcome: Outcome) -> ET.Element:
    question = outcome.question
    place = f"contracts.{question.area}"  # Jenkins takes what is before the last dot for a package
    name = question.name.removeprefix(f"{question.area}.")
    case = _element("testcase", {"classname": place, "name": name})
    case.set("time", _time(outcome.seconds))
    word = ELEMENTS.get(outcome.verdict)
    if word:
        message = outcome.reason or NO_REASON
        case.append(
            _element(word, {"message": message}, "" if word == "skipped" else _all(outcome))
        )
        if word != "skipped":
            case[-1].set("type", outcome.verdict)
    lines = [
        f"question: {question.text}",
        f"level: {question.level}",
        f"source: {question.source}",
        f"verdict: {outcome.verdict}",
        f"again: {again(findings, outcome)}",
    ]
    if outcome.verdict is Verdict.DIFFERS:
        lines.append(f"differs: {_all(outcome)}")
    case.append(_element("system-out", {}, "\n".join(lines)))
    return case


def _all(outcome: Outcome) -> str:
    exchanges = [_told(one) for one in outcome.evidence]
    return "\n\n".join(part for part in (outcome.reason, outcome.detail, *exchanges) if part)


def _told(exchange: Exchange) -> str:
    status = "no answer" if exchange.status is None else str(exchange.status)
    head = f"{exchange.method} {exchange.path} -> {status}"
    return "\n".join([head, *(f"{sign} {text}" for sign, text in _bodies(exchange) if text)])


def _bodies(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    return ((">", exchange.sent), ("<", exchange.got))


def _totals(outcomes: Sequence[Outcome]) -> dict[str, str]:
    counts = counted(outcomes)
    return {
        "tests": str(len(outcomes)),
        "failures": str(counts[Verdict.FAILED]),
        "errors": str(counts[Verdict.BROKEN]),
    }


def _element(tag: str, attributes: Mapping[str, str], text: str = "") -> ET.Element:
    element = ET.Element(tag, {name: _clean(value) for name, value in attributes.items()})
    element.text = _clean(text) or None
    return element


def _clean(text: str) -> str:
    return FORBIDDEN.sub(REPLACEMENT, text)


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"
