"""The second half of the actions composed after Port's guides."""

from __future__ import annotations

from typing import Final

from tests.dialects.port.invocation.guides import (
    API,
    MAIL,
    SERVICE,
    TEXT,
    Guide,
    github,
    upsert,
    webhook,
)

FLAGS: Final = "https://flags.example/api/v2/flags"

MORE_GUIDES: Final[dict[str, Guide]] = {
    "dashboards: measure a run": Guide(
        method=github({"cost": "{{ (.inputs.minutes / 60 * .inputs.rate) | floor }}"}),
        inputs={"minutes": {"type": "number"}, "rate": {"type": "number", "default": 80}},
        given={"minutes": 90},
        wanted={"workflowInputs.cost": 120},
    ),
    "dashboards: report a saving": Guide(
        method=webhook(
            {
                "{{ spreadValue() }}": "{{ .inputs | with_entries(.key |= 'in_' + .) }}",
                "by": "{{ .trigger | {by, origin, at} }}",
            }
        ),
        inputs={"minutes": {"type": "number", "visible": {"jqQuery": "true"}}},
        given={"minutes": 5},
        wanted={"body.in_minutes": 5, "body.by.origin": "API"},
    ),
    "dashboards: add it up": Guide(
        method=upsert(
            identifier='saving_{{ .run.id | sub("^r_"; "") }}',
            properties={"size": "{{ .inputs.minutes * 2 }}", "status": '{{ .inputs."note" }}'},
        ),
        inputs={"minutes": {"type": "number"}, "note": TEXT},
        given={"minutes": 21, "note": "done"},
        wanted={"mapping.properties": {"size": 42, "status": "done"}},
    ),
    "flags: toggle one": Guide(
        method=webhook(
            [{"op": "replace", "path": "/environments/prod/on", "value": "{{ .inputs.on }}"}],
            FLAGS + "/{{ .inputs.service.identifier }}",
            method="PATCH",
            headers={"Authorization": "{{ .secrets.INCIDENT_KEY }}"},
        ),
        inputs={
            "on": {"type": "boolean"},
            "service": {
                **SERVICE,
                "dataset": {
                    "combinator": "and",
                    "rules": [{"property": "$title", "operator": "!=", "value": "x"}],
                },
            },
        },
        given={"on": True, "service": "shop"},
    ),
    "flags: remove one": Guide(
        method=webhook({}, FLAGS + "/{{ .entity.identifier }}", method="DELETE"),
        operation="DELETE",
        more={"requiredApproval": True},
        wanted={"url": f"{FLAGS}/cart", "method": "DELETE"},
    ),
    "flags: keep one": Guide(
        method=upsert(
            identifier="{{ .inputs.service.identifier }}",
            title='{{ .inputs.service | .title + "!" }}',
            team="{{ [] }}",
        ),
        inputs={"service": SERVICE},
        given={"service": "shop"},
        wanted={"mapping.title": "Shop!", "mapping.team": []},
    ),
    "lambda runner: the message of old": Guide(method={"type": "KAFKA"}, inputs={"name": TEXT}),
    "lambda runner: a payload": Guide(
        method={"type": "KAFKA", "payload": {"inputs": "{{ .inputs }}", "run": "{{ .run.id }}"}},
        inputs={"name": TEXT},
        given={"name": "x"},
    ),
    "github secret: encrypted": Guide(
        method=github(
            {
                "name": "{{ .inputs.name }}",
                "value": "{{ .inputs.value }}",
                "encrypted": '{{ .action.encryptedProperties | join(",") }}',
            }
        ),
        inputs={"name": TEXT, "value": {**TEXT, "encryption": "aes256-gcm"}},
        given={"name": "TOKEN", "value": "hush"},
        wanted={"workflowInputs.encrypted": "value"},
    ),
    "crossplane: on GitHub": Guide(
        method=github({"ref": "{{ .inputs.branch // 'main' }}", "bucket": "{{ .inputs.bucket }}"}),
        inputs={"bucket": {"type": "string", "maxLength": 63}, "branch": TEXT},
        given={"bucket": "logs"},
        wanted={"workflowInputs.ref": "main"},
    ),
    "crossplane: on GitLab": Guide(
        method={
            "type": "GITLAB",
            "projectName": "buckets",
            "groupName": "acme/{{ .inputs.group }}",
            "defaultRef": "main",
            "pipelineVariables": {"BUCKET": "{{ .inputs.bucket }}", "RUN_ID": "{{ .run.id }}"},
        },
        inputs={"bucket": TEXT, "group": TEXT},
        given={"bucket": "logs", "group": "infra"},
        wanted={"groupName": "acme/infra"},
    ),
    "crossplane: through an agent": Guide(
        method=webhook({"bucket": "{{ .inputs.bucket }}"}, "https://inside.example/", agent=True),
        inputs={"bucket": TEXT},
        given={"bucket": "logs"},
    ),
    "azure: copy a pipeline": Guide(
        method={
            "type": "AZURE_DEVOPS",
            "webhook": "copy-{{ .inputs.repo | ascii_downcase }}",
            "org": "acme",
            "payload": {"repo": "{{ .inputs.repo }}", "at": "{{ .trigger.at[0:10] }}"},
        },
        inputs={"repo": TEXT},
        given={"repo": "Shop"},
        wanted={"webhook": "copy-shop", "payload.at": "2026-01-05"},
    ),
    "reviews: nudge in Slack": Guide(
        method={
            "type": "SLACK",
            "url": '{{ .secrets.INCIDENT_KEY | "https://slack.example/" + . }}',
            "body": {"text": "Please review {{ .entity.title }}: {{ .inputs.link | @uri }}"},
        },
        inputs={"link": {"type": "string", "format": "url"}},
        given={"link": "https://git.example/1"},
        operation="DAY-2",
        wanted={"body.text": "Please review Cart: https%3A%2F%2Fgit.example%2F1"},
    ),
    "reviews: open one with Jenkins": Guide(
        method={
            "type": "JENKINS",
            "url": "https://jenkins.example/job/{{ .inputs.job }}/build",
            "body": {"parameter": [{"name": "RUN", "value": "{{ .run.id }}"}]},
        },
        inputs={"job": TEXT},
        given={"job": "pr"},
        more=MAIL,
    ),
    "automations: time to live": Guide(
        method=webhook(
            {
                "ends": '{{ (.trigger.at | sub("\\\\.[0-9]+"; "") | fromdateiso8601) + 3600 '
                '| strftime("%Y-%m-%dT%H:%M:%SZ") }}',
                "{{ .inputs.unit }}": "{{ .inputs.count * 60 }}",
            }
        ),
        inputs={"count": {"type": "number"}, "unit": TEXT},
        given={"count": 2, "unit": "minutes"},
        wanted={"body.ends": "2026-01-05T11:00:00Z", "body.minutes": 120},
    ),
    "automations: run as somebody": Guide(
        method=webhook(
            {"properties": {}},
            f"{API}/actions/waits/runs?run_as={{{{ .inputs.who | @uri }}}}",
            synchronized=True,
        ),
        inputs={"who": {"type": "string", "format": "user"}},
        given={"who": "lea.lead@example.com"},
    ),
    "services: whole objects": Guide(
        method=webhook(
            {
                "entity": "{{ .entity }}",
                "inputs": "{{.inputs}}",
                "is_new": "{{ .entity == {} }}",
                "known": '{{ .inputs | has("name") }}',
                "region": '{{ .inputs.name | IN("eu", "us") }}',
                "first": '{{ .inputs.name | split("")[0] }}',
            }
        ),
        inputs={"name": TEXT},
        given={"name": "eu"},
        wanted={"body.is_new": True, "body.known": True, "body.region": True, "body.first": "e"},
    ),
}
