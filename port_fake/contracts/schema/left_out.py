"""What is not asked, or not everywhere, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OUT_OF_REACH: Final[Mapping[str, str]] = {
    "acknowledge-node-run": "no operation makes a run of a workflow's node",
    "update-node-run": "no operation makes a run of a workflow's node",
    "log-node-run": "no operation makes a run of a workflow's node",
}
"""Operations that cannot be made to succeed with the operations of the document, and why."""

NOT_OURS: Final[Mapping[str, str]] = {
    "replace-organization": "it would replace the settings of an organisation that is not a fake's",
    "change-organization": "it would change the settings of an organisation that is not a fake's",
    "claim-pending-runs": "it would take runs away from whoever works on them",
    "acknowledge-runs": "it would take runs away from whoever works on them",
    "invite-user": "it would write to people whose addresses are made up",
    "claim-pending-node-runs": "it would take runs away from whoever works on them",
}
"""Operations that are left out where the organisation is not a fake's, and why."""
