"""The table of questions: what to look at first comes first, with all that is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.reports.page.bodies import body, shortened
from port_fake.contracts.reports.page.markup import Markup, dotted, element, joined
from port_fake.contracts.reports.words import BAD, MEANINGS, NO_REASON, TITLES, again, duration, of

COLUMNS: Final = ("Question", "Level", "Verdict", "Reason", "Source", "Time")
LINK: Final = re.compile(r"https?://[^\s\"'<>]+")

ROOM: Final = 450_000
"""Characters of HTML that details and evidence of all questions together may take."""

DETAIL: Final = 6_000
CELL: Final = 400
"""Characters that a page shows of a detail, and of a cell of the table."""


class Table:
    """The table of one page; *anchors* are the ids of its questions."""

    def __init__(self, findings: Findings, anchors: Mapping[int, str]) -> None:
        self._findings = findings
        self._anchors = anchors
        self._room = ROOM

    def html(self) -> Markup:
        """Return the table, its groups in the order of verdicts."""
        heads = [element("th", one, scope="col") for one in COLUMNS]
        groups = [part for verdict in Verdict for part in self._group(verdict)]
        return element(
            "table",
            element("caption", "All questions, what needs a look first"),
            element("thead", element("tr", *heads)),
            *groups,
            id="table",
        )

    def _group(self, verdict: Verdict) -> Iterator[Markup]:
        outcomes = of(verdict, self._findings.outcomes)
        if not outcomes:
            return
        title = element("span", TITLES[verdict], class_=f"mark {verdict}")
        count = element("span", str(len(outcomes)), class_="count")
        told = element("span", MEANINGS[verdict], class_="meaning")
        head = element(
            "th", title, " ", count, " ", told, colspan=str(len(COLUMNS)), scope="rowgroup"
        )
        yield element(
            "tbody", element("tr", head), class_="group", id=f"is-{verdict}", data_of=verdict
        )
        yield from (self._question(one) for one in outcomes)

    def _question(self, outcome: Outcome) -> Markup:
        question, place = outcome.question, self._anchors[id(outcome)]
        link = element("a", dotted(shortened(question.name, CELL)), href=f"#{place}")
        asked = [element("p", shortened(question.text, CELL))] if question.text else []
        cells = (
            element("th", link, *asked, scope="row"),
            element("td", question.level),
            element("td", element("span", outcome.verdict, class_=f"mark {outcome.verdict}")),
            element("td", shortened(outcome.reason, CELL)),
            element("td", linked(shortened(question.source, CELL))),
            element("td", duration(outcome.seconds) if outcome.seconds else ""),
        )
        return element(
            "tbody",
            element("tr", *cells),
            *self._more(outcome),
            id=place,
            class_=outcome.verdict,
            data_area=question.area,
        )

    def _more(self, outcome: Outcome) -> Iterator[Markup]:
        """Yield a row with all that is known beyond the first row, if there is anything."""
        told = outcome.verdict in {*BAD, Verdict.DIFFERS}
        if not (told or outcome.detail):
            return
        parts = joined(*self._parts(outcome, with_evidence=told))
        if len(parts) > self._room:
            parts = joined(
                element("p", "The page is full: the JSON report has detail and evidence of this."),
                *self._parts(outcome, with_evidence=False, short=True),
            )
        self._room -= len(parts)
        title = f"{'Evidence' if outcome.evidence and told else 'Detail'} and how to ask again"
        inside = element("details", element("summary", title), parts, open=outcome.verdict in BAD)
        cell = element("td", inside, colspan=str(len(COLUMNS)))
        yield element("tr", cell, class_="more")

    def _parts(
        self, outcome: Outcome, *, with_evidence: bool, short: bool = False
    ) -> Iterator[Markup]:
        if outcome.verdict in BAD and not outcome.reason:
            yield element("p", NO_REASON)
        if outcome.detail and not short:
            detail = shortened(outcome.detail, DETAIL)
            yield element("pre", detail, class_="detail", tabindex="0")
        if with_evidence and outcome.evidence:
            shown = [_exchange(one) for one in outcome.evidence]
            yield element("ol", *shown, class_="evidence")
        yield command(again(self._findings, outcome))


def command(line: str) -> Markup:
    """Return a command that can be copied; the script adds a button to it."""
    return element("p", "Ask it again: ", element("code", line), class_="again")


def linked(source: str) -> Markup:
    """Return *source* with its addresses as links."""
    parts: list[str] = []
    at = 0
    for found in LINK.finditer(source):
        address = found[0].rstrip(".,;:)")
        parts += [source[at : found.start()], element("a", address, href=address, rel="noreferrer")]
        at = found.start() + len(address)
    return joined(*parts, source[at:])


def _exchange(exchange: Exchange) -> Markup:
    status = "no answer" if exchange.status is None else str(exchange.status)
    kind = "none" if exchange.status is None else f"s{exchange.status // 100}"
    line = element(
        "p",
        element("b", exchange.method),
        " ",
        element("code", exchange.path),
        " ",
        element("span", status, class_=f"status {kind}"),
        class_="line",
    )
    sides = [
        element("div", element("h4", title), _block(title, raw))
        for title, raw in (("Request", exchange.sent), ("Answer", exchange.got))
    ]
    return element("li", line, element("div", *sides, class_="sides"))


def _block(title: str, raw: str) -> Markup:
    if not raw:
        return element("p", "no body", class_="empty")
    return element("pre", body(raw), tabindex="0", aria_label=title)
