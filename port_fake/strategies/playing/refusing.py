"""Steps that are refused whatever has happened before, and change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from port_fake.strategies.playing.expected import ExpectedRun
from port_fake.strategies.playing.stage import PLAIN, RESTART, WHO, Role, Stage

EXECUTE: Final = "execute-self-service-action"
READ: Final = "get-action-run-s-details"
LIST: Final = "get-all-action-runs"
UPDATE: Final = "update-action-run"
APPROVE: Final = "approve-action-run"
LOG: Final = "add-log-action-run"
LOGS: Final = "get-action-s-run-logs"
APPROVERS: Final = "get-action-run-s-approvers"
ACK: Final = "acknowledge-runs"

NOBODY: Final = "r_nothing"

PRESSES: Final[tuple[tuple[str, dict[str, Any], int], ...]] = (
    ("machine_nothing", {"properties": {}}, 404),
    (PLAIN, {}, 422),
    (PLAIN, {"properties": {"version": 1}}, 422),
    (RESTART, {"properties": {}}, 422),
    (RESTART, {"properties": {}, "entity": "nothing"}, 404),
)
BODIES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (UPDATE, {"status": "IN_PROGRESS"}),
    (UPDATE, {"statuslabel": "x"}),
    (UPDATE, {"link": 1}),
    (APPROVE, {}),
    (APPROVE, {"status": "APPROVED"}),
    (LOG, {}),
    (LOG, {"message": None}),
    (LOG, {"message": "x", "terminationStatus": "DECLINED"}),
)
QUERIES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (READ, {"version": "v3"}),
    (LIST, {"limit": 0}),
    (LIST, {"limit": 1001}),
    (LIST, {"source": ["API", "CLI"]}),
    (LOGS, {"limit": 0}),
    (LOGS, {"limit": 51}),
)
LOST: Final[tuple[tuple[str, dict[str, Any] | None], ...]] = (
    (READ, None),
    (LOGS, None),
    (APPROVERS, None),
    (UPDATE, {"status": "SUCCESS"}),
    (APPROVE, {"status": "APPROVE"}),
    (LOG, {"message": "x"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A request that nobody should make. *path* is None for a run that is there."""

    operation: str
    status: int = 422
    path: dict[str, str] | None = None
    query: dict[str, Any] | None = None
    body: Any = None


WRONGS: Final = (
    *(
        Wrong(operation=EXECUTE, path={"action_identifier": action}, body=body, status=status)
        for action, body, status in PRESSES
    ),
    *(Wrong(operation=operation, body=body) for operation, body in BODIES),
    *(Wrong(operation=operation, query=query) for operation, query in QUERIES),
    *(
        Wrong(operation=operation, path={"run_id": NOBODY}, body=body, status=404)
        for operation, body in LOST
    ),
    Wrong(operation=ACK, path={}, body={"runId": NOBODY}, status=404),
)


class Refusing(Stage):
    """What is refused whatever a run is like; what is there stays as it is."""

    @rule(run=Stage.runs, wrong=st.sampled_from(WRONGS), who=WHO)
    def do_wrong(self, run: ExpectedRun, wrong: Wrong, who: Role) -> None:
        """Send what nobody takes, or name what is not there."""
        operation, person = wrong.operation, self.person(who)
        answer = self.ask(
            operation,
            run if wrong.path is None else None,
            who=person,
            path=wrong.path,
            query=wrong.query,
            body=wrong.body,
        )
        self.judge(operation, answer, frozenset({wrong.status}))
