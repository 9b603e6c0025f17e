"""The report as a page in a browser: what is clicked, typed, followed, and seen after it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.reports.html import as_html
from tests.contracts.reports.samples import findings, many, outcome
from tests.slow.browser import Page, browser, started

pytestmark = [pytest.mark.slow, pytest.mark.browser]

FOUND: Final = many(300, failed=4, broken=1, differs=6, skipped=40)
HOSTILE: Final = (
    "</script></style><script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(2)>"
)

ROWS: Final = """[...document.querySelectorAll("#table tbody:not(.group) > tr:first-child")]
    .filter(row => row.checkVisibility())
    .map(row => [...row.cells].map(cell => cell.textContent))"""

# WCAG 2.2, 1.4.3: every element with a text of its own, against what is behind it.
FAINT: Final = """(() => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = parts(colour).map((one) => one / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (one) => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if ((parts(colour)[3] ?? 1) === 1) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const told = (one) => one.matches(".cells a")
        || [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    const faint = new Set();
    for (const one of document.querySelectorAll("body *:not(script)")) {
        if (!told(one) || !one.checkVisibility()) continue;
        const pair = [getComputedStyle(one).color, behind(one)];
        const [dark, bright] = pair.map(light).sort((a, b) => a - b);
        const ratio = (bright + 0.05) / (dark + 0.05);
        if (ratio < 4.5) faint.add(`${one.tagName}.${one.className} ${pair} ${ratio.toFixed(2)}`);
    }
    return [...faint];
})()"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests here."""
    with started(tmp_path_factory.mktemp("profile")) as address, Page(address) as page:
        yield page


@pytest.fixture
def page(window: Page, tmp_path: Path) -> Page:
    """The page of `FOUND`, in a window of a usual size."""
    return show(window, FOUND, tmp_path)


def show(window: Page, found: Findings, folder: Path, *, scripts: bool = True) -> Page:
    file = folder / "report.html"
    file.write_text(as_html(found), encoding="utf-8")
    resize(window, 1280)
    window.send("Emulation.setScriptExecutionDisabled", value=not scripts)
    window.send("Emulation.setEmulatedMedia", media="", features=[])
    window.open(file.as_uri())
    return window


def resize(window: Page, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    window.send("Emulation.setDeviceMetricsOverride", **size)


def names(page: Page) -> list[str]:
    """The names of the questions that are seen, read from the anchors."""
    shown = page.read(
        """[...document.querySelectorAll("#table tbody:not(.group)")]
        .filter(body => body.checkVisibility()).map(body => body.id.slice(2))"""
    )
    return [str(one) for one in shown]


def named(*verdicts: Verdict, within: Findings = FOUND) -> list[str]:
    """The names of all questions with these verdicts, as the table has them."""
    found: list[Outcome] = [
        one for verdict in Verdict for one in within.outcomes if one.verdict is verdict in verdicts
    ]
    order = [*Verdict]
    found.sort(key=lambda one: (order.index(one.verdict), one.question.name))
    return [one.question.name for one in found]


def tree(page: Page) -> list[tuple[str, str]]:
    """Roles and names, as a screen reader is told."""
    page.send("Accessibility.enable")
    nodes: list[Any] = page.send("Accessibility.getFullAXTree")["nodes"]
    seen = [one for one in nodes if not one["ignored"]]
    return [(one["role"]["value"], one.get("name", {}).get("value", "")) for one in seen]


@pytest.mark.parametrize(("ci", "outcome_"), [("true", pytest.fail), ("", pytest.skip)])
def test_without_a_browser_ci_fails_and_anybody_else_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome_: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)

    with pytest.raises(outcome_.Exception, match="install Chromium"):
        browser()


def test_the_table_says_what_came_of_every_question(page: Page) -> None:
    rows = page.read(ROWS)

    assert [row[2] for row in rows] == [
        verdict for verdict in Verdict for _ in range(FOUND.counts[verdict])
    ]
    assert names(page) == named(*Verdict)
    assert page.read("document.getElementById('shown').value") == "300 of 300 shown"


def test_a_click_on_a_verdict_hides_and_shows_its_questions(page: Page) -> None:
    page.click('input[value="held"]')

    assert names(page) == named(*(one for one in Verdict if one is not Verdict.HELD))
    assert page.read("document.getElementById('shown').value") == "51 of 300 shown"
    assert not page.read("document.getElementById('is-held').checkVisibility()")
    page.click('input[value="held"]')
    assert names(page) == named(*Verdict)


def test_an_area_is_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.read("document.querySelector('select[name=area]').focus()")

    page.press("w", 87)

    assert names(page) == [one for one in named(*Verdict) if one.startswith("webhooks.")]


def test_a_level_is_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.read("document.querySelector('select[name=level]').focus()")

    page.press("u", 85)

    rows = page.read(ROWS)
    assert {row[1] for row in rows} == {"unknown"}
    assert {row[2] for row in rows} == {"differs"}


def test_a_search_finds_words_in_any_order_after_one_key(page: Page) -> None:
    page.press("/", 191)
    page.write("  LATE patched ")

    found = names(page)
    assert found
    assert found == [one for one in named(*Verdict) if "patched" in one and "late" in one]


def test_a_search_finds_what_a_server_has_answered(page: Page) -> None:
    page.press("/", 191)
    page.write("r_2kd81hfiq0 invalid_request")

    assert names(page) == named(Verdict.FAILED)


def test_where_nothing_is_left_the_page_says_so_and_shows_all_again(page: Page) -> None:
    page.press("/", 191)
    page.write("no question has these words")

    assert names(page) == []
    assert page.read("document.getElementById('nothing').checkVisibility()")
    page.click("#filters button[type=reset]")
    assert names(page) == named(*Verdict)
    assert not page.read("document.getElementById('nothing').checkVisibility()")


def test_a_cell_of_the_overview_leads_to_its_question(page: Page) -> None:
    (first, *_) = named(Verdict.DIFFERS)

    page.click(f'#overview a[href="#q-{first}"]')

    place = page.read("document.querySelector('#table tbody:target').getBoundingClientRect().top")
    assert 0 < place < 900
    assert page.read("document.querySelector('tbody:target').id") == f"q-{first}"
    assert page.read("document.querySelector('tbody:target details').open")


def test_a_link_leads_to_its_question_though_a_filter_hides_it(page: Page) -> None:
    (first, *_) = named(Verdict.FAILED)
    page.click('input[value="failed"]')
    assert first not in names(page)

    page.click(f'.first a[href="#q-{first}"]')

    assert first in names(page)


def test_a_command_is_copied_by_its_button(page: Page) -> None:
    command = page.read("document.querySelector('.again code').textContent")

    page.click(".again button")
    page.until("document.querySelector('.again button').textContent !== 'Copy'")

    assert command.startswith("port-fake contracts run --select ")
    said = page.read("document.querySelector('.again button').textContent")
    selected = page.read("getSelection().toString()")
    assert (said, selected) in {("Copied", ""), ("Selected", command)}


def test_the_tabulator_comes_to_the_questions_at_once(page: Page) -> None:
    page.press("Tab", 9)
    assert page.read("document.activeElement.textContent") == "Skip to the questions"

    page.press("Enter", 13)
    page.press("Tab", 9)

    assert page.read("document.activeElement.matches('#questions input')")


def test_a_screen_reader_is_told_what_is_seen(page: Page) -> None:
    told = tree(page)

    assert ("table", "All questions, what needs a look first") in told
    assert ("heading", "4 questions failed and 1 question broke") in told
    assert ("form", "Choose questions") in told
    cells = {f"{one.question.name}: {one.verdict}" for one in FOUND.outcomes}
    assert cells <= {name for role, name in told if role == "link"}


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1600])
def test_a_page_is_never_wider_than_its_window(page: Page, width: int) -> None:
    resize(page, width)

    assert page.read("document.documentElement.scrollWidth") <= width


def test_a_table_is_a_table_on_a_phone_too(page: Page) -> None:
    resize(page, 390)

    told = tree(page)
    assert ("table", "All questions, what needs a look first") in told
    assert len([1 for role, _ in told if role == "rowheader"]) >= len(FOUND.outcomes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(page: Page, scheme: str) -> None:
    page.send(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )

    page.read("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    assert page.read(FAINT) == []


def test_without_a_script_all_of_it_can_be_read(window: Page, tmp_path: Path) -> None:
    page = show(window, FOUND, tmp_path, scripts=False)

    assert names(page) == named(*Verdict)
    assert not page.read("document.getElementById('filters').checkVisibility()")


def test_on_paper_there_is_nothing_to_click(page: Page) -> None:
    page.send("Emulation.setEmulatedMedia", media="print")

    assert not page.read("document.getElementById('filters').checkVisibility()")
    assert not page.read("document.querySelector('.again button').checkVisibility()")
    assert len(page.read(ROWS)) == 300


def test_nothing_is_fetched_or_run_that_a_server_has_sent(window: Page, tmp_path: Path) -> None:
    exchange = Exchange("GET", HOSTILE, 500, HOSTILE, json.dumps({HOSTILE: HOSTILE}))
    one = outcome(
        f"runs.{HOSTILE}",
        Verdict.FAILED,
        reason=HOSTILE,
        detail=HOSTILE,
        source=HOSTILE,
        evidence=[exchange],
    )

    page = show(window, findings(one), tmp_path)
    page.press("/", 191)
    page.write("script")

    heard = {one["method"]: one["params"] for one in page.events}
    asked = [
        one["params"]["request"]["url"]
        for one in page.events
        if one["method"] == "Network.requestWillBeSent"
    ]
    assert asked == [(tmp_path / "report.html").as_uri()]
    assert not heard.keys() & {"Page.javascriptDialogOpening", "Runtime.exceptionThrown"}
    assert "Log.entryAdded" not in heard, heard["Log.entryAdded"]
    assert len(page.read(ROWS)) == 1


def test_markup_that_got_in_all_the_same_would_do_nothing(window: Page, tmp_path: Path) -> None:
    page = show(window, FOUND, tmp_path)

    page.read(
        """new Promise((done) => {
            addEventListener("error", done, true);  // comes here before it comes to the image
            document.querySelector("main").insertAdjacentHTML("beforeend",
            "<img src=http://127.0.0.1:9/x onerror='window.ran = 1'><p style='color: red'>");
        })"""
    )
    page.read("1")

    assert page.read("window.ran") is None
    refused = [
        one["params"]["entry"]["text"] for one in page.events if one["method"] == "Log.entryAdded"
    ]
    assert any("Content Security Policy" in text for text in refused)
