"""What is seen before anything is read: the verdict, the counts, one cell for each question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from port_fake.contracts.outcomes import Findings, Outcome, Verdict
from port_fake.contracts.reports.page.bodies import shortened
from port_fake.contracts.reports.page.markup import Markup, element, joined
from port_fake.contracts.reports.words import (
    BAD,
    MEANINGS,
    NO_REASON,
    TITLES,
    by_area,
    counted,
    facts,
    headline,
    of,
    ordered,
    verdict_sentence,
)

NAMED: Final = frozenset({*BAD, Verdict.DIFFERS})
"""Verdicts whose cells are stops of the tabulator: the other questions are met in the table."""

DENSE: Final = 400
"""More questions than this get smaller cells, so that all are seen at once."""

FIRST: Final = 5
FIRST_NAME: Final = 120
FIRST_REASON: Final = 160
"""How many bad outcomes the top of the page names, and how much it says of each."""


def hero(findings: Findings, anchors: Mapping[int, str]) -> Markup:
    """Return the verdict in words, the counts and the bar that they make, and what to look at."""
    told = verdict_sentence(findings).removeprefix(f"{headline(findings)}: ")
    return element(
        "header",
        element("p", "port-fake · contract suites", class_="kicker"),
        element("h1", headline(findings), class_=mood(findings)),
        element("p", f"{told[:1].upper()}{told[1:]}", class_="told"),
        _bar(findings.counts),
        element("ul", *(_tile(*pair) for pair in findings.counts.items()), class_="tiles"),
        _first(findings, anchors),
        _facts(findings),
    )


def _first(findings: Findings, anchors: Mapping[int, str]) -> Markup:
    """Return the first of what went wrong, so that it is met without turning the page."""
    bad = [one for verdict in BAD for one in of(verdict, findings.outcomes)]
    rows = [
        element(
            "li",
            element("span", one.verdict, class_=f"mark {one.verdict}"),
            " ",
            element("a", shortened(one.question.name, FIRST_NAME), href=f"#{anchors[id(one)]}"),
            " ",
            element("span", shortened(one.reason or NO_REASON, FIRST_REASON)),
        )
        for one in bad[:FIRST]
    ]
    if len(bad) > FIRST:
        more = f"and {len(bad) - FIRST} more"
        rows.append(element("li", element("a", more, href="#questions")))
    return element("ul", *rows, class_="first") if rows else Markup("")


def mood(findings: Findings) -> str:
    """Return the class whose sign and colour all of it has: mostly that of a verdict."""
    for verdict in BAD:
        if findings.counts[verdict]:
            return verdict
    if not findings.was_asked:
        return Verdict.SKIPPED
    return "ended" if findings.ended else Verdict.HELD


def _tile(verdict: Verdict, count: int) -> Markup:
    inside = joined(
        element("span", TITLES[verdict], class_=f"mark {verdict}"),
        " ",
        element("b", str(count)),
    )
    title = MEANINGS[verdict]
    if not count:
        return element("li", element("span", inside, class_="none", title=title))
    return element("li", element("a", inside, href=f"#is-{verdict}", title=title))


def _bar(counts: Mapping[Verdict, int]) -> Markup:
    """Return a bar as long as all questions, cut by verdict; the tiles say the same in words."""
    total = sum(counts.values())
    at, parts = 0.0, []
    for verdict, count in counts.items():
        if count:
            width = 100 * count / total
            parts.append(
                element(
                    "rect", class_=verdict, x=f"{at:.3f}%", width=f"{width:.3f}%", height="100%"
                )
            )
            at += width
    return element("svg", *parts, class_="bar", aria_hidden="true")


def _facts(findings: Findings) -> Markup:
    pairs = (
        element("div", element("dt", name), element("dd", value or "none"))
        for name, value in facts(findings).items()
    )
    return element("dl", *pairs, class_="facts")


def strips(findings: Findings, anchors: Mapping[int, str]) -> Markup:
    """Return one cell for each question, by area; each leads to its question."""
    rows = [_strip(area, found, anchors) for area, found in by_area(findings.outcomes).items()]
    dense = " dense" if len(findings.outcomes) > DENSE else ""
    return element(
        "section",
        element("h2", "Every question, by area"),
        element("ul", *rows, class_=f"areas{dense}"),
        id="overview",
    )


def _strip(area: str, outcomes: list[Outcome], anchors: Mapping[int, str]) -> Markup:
    counts = counted(outcomes)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    cells = [_cell(one, anchors[id(one)]) for one in ordered(outcomes)]
    return element(
        "li",
        element("p", element("b", area), " ", element("span", told)),
        element("div", *cells, class_="cells"),
    )


def _cell(outcome: Outcome, place: str) -> Markup:
    stop = None if outcome.verdict in NAMED else "-1"
    title = f"{outcome.question.name}: {outcome.verdict}"
    return element("a", class_=outcome.verdict, href=f"#{place}", title=title, tabindex=stop)
