"""From a folder to the items of a scenario, and what is wrong with its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from port_fake._resources import directory
from port_fake.errors import MisuseError
from port_fake.scenarios.parts import ENDINGS, NAMES, Item

EXPECTED: Final = f"{', '.join(NAMES)}, each as .json, .yaml or .yml"


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
        if any(file.stem in NAMES for file in _files(folder)):
            return folder
    if folders:
        raise MisuseError(f"{folders[0]} holds no scenario: expected at least one of {EXPECTED}")
    names = ", ".join(sorted(one.name for one in shipped.iterdir() if one.is_dir()))
    raise MisuseError(
        f"no scenario {str(name_or_folder)!r}: name a folder, or one of those that come along "
        f"({names})"
    )


def items(folder: Path) -> Mapping[str, list[Item]]:
    """Return the items of each part that *folder* holds.

    Files whose names end otherwise, and hidden ones, are no part of a scenario.

    Raises:
        MisuseError: A file is no part, is one twice, or cannot be read.
    """
    return {name: _items(file) for name, file in part_files(folder).items()}


def part_files(folder: Path) -> Mapping[str, Path]:
    """Return the file of each part that *folder* holds.

    Raises:
        MisuseError: A file is no part, or is one twice.
    """
    parts: dict[str, Path] = {}
    for file in _files(folder):
        if file.stem not in NAMES:
            raise MisuseError(f"{file} is no part of a scenario: expected {EXPECTED}")
        if (other := parts.get(file.stem)) is not None:
            raise MisuseError(f"{other} and {file} are the same part: keep one of them")
        parts[file.stem] = file
    return parts


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(
            file
            for file in folder.iterdir()
            if file.suffix in ENDINGS and not file.name.startswith(".") and file.is_file()
        )
    except OSError as error:
        raise MisuseError(f"{folder}: {error.strerror}") from None


def _items(file: Path) -> list[Item]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        values = _json(file, text) if file.suffix == ".json" else _yaml(file, text)
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise MisuseError(f"{file}: {error}") from None
    if not isinstance(values, list):
        raise MisuseError(f"{file}: expected a list")
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            raise MisuseError(f"{file}, item {number}: expected an object")
    return [Item(file=file, number=number, value=value) for number, value in enumerate(values)]


def _json(file: Path, text: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise MisuseError(f"{file}: an object has the key {twice!r} twice")
        return found

    def no_number(word: str) -> NoReturn:
        raise MisuseError(f"{file}: {word} is no JSON")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=no_number)
    except json.JSONDecodeError as error:
        where = f"{file}, line {error.lineno}, column {error.colno}"
        raise MisuseError(f"{where}: {error.msg}; expected JSON") from None


def _yaml(file: Path, text: str) -> Any:
    # Most scenarios are JSON, and never pay for this.
    from port_fake.scenarios.yaml_files import parse

    return parse(file, text)
