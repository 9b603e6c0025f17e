"""What is seen across questions: what was skipped for which reason, and what took long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from port_fake.contracts.outcomes import Findings, Outcome, Verdict
from port_fake.contracts.reports.page.bodies import shortened
from port_fake.contracts.reports.page.markup import Markup, element, joined
from port_fake.contracts.reports.words import by_reason, duration, questions

SLOWEST: Final = 10
REASON: Final = 400


def notes(findings: Findings, anchors: Mapping[int, str]) -> Markup:
    """Return both notes side by side; they stand open where nothing needs a look before them."""
    inside = joined(
        *_skipped(findings, anchors, is_open=findings.is_good),
        *_slowest(findings, anchors, is_open=findings.is_good),
    )
    return element("section", inside, class_="notes", id="notes") if inside else Markup("")


def _skipped(findings: Findings, anchors: Mapping[int, str], *, is_open: bool) -> list[Markup]:
    reasons = by_reason(findings.outcomes)
    if not reasons:
        return []
    rows = [_reason(reason, found, anchors) for reason, found in reasons.items()]
    title = f"Skipped, by reason ({sum(map(len, reasons.values()))})"
    return [
        element(
            "details",
            element("summary", title),
            element("ul", *rows, class_="reasons"),
            open=is_open,
        )
    ]


def _reason(reason: str, outcomes: list[Outcome], anchors: Mapping[int, str]) -> Markup:
    names = [
        element("li", element("a", one.question.name, href=f"#{anchors[id(one)]}"))
        for one in outcomes
    ]
    title = joined(element("b", str(len(outcomes))), " ", shortened(reason, REASON))
    return element(
        "li", element("details", element("summary", title), element("ul", *names, class_="names"))
    )


def _slowest(findings: Findings, anchors: Mapping[int, str], *, is_open: bool) -> list[Markup]:
    asked = [
        one for one in findings.outcomes if one.verdict is not Verdict.SKIPPED and one.seconds > 0
    ]
    slow = sorted(asked, key=lambda one: -one.seconds)[:SLOWEST]
    if not slow:
        return []
    rows = [_slow(one, slow[0].seconds, anchors[id(one)]) for one in slow]
    head = element(
        "thead",
        element("tr", *(element("th", one, scope="col") for one in ("Question", "Time", "Share"))),
    )
    table = element(
        "table",
        element("caption", f"The slowest of {questions(len(asked))}"),
        head,
        element("tbody", *rows),
        id="slowest",
    )
    return [element("details", element("summary", "Slowest questions"), table, open=is_open)]


def _slow(outcome: Outcome, longest: float, place: str) -> Markup:
    width = f"{100 * outcome.seconds / longest:.1f}%"
    bar = element("svg", element("rect", width=width, height="100%"), aria_hidden="true")
    return element(
        "tr",
        element("th", element("a", outcome.question.name, href=f"#{place}"), scope="row"),
        element("td", duration(outcome.seconds)),
        element("td", bar),
    )
