"""All stories, by the names of their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from port_fake.contracts.stories.accounts import organisation, secrets, tokens
from port_fake.contracts.stories.catalog import blueprints, bulk, entities
from port_fake.contracts.stories.people import teams, users
from port_fake.contracts.stories.searching import search
from port_fake.contracts.stories.stage import Tell

STORIES: Final[Mapping[str, Tell]] = {
    "tokens": tokens,
    "organisation": organisation,
    "secrets": secrets,
    "teams": teams,
    "users": users,
    "blueprints": blueprints,
    "entities": entities,
    "bulk": bulk,
    "search": search,
}
