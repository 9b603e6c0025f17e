"""What a night looks like on GitHub, where texts of others must do nothing."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.nightly.markdown import LIMIT_ROWS, as_markdown, shown
from port_fake.contracts.nightly.parts import Ending, Night, Noted, Part, Standing

HOSTILE: Final = (
    "@octocat",
    "@org/team",
    "#1 and owner/repo#2",
    "<!-- port-fake nightly {} -->",
    "--> <script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.com/x.png)",
    "[x](javascript:alert(1))",
    "a | b || c \\| d",
    "```\ncode\n```",
    "`x` ``y``",
    "*a* _b_ ~c~ **d**",
    "$x^2$",
    ":tada:",
    "first\n\n# second\r\n- third\x0b\x85\u2028end",
    "\u202egnp.exe",
    "\x1b[31m\x00",
    "\ud800",
    "&amp; &#64;x",
    "https://example.com/?a=b",
    "x" * 10_000,
)
CODE: Final = re.compile(r"<code>[^<]*</code>")
ALIVE: Final = re.compile(r"[<>\"'`*_~\[\]|\\!@:$^{}]|#(?!\d+;)|&(?!#\d+;)")
"""What is left of a text that still means something; numbered references do not."""

texts = st.text(max_size=60) | st.sampled_from(HOSTILE)


def night(*findings: Noted, standing: Standing = Standing.CHANGED, summary: str = "") -> Night:
    ending = Ending(standing, summary, findings=findings)
    return Night({part: ending if part is Part.RUN else AGREES for part in Part})


AGREES: Final = Ending(Standing.AGREES, "")


@given(texts)
def test_a_text_of_others_is_one_line_that_does_nothing(text: str) -> None:
    line = shown(text)

    inner = line.removeprefix("<code>").removesuffix("</code>")
    assert ALIVE.search(inner) is None
    assert len(line.splitlines()) <= 1


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=60))
def test_a_printable_text_is_shown_as_it_is(text: str) -> None:
    line = shown(text)

    assert html.unescape(line.removeprefix("<code>").removesuffix("</code>")) == text


@given(kind=texts, place=texts, text=texts, summary=texts)
def test_a_row_stays_one_row_whatever_is_in_it(
    kind: str, place: str, text: str, summary: str
) -> None:
    plain = as_markdown(night(Noted("k", "p", "t", key="k"), summary="s")).splitlines()

    lines = as_markdown(night(Noted(kind, place, text, key="k"), summary=summary)).splitlines()

    assert [line.count("|") for line in lines] == [line.count("|") for line in plain]
    bare = [CODE.sub("", line) for line in lines]
    assert [re.sub(" +", " ", line) for line in bare] == [
        re.sub(" +", " ", CODE.sub("", line)) for line in plain
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_mark_can_be_planted(text: str) -> None:
    told = as_markdown(night(Noted(text, text, text, key="k"), summary=text))

    assert "<!--" not in told
    assert "@" not in told


def test_findings_that_say_the_same_share_a_row() -> None:
    found = [Noted("breaking", f"GET /{number}", "gone", key=str(number)) for number in range(5)]

    told = as_markdown(night(*found))

    assert told.count("<code>gone</code>") == 1
    assert "<code>GET /2</code><br>and 2 more" in told


@given(st.integers(0, 3 * LIMIT_ROWS), st.sampled_from([1, 1_000]))
def test_the_body_is_never_longer_than_github_takes(count: int, width: int) -> None:
    found = [
        Noted("k", f"{number} " + "@" * width, f"{number}", key=str(number))
        for number in range(count)
    ]
    one = Ending(Standing.CHANGED, "@" * width, findings=found, faults=found)

    told = as_markdown(Night(dict.fromkeys(Part, one)))

    assert len(told) < 62_000
    assert all(line.count("|") in {0, 4} for line in told.splitlines())


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.CHANGED, "**CHANGED**"),
        (Standing.BROKEN, "**BROKEN**"),
        (Standing.UNCHECKED, "**not everything was checked**"),
        (Standing.AGREES, "agree in all that was compared"),
    ],
)
def test_the_first_line_says_what_it_amounts_to(standing: Standing, words: str) -> None:
    told = as_markdown(night(standing=standing))

    assert words in told.splitlines()[0]


def test_a_night_in_which_nothing_was_checked_says_so() -> None:
    one = Ending(Standing.UNCHECKED, "the secrets are not set")

    told = as_markdown(Night(dict.fromkeys(Part, one)))

    assert told.startswith("**NOT CHECKED**")
    assert told.count("**not checked** | <code>the secrets are not set</code>") == len(Part)


def test_the_reports_are_linked_to() -> None:
    link = "https://github.com/o/r/actions/runs/1"

    assert f"]({link})" in as_markdown(Night(dict.fromkeys(Part, AGREES), link))
