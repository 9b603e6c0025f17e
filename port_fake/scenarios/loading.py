"""Loads a scenario, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from port_fake.errors import MisuseError
from port_fake.scenarios.folders import find, items
from port_fake.scenarios.lives import Player, lives
from port_fake.scenarios.parts import NAMES, PARTS, Item, Part, Perform
from port_fake.world.contents import contents, furnish
from port_fake.world.world import World

Scenario: TypeAlias = str | Path | Mapping[str, Sequence[Mapping[str, Any]]]
"""A folder, the name of one that comes along, or the items of each part."""


def load(scenario: Scenario, world: World, *, perform: Perform, recall: Perform) -> None:
    """Furnish an organisation, all or nothing: after a mistake it is as it was before.

    *perform* carries out operations, *recall* those of the past, of which nobody outside hears.
    Every file is read before the first operation; the organisation's lock is held to the end,
    so nobody sees it half furnished.

    Raises:
        MisuseError: The folder is not there, holds no scenario, or a file has a mistake; the
            text names the file, the place in it and what was expected.
    """
    found = given(scenario) if isinstance(scenario, Mapping) else items(find(scenario))
    furnish_with(found, world, perform=perform, recall=recall)


def given(parts: Mapping[str, Any], *, source: str = "") -> Mapping[str, list[Item]]:
    """Return the items of each part as they were given; *source* begins each message of a mistake.

    Raises:
        MisuseError: There is no such part, or it is no list of objects.
    """
    for name, values in parts.items():
        if name not in NAMES:
            raise MisuseError(
                f"{name!r} is no part of a scenario: expected {', '.join(NAMES)}, each a list"
            )
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise MisuseError(f"{source}{name}: expected a list")
        for number, value in enumerate(values):
            if not isinstance(value, Mapping):
                raise MisuseError(f"{source}{name}, item {number}: expected an object")
    return {
        name: [
            Item(file=Path(f"{source}{name}"), number=number, value=dict(value))
            for number, value in enumerate(values)
        ]
        for name, values in parts.items()
    }


def furnish_with(
    found: Mapping[str, list[Item]], world: World, *, perform: Perform, recall: Perform
) -> None:
    """Furnish an organisation with the items of each part, as `load` does.

    Raises:
        MisuseError: An item has a mistake.
    """
    played = lives(found.get("runs", []))
    with world.lock:
        before = contents(world)
        try:
            for part in PARTS:
                if part.operation:
                    for item in found.get(part.name, []):
                        _perform(part, item, perform)
            Player(world, recall).play(played)
        except BaseException:
            furnish(world, before)
            raise


def _perform(part: Part, item: Item, perform: Perform) -> None:
    body = dict(item.value)
    path = {}
    for parameter, key in part.path:
        if not isinstance(body.get(key), str):
            raise item.mistake(f"expected a text as {key!r}")
        path[parameter] = body.pop(key)
    with item.told(inside=part.inside):
        perform(part.operation, path=path, body={part.inside: body} if part.inside else body)
