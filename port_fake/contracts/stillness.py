"""Whether something was left as it was: what a refused request must do with all that there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene


@contextmanager
def unchanged(scene: Scene, *run_ids: str) -> Iterator[None]:
    """Let the block leave runs as they are: in both versions, with their logs and votes.

    Raises:
        AnswerError: One is not what it was before.
    """
    before = [account(scene, run_id) for run_id in run_ids]
    yield
    for run_id, was in zip(run_ids, before, strict=True):
        now = account(scene, run_id)
        for part, held in was.items():
            if now[part] != held:
                raise AnswerError(
                    f"{part} of {run_id} must stay as it was: {held} became {now[part]}"
                )


def account(scene: Scene, run_id: str) -> dict[str, Any]:
    """Return all that can be read of a run, by part.

    Raises:
        AnswerError: It cannot be read.
    """
    path = {"run_id": run_id}
    query = {"include_pending_approvers": True}
    approvers = scene.port.get("get-action-run-s-approvers", path=path, query=query)
    return {
        "v2": scene.read(run_id),
        "v1": scene.read(run_id, "v1"),
        "the log": scene.logs(run_id),
        "the approvers": approvers.objects("approvers"),
    }
