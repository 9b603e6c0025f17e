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

PAGE: Final = 850_000
ROW: Final = 700
LEAST: Final = 100_000
"""Bytes: of a page, of a question without its evidence, and for the evidence of all at least."""

FULL: Final = element("p", "Page full: see the JSON report.")

DETAIL: Final = 6_000
CELL: Final = 400
"""Characters that a page shows of a detail, and of a cell of the table."""


class Table:
    """The table of one page; *anchors* are the ids of its questions."""

    def __init__(self, findings: Findings, anchors: Mapping[int, str]) -> None:
        self._findings = findings
        self._anchors = anchors
        self._room = max(LEAST, PAGE - ROW * len(findings.outcomes))

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
            element("td", shortened(_reason(outcome), CELL)),
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
        again_ = command(again(self._findings, outcome))
        inside = self._panel(outcome, again_, with_evidence=told) if self._room else again_
        size = len(inside.encode())
        self._room = 0 if size > self._room else self._room - size
        if not self._room:
            inside = joined(again_, FULL)
        cell = element("td", inside, colspan=str(len(COLUMNS)))
        yield element("tr", cell, class_="more")

    @staticmethod
    def _panel(outcome: Outcome, again_: Markup, *, with_evidence: bool) -> Markup:
        parts = []
        if outcome.detail:
            detail = shortened(outcome.detail, DETAIL)
            parts.append(element("pre", detail, class_="detail", tabindex="0"))
        shown = [_exchange(one) for one in outcome.evidence] if with_evidence else []
        if shown:
            parts.append(element("ol", *shown, class_="evidence"))
        if not parts:
            return again_
        title = f"{'Evidence' if shown else 'Detail'} and how to ask again"
        return element(
            "details",
            element("summary", title),
            *parts,
            again_,
            open=outcome.verdict in BAD,
        )


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


def _reason(outcome: Outcome) -> str:
    return outcome.reason or (NO_REASON if outcome.verdict is not Verdict.HELD else "")


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
        element("div", element("p", title, class_="side"), _block(title, raw))
        for title, raw in (("Request", exchange.sent), ("Answer", exchange.got))
    ]
    return element("li", line, element("div", *sides, class_="sides"))


def _block(title: str, raw: str) -> Markup:
    if not raw:
        return element("p", "no body", class_="empty")
    return element("pre", body(raw), tabindex="0", role="group", aria_label=title)
