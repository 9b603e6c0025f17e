"""What every report says in the same words: verdicts, durations, the way to ask again."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from port_fake.contracts.outcomes import Findings, Outcome, Verdict

TITLES: Final[Mapping[Verdict, str]] = {
    Verdict.FAILED: "Failed",
    Verdict.BROKEN: "Broken",
    Verdict.DIFFERS: "Differs",
    Verdict.SKIPPED: "Skipped",
    Verdict.HELD: "Held",
}

MEANINGS: Final[Mapping[Verdict, str]] = {
    Verdict.FAILED: "the target answers otherwise than it must",
    Verdict.BROKEN: "the question itself went wrong; that says nothing of the target",
    Verdict.DIFFERS: "otherwise than the fake, where nobody must; noted, no failure",
    Verdict.SKIPPED: "not asked, because something was missing",
    Verdict.HELD: "answered as expected",
}

BAD: Final = (Verdict.FAILED, Verdict.BROKEN)
"""What makes findings bad."""

NO_REASON: Final = "no reason given"

MINUTE_S: Final = 60
SHORT_S: Final = 10
LAST_BYTE: Final = 0xFF


def again(findings: Findings, outcome: Outcome) -> str:
    """Return the command that asks just this question again, with the same chance."""
    chosen = ("--select", visible(outcome.question.name), "--seed", str(findings.seed))
    return f"port-fake contracts run {shlex.join((*chosen, *findings.options))}"


def ordered(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes as reports show them: what to look at first, then by name."""
    place = {verdict: index for index, verdict in enumerate(Verdict)}
    return sorted(outcomes, key=lambda one: (place[one.verdict], one.question.name))


def of(verdict: Verdict, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes of one verdict, by name."""
    return [one for one in ordered(outcomes) if one.verdict is verdict]


def by_area(outcomes: Sequence[Outcome]) -> Mapping[str, list[Outcome]]:
    """Return the outcomes of each area, in the order in which they came; areas by name."""
    areas: dict[str, list[Outcome]] = {}
    for one in outcomes:
        areas.setdefault(one.question.area, []).append(one)
    return dict(sorted(areas.items()))


def by_reason(outcomes: Sequence[Outcome]) -> Mapping[str, list[Outcome]]:
    """Return the skipped ones under their reasons, the most frequent reason first."""
    reasons: dict[str, list[Outcome]] = {}
    for one in of(Verdict.SKIPPED, outcomes):
        reasons.setdefault(one.reason or NO_REASON, []).append(one)
    return dict(sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def counted(outcomes: Sequence[Outcome]) -> Mapping[Verdict, int]:
    """Return how many there are of each verdict, zeros included."""
    found = Counter(one.verdict for one in outcomes)
    return {verdict: found[verdict] for verdict in Verdict}


def duration(seconds: float) -> str:
    """Return a duration for people: milliseconds, seconds or minutes."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < SHORT_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE_S)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def facts(findings: Findings) -> dict[str, str]:
    """Return what the head of a report shows, in order."""
    known = {
        "target": findings.target,
        "mode": findings.mode,
        "profile": findings.profile,
        "seed": str(findings.seed),
        "began": findings.started_at.replace("T", " ").replace("Z", " UTC"),
        "took": duration(findings.seconds),
        "version": f"port-fake {findings.version}",
    }
    return {**known, **{name: one for name, one in findings.settings.items() if name not in known}}


def headline(findings: Findings) -> str:
    """Return the verdict on all of it, in a few words."""
    counts = findings.counts
    parts = [
        f"{questions(counts[verdict])} {word}"
        for verdict, word in ((Verdict.FAILED, "failed"), (Verdict.BROKEN, "broke"))
        if counts[verdict]
    ]
    if parts:
        return " and ".join(parts)
    if not findings.was_asked:
        return "Nothing was asked"
    if findings.ended:
        return "Ended early, and nothing failed until then"
    return "Everything asked held" if not counts[Verdict.DIFFERS] else "Nothing failed"


def verdict_sentence(findings: Findings) -> str:
    """Return the verdict on all of it: what counts, how much was asked, whether it ended early."""
    counts = findings.counts
    asked = sum(counts.values()) - counts[Verdict.SKIPPED]
    parts = [f"{questions(asked)} asked"] if findings.was_asked else []
    notes = (
        (Verdict.HELD, "held"),
        (Verdict.DIFFERS, "differed, which is noted"),
        (Verdict.SKIPPED, "skipped"),
    )
    parts += [f"{counts[verdict]} {word}" for verdict, word in notes if counts[verdict]]
    told = ", ".join(parts) or "there were no questions"
    ended = f" The run ended early: {findings.ended.rstrip('.')}." if findings.ended else ""
    return f"{headline(findings)}: {told}.{ended}"


def questions(count: int) -> str:
    """Return ``1 question`` or ``2 questions``."""
    return f"{count} question{'' if count == 1 else 's'}"


def visible(text: str, *, keep: str = "") -> str:
    """Return *text* with what would steer a reader's screen spelled out: controls, bidi marks.

    Characters in *keep* stay. The answer has no lone surrogates: it can be encoded.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else _spelled(one) for one in text)


def _spelled(character: str) -> str:
    code = ord(character)
    if character in "\n\t\r":
        return " " if character != "\r" else ""
    return f"\\x{code:02x}" if code <= LAST_BYTE else f"\\u{code:04x}"
