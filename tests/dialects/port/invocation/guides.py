"""Actions composed anew after what Port's guides show: one for each trick that they use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

API: Final = "https://api.getport.io/v1"
TEXT: Final = {"type": "string"}
SERVICE: Final = {"type": "string", "format": "entity", "blueprint": "service"}
SERVICES: Final = {"type": "array", "items": SERVICE}
MAIL: Final = {"requiredApproval": {"type": "ANY"}, "approvalNotification": {"type": "email"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """An action, what to give it, and what must come out of its templates.

    ``LOCAL`` in a URL is the local receiver, ``WAITING`` a run that waits for approval. *wanted*
    are parts of the rendered method, by their path.
    """

    method: dict[str, Any]
    inputs: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    operation: str = "CREATE"
    more: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, Any] = field(default_factory=dict)


def webhook(body: Any, url: str = "LOCAL/guide", **keys: Any) -> dict[str, Any]:
    return {"type": "WEBHOOK", "url": url, "body": body, **keys}


def github(inputs: dict[str, Any], **keys: Any) -> dict[str, Any]:
    where = {"org": "acme", "repo": "platform", "workflow": "run.yml"}
    return {"type": "GITHUB", **where, "workflowInputs": inputs, **keys}


def upsert(blueprint: str = "service", **mapping: Any) -> dict[str, Any]:
    return {"type": "UPSERT_ENTITY", "blueprintIdentifier": blueprint, "mapping": mapping}


GUIDES: Final[dict[str, Guide]] = {
    "approve automatically: tell Slack": Guide(
        method={
            "type": "SLACK",
            "url": "https://hooks.slack.example/T1",
            "synchronized": True,
            "body": {"text": "{{ .trigger.by.userId }} asks for {{ .inputs.size }}"},
        },
        inputs={"size": {"type": "string", "enum": ["small", "large"], "default": "small"}},
        more=MAIL,
    ),
    "approve automatically: call Port": Guide(
        method=webhook(
            {"status": '{{ if .inputs.run != null then "APPROVE" else "DECLINE" end }}'},
            f"{API}/actions/runs/{{{{ .inputs.run }}}}/approval",
            method="PATCH",
            synchronized=True,
        ),
        inputs={"run": TEXT},
        given={"run": "WAITING"},
        wanted={"body.status": "APPROVE"},
    ),
    "notify upon approval: keep the request": Guide(
        method=upsert(
            identifier="{{ .run.id }}",
            title="Request of {{ .trigger.by.userId }}",
            properties={"{{ if .inputs.env == 'Production' then 'risk' else null end }}": "high"},
        ),
        inputs={"env": TEXT},
        given={"env": "Production"},
        more={"requiredApproval": True},
        wanted={"mapping.properties": {"risk": "high"}},
    ),
    "notify upon approval: post a message": Guide(
        method=webhook(
            {
                "text": "Run {{ .run.id }} by {{ .trigger.by.user.email // 'a machine' }}",
                "{{ if .inputs.env == 'Production' then 'channel' else null end }}": "#prod",
            }
        ),
        inputs={"env": TEXT},
        given={"env": "Staging"},
    ),
    "triage requests: ask an agent": Guide(
        method=webhook(
            {
                "prompt": "Triage {{ .inputs.request }} of {{ .inputs.service.title }}",
                "labels": {"source": "port", "run": "{{ .run.id }}"},
                '{{ if .inputs.branch then "branch" else null end }}': "{{ .inputs.branch }}",
            },
            synchronized=True,
        ),
        inputs={"request": TEXT, "branch": TEXT, "service": SERVICE},
        given={"request": "a database", "service": "cart"},
        wanted={"body.prompt": "Triage a database of Cart"},
    ),
    "triage requests: mirror the run": Guide(
        method=upsert(
            identifier="{{ .run.id }}",
            properties={
                "status": '{{ if .inputs.urgent then "open" else "later" end }}',
                "url": "https://app.example/runs/{{ .run.id }}",
            },
            relations={"parent": "{{ .inputs.service.identifier }}"},
        ),
        inputs={"urgent": {"type": "boolean", "default": True}, "service": SERVICE},
        given={"service": "cart"},
        wanted={"mapping.properties.status": "open", "mapping.relations": {"parent": "cart"}},
    ),
    "terraform: plan": Guide(
        method=github({"config": "{{ .inputs | {bucket, tags} }}", "port_run_id": "{{ .run.id }}"}),
        inputs={"bucket": TEXT, "tags": {"type": "object", "default": {"team": "core"}}},
        given={"bucket": "logs"},
        more={"requiredApproval": True, "approvalNotification": {"type": "email"}},
        wanted={"workflowInputs.config": {"bucket": "logs", "tags": {"team": "core"}}},
    ),
    "terraform: apply": Guide(
        method=github({"plan": {"run": "{{ .run.id }}"}}, reportWorkflowStatus=False),
    ),
    "eks: make a cluster": Guide(
        method=github({"{{ spreadValue() }}": "{{ .inputs }}", "ref": "main"}),
        inputs={"name": {"type": "string", "pattern": "^[a-z-]+$"}, "nodes": {"type": "number"}},
        given={"name": "blue", "nodes": 3},
        wanted={"workflowInputs": {"name": "blue", "nodes": 3, "ref": "main"}},
    ),
    "eks: grow a cluster": Guide(
        method=github({"cluster": "{{ .entity.identifier }}", "was": "{{ .entity.properties }}"}),
        operation="DAY-2",
        wanted={"workflowInputs.cluster": "cart"},
    ),
    "eks: remove a cluster": Guide(
        method=github({"cluster": "{{ .entity.identifier }}"}, reportWorkflowStatus="{{ true }}"),
        operation="DELETE",
        more={"requiredApproval": True, "approvalNotification": {"type": "email"}},
        wanted={"reportWorkflowStatus": True},
    ),
    "incidents: declare one": Guide(
        method=webhook(
            {
                "idempotency_key": "{{ now | tostring | @base64 }}",
                "name": "{{ .inputs.title }}",
                "severity": (
                    "{{ if .inputs.level == 'P1' then 'critical' "
                    "elif .inputs.level == 'P2' then 'major' else 'minor' end }}"
                ),
                "visibility": "public",
            },
            headers={"Authorization": "Bearer {{ .secrets.INCIDENT_KEY }}"},
            synchronized=True,
        ),
        inputs={"title": TEXT, "level": {"type": "string", "enum": ["P1", "P2", "P3"]}},
        given={"title": "Checkout is down", "level": "P2"},
        wanted={
            "body.severity": "major",
            "headers.Authorization": "Bearer [secret INCIDENT_KEY]",
        },
    ),
    "status page: tell of an incident": Guide(
        method=webhook(
            {
                "incident": {
                    "name": "{{ .inputs.title }}",
                    "component_ids": "{{ .inputs.services | map(.identifier) }}",
                    "components": "{{ .inputs.services | map({(.identifier): 'major'}) | add }}",
                }
            },
            headers={"Authorization": 'OAuth {{ .secrets["status-page"] }}'},
            synchronized="{{ true }}",
        ),
        inputs={
            "title": {"type": "string", "default": {"jqQuery": '"Incident"'}},
            "services": SERVICES,
            "note": {"type": "string", "visible": {"jqQuery": ".form.title != null"}},
        },
        given={"title": "Slow", "services": ["cart", "shop"]},
        wanted={
            "body.incident.component_ids": ["cart", "shop"],
            "body.incident.components": {"cart": "major", "shop": "major"},
        },
    ),
    "status page: keep an incident": Guide(
        method=upsert(
            identifier='{{ .inputs.title | gsub("[^a-z]"; "-") }}',
            title="{{ .inputs.title | ascii_upcase }}",
            properties={"tags": "{{ [.inputs.services[] | .title] }}"},
        ),
        inputs={"title": TEXT, "services": SERVICES},
        given={"title": "all is slow", "services": ["shop"]},
        wanted={"mapping.identifier": "all-is-slow", "mapping.properties.tags": ["Shop"]},
    ),
    "locks: lock a service": Guide(
        method=upsert(
            identifier="{{ .entity.identifier }}",
            properties={"locked": True, "status": "{{ .inputs.reason }}"},
        ),
        inputs={"reason": {"type": "string", "minLength": 3}},
        given={"reason": "release"},
        operation="DAY-2",
        wanted={"mapping.properties.status": "release"},
    ),
    "locks: say so": Guide(
        method=webhook(
            {"text": "*{{ .entity.title }}* is locked: {{ .entity.properties.locked }}"}
        ),
        operation="DAY-2",
        wanted={"body.text": "*Cart* is locked: false"},
    ),
    "gitlab: trigger a pipeline": Guide(
        method=webhook(
            {
                "{{ spreadValue() }}": "{{ .inputs }}",
                "port_context": {"runId": "{{ .run.id }}", "entity": "{{ .entity }}"},
            },
            headers={"RUN_ID": "{{ .run.id }}"},
        ),
        inputs={"branch": {"type": "string", "default": "main"}},
        wanted={"body.branch": "main", "body.port_context.entity": {}},
    ),
    "gitlab: start another action": Guide(
        method=webhook(
            {"properties": {"reason": "{{ .inputs.reason }}"}},
            f"{API}/actions/waits/runs",
            synchronized=True,
        ),
        inputs={"reason": TEXT},
        given={"reason": "promote"},
        wanted={"body.properties.reason": "promote"},
    ),
}
"""The first half; the second one is in `more_guides`."""
