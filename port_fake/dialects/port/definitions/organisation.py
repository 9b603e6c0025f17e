"""The organisation: its name, settings and announcement."""

from collections.abc import Mapping
from typing import Final

from port_fake.surface.schema import (
    Schema,
    array,
    choice,
    closed,
    flag,
    moment,
    nullable,
    opened,
    text,
)

_SETTINGS: Final[Mapping[str, Schema]] = {
    "hiddenBlueprints": array(text()),
    "federatedLogout": flag(),
    "portalIcon": text(),
    "portalTitle": text(maxLength=30),
}

_ANNOUNCEMENT: Final[Mapping[str, Schema]] = {
    "enabled": flag(),
    "content": text(minLength=1, maxLength=300),
    "link": nullable(text(maxLength=300)),
    "color": choice("blue", "red"),
}

ORGANISATION_REPLACEMENT: Final[Schema] = closed(
    {
        "name": text(),
        "settings": opened(_SETTINGS),
        "announcement": opened(_ANNOUNCEMENT, ["content"]),
    },
    ["name"],
)
"""Source: OpenAPI 1.0, PUT /v1/organization."""

ORGANISATION_CHANGES: Final[Schema] = closed(
    {
        "name": text(),
        "settings": opened(
            {
                **_SETTINGS,
                "supportUserPermission": choice("OPT_OUT", "OPT_IN"),
                "supportUserTTL": choice("ONE_DAY", "ONE_WEEK", "ONE_MONTH", "FOREVER"),
                "supportUserExpiresAt": moment(),
                "portAgentStreamerName": choice("KAFKA", "POLLING"),
            }
        ),
        "isOnboarded": flag(),
        "toolSelectionProvisioning": closed({"status": choice("IN_PROGRESS", "DONE")}, ["status"]),
        "announcement": opened(_ANNOUNCEMENT),
    }
)
"""Source: OpenAPI 1.0, PATCH /v1/organization, less its required `name`.

Port's agent sends `settings.portAgentStreamerName` alone when it starts.
"""
