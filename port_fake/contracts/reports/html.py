"""Findings as one page that needs nothing but itself: to be looked at, filtered and linked to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Final

from port_fake.contracts.outcomes import Findings
from port_fake.contracts.questions import Level
from port_fake.contracts.reports.page.markup import Markup, anchor, element
from port_fake.contracts.reports.page.notes import notes
from port_fake.contracts.reports.page.overview import hero, strips
from port_fake.contracts.reports.page.questions import Table
from port_fake.contracts.reports.words import TITLES, by_area, headline

PARTS: Final = "port_fake.contracts.reports.page"


def as_html(findings: Findings) -> str:
    """Return the findings as one page of HTML, less than 1 MB for a thousand questions.

    Whatever the page may load or run is named by its policy: this style and this script, by their
    hashes, and nothing else. So even markup that came in from a server would do nothing. Without
    the script everything can be read; filters and buttons to copy come with it.
    """
    # Ids are by identity: two outcomes that are the same value are two questions all the same.
    findings = replace(findings, outcomes=[replace(one) for one in findings.outcomes])
    anchors = _anchors(findings)
    style, script = _part("page.css"), _part("page.js")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{headline(findings)} · {findings.target} · port-fake contracts"),
        element("style", Markup(style)),
    )
    page = element(
        "body",
        element("a", "Skip to the questions", class_="skip", href="#questions"),
        element(
            "main",
            hero(findings, anchors),
            *_body(findings, anchors),
        ),
        element("script", Markup(script)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, page, lang='en')}\n"


def _body(findings: Findings, anchors: Mapping[int, str]) -> list[Markup]:
    if not findings.outcomes:
        return [element("section", id="questions")]  # the head has said it already
    questions = element(
        "section",
        element("h2", "Questions"),
        _filters(findings),
        element("div", Table(findings, anchors).html(), class_="scroll"),
        element("p", "No question is like that.", id="nothing", hidden=True),
        id="questions",
    )
    return [strips(findings, anchors), notes(findings, anchors), questions]


def _filters(findings: Findings) -> Markup:
    """Return the form that the script shows once it can answer it."""
    boxes = [
        element(
            "label",
            element("input", type="checkbox", name="verdict", value=verdict, checked=True),
            element("span", TITLES[verdict], class_=f"mark {verdict}"),
        )
        for verdict, count in findings.counts.items()
        if count
    ]
    levels = [
        level for level in Level if any(one.question.level is level for one in findings.outcomes)
    ]
    return element(
        "form",
        element("fieldset", element("legend", "Verdict"), *boxes),
        element("output", id="shown", role="status"),
        _choice("Area", "area", [*by_area(findings.outcomes)]),
        _choice("Level", "level", [*map(str, levels)]),
        element(
            "label",
            "Search",
            element("input", type="search", name="words", placeholder="words (press / )"),
        ),
        element("button", "Show all", type="reset"),
        id="filters",
        hidden=True,
        aria_label="Choose questions",
    )


def _choice(title: str, name: str, values: list[str]) -> Markup:
    options = [
        element("option", "all", value=""),
        *(element("option", one, value=one) for one in values),
    ]
    return element("label", title, element("select", *options, name=name))


def _anchors(findings: Findings) -> Mapping[int, str]:
    """Return an id for each outcome; of questions with one name, the later are counted."""
    seen: dict[str, int] = {}
    anchors: dict[int, str] = {}
    for one in findings.outcomes:
        place = anchor(one.question.name)
        seen[place] = seen.get(place, 0) + 1
        anchors[id(one)] = place if seen[place] == 1 else f"{place}~{seen[place]}"
    return anchors


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(part: str) -> str:
    digest = hashlib.sha256(part.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _part(name: str) -> str:
    return resources.files(PARTS).joinpath(name).read_text(encoding="utf-8")
