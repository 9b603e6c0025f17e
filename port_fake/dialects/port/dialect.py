"""Port: the first dialect, put together."""

from __future__ import annotations

from itertools import chain
from typing import Final

from port_fake.dialects.port import (
    actions,
    blueprints,
    bulk_entities,
    entities,
    legacy_actions,
    organisation,
    permissions,
    runs,
    teams,
    users,
)
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.refusals import STATUSES, refuse, shape
from port_fake.dialects.port.tokens import authenticate
from port_fake.dialects.port.vocabulary import TABLE
from port_fake.surface.dialect import Dialect

PORT: Final = Dialect(
    name="port",
    title="Port API (port-fake)",
    operations=tuple(
        chain(
            organisation.OPERATIONS,
            runs.OPERATIONS,
            actions.OPERATIONS,
            permissions.OPERATIONS,
            legacy_actions.OPERATIONS,
            blueprints.OPERATIONS,
            entities.OPERATIONS,
            bulk_entities.OPERATIONS,
            users.OPERATIONS,
            teams.OPERATIONS,
        )
    ),
    table=TABLE,
    components=COMPONENTS,
    authenticate=authenticate,
    statuses=STATUSES,
    refuse=refuse,
    error_shape=shape,
)
