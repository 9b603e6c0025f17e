"""Permissions of an action: who may execute it and who may approve its runs."""

from collections.abc import Mapping
from typing import Final

from port_fake.surface.schema import Schema, array, closed, flag, map_of, nullable, ref, text

_POLICY: Final[Schema] = closed(
    {
        "queries": map_of(ref("SearchQuery"), minProperties=1),
        "conditions": array(text(minLength=1), minItems=1),
    },
    ["queries", "conditions"],
)

_PEOPLE: Final[Mapping[str, Schema]] = {
    "users": array(text()),
    "roles": array(text()),
    "teams": array(text()),
    "policy": nullable(_POLICY),
}

PERMISSIONS: Final[Schema] = closed(
    {"execute": closed({**_PEOPLE, "ownedByTeam": flag()}), "approve": closed(_PEOPLE)}
)
"""Source: OpenAPI 1.0, PATCH /v1/actions/{action_identifier}/permissions."""
