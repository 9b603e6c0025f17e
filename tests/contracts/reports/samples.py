"""Findings as a run of the suites might bring them, made up."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from port_fake.contracts.outcomes import Exchange, Findings, Outcome, Verdict
from port_fake.contracts.questions import Level, Question

AREAS: Final = ("runs", "approvals", "logs", "actions", "entities", "tokens", "lists", "webhooks")
THINGS: Final = (
    "created",
    "patched",
    "listed",
    "refused",
    "filtered",
    "paged",
    "finished",
    "audited",
)
WAYS: Final = ("twice", "late", "by.a.stranger", "without.inputs", "with.defaults", "at.once")
SOURCES: Final = (
    "https://docs.port.io/actions-and-automations/reflect-action-progress/",
    "OpenAPI document, PATCH /v1/actions/runs/{run_id}",
    "PyPort 0.3.3, which relies on it",
)
RUN: Final = {
    "ok": True,
    "run": {
        "id": "r_2kd81hfiq0",
        "status": "IN_PROGRESS",
        "endedAt": None,
        "inputs": {"service": "checkout", "replicas": 3},
        "labels": [],
    },
}
PROBLEM: Final = {"ok": False, "error": "invalid_request", "message": "the run has ended"}

MISSING: Final = (
    "the target is asked read-only: it needs write",
    "no second organisation was given (--second)",
    "the target's clock cannot be moved",
)

EVIDENCE: Final = (
    Exchange(
        "POST", "/v1/actions/deploy/runs", 202, '{"properties":{"replicas":3}}', json.dumps(RUN)
    ),
    Exchange(
        "PATCH",
        "/v1/actions/runs/r_2kd81hfiq0",
        422,
        '{"status":"SUCCESS","summary":"</script><script>alert(1)</script>"}',
        json.dumps(PROBLEM),
    ),
    Exchange("GET", "/v1/actions/runs/r_2kd81hfiq0?version=v2", None),
)


def outcome(
    name: str,
    verdict: Verdict = Verdict.HELD,
    *,
    level: Level = Level.MUST,
    reason: str = "",
    detail: str = "",
    evidence: Iterable[Exchange] = (),
    source: str = SOURCES[0],
    seconds: float = 0.012,
) -> Outcome:
    """One outcome, with a sentence made of its name."""
    text = f"a run that is {name.replace('.', ' ')} stays as it is"
    question = Question(name, source, level, text=text)
    return Outcome(question, verdict, seconds, reason, detail, tuple(evidence))


def findings(*outcomes: Outcome, mode: str = "fake", ended: str = "") -> Findings:
    """Findings of these outcomes."""
    return Findings(
        target="port-fake, started for this",
        mode=mode,
        profile="usual",
        seed=20_240,
        version="0.1.0",
        started_at="2025-03-04T05:06:07Z",
        seconds=sum(one.seconds for one in outcomes),
        outcomes=outcomes,
        ended=ended,
        settings={"examples": "20 for each question"},
    )


def many(
    count: int, *, failed: int = 0, broken: int = 0, differs: int = 0, skipped: int = 0
) -> Findings:
    """Findings of *count* questions over all areas, of which so many did not hold."""
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    verdicts = [Verdict.FAILED] * failed + [Verdict.BROKEN] * broken
    verdicts += [Verdict.DIFFERS] * differs + [Verdict.SKIPPED] * skipped
    verdicts += [Verdict.HELD] * (count - len(verdicts))
    chance.shuffle(verdicts)
    return findings(*(_made(number, verdict, chance) for number, verdict in enumerate(verdicts)))


def _made(number: int, verdict: Verdict, chance: random.Random) -> Outcome:
    words = (chance.choice(AREAS), chance.choice(THINGS), chance.choice(WAYS))
    one = outcome(
        f"{'.'.join(words)}.{number}",
        verdict,
        source=chance.choice(SOURCES),
        seconds=round(chance.expovariate(8), 4),
    )
    match verdict:
        case Verdict.FAILED:
            reason = "answered 422 where 200 was expected: the run has ended"
            detail = "expected  status 200\nanswered  status 422\nat        step 2 of 3"
            return replace(one, reason=reason, detail=detail, evidence=EVIDENCE)
        case Verdict.BROKEN:
            reason = "KeyError: 'run'"
            detail = (
                "Traceback (most recent call last):\n  File \"runs.py\", line 31\nKeyError: 'run'"
            )
            return replace(one, reason=reason, detail=detail)
        case Verdict.DIFFERS:
            question = replace(one.question, level=chance.choice([Level.KNOWN, Level.UNKNOWN]))
            reason = "answered 201, the fake answers 200"
            return replace(one, question=question, reason=reason, evidence=EVIDENCE[:1])
        case Verdict.SKIPPED:
            return replace(one, reason=chance.choice(MISSING), seconds=0.0)
        case _:
            return one
