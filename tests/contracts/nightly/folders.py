"""Folders as a night leaves them, with reports that the commands themselves would write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from port_fake.contracts.drift.classes import Severity
from port_fake.contracts.drift.outcome import drift
from port_fake.contracts.drift.report import as_json as drift_as_json
from port_fake.contracts.exchanges.comparing import Difference, Tier
from port_fake.contracts.exchanges.lines import Answer, Body, Broken, Exchange, Recorded
from port_fake.contracts.exchanges.replaying import Outcome as Replay
from port_fake.contracts.exchanges.replaying import Replayed
from port_fake.contracts.exchanges.report import as_json as replay_as_json
from port_fake.contracts.nightly.parts import Part, Standing
from port_fake.contracts.outcomes import Findings, Outcome, Verdict
from port_fake.contracts.questions import Question
from port_fake.contracts.reports.record import as_json as run_as_json
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document

RUNS: Final = "/v1/actions/runs"
REASON: Final = "a run has no endedAt"

Json = dict[str, Any]


def run_report(
    *verdicts: Verdict, ended: str = "", mode: str = "read-only", reason: str = REASON
) -> Json:
    """Return the report of a run whose questions ended like this."""
    outcomes = [
        Outcome(
            Question(f"runs.{verdict}.{number}", source="OpenAPI 1.0", text="a text"),
            verdict,
            reason="" if verdict is Verdict.HELD else reason,
        )
        for number, verdict in enumerate(verdicts)
    ]
    return run_as_json(
        Findings(
            target="https://api.example",
            mode=mode,
            profile="nightly",
            seed=7,
            version="0",
            started_at="2026-01-01T00:00:00+00:00",
            seconds=1.0,
            outcomes=outcomes,
            ended=ended,
        )
    )


def drift_report(*, gone: bool = False, text: str | None = None) -> Json:
    """Return the report on the fake's own document, one that lacks an operation, or *text*."""
    return deepcopy(_compared(gone=gone, text=text))


@cache
def _compared(*, gone: bool, text: str | None) -> Json:
    raw = deepcopy(document(PORT))
    if gone:
        del raw["paths"][RUNS]["get"]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "published.json"
        file.write_text(json.dumps(raw) if text is None else text)
        outcome = drift(str(file), fake=document(PORT))
    return drift_as_json(outcome, threshold=Severity.BREAKING)


def leave(
    folder: Path, name: str, *, code: object = None, report: Any = None, why: str = ""
) -> None:
    """Leave in *folder* what a part leaves behind."""
    if code is not None:
        (folder / f"{name}.code").write_text(f"{code}\n")
    if report is not None:
        text = report if isinstance(report, str) else json.dumps(report)
        (folder / f"{name}.json").write_text(text)
    if why:
        (folder / f"{name}.why").write_text(f"{why}\n")


def leave_ended(folder: Path, part: Part, standing: Standing) -> None:
    """Leave what a part leaves that ended so."""
    match standing:
        case Standing.BROKEN:
            leave(folder, part, code=124)
        case Standing.UNCHECKED:
            leave(folder, part, code=3, why="there was no time")
        case Standing.AGREES:
            leave(folder, part, code=0, report=report_of(part, differs=False))
        case Standing.CHANGED:
            leave(folder, part, code=1, report=report_of(part, differs=True))


def report_of(part: Part, *, differs: bool) -> Json:
    """Return a report of that part, with one finding or with none."""
    match part:
        case Part.RUN:
            return run_report(Verdict.HELD, *[Verdict.FAILED] * differs)
        case Part.DRIFT:
            return drift_report(gone=differs)
        case Part.REPLAY:
            return replay_report(*["error"] * differs)


def replay_report(
    *tiers: str, broken: Sequence[int] = (), compared: int = 1, level: str = "error"
) -> Json:
    """Return the report of a replay of one exchange, with differences of these tiers."""
    exchange = Exchange(
        number=1,
        operation="list-runs",
        caller="organisation",
        method="GET",
        path=RUNS,
        query="",
        request=Body(),
        answer=Answer(200),
    )
    differences = [Difference(Tier[one.upper()], "$.ok", "true expected") for one in tiers]
    reason = "" if compared else "it was there before"
    recorded = Recorded(
        name="recorded.jsonl",
        header=None,
        exchanges=[exchange],
        broken=[Broken(line, "it is no JSON") for line in broken],
    )
    outcome = Replay(recorded, "the fake", [Replayed(exchange, differences, reason)])
    return replay_as_json([outcome], level=Tier[level.upper()])
