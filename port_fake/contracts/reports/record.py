"""Findings for programs, complete."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.outcomes import Exchange, Findings, Outcome
from port_fake.contracts.reports.words import again, verdict_sentence

FORMAT: Final = 1
"""Counted up when a reader of the old form would go wrong; new keys may come at any time."""


def as_json(findings: Findings) -> dict[str, Any]:
    """Return the findings as a JSON value: every question in the order in which it was asked."""
    return {
        "format": FORMAT,
        "version": findings.version,
        "target": findings.target,
        "mode": findings.mode,
        "profile": findings.profile,
        "seed": findings.seed,
        "started_at": findings.started_at,
        "seconds": round(findings.seconds, 6),
        "ended": findings.ended or None,
        "settings": dict(findings.settings),
        "good": findings.is_good,
        "asked": findings.was_asked,
        "verdict": verdict_sentence(findings),
        "counts": {str(verdict): count for verdict, count in findings.counts.items()},
        "questions": [_question(findings, one) for one in findings.outcomes],
    }


def _question(findings: Findings, outcome: Outcome) -> dict[str, Any]:
    question = outcome.question
    return {
        "name": question.name,
        "area": question.area,
        "text": question.text,
        "level": str(question.level),
        "needs": sorted(question.needs),
        "source": question.source,
        "verdict": str(outcome.verdict),
        "seconds": round(outcome.seconds, 6),
        "reason": outcome.reason,
        "detail": outcome.detail,
        "again": again(findings, outcome),
        "evidence": [_exchange(one) for one in outcome.evidence],
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status,
        "sent": exchange.sent,
        "got": exchange.got,
    }
