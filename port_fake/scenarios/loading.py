"""Loads a scenario, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from port_fake.scenarios.folders import find, items
from port_fake.scenarios.lives import Player, lives
from port_fake.scenarios.parts import PARTS, Item, Part, Perform
from port_fake.world.contents import contents, furnish
from port_fake.world.world import World


def load(name_or_folder: str | Path, world: World, *, perform: Perform, recall: Perform) -> None:
    """Furnish an organisation, all or nothing: after a mistake it is as it was before.

    *perform* carries out operations, *recall* those of the past, of which nobody outside hears.
    Every file is read before the first operation; the organisation's lock is held to the end,
    so nobody sees it half furnished.

    Raises:
        MisuseError: The folder is not there, holds no scenario, or a file has a mistake; the
            text names the file, the place in it and what was expected.
    """
    furnish_with(items(find(name_or_folder)), world, perform=perform, recall=recall)


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
