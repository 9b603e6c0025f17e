"""All mutants, by class."""

from __future__ import annotations

from typing import Final

from contracts.mutants.catalogue.approvals import APPROVALS
from contracts.mutants.catalogue.auth import AUTH
from contracts.mutants.catalogue.bodies import BODIES
from contracts.mutants.catalogue.bounds import BOUNDS
from contracts.mutants.catalogue.deliveries import DELIVERIES
from contracts.mutants.catalogue.entities import ENTITIES
from contracts.mutants.catalogue.envelopes import ENVELOPES
from contracts.mutants.catalogue.fields import FIELDS
from contracts.mutants.catalogue.lists import LISTS
from contracts.mutants.catalogue.logs import LOG_LINES
from contracts.mutants.catalogue.organisations import ORGANISATIONS
from contracts.mutants.catalogue.statuses import STATUSES
from contracts.mutants.catalogue.surroundings import SURROUNDINGS
from contracts.mutants.catalogue.times import TIMES
from contracts.mutants.catalogue.updates import UPDATES
from contracts.mutants.catalogue.versions import VERSIONS

MUTANTS: Final = (
    *STATUSES,
    *ENVELOPES,
    *FIELDS,
    *VERSIONS,
    *TIMES,
    *LISTS,
    *BOUNDS,
    *BODIES,
    *APPROVALS,
    *LOG_LINES,
    *UPDATES,
    *AUTH,
    *ORGANISATIONS,
    *DELIVERIES,
    *ENTITIES,
    *SURROUNDINGS,
)
"""In the order of the table."""
