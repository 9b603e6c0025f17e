"""Port: the first dialect, put together."""

from __future__ import annotations

from itertools import chain
from typing import Final

from port_fake.dialects.port import (
    actions,
    audit,
    blueprints,
    bulk_entities,
    entities,
    entity_search,
    legacy_actions,
    organisation,
    permissions,
    queues,
    runs,
    secrets,
    teams,
    users,
    workflows,
)
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.events import occasions
from port_fake.dialects.port.invocation.change_log import announce
from port_fake.dialects.port.invocation.letters import compose, report
from port_fake.dialects.port.invocation.plans import plan
from port_fake.dialects.port.policies import PortPolicies
from port_fake.dialects.port.refusals import STATUSES, fail, refuse, shape
from port_fake.dialects.port.tokens import authenticate, issue
from port_fake.dialects.port.vocabulary import TABLE
from port_fake.errors import Fault
from port_fake.surface.dialect import Dialect

PORT: Final = Dialect(
    name="port",
    title="Port API (port-fake)",
    operations=tuple(
        chain(
            organisation.OPERATIONS,
            secrets.OPERATIONS,
            runs.OPERATIONS,
            queues.OPERATIONS,
            workflows.OPERATIONS,
            actions.OPERATIONS,
            permissions.OPERATIONS,
            legacy_actions.OPERATIONS,
            blueprints.OPERATIONS,
            entities.OPERATIONS,
            bulk_entities.OPERATIONS,
            entity_search.OPERATIONS,
            users.OPERATIONS,
            teams.OPERATIONS,
            audit.OPERATIONS,
        )
    ),
    table=TABLE,
    policies=PortPolicies(),
    components=COMPONENTS,
    authenticate=authenticate,
    statuses=STATUSES,
    refuse=refuse,
    fail=fail,
    error_shape=shape,
    # Source: OpenAPI 1.0: 401 and 404 everywhere.
    always=frozenset({Fault.UNAUTHORIZED, Fault.NOT_FOUND}),
    plan=plan,
    compose=compose,
    report=report,
    announce=announce,
    occasions=occasions,
    authorize=lambda member: f"Bearer {issue(member)[0]}",
)
