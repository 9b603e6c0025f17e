"""Findings as JSON, whose keys programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace

from port_fake.contracts.outcomes import Verdict
from port_fake.contracts.questions import Need
from port_fake.contracts.reports.record import as_json
from tests.contracts.reports.samples import EVIDENCE, findings, many, outcome


def test_a_question_is_told_completely() -> None:
    one = outcome("runs.late", Verdict.FAILED, reason="why", detail="more", evidence=EVIDENCE[2:])
    needy = replace(one, question=replace(one.question, needs=frozenset({Need.WRITE, Need.CLOCK})))

    (told,) = as_json(findings(needy))["questions"]

    assert told == {
        "name": "runs.late",
        "area": "runs",
        "text": "a run that is runs late stays as it is",
        "level": "must",
        "needs": ["clock", "write"],
        "source": one.question.source,
        "verdict": "failed",
        "seconds": 0.012,
        "reason": "why",
        "detail": "more",
        "again": "port-fake contracts run --select runs.late --seed 20240",
        "evidence": [
            {
                "method": "GET",
                "path": "/v1/actions/runs/r_2kd81hfiq0?version=v2",
                "status": None,
                "sent": "",
                "got": "",
            }
        ],
    }


def test_the_head_says_what_was_asked_and_how_it_went() -> None:
    told = as_json(replace(many(3, failed=1), seconds=1.5))

    del told["questions"]
    assert told == {
        "format": 1,
        "version": "0.1.0",
        "target": "port-fake, started for this",
        "mode": "fake",
        "profile": "usual",
        "seed": 20_240,
        "started_at": "2025-03-04T05:06:07Z",
        "seconds": 1.5,
        "ended": None,
        "settings": {"examples": "20 for each question"},
        "good": False,
        "asked": True,
        "verdict": "1 question failed: 3 questions asked, 2 held.",
        "counts": {"failed": 1, "broken": 0, "differs": 0, "skipped": 0, "held": 2},
    }


def test_questions_stay_in_the_order_in_which_they_were_asked() -> None:
    found = many(40, failed=4, skipped=4)

    names = [one["name"] for one in as_json(found)["questions"]]

    assert names == [one.question.name for one in found.outcomes]


def test_the_same_findings_are_the_same_text() -> None:
    first, second = (json.dumps(as_json(many(20, failed=2))) for _ in range(2))

    assert first == second
