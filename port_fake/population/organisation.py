"""A whole organisation, made up, as the parts of a scenario."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Final

from port_fake.errors import MisuseError
from port_fake.population.actions import ACTIONS, permission_documents
from port_fake.population.catalog import (
    BLUEPRINTS,
    DOMAINS,
    KINDS,
    Document,
    entity_documents,
    people,
    services,
    team_documents,
    user_documents,
)
from port_fake.population.chance import Chance
from port_fake.population.histories import Cast, Histories
from port_fake.scenarios.folders import part_files

RUNS: Final = 1000
PEOPLE: Final = 24
SERVICES: Final = 18
WEEKS: Final = 6

FEWEST_PEOPLE: Final = 3
MOST: Final = {"runs": 1_000_000, "people": 10_000, "weeks": 520}


def invented(
    *,
    runs: int = RUNS,
    seed: int = 0,
    people_count: int = PEOPLE,
    service_count: int = SERVICES,
    weeks: int = WEEKS,
) -> dict[str, list[Document]]:
    """Return an organisation as the parts of a scenario, the same for the same arguments.

    Runs lie in the past *weeks*; statuses are mixed, and some are still under way.

    Raises:
        MisuseError: A number makes no sense, or Faker is not installed.
    """
    _must_lie("runs", runs, 0, MOST["runs"])
    _must_lie("people", people_count, FEWEST_PEOPLE, MOST["people"])
    _must_lie("services", service_count, 1, len(DOMAINS) * len(KINDS))
    _must_lie("weeks", weeks, 1, MOST["weeks"])
    chance = Chance(seed)
    cast = Cast(people=people(chance, people_count), services=services(chance, service_count))
    return {
        "teams": team_documents(),
        "users": user_documents(cast.people),
        "blueprints": BLUEPRINTS,
        "entities": entity_documents(chance, cast.services),
        "actions": ACTIONS,
        "permissions": permission_documents(cast.people),
        "runs": list(Histories(chance, cast).runs(runs, within=timedelta(weeks=weeks))),
    }


def write(parts: dict[str, list[Document]], folder: Path, *, force: bool = False) -> None:
    """Write *parts* to *folder* as a scenario, an item a line.

    Raises:
        MisuseError: A scenario is there already and *force* does not say to overwrite it, or
            there are files that would spoil it.
        OSError: The folder cannot be written.
    """
    if folder.exists():
        there = part_files(folder)
        if there and not force:
            raise MisuseError(f"{folder} holds a scenario already: --force overwrites it")
        for file in there.values():
            file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, documents in parts.items():
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in documents)
        (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _must_lie(name: str, number: int, low: int, high: int) -> None:
    if not low <= number <= high:
        raise MisuseError(f"{name}: expected a number from {low} to {high}, not {number}")
