"""How approvers hear of a run that waits for them."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from port_fake.dialects.port.invocation.signature import signature_headers
from port_fake.engine.runs import Run
from port_fake.surface.hosts import refusal
from port_fake.surface.letters import Carrier, Letter
from port_fake.world.world import World


def notification(world: World, run: Run) -> Letter | None:
    """Return the mail to the approvers that an action names, or the call of its webhook.

    Source: docs, self-service approvals: email by default, or one POST, as JSON or for Slack;
    whom a policy names gets no mail.
    Assumed: what is in either; nobody outside Port has published it.
    """
    approvers = [user.email for user in world.access.electorate(run)]
    wanted = run.action.definition.get("approvalNotification", {})
    title = run.action.title or run.action.identifier
    if wanted.get("type") != "webhook":
        if run.approvers is not None:
            return None
        message = {"to": approvers, "subject": f"{title} waits for your approval", "runId": run.id}
        return Letter(
            kind="EMAIL", carrier=Carrier.NOBODY, run_id=run.id, shown=message, reports=False
        )
    content: dict[str, Any] = {
        "action": {"identifier": run.action.identifier, "title": run.action.title},
        "run": {"id": run.id, "properties": run.inputs, "entity": run.entity},
        "approvers": approvers,
    }
    if wanted.get("format") == "slack":
        content = {"text": f"{title} waits for approval by {', '.join(approvers)} (run {run.id})"}
    body = to_json(content)
    headers = {"Content-Type": "application/json", **signature_headers(world, body)}
    shown = {"url": wanted["url"], "method": "POST", "headers": headers, "body": content}
    reason = refusal(wanted["url"], world.settings.allow_hosts)
    return Letter(
        kind="APPROVAL_WEBHOOK",
        carrier=Carrier.HTTP if reason is None else Carrier.NOBODY,
        run_id=run.id,
        shown=shown,
        url=wanted["url"],
        headers=headers,
        body=body,
        reports=False,
        reason=reason,
    )
