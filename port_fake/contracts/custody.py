"""Leaves no run behind: what the suites made at a service that is somebody's own is finished."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Final

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.wire import UnreachableError

LOG: Final = logging.getLogger("port_fake")

MARK: Final = "made by port-fake contracts"
"""What every run that is made says of itself."""

TIDYING_S: Final = 120.0
"""How long the end may take, whatever the time limit was."""

OPEN: Final = frozenset({"IN_PROGRESS", "WAITING_FOR_APPROVAL"})


def mark_run(organisation: Organisation, run_id: str) -> None:
    """Let a run say who made it."""
    path = {"run_id": run_id}
    organisation.ask("update-action-run", path=path, body={"statusLabel": MARK})


def finish_runs(organisation: Organisation, run_ids: Sequence[str]) -> Sequence[str]:
    """End the runs that are still open; return the ids of those that could not be ended."""
    organisation.wire.pace.extend(TIDYING_S)
    left = [run_id for run_id in run_ids if not _is_finished(organisation, run_id)]
    if left:
        LOG.warning("these runs could not be finished, end them by hand: %s", ", ".join(left))
    return left


def _is_finished(organisation: Organisation, run_id: str) -> bool:
    path: dict[str, Any] = {"run_id": run_id}
    try:
        run = organisation.get(
            "get-action-run-s-details", path=path, query={"version": "v2"}
        ).object("run")
        if run.get("status") not in OPEN:
            return True
        body = {"status": "FAILURE", "statusLabel": MARK}
        organisation.get("update-action-run", path=path, body=body)
    except (AnswerError, UnreachableError, TimeIsUpError):
        return False
    return True
