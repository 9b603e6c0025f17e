"""Scenarios: folders of JSON files that furnish an organisation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from port_fake._resources import directory
from port_fake.errors import MisuseError, RefusedError


class Perform(Protocol):
    """Carries out an operation of the dialect as the organisation itself."""

    def __call__(self, operation: str, *, path: dict[str, str], body: Any) -> Any:
        """Return the operation's answer.

        Raises:
            RefusedError: The operation is refused.
        """
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a scenario: a list, whose items are bodies of *operation*.

    *path* maps a path parameter to the key of the item that holds it, which is taken out of the
    body; *inside* names the key of the body that the item becomes, if it is not the body.
    """

    file: str
    operation: str
    path: tuple[tuple[str, str], ...] = ()
    inside: str | None = None


PARTS: Final = (
    Part("teams.json", "create-team"),
    Part("users.json", "invite-user", inside="invitee"),
    Part("blueprints.json", "create-blueprint"),
    Part("entities.json", "create-entity", path=(("blueprint_identifier", "blueprint"),)),
    Part("actions.json", "create-action"),
    Part("permissions.json", "update-action-permissions", path=(("action_identifier", "action"),)),
)
"""In the order in which they may refer to each other."""


def find(name_or_folder: str | Path) -> Path:
    """Return the folder of a scenario: a path, or the name of one that comes along.

    A folder that only happens to have such a name and holds no scenario is not meant.

    Raises:
        MisuseError: There is no such folder, or it holds no scenario.
    """
    shipped = directory("fixtures") / "scenarios"
    try:
        folders = [one for one in (Path(name_or_folder), shipped / name_or_folder) if one.is_dir()]
    except OSError as error:
        raise MisuseError(f"scenario {str(name_or_folder)!r}: {error.strerror}") from None
    for folder in folders:
        if _parts(folder):
            return folder
    if folders:
        expected = ", ".join(part.file for part in PARTS)
        raise MisuseError(f"{folders[0]} holds no scenario: expected at least one of {expected}")
    names = ", ".join(sorted(one.name for one in shipped.iterdir() if one.is_dir()))
    raise MisuseError(
        f"no scenario {str(name_or_folder)!r}: name a folder, or one of those that come along "
        f"({names})"
    )


def load(name_or_folder: str | Path, perform: Perform) -> None:
    """Furnish an organisation.

    Raises:
        MisuseError: The folder is not there, holds no scenario, or a file has a mistake; the
            text names the file, the place in it and what was expected.
    """
    folder = find(name_or_folder)
    for part in _parts(folder):
        for index, item in enumerate(_items(folder / part.file)):
            _perform(part, folder / part.file, index, item, perform)


def _parts(folder: Path) -> list[Part]:
    return [part for part in PARTS if (folder / part.file).is_file()]


def _items(file: Path) -> Iterator[dict[str, Any]]:
    try:
        items = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        where = f"{file}, line {error.lineno}, column {error.colno}"
        raise MisuseError(f"{where}: {error.msg}; expected JSON") from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise MisuseError(f"{file}: {error}") from None
    if not isinstance(items, list):
        raise MisuseError(f"{file}: expected a list")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise MisuseError(f"{file}, item {index}: expected an object")
        yield item


def _perform(part: Part, file: Path, index: int, item: dict[str, Any], perform: Perform) -> None:
    body = dict(item)
    path = {}
    for parameter, key in part.path:
        if not isinstance(item.get(key), str):
            raise MisuseError(f"{file}, item {index}: expected a text as {key!r}")
        path[parameter] = body.pop(key)
    try:
        perform(
            part.operation, path=path, body=body if part.inside is None else {part.inside: body}
        )
    except RefusedError as error:
        raise MisuseError(f"{file}, item {index}: {error}") from None
