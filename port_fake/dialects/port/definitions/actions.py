"""Actions: a trigger, the method it invokes, and who must approve a run of it."""

from collections.abc import Mapping, Sequence
from typing import Final

from port_fake.dialects.port.definitions.entities import RELATION_VALUE
from port_fake.dialects.port.definitions.triggers import TRIGGER
from port_fake.surface.schema import (
    Schema,
    array,
    choice,
    closed,
    flag,
    map_of,
    one_of,
    opened,
    tagged,
    text,
)

_FLAG_OR_TEMPLATE: Final[Schema] = one_of(flag(), text())
_BODY: Final[Schema] = one_of(array(), opened())
_WEBHOOK: Final[Mapping[str, Schema]] = {
    "url": text(),
    "agent": _FLAG_OR_TEMPLATE,
    "synchronized": _FLAG_OR_TEMPLATE,
    "method": text(),
    "headers": map_of(text()),
    "body": _BODY,
}
_MAPPING: Final[Schema] = opened(
    {
        "identifier": text(),
        "title": text(),
        "team": one_of(text(), array(text())),
        "icon": text(),
        "properties": opened(),
        "relations": map_of(RELATION_VALUE),
    }
)

INVOCATION_METHODS: Final[Sequence[Schema]] = (
    tagged("KAFKA", {"payload": _BODY}),
    tagged("WEBHOOK", _WEBHOOK, ["url"]),
    tagged(
        "GITHUB",
        {
            "org": text(),
            "repo": text(),
            "workflow": text(),
            "workflowInputs": opened(),
            "reportWorkflowStatus": _FLAG_OR_TEMPLATE,
        },
        ["org", "repo", "workflow"],
    ),
    tagged(
        "INTEGRATION_ACTION",
        {
            "installationId": text(),
            "integrationActionType": choice("dispatch_workflow"),
            "integrationActionExecutionProperties": opened(),
        },
        ["installationId", "integrationActionType", "integrationActionExecutionProperties"],
    ),
    tagged(
        "GITLAB",
        {
            "projectName": text(),
            "groupName": text(),
            "defaultRef": text(),
            "pipelineVariables": opened(),
        },
        ["projectName", "groupName"],
    ),
    tagged(
        "AZURE_DEVOPS", {"webhook": text(), "org": text(), "payload": _BODY}, ["webhook", "org"]
    ),
    tagged(
        "UPSERT_ENTITY",
        {"blueprintIdentifier": text(), "mapping": _MAPPING},
        ["blueprintIdentifier", "mapping"],
    ),
)
"""Source: OpenAPI 1.0, POST /v1/actions, the forms of invocationMethod."""

GUIDE_ONLY_METHODS: Final[Sequence[Schema]] = (
    tagged("SLACK", _WEBHOOK, ["url"]),
    tagged("JENKINS", {key: _WEBHOOK[key] for key in ("url", "agent", "body")}, ["url"]),
)
"""Source: Port's guides, which call these; OpenAPI 1.0 does not know them."""

INVOCATION_METHOD: Final[Schema] = one_of(*INVOCATION_METHODS)
"""Source: OpenAPI 1.0, POST /v1/actions, invocationMethod."""

REQUIRED_APPROVAL: Final[Schema] = one_of(closed({"type": choice("ANY", "ALL")}, ["type"]), flag())
"""Source: OpenAPI 1.0, POST /v1/actions, requiredApproval."""

APPROVAL_NOTIFICATION: Final[Schema] = one_of(
    tagged("webhook", {"format": choice("json", "slack"), "url": text(format="uri")}, ["url"]),
    tagged("email"),
    **opened({"type": choice("webhook", "email", default="email")}, ["type"]),
)
"""Source: OpenAPI 1.0, POST /v1/actions, approvalNotification."""

ACTION: Final[Schema] = closed(
    {
        "identifier": text(pattern=r"^(?!\.{1,2}$)[\p{L}0-9@_.+:=-]+$"),
        "title": text(),
        "icon": text(),
        "description": text(),
        "trigger": TRIGGER,
        "invocationMethod": INVOCATION_METHOD,
        "requiredApproval": REQUIRED_APPROVAL,
        "approvalNotification": APPROVAL_NOTIFICATION,
        "publish": flag(),
        "allowAnyoneToViewRuns": flag(),
    },
    ["identifier", "trigger", "invocationMethod"],
)
"""Source: OpenAPI 1.0, POST /v1/actions and PUT /v1/actions/{action_identifier}."""

ACCEPTED_ACTION: Final[Schema] = closed(
    {**ACTION["properties"], "invocationMethod": one_of(*INVOCATION_METHODS, *GUIDE_ONLY_METHODS)},
    ACTION["required"],
)
"""ACTION with the methods of Port's guides: what this server takes."""
